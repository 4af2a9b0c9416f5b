namespace Outboard.Devices.Driver;

/// <summary>One queue pair as a driver's author writes it: two bursts and the counters.</summary>
/// <typeparam name="TOp">The op handle.</typeparam>
/// <remarks>
/// <i>Thread</i>: one thread at a time is in either burst.
/// Both bursts allocate nothing, lock nothing and throw nothing. The queue pair owns an op and its buffers from the
/// enqueue that took it to the dequeue that hands it back.
/// </remarks>
public abstract class OffloadQueuePair<TOp> : IDisposable
    where TOp : unmanaged, IOp
{
    /// <summary>Why the op after the accepted prefix of the last enqueue was not taken.</summary>
    public EnqueueRejection Rejection { get; protected set; }

    /// <summary>Ops taken and not yet handed back.</summary>
    public abstract int InFlightCount { get; }

    /// <summary>The counters since the queue pair was made.</summary>
    public DeviceStatistics Statistics => new(EnqueuedCount, DequeuedCount, EnqueueErrorCount, DequeueErrorCount);

    /// <summary>Ops taken by enqueue; the driver adds.</summary>
    protected ulong EnqueuedCount { get; set; }

    /// <summary>Ops handed back; the driver adds.</summary>
    protected ulong DequeuedCount { get; set; }

    /// <summary>Ops refused as invalid; the driver adds.</summary>
    protected ulong EnqueueErrorCount { get; set; }

    /// <summary>Ops handed back without success; the driver adds.</summary>
    protected ulong DequeueErrorCount { get; set; }

    /// <summary>Takes a prefix of a burst.</summary>
    /// <param name="ops">The ops; none is null.</param>
    /// <returns>How many were taken; <see cref="Rejection"/> says why not more.</returns>
    public abstract int EnqueueBurst(ReadOnlySpan<TOp> ops);

    /// <summary>Hands back completed ops.</summary>
    /// <param name="ops">Where to.</param>
    /// <returns>How many were handed back.</returns>
    public abstract int DequeueBurst(Span<TOp> ops);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the queue pair holds; nothing is in flight any more.</summary>
    /// <param name="disposing">Always true: queue pairs have no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
