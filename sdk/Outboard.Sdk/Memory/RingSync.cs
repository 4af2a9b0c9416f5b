namespace Outboard.Memory;

/// <summary>How the threads on one side of a <see cref="Ring{T}"/> keep out of each other's way.</summary>
public enum RingSync
{
    /// <summary>One thread at a time on this side. The cheapest, and allows zero-copy reservations.</summary>
    SingleThread,

    /// <summary>Any number of threads; each waits for the ones before it to finish. Waits spin, then yield.</summary>
    MultiThread,

    /// <summary>Any number of threads; only the last to finish publishes, so a preempted thread holds up nobody else's call.</summary>
    Relaxed,

    /// <summary>Any number of threads, one operation at a time. The only multi-thread mode that allows zero-copy reservations.</summary>
    Serialized,
}
