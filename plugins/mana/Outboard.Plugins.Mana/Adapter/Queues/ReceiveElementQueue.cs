using System.Runtime.CompilerServices;
using Outboard.Plugins.Mana.Adapter.Layouts;
using Outboard.Plugins.Mana.Adapter.Memory;

namespace Outboard.Plugins.Mana.Adapter.Queues;

/// <summary>The adapter's side of a receive queue: buffers that the driver posted.</summary>
/// <remarks>
/// Frames for one queue may come from several send queues and from the wire at once: whoever delivers holds the queue's
/// lock for a run of frames. The driver's doorbell writes only the tail.
/// </remarks>
internal sealed unsafe class ReceiveElementQueue(
    uint id,
    uint doorbellPage,
    ulong handle,
    byte* ring,
    uint byteCount,
    uint protectionDomain,
    CompletionProducer completions)
{
    private uint _head;
    private uint _tail;
    private int _busy;

    public uint Id { get; } = id;

    public uint DoorbellPage { get; } = doorbellPage;

    public ulong Handle { get; } = handle;

    public uint ProtectionDomain { get; } = protectionDomain;

    public CompletionProducer Completions { get; } = completions;

    /// <summary>Counters of frames delivered here. Written under the lock.</summary>
    public VportCounters Counters { get; } = new();

    /// <summary>Region of the last buffer: nearly always also that of the next.</summary>
    public MemoryRegion? LastRegion { get; set; }

    public bool IsDisabled { get; set; }

    /// <summary>Free-running head in basic units.</summary>
    public uint HeadBasicUnit => _head / WorkElement.BasicUnit;

    /// <summary>
    /// Whether the driver has ever posted a buffer: a queue without any is there to drop what it is given.
    /// </summary>
    public bool HasEverPosted { get; private set; }

    public bool HasElement => Volatile.Read(ref _tail) != _head;

    /// <summary>Bytes announced and not yet used.</summary>
    public uint PendingBytes => Volatile.Read(ref _tail) - _head;

    /// <summary>Takes a doorbell. A tail that is not a multiple of a unit or past the ring is refused.</summary>
    public bool TryRing(uint tail)
    {
        if ((tail & (WorkElement.BasicUnit - 1)) != 0 || tail - Volatile.Read(ref _head) > byteCount)
        {
            return false;
        }

        HasEverPosted = true;
        Volatile.Write(ref _tail, tail);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WorkElement* Current() => (WorkElement*)(ring + (_head & (byteCount - 1)));

    /// <summary>Scatter-gather element of the current work element; the list may wrap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ScatterGather* Segment(int oobByteCount, int index) => (ScatterGather*)(ring
        + ((_head + (uint)(WorkElement.Size + oobByteCount + (index * ScatterGather.Size))) & (byteCount - 1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(uint byteLength) => Volatile.Write(ref _head, _head + byteLength);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Lock()
    {
        if (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            LockSlow();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unlock() => Volatile.Write(ref _busy, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LockSlow()
    {
        SpinWait spin = default;
        do
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
        while (Interlocked.CompareExchange(ref _busy, 1, 0) != 0);
    }
}
