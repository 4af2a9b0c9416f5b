using Outboard.Mbufs;

namespace Outboard.Security.Pdcp;

/// <summary>The receive side's state variables, reordering buffer and timer (TS 38.323 5.2.2, 7.1).</summary>
/// <remarks>
/// State variables are COUNTs in 64 bits, so that 2^32, one past the last, is a value like the others and nothing wraps.
/// <para>A bit for each COUNT from RX_DELIV on says whether it was received, and the same number of bits below tell a duplicate of what was
/// delivered from what never came. The buffer spans <see cref="Capacity"/> COUNTs from RX_DELIV. With out-of-order delivery it holds no
/// SDUs; the bits and the state variables are kept exactly as without, so what comes late is still wanted.</para>
/// </remarks>
internal sealed class PdcpReceiver
{
    private const ulong CountEnd = 1ul << 32;
    private const uint WordBits = 64;
    private readonly int _bits;
    private readonly uint _window;
    private readonly uint _seenMask;
    private readonly ulong[] _seen;
    private readonly Mbuf[] _stored;
    private readonly bool _outOfOrder;
    private readonly MbufQueue _ready;
    private TimeSpan? _reorderingTime;

    public PdcpReceiver(int sequenceBits, int capacity, bool outOfOrder, TimeSpan? reorderingTime, uint next)
    {
        _bits = sequenceBits;
        _window = 1u << (sequenceBits - 1);
        Capacity = (uint)capacity;
        _seenMask = Math.Max(WordBits, 2 * Capacity) - 1;
        _seen = new ulong[(_seenMask + 1) / WordBits];
        _outOfOrder = outOfOrder;
        _stored = outOfOrder ? [] : new Mbuf[capacity];
        _ready = new MbufQueue(2 * capacity);
        _reorderingTime = reorderingTime;
        Next = next;
        Deliver = next;
    }

    /// <summary>COUNTs that the buffer spans; also how many PDUs may be in flight or delivered and not taken.</summary>
    public uint Capacity { get; }

    /// <summary>RX_NEXT.</summary>
    public ulong Next { get; private set; }

    /// <summary>RX_DELIV.</summary>
    public ulong Deliver { get; private set; }

    /// <summary>RX_REORD.</summary>
    public ulong Reorder { get; private set; }

    /// <summary>Whether t-Reordering runs.</summary>
    public bool IsTimerRunning { get; private set; }

    /// <summary>When it expires; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan Deadline { get; private set; }

    /// <summary>SDUs delivered and not taken.</summary>
    public int ReadyCount => _ready.Count;

    public ulong DeliveredCount;
    public ulong ReorderedCount;
    public ulong DuplicateCount;
    public ulong OutOfWindowCount;
    public ulong ExpiryCount;
    public ulong PushCount;
    public ulong MissingCount;

    /// <summary>RCVD_COUNT of a sequence number, seen from an RX_DELIV (5.2.2.1). False when it is no COUNT: below 0, or 2^32 and up.</summary>
    public bool TryInfer(uint sequence, ulong deliver, out uint count)
    {
        long expected = (long)(deliver & ((1ul << _bits) - 1));
        long frame = (long)(deliver >> _bits);
        if (sequence < expected - _window)
        {
            frame++;
        }
        else if (sequence >= expected + _window)
        {
            frame--;
        }

        count = (uint)((frame << _bits) | sequence);
        return frame >= 0 && frame < 1L << (32 - _bits);
    }

    public int Take(Span<Mbuf> sdus) => _ready.Take(sdus);

    /// <summary>Takes an SDU whose PDU verified (5.2.2.1).</summary>
    public void Accept(uint count, Mbuf sdu, TimeSpan now)
    {
        if (count < Deliver || IsSeen(count))
        {
            bool known = count >= Deliver || (Deliver - count <= _seenMask + 1 - Capacity && IsSeen(count));
            DuplicateCount += known ? 1u : 0;
            OutOfWindowCount += known ? 0 : 1u;
            sdu.Free();
            return;
        }

        if (count >= Deliver + Capacity)
        {
            PushCount++;
            DeliverBelow(count - Capacity + 1ul);
        }

        ReorderedCount += count < Next ? 1u : 0;
        SetSeen(count);
        Next = Math.Max(Next, count + 1ul);
        if (_outOfOrder)
        {
            Hand(sdu);
        }
        else
        {
            _stored[count & (Capacity - 1)] = sdu;
        }

        if (count == Deliver)
        {
            DeliverConsecutive();
        }

        UpdateTimer(now);
    }

