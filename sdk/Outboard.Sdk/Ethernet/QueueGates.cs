using System.Runtime.CompilerServices;
using Outboard.Ethernet.Driver;
using Outboard.Mbufs;

namespace Outboard.Ethernet;

/// <summary>What stands between a receive burst and its queue; see <see cref="Devices.QueueGate{TOp}"/> for the argument.</summary>
internal sealed class ReceiveGate
{
    private ReceiveQueue _current = IdleReceiveQueue.Instance;
    private bool _inside;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReceiveBurst(Span<Mbuf> mbufs)
    {
        Volatile.Write(ref _inside, true);
        int count = Volatile.Read(ref _current).ReceiveBurst(mbufs);
        Volatile.Write(ref _inside, false);
        return count;
    }

    /// <summary>Puts another queue in place and returns when no burst is inside the old one.</summary>
    public void Swap(ReceiveQueue next)
    {
        Volatile.Write(ref _current, next);
        Interlocked.MemoryBarrierProcessWide();
        var spin = new SpinWait();
        while (Volatile.Read(ref _inside))
        {
            spin.SpinOnce();
        }
    }
}

/// <summary>What stands between a transmit burst and its queue.</summary>
internal sealed class TransmitGate
{
    private TransmitQueue _current = IdleTransmitQueue.Instance;
    private bool _inside;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TransmitBurst(ReadOnlySpan<Mbuf> mbufs)
    {
        Volatile.Write(ref _inside, true);
        int count = Volatile.Read(ref _current).TransmitBurst(mbufs);
        Volatile.Write(ref _inside, false);
        return count;
    }

    /// <summary>Frees mbufs of sent frames, as a burst does.</summary>
    public int Cleanup(int count)
    {
        Volatile.Write(ref _inside, true);
        int cleaned = Volatile.Read(ref _current).Cleanup(count);
        Volatile.Write(ref _inside, false);
        return cleaned;
    }

    /// <summary>Puts another queue in place and returns when no burst is inside the old one.</summary>
    public void Swap(TransmitQueue next)
    {
        Volatile.Write(ref _current, next);
        Interlocked.MemoryBarrierProcessWide();
        var spin = new SpinWait();
        while (Volatile.Read(ref _inside))
        {
            spin.SpinOnce();
        }
    }
}

/// <summary>Stands in for a receive queue that does not run.</summary>
internal sealed class IdleReceiveQueue : ReceiveQueue
{
    public static readonly IdleReceiveQueue Instance = new();

    /// <inheritdoc/>
    public override EthernetStatistics Statistics => default;

    /// <inheritdoc/>
    public override int PendingCount => 0;

    /// <inheritdoc/>
    public override int ReceiveBurst(Span<Mbuf> mbufs) => 0;
}

/// <summary>Stands in for a transmit queue that does not run.</summary>
internal sealed class IdleTransmitQueue : TransmitQueue
{
    public static readonly IdleTransmitQueue Instance = new();

    /// <inheritdoc/>
    public override EthernetStatistics Statistics => default;

    /// <inheritdoc/>
    public override int PendingCount => 0;

    /// <inheritdoc/>
    public override int TransmitBurst(ReadOnlySpan<Mbuf> mbufs) => 0;

    /// <inheritdoc/>
    public override int Prepare(ReadOnlySpan<Mbuf> mbufs) => 0;

    /// <inheritdoc/>
    public override int Cleanup(int count) => 0;
}
