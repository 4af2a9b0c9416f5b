using System.Diagnostics;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Mana.Bus;

namespace Outboard.Plugins.Mana.Gdma;

/// <summary>The driver's side of a send or receive queue, counted in basic units of 32 bytes.</summary>
/// <remarks>
/// Head and tail run freely through 32 bits, so their difference is what is in flight also across the wrap. A header
/// with its OOB never crosses the end of the ring (32-byte slots); the scatter-gather list may.
/// </remarks>
internal sealed unsafe class WorkRing
{
    private readonly AdapterBus _bus;
    private readonly byte* _ring;
    private readonly uint _mask;
    private readonly uint _doorbellOffset;
    private uint _head;
    private uint _tail;

    public WorkRing(AdapterBus bus, byte* ring, uint byteCount, GdmaQueueType type, uint id, uint doorbellPage)
    {
        Debug.Assert(System.Numerics.BitOperations.IsPow2(byteCount));
        _bus = bus;
        _ring = ring;
        _mask = (byteCount >> WorkRequest.BasicUnitShift) - 1;
        _doorbellOffset = type == GdmaQueueType.Send ? DoorbellFormat.SendOffset : DoorbellFormat.ReceiveOffset;
        Id = id;
        DoorbellPage = doorbellPage;
    }

    public uint Id { get; }

    public uint DoorbellPage { get; }

    /// <summary>Basic units posted so far, free-running.</summary>
    public uint Head => _head;

    /// <summary>Basic units that completed so far, free-running.</summary>
    public uint Tail => _tail;

    public uint BasicUnitCount => _mask + 1;

    public uint FreeBasicUnits => _mask + 1 - (_head - _tail);

    /// <summary>Where the element at free-running offset <paramref name="basicUnit"/> begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* At(uint basicUnit) => _ring + ((nuint)(basicUnit & _mask) << WorkRequest.BasicUnitShift);

    /// <summary>Offset of a free-running position in the ring, as completion entries give it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint OffsetOf(uint basicUnit) => basicUnit & _mask;

    /// <summary>
    /// Where scatter-gather element <paramref name="index"/> of the element at the head belongs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* SegmentAt(int oobByteCount, int index)
    {
        uint offset = (_head << WorkRequest.BasicUnitShift)
            + (uint)(WorkRequest.HeaderSize + oobByteCount + (index * WorkRequest.ScatterGatherSize));
        return _ring + (nuint)(offset & ((_mask << WorkRequest.BasicUnitShift) | (WorkRequest.BasicUnit - 1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Post(uint basicUnits) => _head += basicUnits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Complete(uint basicUnits) => _tail += basicUnits;

    /// <summary>Announces everything posted so far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ring() => _bus.RingDoorbell(DoorbellPage, _doorbellOffset, DoorbellFormat.WorkQueue(Id, _head));
}