    /// <summary>Does what is due; true when t-Reordering expired (5.2.2.2).</summary>
    public bool Poll(TimeSpan now)
    {
        bool any = false;
        while (IsTimerRunning && now >= Deadline)
        {
            any = true;
            ExpiryCount++;
            IsTimerRunning = false;
            DeliverBelow(Reorder);
            UpdateTimer(now);
        }

        return any;
    }

    /// <summary>Takes a new value of t-Reordering (5.2.2.3).</summary>
    public void SetReorderingTime(TimeSpan? time, TimeSpan now)
    {
        _reorderingTime = time;
        if (IsTimerRunning)
        {
            StartTimer(now);
        }
    }

    /// <summary>Stops the timer, delivers or else frees what is stored, in ascending order, and sets the variables to their initial value.</summary>
    /// <returns>How many were freed.</returns>
    public int Reset(bool deliver)
    {
        int freed = 0;
        IsTimerRunning = false;
        for (ulong count = Deliver; !_outOfOrder && count < Next; count++)
        {
            ref Mbuf slot = ref _stored[(uint)count & (Capacity - 1)];
            if (slot.IsNull)
            {
                continue;
            }

            if (deliver)
            {
                Hand(slot);
            }
            else
            {
                slot.Free();
                freed++;
            }

            slot = default;
        }

        Array.Clear(_seen);
        Next = 0;
        Deliver = 0;
        Reorder = 0;
        return freed;
    }

    /// <summary>Whether a COUNT from RX_DELIV up to RX_NEXT was received.</summary>
    public bool IsSeen(ulong count) =>
        (_seen[((uint)count & _seenMask) / WordBits] >> (int)(count % WordBits) & 1) != 0;

    private void SetSeen(ulong count) => _seen[((uint)count & _seenMask) / WordBits] |= 1ul << (int)(count % WordBits);

    // Stop when nothing up to RX_REORD is missing any more; whenever it does not run and something is missing, start.
    private void UpdateTimer(TimeSpan now)
    {
        if (IsTimerRunning && Deliver >= Reorder)
        {
            IsTimerRunning = false;
        }

        if (!IsTimerRunning && Deliver < Next)
        {
            StartTimer(now);
        }
    }

    private void StartTimer(TimeSpan now)
    {
        Reorder = Next;
        IsTimerRunning = true;
        Deadline = _reorderingTime is { } time && time < TimeSpan.MaxValue - now ? now + time : TimeSpan.MaxValue;
    }

    // All that is stored below a COUNT, then what follows it without a gap.
    private void DeliverBelow(ulong end)
    {
        ulong filled = Math.Min(Math.Min(end, Next), CountEnd);
        for (ulong count = Deliver; count < filled; count++)
        {
            if (!IsSeen(count))
            {
                MissingCount++;
            }
            else if (!_outOfOrder)
            {
                HandStored(count);
            }
        }

        MissingCount += end > Math.Max(filled, Deliver) ? end - Math.Max(filled, Deliver) : 0;
        if (end > Deliver)
        {
            MoveTo(end);
        }

        DeliverConsecutive();
    }

    private void DeliverConsecutive()
    {
        ulong end = Deliver;
        for (; end < Next && IsSeen(end); end++)
        {
            if (!_outOfOrder)
            {
                HandStored(end);
            }
        }

        MoveTo(end);
    }

    // RX_DELIV moves up; the bits of the COUNTs that come into the buffer were those of COUNTs now far below.
    private void MoveTo(ulong deliver)
    {
        ulong from = Deliver + Capacity, to = deliver + Capacity;
        Deliver = deliver;
        if (to - from > _seenMask)
        {
            Array.Clear(_seen);
            return;
        }

        for (; from < to; from++)
        {
            _seen[((uint)from & _seenMask) / WordBits] &= ~(1ul << (int)(from % WordBits));
        }
    }

    private void HandStored(ulong count)
    {
        ref Mbuf slot = ref _stored[(uint)count & (Capacity - 1)];
        Hand(slot);
        slot = default;
    }

    private void Hand(Mbuf sdu)
    {
        DeliveredCount++;
        _ready.Add(sdu);
    }
}
