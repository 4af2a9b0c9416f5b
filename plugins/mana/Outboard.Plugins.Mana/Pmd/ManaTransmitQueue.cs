using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Ethernet;
using Outboard.Ethernet.Driver;
using Outboard.Mbufs;
using Outboard.Mbufs.Driver;
using Outboard.Memory;
using Outboard.Plugins.Mana.Gdma;

namespace Outboard.Plugins.Mana.Pmd;

/// <summary>A transmit queue: mbufs in as work elements, out when their completion comes.</summary>
/// <remarks>
/// All elements of a burst but the last one posted are suppressed, which is decided after the loop, so no burst can end
/// without a completion on its way. A completion stands for every element up to the one it names; a failed element has
/// its own. What cannot be sent at all is freed and counted as an error, so the frames taken are always the first ones.
/// </remarks>
internal sealed unsafe partial class ManaTransmitQueue : TransmitQueue
{
    private const int ShortUnits = 1;
    private const int UnitsPerDescriptor = 2;
    private const ushort FlagRaw = 1;

    private readonly ManaDriver _driver;
    private readonly TransmitOffloads _offloads;
    private readonly int _mask;
    private readonly nint* _mbufs;
    private readonly Descriptor* _descriptors;
    private GdmaQueuePair? _queue;
    private DmaBlock? _headers;
    private MemoryKey _headerKey;
    private uint _head;
    private uint _tail;
    private uint _completed;
    private ulong _oob;
    private bool _forceLong;
    private nuint _poolAddress;
    private nuint _poolByteCount;
    private uint _poolKey;
    private MbufPool? _pool;
    private ulong _packets;
    private ulong _bytes;
    private ulong _errors;
    private bool _isFailed;
    private bool _disposed;

    public ManaTransmitQueue(ManaDriver driver, int index, TransmitQueueOptions options, TransmitOffloads offloads)
    {
        _driver = driver;
        _offloads = offloads;
        Index = index;
        IsDeferred = options.DeferredStart;
        DescriptorCount = options.DescriptorCount;
        _mask = options.DescriptorCount - 1;
        _mbufs = (nint*)NativeMemory.AlignedAlloc((nuint)(options.DescriptorCount * sizeof(nint)), 64);
        _descriptors = (Descriptor*)NativeMemory.AlignedAlloc(
            (nuint)(options.DescriptorCount * sizeof(Descriptor)), 64);
    }

    public int Index { get; }

    public int DescriptorCount { get; }

    public bool IsDeferred { get; }

    public bool IsRunning => _queue is not null;

    /// <summary>A work element was refused as corrupt: the adapter has disabled the queue.</summary>
    public bool IsFailed => _isFailed;

    /// <summary>The last failed element's completion type, 0 for none.</summary>
    public uint LastErrorType { get; private set; }

    /// <summary>The last failed element's vendor error.</summary>
    public uint LastVendorError { get; private set; }

    /// <inheritdoc/>
    public override EthernetStatistics Statistics =>
        new(0, Volatile.Read(ref _packets), 0, Volatile.Read(ref _bytes), 0, 0, Volatile.Read(ref _errors), 0);

    /// <inheritdoc/>
    public override int PendingCount => (int)(Volatile.Read(ref _head) - Volatile.Read(ref _completed));

