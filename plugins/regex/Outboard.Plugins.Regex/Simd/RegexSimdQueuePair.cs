using System.Runtime.CompilerServices;
using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Plugins.Regex.Engine;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Simd;

/// <summary>
/// One queue pair. The thread that enqueues does the scan, so an op is complete when its enqueue returns and waits in a ring for a
/// dequeue. Payloads go through the scanner some 32 at a time; ops come out in the order they went in, or, where that was
/// not asked for, the short payloads of such a group first.
/// </summary>
internal sealed class RegexSimdQueuePair : OffloadQueuePair<RegexOp>
{
    private readonly RegexOp[] _ring;
    private readonly RegexPayload[] _payloads = new RegexPayload[RegexScanner.BurstMax];
    private readonly PayloadView[] _views = new PayloadView[RegexScanner.BurstMax];
    private readonly GatherBuffer _gather;
    private readonly RegexOpReader _reader;
    private readonly int _matchesMax;
    private readonly bool _outOfOrder;
    private RegexScanner? _scanner;
    private uint _head;
    private uint _tail;

    /// <param name="options">As the application asked.</param>
    /// <param name="reader">Checks ops and finds their payloads.</param>
    /// <param name="gather">Room for payloads that do not lie in one piece.</param>
    /// <param name="matchesMax">Matches an op may report.</param>
    public RegexSimdQueuePair(QueuePairOptions<RegexOp> options, RegexOpReader reader, GatherBuffer gather, int matchesMax)
    {
        _ring = new RegexOp[options.DescriptorCount];
        _reader = reader;
        _gather = gather;
        _matchesMax = matchesMax;
        _outOfOrder = options.OutOfOrder;
    }

    /// <summary>Counters that outlive a change of rules.</summary>
    public ScanStatistics ScanStatistics { get; } = new();

    /// <summary>What searches now; its counters may be read at any time.</summary>
    public RegexScanner? Scanner => Volatile.Read(ref _scanner);

    public override int InFlightCount => (int)(_head - _tail);

    /// <summary>Bytes that the queue pair keeps for its work, the ring left out.</summary>
    public long ScratchByteCount => (Scanner?.ScratchByteCount ?? 0) + _gather.ByteCount
        + _payloads.Length * Unsafe.SizeOf<RegexPayload>() + _views.Length * Unsafe.SizeOf<PayloadView>();

    /// <summary>
    /// Puts another scanner in force, from any thread; the next group of ops uses it. The write releases the scanner's contents and
    /// the read in <see cref="Process"/> acquires them.
    /// </summary>
    public void Replace(RegexScanner scanner) => Volatile.Write(ref _scanner, scanner);

    public override int EnqueueBurst(ReadOnlySpan<RegexOp> ops)
    {
        Rejection = EnqueueRejection.None;
        int room = Math.Min(ops.Length, _ring.Length - InFlightCount);
        int done = 0;
        PayloadOutcome outcome = PayloadOutcome.Ready;
        while (done < room && outcome != PayloadOutcome.Refused)
        {
            int count = 0;
            int most = Math.Min(room - done, _payloads.Length);
            _gather.Clear();
            _reader.BeginGroup();
            outcome = PayloadOutcome.Ready;
            while (count < most)
            {
                outcome = _reader.Read(ops[done + count], _gather, ref _payloads[count]);
                if (outcome != PayloadOutcome.Ready)
                {
                    break;
                }

                count++;
            }

            Process(_payloads.AsSpan(0, count));
            done += count;
        }

        if (outcome == PayloadOutcome.Refused)
        {
            Rejection = _reader.Rejection;
            EnqueueErrorCount++;
        }
        else if (done < ops.Length)
        {
            Rejection = EnqueueRejection.QueueFull;
        }

        EnqueuedCount += (uint)done;
        return done;
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

    private void Process(Span<RegexPayload> payloads)
    {
        RegexScanner scanner = Volatile.Read(ref _scanner)!;
        if (_outOfOrder)
        {
            SortByLength(payloads);
        }

        for (int i = 0; i < payloads.Length; i++)
        {
            _views[i] = payloads[i].View;
        }

        scanner.Wake(_views.AsSpan(0, payloads.Length));
        for (int i = 0; i < payloads.Length; i++)
        {
            ref RegexPayload payload = ref payloads[i];
            ScanStatistics.PayloadBytes += (uint)Math.Max(0, payload.View.Length - payload.TailLength);
            ScanStatistics.CopiedBytes += payload.IsGathered ? (uint)payload.View.Length : 0u;
            RegexOpScan.Run(scanner, i, in payload, _matchesMax);
            _ring[_head++ & (uint)(_ring.Length - 1)] = payload.Op;
        }
    }

    private static void SortByLength(Span<RegexPayload> payloads)
    {
        for (int i = 1; i < payloads.Length; i++)
        {
            RegexPayload moved = payloads[i];
            int at = i;
            for (; at > 0 && payloads[at - 1].View.Length > moved.View.Length; at--)
            {
                payloads[at] = payloads[at - 1];
            }

            payloads[at] = moved;
        }
    }
}
