using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Ethernet;
using Outboard.Ethernet.Driver;
using Outboard.Mbufs;
using Outboard.Mbufs.Driver;
using Outboard.Memory;
using Outboard.Plugins.Mana.Bus;
using Outboard.Plugins.Mana.Gdma;

namespace Outboard.Plugins.Mana.Pmd;

/// <summary>A receive queue: posted mbufs in, completed mbufs out.</summary>
/// <remarks>
/// A buffer is one work element of 32 bytes. What a burst takes is owed to the ring, and the debt is kept until the
/// pool can pay it, so a shortage never shrinks the ring for good. A completion may name up to four frames; a burst
/// that ends in the middle of one goes on there the next time.
/// </remarks>
internal sealed unsafe class ManaReceiveQueue : ReceiveQueue, IInterruptSink
{
    public const int RefillBurst = 32;

    private const int OobByteCount = 8;
    private const int ElementUnits = 1;

    private readonly ManaDriver _driver;
    private readonly MbufPool _pool;
    private readonly MemoryKey _key;
    private readonly ReceiveFlagTable _flags;
    private readonly int _mask;
    private readonly int _port;
    private readonly ulong _rearm;
    private readonly int _bufferOffset;
    private readonly uint _room;
    private readonly Mbuf* _posted;
    private readonly bool _withInterrupt;
    private readonly EventWaitHandle? _interrupt;
    private GdmaQueuePair? _queue;
    private GdmaEventQueue? _events;
    private uint _head;
    private uint _tail;
    private int _slot;
    private bool _fenceSeen;
    private ulong _packets;
    private ulong _bytes;
    private ulong _errors;
    private ulong _noMbuf;
    private ulong _dropped;
    private readonly ulong _missedBase;
    private bool _disposed;

    public ManaReceiveQueue(
        ManaDriver driver, int index, ReceiveQueueOptions options, ReceiveOffloads offloads, bool withInterrupt)
    {
        _driver = driver;
        _pool = options.Pool;
        Index = index;
        IsDeferred = options.DeferredStart;
        DescriptorCount = options.DescriptorCount;
        _mask = options.DescriptorCount - 1;
        _flags = new ReceiveFlagTable(offloads);
        _key = driver.Pools.Add(options.Pool);
        _port = driver.PortNumber;
        _rearm = MbufDriverExtensions.RearmWord(_pool.Headroom, _port);
        Mbuf sample = _pool.MbufAt(0);
        _bufferOffset = (int)(sample.BufferPointer - (byte*)sample.Address) + _pool.Headroom;
        _room = (uint)(_pool.DataRoomSize - _pool.Headroom);
        _posted = (Mbuf*)NativeMemory.AlignedAlloc((nuint)(options.DescriptorCount * sizeof(Mbuf)), 64);
        _withInterrupt = withInterrupt;
        _interrupt = withInterrupt ? new EventWaitHandle(false, EventResetMode.AutoReset) : null;
        _missedBase = driver.ReadMissed();
    }

    public int Index { get; }

    public int DescriptorCount { get; }

    public bool IsDeferred { get; }

    public bool IsRunning => _queue is not null;

    /// <summary>Bytes of a frame that fit a buffer.</summary>
    public int Room => (int)_room;

    /// <summary>Handle of the adapter's object while the queue runs.</summary>
    public ulong Handle => _queue?.Object.Handle ?? 0;

    /// <summary>Buffers that wait for frames.</summary>
    public int PostedCount => (int)(_head - _tail);

    /// <inheritdoc/>
    /// <remarks>The adapter counts frames without a buffer for the whole vport; queue 0 carries them.</remarks>
    public override EthernetStatistics Statistics => new(
        Volatile.Read(ref _packets),
        0,
        Volatile.Read(ref _bytes),
        0,
        Volatile.Read(ref _dropped) + (Index == 0 ? _driver.ReadMissed() - _missedBase : 0),
        Volatile.Read(ref _errors),
        0,
        Volatile.Read(ref _noMbuf));

    /// <inheritdoc/>
    public override int PendingCount
    {
        get
        {
            GdmaQueuePair? queue = _queue;
            return queue is null ? 0 : queue.Completions.CountFrames();
        }
    }

    /// <inheritdoc/>
    public override WaitHandle InterruptHandle =>
        _interrupt ?? throw new InvalidOperationException(
            "Receive interrupts were not asked for when the port was configured.");