    /// <inheritdoc/>
    public override int TransmitBurst(ReadOnlySpan<Mbuf> mbufs)
    {
        GdmaQueuePair queue = _queue!;
        WorkRing work = queue.Work;
        int room = _mask + 1 - (int)(_head - _tail);
        if (room < mbufs.Length || work.FreeBasicUnits < (uint)mbufs.Length * UnitsPerDescriptor)
        {
            ReadCompletions();
            Free(int.MaxValue);
            room = _mask + 1 - (int)(_head - _tail);
        }

        int taken = 0;
        ulong* last = null;
        int limit = _isFailed ? 0 : mbufs.Length;
        ref Mbuf source = ref MemoryMarshal.GetReference(mbufs);
        int posted = 0;
        for (; taken < limit && posted < room; taken++)
        {
            Mbuf mbuf = Unsafe.Add(ref source, taken);
            if (IsPlain(mbuf))
            {
                if (work.FreeBasicUnits == 0)
                {
                    break;
                }

                last = PostPlain(work, mbuf);
                posted++;
                continue;
            }

            int outcome = PostOther(work, mbuf, ref last);
            if (outcome < 0)
            {
                break;
            }

            posted += outcome;
        }

        if (last != null)
        {
            *last &= ~TransmitOob.SuppressCompletion;
            work.Ring();
            ReadCompletions();
            Free(int.MaxValue);
            queue.Completions.RingIfStale();
        }

        return taken;
    }

    /// <inheritdoc/>
    public override int Prepare(ReadOnlySpan<Mbuf> mbufs)
    {
        for (int i = 0; i < mbufs.Length; i++)
        {
            if (!IsSendable(mbufs[i]))
            {
                return i;
            }
        }

        return mbufs.Length;
    }

    /// <inheritdoc/>
    public override int Cleanup(int count)
    {
        ReadCompletions();
        return Free(count == 0 ? int.MaxValue : count);
    }

    /// <inheritdoc/>
    public override DescriptorStatus GetDescriptorStatus(int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, _mask);

