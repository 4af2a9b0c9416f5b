using System.Runtime.CompilerServices;
using Outboard.Plugins.Mana.Adapter.Layouts;
using Outboard.Plugins.Mana.Adapter.Memory;

namespace Outboard.Plugins.Mana.Adapter.Queues;

/// <summary>The adapter's side of a send queue. One thread at a time is in its doorbell.</summary>
internal sealed unsafe class SendElementQueue(
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

    public uint Id { get; } = id;

    public uint DoorbellPage { get; } = doorbellPage;

    public ulong Handle { get; } = handle;

    public uint ProtectionDomain { get; } = protectionDomain;

    public CompletionProducer Completions { get; } = completions;

    public VportCounters Counters { get; } = new();

    /// <summary>
    /// First eight bytes of OOB of a frame that asks for nothing: the queue's ids and the vport's offset.
    /// </summary>
    public ulong CommonOob { get; init; }

    public MemoryRegion? LastRegion { get; set; }

    /// <summary>A work element was corrupt: the queue stands until it is destroyed and made again.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>Free-running head in basic units, as 27 bits of a completion carry it.</summary>
    public uint HeadBasicUnit => _head / WorkElement.BasicUnit;

    public bool HasElement => _tail != _head;

    public bool TryRing(uint tail)
    {
        if ((tail & (WorkElement.BasicUnit - 1)) != 0 || tail - _head > byteCount)
        {
            return false;
        }

        _tail = tail;
        return true;
    }

    /// <summary>Bytes announced and not yet processed.</summary>
    public uint PendingBytes => _tail - _head;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WorkElement* Current() => (WorkElement*)(ring + (_head & (byteCount - 1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ScatterGather* Segment(int oobByteCount, int index) => (ScatterGather*)(ring
        + ((_head + (uint)(WorkElement.Size + oobByteCount + (index * ScatterGather.Size))) & (byteCount - 1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(uint byteLength) => _head += byteLength;
}