    /// <inheritdoc/>
    public override int ReceiveBurst(Span<Mbuf> mbufs)
    {
        GdmaQueuePair queue = _queue!;
        CompletionRing completions = queue.Completions;
        ref Mbuf target = ref MemoryMarshal.GetReference(mbufs);
        int count = 0;
        ulong bytes = 0;
        bool polled = false;
        while (count < mbufs.Length)
        {
            byte* entry = completions.Peek();
            if (entry == null)
            {
                if (polled)
                {
                    break;
                }

                polled = true;
                _driver.Bus.Poll(completions.DoorbellPage, completions.Id, mbufs.Length - count);
                continue;
            }

            uint flags = CompletionEntry.ReceiveFlags(entry);
            uint type = CompletionEntry.Type(entry);
            if (type == CompletionEntry.ReceiveOkay)
            {
                uint length = CompletionEntry.ReceiveLength(entry, 0);
                Unsafe.Add(ref target, count++) = Take(flags, length, CompletionEntry.ReceiveHash(entry, 0));
                bytes += length;
                completions.Advance();
            }
            else if (type == CompletionEntry.ReceiveCoalesced4)
            {
                count = TakeCoalesced(entry, flags, mbufs, count, ref bytes);
            }
            else
            {
                TakeOther(type);
                completions.Advance();
            }
        }

        _packets += (uint)count;
        _bytes += bytes;
        completions.RingIfStale();
        if (_mask + 1 - (int)(_head - _tail) >= RefillBurst)
        {
            Refill(queue.Work);
        }

        return count;
    }

