using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Mana.Adapter.Queues;

/// <summary>The adapter's side of a completion queue.</summary>
/// <remarks>
/// One thread writes entries at a time (a send queue's by the thread in its doorbell, a receive queue's under that
/// queue's lock). The doorbell comes from the driver's thread. Arming and posting meet in one exchange each way, with a
/// full fence between the entry and the look at the arm bit, so an entry is never written behind an arm unseen.
/// </remarks>
internal sealed unsafe class CompletionProducer
{
    public const int EntrySize = 64;
    private const byte CompletionEvent = 3;

    private readonly byte* _ring;
    private readonly uint _mask;
    private readonly int _lapShift;
    private readonly EventProducer? _events;
    private uint _tail;
    private uint _rung;
    private int _armed;

    public CompletionProducer(uint id, uint doorbellPage, byte* ring, uint byteCount, EventProducer? events)
    {
        Debug.Assert(BitOperations.IsPow2(byteCount));
        Id = id;
        DoorbellPage = doorbellPage;
        _ring = ring;
        uint entries = byteCount / EntrySize;
        _mask = entries - 1;
        _lapShift = BitOperations.Log2(entries);
        _tail = entries;
        _rung = entries;
        _events = events;
        _armed = events is null ? 0 : 1;
    }

    public uint Id { get; }

    public uint DoorbellPage { get; }

    /// <summary>Queue of received frames behind this queue, where there is one.</summary>
    public ReceiveElementQueue? Receive { get; set; }

    /// <summary>The driver left the queue unrung for so long that three owner bits no longer tell laps apart.</summary>
    public bool IsStale => _tail - Volatile.Read(ref _rung) > (_mask + 1) * 8;

    /// <summary>Entries written so far.</summary>
    public uint WrittenCount => _tail - (_mask + 1);

    /// <summary>Where the next entry goes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Next() => _ring + ((nuint)(_tail & _mask) << 6);

    /// <summary>Publishes the entry: its first 60 bytes are written, the owner goes last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(byte* entry, uint workQueueId, bool isSend)
    {
        uint owner = (_tail >> _lapShift) & 7;
        Volatile.Write(
            ref *(uint*)(entry + 60), (workQueueId & 0xFFFFFF) | (isSend ? 1u << 24 : 0) | (owner << 29));
        _tail++;
    }

    /// <summary>After a batch of entries: posts the event that an armed queue is due.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Notify()
    {
        if (_events is not null)
        {
            NotifyArmed();
        }
    }

    /// <summary>Takes a doorbell. Up to a lap behind: an event is due now. Further: the value makes no sense.</summary>
    public void Ring(uint head, bool arm)
    {
        uint entries = _mask + 1;
        uint tail = Volatile.Read(ref _tail);
        uint behind = (tail - head) & ((entries * 8) - 1);
        if (behind > entries)
        {
            return;
        }

        Volatile.Write(ref _rung, tail - behind);
        if (arm && _events is not null)
        {
            Interlocked.Exchange(ref _armed, 1);
            if (((Volatile.Read(ref _tail) - head) & ((entries * 8) - 1)) != 0)
            {
                PostIfArmed(_events);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NotifyArmed()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _armed) != 0)
        {
            PostIfArmed(_events!);
        }
    }

    private void PostIfArmed(EventProducer events)
    {
        if (Interlocked.Exchange(ref _armed, 0) == 1)
        {
            events.Post(CompletionEvent, Id & 0xFFFFFF);
        }
    }
}
