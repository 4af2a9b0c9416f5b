namespace Outboard.Memory;

/// <summary>What a debug check of a <see cref="Mempool"/> found.</summary>
public enum MempoolViolation
{
    /// <summary>An object was put that was free already.</summary>
    DoubleFree,

    /// <summary>An address was put that is no object of this pool.</summary>
    ForeignObject,

    /// <summary>The guard word behind an object was overwritten.</summary>
    Overrun,

    /// <summary>A free object was written to.</summary>
    UseAfterFree,

    /// <summary>An object was put in a state that its next user cannot take, an mbuf with a reference count other than 1 for one.</summary>
    BadState,
}
