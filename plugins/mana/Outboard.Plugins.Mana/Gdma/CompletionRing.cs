using System.Runtime.CompilerServices;
using Outboard.Plugins.Mana.Bus;

namespace Outboard.Plugins.Mana.Gdma;

/// <summary>The driver's side of a completion queue: owner bits, laps, doorbells.</summary>
/// <remarks>
/// Owner bits hold the lap modulo 8 and the ring starts zeroed, so the head starts at one lap. An entry is valid when
/// its owner is the head's lap, empty when it is the lap before; anything else is an overflow or corruption and stops
/// the queue. Three owner bits repeat after eight laps, so the queue is rung unarmed after four laps without a ring.
/// </remarks>
internal sealed unsafe class CompletionRing
{
    private const uint LapsBetweenRings = 4;

    private readonly AdapterBus _bus;
    private readonly byte* _ring;
    private readonly uint _mask;
    private readonly int _lapShift;
    private uint _head;
    private uint _rung;

    public CompletionRing(AdapterBus bus, byte* ring, uint entryCount, uint id, uint doorbellPage)
    {
        _bus = bus;
        _ring = ring;
        _mask = entryCount - 1;
        _lapShift = System.Numerics.BitOperations.Log2(entryCount);
        _head = entryCount;
        _rung = entryCount;
        Id = id;
        DoorbellPage = doorbellPage;
    }

    public uint Id { get; }

    public uint DoorbellPage { get; }

    public uint EntryCount => _mask + 1;

    /// <summary>Free-running head; starts at one lap.</summary>
    public uint Head => _head;

    /// <summary>An owner value was seen that is neither this lap nor the one before.</summary>
    public bool IsCorrupt { get; private set; }

    /// <summary>Next entry, or null when there is none; it stays where it is until <see cref="Advance"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Peek()
    {
        byte* entry = _ring + ((nuint)(_head & _mask) << 6);
        uint owner = CompletionEntry.Owner(CompletionEntry.Trailer(entry));
        uint lap = (_head >> _lapShift) & 7;
        if (owner == lap)
        {
            return IsCorrupt ? null : entry;
        }

        if (owner != ((lap - 1) & 7))
        {
            IsCorrupt = true;
        }

        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance() => _head++;

    /// <summary>Frames that valid entries from the head on name. A snapshot while another thread reads.</summary>
    public int CountFrames()
    {
        int frames = 0;
        uint head = Volatile.Read(ref _head);
        for (uint i = 0; i <= _mask; i++, head++)
        {
            byte* entry = _ring + ((nuint)(head & _mask) << 6);
            if (CompletionEntry.Owner(CompletionEntry.Trailer(entry)) != ((head >> _lapShift) & 7))
            {
                break;
            }

            frames += CompletionEntry.FrameCount(entry);
        }

        return frames;
    }

    /// <summary>Once a burst: rings without arming when four laps have passed since the last ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void RingIfStale()
    {
        if (_head - _rung > LapsBetweenRings * (_mask + 1))
        {
            Ring(arm: false);
        }
    }

    /// <summary>Tells the adapter how far the ring was read, and asks for an event when armed.</summary>
    public void Ring(bool arm)
    {
        _rung = _head;
        _bus.RingDoorbell(
            DoorbellPage,
            DoorbellFormat.CompletionOffset,
            DoorbellFormat.CompletionQueue(Id, _head, EntryCount, arm));
    }
}
