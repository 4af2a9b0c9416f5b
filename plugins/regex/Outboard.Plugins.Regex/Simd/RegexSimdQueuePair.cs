using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Mbufs;
using Outboard.Plugins.Regex.Engine;
using Outboard.Regex;
using Outboard.Regex.Driver;

namespace Outboard.Plugins.Regex.Simd;

/// <summary>
/// One queue pair. The thread that enqueues does the scan, so an op is complete when its enqueue returns and waits in a ring for a
/// dequeue; ops come out in the order they went in.
/// </summary>
internal sealed class RegexSimdQueuePair : OffloadQueuePair<RegexOp>
{
    private const RegexRequestFlags GroupFlags = RegexRequestFlags.Group0Valid | RegexRequestFlags.Group1Valid
        | RegexRequestFlags.Group2Valid | RegexRequestFlags.Group3Valid;

    private readonly RegexOp[] _ring;
    private readonly byte[] _linear;
    private readonly int _groupCount;
    private readonly int _matchesMax;
    private readonly int _payloadMax;
    private RegexScanner? _scanner;
    private uint _head;
    private uint _tail;

    public RegexSimdQueuePair(int descriptorCount, int groupCount, int matchesMax, int payloadMax)
    {
        _ring = new RegexOp[descriptorCount];
        _linear = new byte[payloadMax];
        _groupCount = groupCount;
        _matchesMax = matchesMax;
        _payloadMax = payloadMax;
    }

    /// <summary>Counters that outlive a change of rules.</summary>
    public ScanStatistics ScanStatistics { get; } = new();

    /// <summary>Times that the lazy automata in force threw their states away.</summary>
    public ulong CacheClears => Volatile.Read(ref _scanner)?.CacheClears ?? 0;

    public override int InFlightCount => (int)(_head - _tail);

    /// <summary>
    /// Puts another scanner in force, from any thread; the next op uses it. The write releases the scanner's contents and
    /// the read in <see cref="EnqueueBurst"/> acquires them.
    /// </summary>
    public void Replace(RegexScanner scanner) => Volatile.Write(ref _scanner, scanner);

    public override int EnqueueBurst(ReadOnlySpan<RegexOp> ops)
    {
        Rejection = EnqueueRejection.None;
        int room = _ring.Length - InFlightCount;
        int count = 0;
        for (; count < ops.Length; count++)
        {
            if (count == room)
            {
                Rejection = EnqueueRejection.QueueFull;
                break;
            }

            RegexOp op = ops[count];
            if (!TryProcess(op))
            {
                EnqueueErrorCount++;
                break;
            }

            _ring[_head++ & (uint)(_ring.Length - 1)] = op;
        }

        EnqueuedCount += (uint)count;
        return count;
    }

    public override int DequeueBurst(Span<RegexOp> ops)
    {
        int count = Math.Min(ops.Length, InFlightCount);
        for (int i = 0; i < count; i++)
        {
            RegexOp op = _ring[_tail++ & (uint)(_ring.Length - 1)];
            ops[i] = op;
            DequeueErrorCount += op.Status == OpStatus.Success ? 0UL : 1UL;
        }

        DequeuedCount += (uint)count;
        return count;
    }

    /// <summary>Scans the payload of an op, or says why the op is not taken.</summary>
    private bool TryProcess(RegexOp op)
    {
        Mbuf mbuf = op.Mbuf;
        if (mbuf.IsNull || op.Stream != 0)
        {
            return Refuse(op, OpStatus.InvalidArguments, EnqueueRejection.InvalidArguments);
        }

        int packet = mbuf.PacketLength;
        int offset = op.PayloadOffset;
        if ((uint)offset > (uint)packet)
        {
            return Refuse(op, OpStatus.InvalidArguments, EnqueueRejection.InvalidArguments);
        }

        int length = op.PayloadLength == RegexOp.ToEnd ? packet - offset : op.PayloadLength;
        if (length < 0 || length > packet - offset || length > _payloadMax)
        {
            return Refuse(op, OpStatus.InvalidArguments, EnqueueRejection.InvalidArguments);
        }

        if (!TrySelectGroups(op, out GroupSelection groups))
        {
            return Refuse(op, OpStatus.InvalidSession, EnqueueRejection.InvalidSession);
        }

        if (!mbuf.TryRead(offset, length, _linear, out ReadOnlySpan<byte> payload))
        {
            return Refuse(op, OpStatus.InvalidArguments, EnqueueRejection.InvalidArguments);
        }

        ScanStatistics.PayloadBytes += (uint)length;
        ScanStatistics.CopiedBytes += length > 0 && payload.Overlaps(_linear) ? (uint)length : 0u;
        Scan(op, payload, groups);
        return true;
    }

    private void Scan(RegexOp op, ReadOnlySpan<byte> payload, GroupSelection groups)
    {
        RegexScanner scanner = Volatile.Read(ref _scanner)!;
        RegexRequestFlags request = op.RequestFlags;
        bool byRule = (request & RegexRequestFlags.HighPriority) != 0;
        bool single = byRule || (request & RegexRequestFlags.StopOnMatch) != 0;
        Span<RegexMatch> room = op.GetMatchBuffer();
        int capacity = single ? Math.Min(1, room.Length) : Math.Min(_matchesMax, room.Length);
        scanner.Scan(payload, groups, capacity, byRule);
        ReadOnlySpan<MatchRecord> found = scanner.Matches;
        CompiledRule[] rules = scanner.Database.Rules;
        for (int i = 0; i < found.Length; i++)
        {
            RuleSource rule = rules[found[i].Rule].Source;
            room[i] = new RegexMatch((int)rule.Id, found[i].Start, found[i].End - found[i].Start, rule.Group);
        }

        long total = single ? found.Length : scanner.MatchTotal;
        RegexResponseFlags flags = total > found.Length ? RegexResponseFlags.MatchesExceeded : RegexResponseFlags.None;
        flags |= scanner.BudgetSpent ? RegexResponseFlags.ResourceExceeded : RegexResponseFlags.None;
        op.SetResult(OpStatus.Success, found.Length, (int)Math.Min(total, int.MaxValue), flags);
    }

    private bool TrySelectGroups(RegexOp op, out GroupSelection groups)
    {
        RegexRequestFlags valid = op.RequestFlags & GroupFlags;
        groups = new GroupSelection(1, 0, 0, 0, 0);
        if (valid == RegexRequestFlags.None)
        {
            return true;
        }

        Span<ushort> ids = stackalloc ushort[4];
        int count = 0;
        for (int slot = 0; slot < 4; slot++)
        {
            if ((valid & (RegexRequestFlags)(1 << slot)) != 0)
            {
                ids[count++] = op.GetGroup(slot);
            }
        }

        for (int i = 0; i < count; i++)
        {
            if (ids[i] >= _groupCount)
            {
                return false;
            }
        }

        groups = new GroupSelection(count, ids[0], ids[1], ids[2], ids[3]);
        return true;
    }

    private bool Refuse(RegexOp op, OpStatus status, EnqueueRejection rejection)
    {
        op.Status = status;
        Rejection = rejection;
        return false;
    }
}
