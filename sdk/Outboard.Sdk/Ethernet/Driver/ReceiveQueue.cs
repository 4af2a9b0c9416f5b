using Outboard.Mbufs;

namespace Outboard.Ethernet.Driver;

/// <summary>A receive queue as a driver's author writes it.</summary>
/// <remarks><i>Thread</i>: one thread at a time polls; the counters may be read meanwhile.</remarks>
public abstract class ReceiveQueue : IDisposable
{
    /// <summary>The counters since the queue was made; only the receive members count.</summary>
    public abstract EthernetStatistics Statistics { get; }

    /// <summary>Frames received and not yet taken.</summary>
    public abstract int PendingCount { get; }

    /// <summary>Takes received frames; waits for nothing, allocates nothing, throws nothing.</summary>
    /// <param name="mbufs">Where to; what is written belongs to the caller.</param>
    /// <returns>How many.</returns>
    public abstract int ReceiveBurst(Span<Mbuf> mbufs);

    /// <summary>The state of the descriptor that many places behind the next one to be taken; with <see cref="EthernetCapabilities.DescriptorStatus"/>.</summary>
    /// <param name="offset">0 for the next one.</param>
    public virtual DescriptorStatus GetDescriptorStatus(int offset) => throw new NotSupportedException("No descriptor status.");

    /// <summary>Arms the queue's interrupt; with <see cref="EthernetCapabilities.ReceiveInterrupts"/>.</summary>
    public virtual void EnableInterrupt() => throw new NotSupportedException("No receive interrupts.");

    /// <summary>Disarms the queue's interrupt.</summary>
    public virtual void DisableInterrupt() => throw new NotSupportedException("No receive interrupts.");

    /// <summary>Signalled when the armed interrupt fires.</summary>
    public virtual WaitHandle InterruptHandle => throw new NotSupportedException("No receive interrupts.");

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
