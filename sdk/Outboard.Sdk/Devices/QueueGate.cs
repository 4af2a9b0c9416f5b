using System.Runtime.CompilerServices;
using Outboard.Devices.Driver;

namespace Outboard.Devices;

/// <summary>What stands between a burst call and a queue pair: the pair itself while the device runs, a stand-in else.</summary>
/// <remarks>
/// A burst marks itself inside with a plain store and then reads <see cref="_current"/>. Whoever swaps the pair writes
/// it, issues a process-wide barrier, and waits for the marks: after the barrier a burst has either seen the new pair
/// or its mark is visible here. So the running path pays two stores and no fence for a stop that is safe at any moment.
/// </remarks>
internal sealed class QueueGate<TOp>(OffloadQueuePair<TOp> current)
    where TOp : unmanaged, IOp
{
    private OffloadQueuePair<TOp> _current = current;
    private bool _enqueuing;
    private bool _dequeuing;

    public OffloadQueuePair<TOp> Current => Volatile.Read(ref _current);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int EnqueueBurst(ReadOnlySpan<TOp> ops)
    {
        Volatile.Write(ref _enqueuing, true);
        int count = Volatile.Read(ref _current).EnqueueBurst(ops);
        Volatile.Write(ref _enqueuing, false);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int DequeueBurst(Span<TOp> ops)
    {
        Volatile.Write(ref _dequeuing, true);
        int count = Volatile.Read(ref _current).DequeueBurst(ops);
        Volatile.Write(ref _dequeuing, false);
        return count;
    }

    /// <summary>Puts another queue pair in place and returns when no burst is inside the old one.</summary>
    public void Swap(OffloadQueuePair<TOp> next)
    {
        Volatile.Write(ref _current, next);
        Interlocked.MemoryBarrierProcessWide();
        var spin = new SpinWait();
        while (Volatile.Read(ref _enqueuing) || Volatile.Read(ref _dequeuing))
        {
            spin.SpinOnce();
        }
    }
}