    /// <inheritdoc/>
    public override DescriptorStatus GetDescriptorStatus(int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, _mask);
        return offset < PendingCount ? DescriptorStatus.Done
            : offset < PostedCount ? DescriptorStatus.Device
            : DescriptorStatus.Unused;
    }

    /// <inheritdoc/>
    public override void EnableInterrupt()
    {
        GdmaEventQueue events = _events ?? throw new InvalidOperationException(
            "The queue does not run, or receive interrupts were not asked for when the port was configured.");
        while (events.Ring.TryTake(out _, out _))
        {
            // Events only say that the completion queue is worth a look, which the caller is about to have.
        }

        events.Ring.Ring(arm: true);
        CompletionRing completions = _queue!.Completions;
        completions.Ring(arm: true);

        // An adapter that takes frames in on our core has to be let: what it finds now raises the interrupt at once.
        _driver.Bus.Poll(completions.DoorbellPage, completions.Id, 1);
    }

    /// <inheritdoc/>
    public override void DisableInterrupt() => _interrupt?.Reset();

    void IInterruptSink.Raise() => _interrupt!.Set();

    /// <summary>Creates the adapter's queue and posts buffers.</summary>
    public void Start()
    {
        if (_withInterrupt)
        {
            _events = _driver.Gdma.CreateEventQueue(64, (uint)(1 + Index));
            _driver.Bus.ConnectVector(1 + Index, this);
        }

        _queue = _driver.Gdma.CreateQueue(
            GdmaQueueType.Receive,
            (uint)DescriptorCount * WorkRequest.BasicUnit,
            (uint)DescriptorCount,
            _events?.Ring.Id);
        (_head, _tail, _slot, _fenceSeen) = (0, 0, 0, false);
        Refill(_queue.Work);
        if (_head == 0)
        {
            Stop();
            throw new GdmaException($"Receive queue {Index} has no buffers: pool '{_pool.Name}' is empty.");
        }
    }

    /// <summary>
    /// Takes the queue down. No frame is steered to it any more. What it received is dropped and counted; a fence shows
    /// that nothing is under way before its memory goes.
    /// </summary>
    public void Stop()
    {
        if (_queue is not { } queue)
        {
            return;
        }

        Drain(queue.Completions);
        try
        {
            _driver.Gdma.Ethernet.FenceReceiveQueue(queue.Object.Handle);
            Drain(queue.Completions);
        }
        catch (GdmaException)
        {
            // An adapter that is gone delivers nothing any more.
        }

        // A thread that was still sending by the steering of before may have delivered behind the fence.
        queue.Destroy();
        Drain(queue.Completions);
        queue.Dispose();
        _events?.Dispose();
        _events = null;
        if (_withInterrupt)
        {
            _driver.Bus.ConnectVector(1 + Index, null);
        }

        _queue = null;
        while (_tail != _head)
        {
            _posted[_tail++ & (uint)_mask].Free();
        }
    }

    /// <summary>Whether the fence of the last stop came.</summary>
    public bool IsFenced => _fenceSeen;

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            Stop();
            NativeMemory.AlignedFree(_posted);
            _interrupt?.Dispose();
            _driver.Forget(this);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Mbuf Take(uint flags, uint length, uint hash)
    {
        Mbuf mbuf = _posted[_tail++ & (uint)_mask];
        int kind = BitOperations.TrailingZeroCount(
            (flags >> CompletionEntry.HashTypeShift) & CompletionEntry.HashTypeMask);
        MbufOffloadFlags known =
            _flags.ChecksumFlags[(flags >> ReceiveFlagTable.ChecksumShift) & ReceiveFlagTable.ChecksumMask]
            | _flags.HashFlags[kind];
        mbuf.SetReceived(_rearm, (int)length, known, _flags.PacketTypes[kind], hash);
        return mbuf;
    }

    private int TakeCoalesced(byte* entry, uint flags, Span<Mbuf> mbufs, int count, ref ulong bytes)
    {
        while (_slot < CompletionEntry.CoalescedMax && CompletionEntry.ReceiveLength(entry, _slot) != 0)
        {
            if (count == mbufs.Length)
            {
                return count;
            }

            uint length = CompletionEntry.ReceiveLength(entry, _slot);
            mbufs[count++] = Take(flags, length, CompletionEntry.ReceiveHash(entry, _slot));
            bytes += length;
            _slot++;
        }

        _slot = 0;
        _queue!.Completions.Advance();
        return count;
    }

    /// <summary>A fence uses up no buffer; anything else that is not a frame used up one.</summary>
    private void TakeOther(uint type)
    {
        if (type == CompletionEntry.ReceiveFence)
        {
            _fenceSeen = true;
            return;
        }

        _errors++;
        _posted[_tail++ & (uint)_mask].Free();
    }

    /// <summary>Posts what the ring is owed, as far as the pool goes.</summary>
    private void Refill(WorkRing work)
    {
        MempoolCache cache = _pool.CurrentCache;
        int owed = _mask + 1 - (int)(_head - _tail);
        int batch = RefillBurst;
        uint before = _head;
        Span<Mbuf> fresh = stackalloc Mbuf[RefillBurst];
        while (owed > 0)
        {
            batch = Math.Min(batch, owed);
            if (!_pool.TryAllocRawBulk(fresh[..batch], cache))
            {
                // A pool with fewer than a batch still gives what it has, down to the last one.
                if (batch == 1)
                {
                    _noMbuf++;
                    break;
                }

                batch >>= 1;
                continue;
            }

            Post(work, fresh[..batch]);
            owed -= batch;
        }

        if (_head != before)
        {
            work.Ring();
        }
    }

    private void Post(WorkRing work, ReadOnlySpan<Mbuf> fresh)
    {
        ulong keyAndRoom = _key.Key | ((ulong)_room << 32);
        foreach (Mbuf mbuf in fresh)
        {
            ulong* element = (ulong*)work.At(work.Head);
            element[0] = WorkRequest.Header(1, OobByteCount);
            element[1] = 0;
            element[2] = (ulong)(mbuf.Address + _bufferOffset);
            element[3] = keyAndRoom;
            work.Post(ElementUnits);
            _posted[_head++ & (uint)_mask] = mbuf;
        }

        // The queue's elements complete in order and one buffer is one unit, so the ring is as full as the table.
        work.Complete(work.Head - work.Tail - (_head - _tail));
    }

    private void Drain(CompletionRing completions)
    {
        byte* entry;
        while ((entry = completions.Peek()) != null)
        {
            uint type = CompletionEntry.Type(entry);
            if (type is CompletionEntry.ReceiveOkay or CompletionEntry.ReceiveCoalesced4)
            {
                int slots = type == CompletionEntry.ReceiveOkay ? 1 : CompletionEntry.CoalescedMax;
                for (; _slot < slots && CompletionEntry.ReceiveLength(entry, _slot) != 0; _slot++)
                {
                    _posted[_tail++ & (uint)_mask].Free();
                    _dropped++;
                }

                _slot = 0;
            }
            else
            {
                TakeOther(type);
            }

            completions.Advance();
        }
    }
}
