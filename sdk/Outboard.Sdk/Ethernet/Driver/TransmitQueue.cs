using Outboard.Mbufs;

namespace Outboard.Ethernet.Driver;

/// <summary>A transmit queue as a driver's author writes it.</summary>
/// <remarks><i>Thread</i>: one thread at a time transmits; the counters may be read meanwhile.</remarks>
public abstract class TransmitQueue : IDisposable
{
    /// <summary>The counters since the queue was made; only the transmit members count.</summary>
    public abstract EthernetStatistics Statistics { get; }

    /// <summary>Frames taken and not yet completed.</summary>
    public abstract int PendingCount { get; }

    /// <summary>Takes a prefix of a burst to send; waits for nothing, allocates nothing, throws nothing.</summary>
    /// <param name="mbufs">The frames; those taken belong to the queue, which frees them once they are sent.</param>
    /// <returns>How many were taken.</returns>
    public abstract int TransmitBurst(ReadOnlySpan<Mbuf> mbufs);

    /// <summary>Looks at a burst before it is sent, and finishes headers where the device needs it (pseudo-header checksums).</summary>
    /// <param name="mbufs">The frames; they stay the caller's.</param>
    /// <returns>How many, from the first, can be sent as they are.</returns>
    public abstract int Prepare(ReadOnlySpan<Mbuf> mbufs);

    /// <summary>Frees mbufs of sent frames; with <see cref="EthernetCapabilities.TransmitCleanup"/>.</summary>
    /// <param name="count">How many frames at most; 0 for all.</param>
    /// <returns>How many frames were cleaned up.</returns>
    public virtual int Cleanup(int count) => throw new NotSupportedException("No cleanup on demand.");

    /// <summary>The state of the descriptor that many places behind the next one to be used; with <see cref="EthernetCapabilities.DescriptorStatus"/>.</summary>
    /// <param name="offset">0 for the next one.</param>
    public virtual DescriptorStatus GetDescriptorStatus(int offset) => throw new NotSupportedException("No descriptor status.");

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the queue and every mbuf in it.</summary>
    /// <param name="disposing">Always true: queues have no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
