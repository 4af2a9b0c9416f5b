using System.Diagnostics;
using System.Numerics;

namespace Outboard.Plugins.Mana.Adapter.Queues;

/// <summary>The adapter's side of an event queue.</summary>
/// <remarks>Several queues and the control path may post, so posting is under a lock; it happens once an arm.</remarks>
internal sealed unsafe class EventProducer
{
    private const int EntrySize = 16;

    private readonly Lock _lock = new();
    private readonly byte* _ring;
    private readonly uint _entryCount;
    private uint _tail;
    private bool _armed = true;

    public EventProducer(uint id, uint doorbellPage, byte* ring, uint byteCount, IInterruptSource? vector)
    {
        Debug.Assert(BitOperations.IsPow2(byteCount));
        Id = id;
        DoorbellPage = doorbellPage;
        _ring = ring;
        _entryCount = byteCount / EntrySize;
        _tail = _entryCount;
        Vector = vector;
    }

    public uint Id { get; }

    public uint DoorbellPage { get; }

    public IInterruptSource? Vector { get; }

    /// <summary>Events posted so far.</summary>
    public uint PostedCount => _tail - _entryCount;

    public void Post(byte type, uint data0, uint data1 = 0)
    {
        bool raise;
        lock (_lock)
        {
            byte* entry = _ring + ((nuint)(_tail & (_entryCount - 1)) * EntrySize);
            *(uint*)entry = data0;
            *(uint*)(entry + 4) = data1;
            *(uint*)(entry + 8) = 0;
            Volatile.Write(ref *(uint*)(entry + 12), type | (((_tail / _entryCount) & 7) << 29));
            _tail++;
            raise = _armed;
            _armed = false;
        }

        if (raise)
        {
            Vector?.Raise();
        }
    }

    /// <summary>Takes a doorbell: how far the driver read, and whether it wants to be told of more.</summary>
    public void Ring(uint head, bool arm)
    {
        bool raise = false;
        lock (_lock)
        {
            uint behind = (_tail - head) & ((_entryCount * 8) - 1);
            if (arm && behind == 0)
            {
                _armed = true;
            }
            else if (arm && behind <= _entryCount)
            {
                _armed = false;
                raise = true;
            }
        }

        if (raise)
        {
            Vector?.Raise();
        }
    }
}