        // The ring is used in order, so counting from the next free one the busy ones come last.
        int busy = (int)(_head - _tail);
        int fromOldest = offset - (_mask + 1 - busy);
        return fromOldest < 0 ? DescriptorStatus.Unused
            : fromOldest < (int)(_completed - _tail) ? DescriptorStatus.Done
            : DescriptorStatus.Device;
    }

    /// <summary>Creates the adapter's queue.</summary>
    public void Start()
    {
        uint ringBytes = (uint)(DescriptorCount * UnitsPerDescriptor) * WorkRequest.BasicUnit;
        _queue = _driver.Gdma.CreateQueue(GdmaQueueType.Send, ringBytes, (uint)DescriptorCount);
        _headers = new DmaBlock(_driver.Bus, DescriptorCount * TransmitRequest.HeaderMax);
        _headerKey = _driver.Gdma.CreateKey(_headers.Address, (ulong)_headers.ByteCount);
        (_head, _tail, _completed, _isFailed) = (0, 0, 0, false);
        uint offset = _driver.Gdma.VportOffset;
        _forceLong = offset > TransmitOob.ShortVportOffsetMax || !_driver.Gdma.IsShortFormAllowed;
        _oob = TransmitOob.QueueFields(
            _queue.Object.CompletionQueueId, _queue.Object.WorkQueueId, _forceLong ? 0 : offset)
            | TransmitOob.SuppressCompletion;
    }

    /// <summary>Takes the queue down; every mbuf in it is freed.</summary>
    public void Stop()
    {
        if (_queue is not { } queue)
        {
            return;
        }

        ReadCompletions();
        Free(int.MaxValue);
        queue.Dispose();
        _queue = null;
        while (_tail != _head)
        {
            _errors++;
            Mbuf.FromAddress(_mbufs[_tail++ & (uint)_mask]).Free();
        }

        _completed = _tail;
        _driver.Gdma.DestroyKey(_headerKey);
        _headers?.Dispose();
        _headers = null;
    }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            Stop();
            NativeMemory.AlignedFree(_mbufs);
            NativeMemory.AlignedFree(_descriptors);
            _driver.Forget(this);
        }
    }

    /// <summary>
    /// One segment, nothing asked for, data in the pool that this queue saw first, and a length that may be.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsPlain(Mbuf mbuf) =>
        (mbuf.OffloadFlags & (TransmitRequest.AnyTransmit | MbufOffloadFlags.AttachedMask)) == 0
        && mbuf.SegmentCount == 1
        && (nuint)mbuf.Address - _poolAddress < _poolByteCount
        && (uint)(mbuf.DataLength - MtuRules.EthernetHeader) <= (uint)(_driver.FrameMax - MtuRules.EthernetHeader)
        && !_forceLong;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong* PostPlain(WorkRing work, Mbuf mbuf)
    {
        ulong* element = (ulong*)work.At(work.Head);
        uint length = (uint)mbuf.DataLength;
        element[0] = WorkRequest.Header(1, TransmitOob.ShortSize);
        element[1] = _oob;
        element[2] = (ulong)mbuf.DataPointer;
        element[3] = _poolKey | ((ulong)length << 32);
        Record(work, mbuf, length, ShortUnits, mbuf.ReferenceCount == 1 ? FlagRaw : (ushort)0);
        return element + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Record(WorkRing work, Mbuf mbuf, uint length, int units, ushort flags)
    {
        uint slot = _head & (uint)_mask;
        _mbufs[slot] = mbuf.Address;
        _descriptors[slot] = new Descriptor { Length = length, Units = (ushort)units, Flags = flags };
        work.Post((uint)units);
        _head++;
    }

    /// <summary>Takes completions in: what they stand for is done and may be freed.</summary>
    private void ReadCompletions()
    {
        GdmaQueuePair queue = _queue!;
        CompletionRing completions = queue.Completions;
        byte* entry;
        while ((entry = completions.Peek()) != null)
        {
            uint type = CompletionEntry.Type(entry);
            uint at = CompletionEntry.TransmitWorkOffset(entry);
            Complete(queue.Work, at, type == CompletionEntry.TransmitOkay);
            if (type != CompletionEntry.TransmitOkay)
            {
                LastErrorType = type;
                LastVendorError = CompletionEntry.VendorError(entry);
                if (type == CompletionEntry.TransmitGdmaError && !_isFailed)
                {
                    // The adapter has disabled the queue: it takes nothing until it is stopped and started again.
                    _isFailed = true;
                    ThreadPool.UnsafeQueueUserWorkItem(
                        static queue => queue._driver.ReportFailure(queue), this, preferLocal: false);
                }
            }

            completions.Advance();
        }
    }

    /// <summary>Everything up to the element at an offset is done; only that one can have failed.</summary>
    private void Complete(WorkRing work, uint offset, bool isOkay)
    {
        uint at = work.OffsetOf(offset);
        uint packets = 0;
        ulong bytes = 0;
        while (_completed != _head)
        {
            Descriptor descriptor = _descriptors[_completed & (uint)_mask];
            bool isLast = work.OffsetOf(work.Tail) == at;
            work.Complete(descriptor.Units);
            _completed++;
            if (isLast && !isOkay)
            {
                _errors++;
                break;
            }

            packets++;
            bytes += descriptor.Length;
            if (isLast)
            {
                break;
            }
        }

        _packets += packets;
        _bytes += bytes;
    }

    /// <summary>Frees completed frames, runs of plain ones of the queue's own pool in one go.</summary>
    private int Free(int limit)
    {
        uint end = _completed;
        uint freed = 0;
        MempoolCache? cache = null;
        while (_tail != end && freed < (uint)limit)
        {
            uint slot = _tail & (uint)_mask;
            uint most = Math.Min(Math.Min(end - _tail, (uint)_mask + 1 - slot), (uint)limit - freed);
            uint run = 0;
            while (run < most && _descriptors[slot + run].Flags == FlagRaw)
            {
                run++;
            }

            if (run != 0)
            {
                cache ??= _pool!.CurrentCache;
                _pool!.FreeRawBulk(new ReadOnlySpan<Mbuf>(_mbufs + slot, (int)run), cache);
            }
            else
            {
                Mbuf.FromAddress(_mbufs[slot]).Free();
                run = 1;
            }

            _tail += run;
            freed += run;
        }

        return (int)freed;
    }

    private struct Descriptor
    {
        public uint Length;
        public ushort Units;
        public ushort Flags;
    }
}
