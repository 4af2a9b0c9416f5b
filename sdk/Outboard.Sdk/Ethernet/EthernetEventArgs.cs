namespace Outboard.Ethernet;

/// <summary>What an event of a port says.</summary>
/// <param name="kind">What happened.</param>
/// <param name="reason">Why, in words.</param>
/// <param name="queue">The queue it happened to, or -1.</param>
public sealed class EthernetEventArgs(EthernetEvent kind, string reason, int queue = -1) : EventArgs
{
    /// <summary>What happened.</summary>
    public EthernetEvent Kind { get; } = kind;

    /// <summary>Why, in words.</summary>
    public string Reason { get; } = reason;

    /// <summary>The queue it happened to, or -1.</summary>
    public int Queue { get; } = queue;
}
