using System.Runtime.CompilerServices;
using Outboard.Plugins.Mana.Adapter.Memory;
using Outboard.Plugins.Mana.Adapter.Queues;

namespace Outboard.Plugins.Mana.Adapter;

/// <summary>Everything that requests create, by id and handle.</summary>
/// <remarks>Changed under the channel's serialization; doorbells read the queue tables on any thread.</remarks>
internal sealed class AdapterResources
{
    public const uint FirstQueueId = 16;
    public const int QueueSlots = 256;
    public const uint DoorbellPageMax = 64;
    public const uint FirstFreeDoorbellPage = 2;

    private readonly SendPort?[] _send = new SendPort?[QueueSlots];
    private readonly ReceiveElementQueue?[] _receive = new ReceiveElementQueue?[QueueSlots];
    private readonly CompletionProducer?[] _completion = new CompletionProducer?[QueueSlots];
    private readonly EventProducer?[] _event = new EventProducer?[QueueSlots];
    private readonly bool[] _doorbellPages = new bool[DoorbellPageMax];
    private readonly ulong[] _retiredCounters = new ulong[27];
    private ulong _nextHandle = 0x1000;
    private uint _nextDomain = 0x20;

    public Dictionary<ulong, DmaRegion> DmaRegions { get; } = [];

    /// <summary>Protection domain ids by handle.</summary>
    public Dictionary<ulong, uint> ProtectionDomains { get; } = [];

    /// <summary>Memory keys by handle.</summary>
    public Dictionary<ulong, uint> MemoryRegions { get; } = [];

    public Dictionary<ulong, SendPort> SendObjects { get; } = [];

    public Dictionary<ulong, ReceiveElementQueue> ReceiveObjects { get; } = [];

    public bool HasQueues => SendObjects.Count + ReceiveObjects.Count != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SendPort? FindSendQueue(uint id) => id < QueueSlots ? Volatile.Read(ref _send[id]) : null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReceiveElementQueue? FindReceiveQueue(uint id) =>
        id < QueueSlots ? Volatile.Read(ref _receive[id]) : null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CompletionProducer? FindCompletionQueue(uint id) =>
        id < QueueSlots ? Volatile.Read(ref _completion[id]) : null;

    public EventProducer? FindEventQueue(uint id) => id < QueueSlots ? Volatile.Read(ref _event[id]) : null;

    public ulong NewHandle() => _nextHandle++;

    public uint NewDomain() => _nextDomain++;

    public uint? AllocateDoorbellPage()
    {
        for (uint page = FirstFreeDoorbellPage; page < DoorbellPageMax; page++)
        {
            if (!_doorbellPages[page])
            {
                _doorbellPages[page] = true;
                return page;
            }
        }

        return null;
    }

    public bool FreeDoorbellPage(uint page)
    {
        bool held = page < DoorbellPageMax && _doorbellPages[page];
        if (held)
        {
            _doorbellPages[page] = false;
        }

        return held;
    }

    public bool IsDoorbellPage(uint page) =>
        page < DoorbellPageMax && (page < FirstFreeDoorbellPage || _doorbellPages[page]);

    public uint? FreeEventId() => FreeId(_event);

    public uint? FreeCompletionId() => FreeId(_completion);

    public uint? FreeSendId() => FreeId(_send);

    public uint? FreeReceiveId() => FreeId(_receive);

    public void Add(EventProducer queue) => Volatile.Write(ref _event[queue.Id], queue);

    public void Add(CompletionProducer queue) => Volatile.Write(ref _completion[queue.Id], queue);

    public void Add(SendPort port)
    {
        SendObjects.Add(port.Queue.Handle, port);
        Volatile.Write(ref _send[port.Queue.Id], port);
    }

    public void Add(ReceiveElementQueue queue)
    {
        ReceiveObjects.Add(queue.Handle, queue);
        Volatile.Write(ref _receive[queue.Id], queue);
    }

    public bool RemoveEvent(uint id)
    {
        bool held = FindEventQueue(id) is not null;
        if (held)
        {
            _event[id] = null;
        }

        return held;
    }

    public void RemoveCompletion(uint id) => _completion[id] = null;

    public bool RemoveSend(ulong handle)
    {
        if (!SendObjects.Remove(handle, out SendPort? port))
        {
            return false;
        }

        _send[port.Queue.Id] = null;
        RemoveCompletion(port.Queue.Completions.Id);
        port.Queue.Counters.AddTo(_retiredCounters);
        port.Dispose();
        return true;
    }

    public bool RemoveReceive(ulong handle)
    {
        if (!ReceiveObjects.Remove(handle, out ReceiveElementQueue? queue))
        {
            return false;
        }

        // A batch that was steered here before is over once the lock was had; after it the queue takes nothing.
        queue.Lock();
        queue.IsDisabled = true;
        queue.Unlock();
        _receive[queue.Id] = null;
        RemoveCompletion(queue.Completions.Id);
        queue.Counters.AddTo(_retiredCounters);
        return true;
    }

    /// <summary>Adds the counters of all queues, those of destroyed ones included.</summary>
    public void AddCounters(Span<ulong> counters)
    {
        for (int i = 0; i < _retiredCounters.Length; i++)
        {
            counters[i] += _retiredCounters[i];
        }

        foreach (SendPort port in SendObjects.Values)
        {
            port.Queue.Counters.AddTo(counters);
        }

        foreach (ReceiveElementQueue queue in ReceiveObjects.Values)
        {
            queue.Counters.AddTo(counters);
        }
    }

    public void Clear()
    {
        foreach (ulong handle in SendObjects.Keys.ToArray())
        {
            RemoveSend(handle);
        }

        foreach (ulong handle in ReceiveObjects.Keys.ToArray())
        {
            RemoveReceive(handle);
        }

        Array.Clear(_completion);
        Array.Clear(_event);
        Array.Clear(_doorbellPages);
        DmaRegions.Clear();
        ProtectionDomains.Clear();
        MemoryRegions.Clear();
    }

    private static uint? FreeId<T>(T?[] table)
        where T : class
    {
        for (uint id = FirstQueueId; id < table.Length; id++)
        {
            if (table[id] is null)
            {
                return id;
            }
        }

        return null;
    }
}
