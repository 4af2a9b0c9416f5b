namespace Outboard.Memory;

/// <summary>A debug check of a <see cref="Mempool"/> failed. The pool is as it was before the call that found it.</summary>
public sealed class MempoolViolationException : Exception
{
    internal MempoolViolationException(MempoolViolation violation, nint address, int objectIndex, string message)
        : base(message)
    {
        Violation = violation;
        Address = address;
        ObjectIndex = objectIndex;
    }

    /// <summary>What was found.</summary>
    public MempoolViolation Violation { get; }

    /// <summary>The address concerned.</summary>
    public nint Address { get; }

    /// <summary>The object's index, or -1 where the address is no object of the pool.</summary>
    public int ObjectIndex { get; }
}
