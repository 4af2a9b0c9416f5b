using Outboard.Devices;
using Outboard.Plugins.Regex.Engine;
using Outboard.Regex;
using Outboard.Regex.Driver;

namespace Outboard.Plugins.Regex.OpenCL;

internal sealed partial class OpenCLRegexQueuePair
{
    /// <summary>The length of a payload that could not be read.</summary>
    private const int Broken = -1;

    /// <summary>Puts an op into the ring, or says why it is not taken.</summary>
    private bool TryTake(RegexOp op)
    {
        uint at = _taken & (uint)(_ring.Length - 1);
        RegexPayload payload = default;
        _gather.Clear();
        if (_reader.Read(op, _gather, ref payload) != PayloadOutcome.Ready)
        {
            Rejection = _reader.Rejection;
            return false;
        }

        _ring[at] = op;
        _groups[at] = payload.Groups;
        _lengths[at] = payload.IsBroken ? Broken : payload.View.Length;
        _taken++;
        ScanStatistics.PayloadBytes += (uint)payload.View.Length;
        ScanStatistics.CopiedBytes += (uint)payload.View.Length;
        return true;
    }

    /// <summary>Copies the payload of an op; one whose segments hold less than the packet's length says gets no result.</summary>
    private void Gather(uint at, Span<byte> target)
    {
        RegexOp op = _ring[at];
        if (op.Mbuf.CopyTo(target, op.PayloadOffset) != target.Length)
        {
            _lengths[at] = Broken;
        }
    }

    /// <summary>Ends the next op of a batch that is complete.</summary>
    private RegexOp Return(FilterBatch batch)
    {
        uint at = _returned & (uint)(_ring.Length - 1);
        RegexOp op = _ring[at];
        int index = batch.Returned;
        if (!batch.Status.IsSuccess || _lengths[at] == Broken)
        {
            Fail(op, _lengths[at] == Broken ? OpStatus.InvalidArguments : OpStatus.Error);
        }
        else
        {
            Scan(op, batch, index, _groups[at]);
        }

        batch.Returned++;
        _returned++;
        return op;
    }

    /// <summary>
    /// Scans a payload that may have a match. A rule either has a literal, is watched for by an automaton, or is searched for always.
    /// </summary>
    private void Scan(RegexOp op, FilterBatch batch, int index, GroupSelection groups)
    {
        RegexScanner scanner = batch.Rules.Scanner;
        bool hasLiteral = batch.FirstCandidate(index) >= 0;
        if (!hasLiteral && !batch.IsWoken(index) && scanner.Database.AlwaysRules.Length == 0)
        {
            op.SetResult(OpStatus.Success, 0, 0, RegexResponseFlags.None);
            return;
        }

        Counters.FlaggedPayloads++;
        PayloadView view = PayloadView.OfNative(batch.Payload(index));
        scanner.Wakes.Clear(1);
        if (!batch.TryListWoken(index, scanner.Wakes, 0))
        {
            Counters.OverflowedLists++;
            scanner.Wake(new ReadOnlySpan<PayloadView>(in view));
        }

        Finish(op, scanner, view, groups, !hasLiteral);
    }

    private void Finish(RegexOp op, RegexScanner scanner, PayloadView view, GroupSelection groups, bool hasNoLiteral)
    {
        Counters.ScannedBytes += (uint)view.Length;
        var payload = new RegexPayload { Op = op, View = view, Groups = groups };
        RegexOpScan.Run(scanner, 0, in payload, _matchesMax, hasNoLiteral);
    }

    /// <summary>Ends an op that no batch took before the stop. No batch is in use, so the first one's memory is free.</summary>
    private RegexOp ScanWithoutDevice()
    {
        uint at = _returned & (uint)(_ring.Length - 1);
        RegexOp op = _ring[at];
        Span<byte> payload = _batches[0].Room[..Math.Max(0, _lengths[at])];
        Gather(at, payload);
        if (_lengths[at] == Broken)
        {
            Fail(op, OpStatus.InvalidArguments);
        }
        else
        {
            RegexScanner scanner = Volatile.Read(ref _rules).Scanner;
            PayloadView view = PayloadView.OfNative(payload);
            scanner.Wake(new ReadOnlySpan<PayloadView>(in view));
            Finish(op, scanner, view, _groups[at], hasNoLiteral: false);
        }

        _returned++;
        _gathered = _returned;
        return op;
    }

    private void Fail(RegexOp op, OpStatus status)
    {
        op.SetResult(status, 0, 0, RegexResponseFlags.None);
        DequeueErrorCount++;
    }
}
