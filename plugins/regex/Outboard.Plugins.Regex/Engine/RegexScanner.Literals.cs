using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Literals;

namespace Outboard.Plugins.Regex.Engine;

internal sealed partial class RegexScanner
{
    /// <summary>A rule that has read this much of a payload for its literals is searched for as a whole instead.</summary>
    private const int HitWorkPerByte = 8;
    private const int HitWorkFloor = 4096;

    private void ScanLiterals(ReadOnlySpan<byte> data)
    {
        if (_scope.HasNoLiteral)
        {
            return;
        }

        LiteralCursor cursor = default;
        bool done = false;
        while (!done)
        {
            done = _literals.Search(data, ref cursor, _hits, out int count);
            Statistics.LiteralHits += (uint)count;
            foreach (LiteralHit hit in _hits.AsSpan(0, count))
            {
                LiteralFound(hit, data);
            }
        }
    }

    private void LiteralFound(LiteralHit hit, ReadOnlySpan<byte> data)
    {
        ref readonly LiteralTarget target = ref _database.Hits[hit.Spec];
        if (!_groups.Contains(target.Group))
        {
            return;
        }

        int index = target.Rule;
        int end = hit.Start + target.Length;
        _counters?.CountCandidate(index);
        switch (target.Strategy)
        {
            case RuleStrategy.Literal:
                LiteralMatched(in target, hit.Start, end);
                break;
            case RuleStrategy.LiteralStart:
                TryStart(index, _database.Rules[index], hit.Start - _database.Specs[hit.Spec].OwnerOffset, data);
                break;
            case RuleStrategy.LiteralInner:
                TryAround(index, _database.Rules[index], hit.Start, end, data);
                break;
            default:
                List(index, EarliestStart(_database.Rules[index], hit.Start), hit.Start);
                break;
        }
    }

    private void LiteralMatched(in LiteralTarget target, int start, int end)
    {
        if (start < _scope.From || end <= _scope.Fresh)
        {
            return;
        }

        if (!target.HasState)
        {
            Report(target.Rule, start, end);
            return;
        }

        ref RuleState state = ref StateOf(target.Rule);
        if (start >= state.NextStart)
        {
            Report(target.Rule, ref state, start, end, end);
        }
    }

    /// <summary>Runs a rule from the start that a literal names.</summary>
    private void TryStart(int index, CompiledRule rule, int start, ReadOnlySpan<byte> data)
    {
        ref RuleState state = ref StateOf(index);
        if (start < state.NextStart || state.IsHeld)
        {
            return;
        }

        if (state.IsListed || IsTiring(in state, data.Length))
        {
            List(index, start, start);
            return;
        }

        // Several literals can name the same start, so a start is tried once, matched or not.
        state.NextStart = start + 1;
        if (!RunAnchored(index, rule, ref state, start, data, out int matchStart, out int end, out bool touched))
        {
            IsPartialAtEnd |= touched && _scope.IsOpen;
        }
        else if (touched && _scope.IsOpen)
        {
            Hold(ref state);
        }
        else
        {
            Report(index, ref state, matchStart, end, Math.Max(end, start + 1));
        }
    }

    /// <summary>Looks whether a rule's parts before and behind a literal fit there; if so, some match holds the literal, and the rule is searched for.</summary>
    private void TryAround(int index, CompiledRule rule, int literalStart, int literalEnd, ReadOnlySpan<byte> data)
    {
        ref RuleState state = ref StateOf(index);
        if (IsTiring(in state, data.Length))
        {
            List(index, EarliestStart(rule, literalStart), literalStart);
            return;
        }

        Statistics.Verifications++;
        _counters?.CountVerification(index);
        int start = literalStart;
        bool open = false;
        long work = 0;
        if (rule.Prefix is { } prefix)
        {
            start = FindStart(index, prefix, data, literalStart, Math.Max(_scope.From, EarliestStart(rule, literalStart)), ref work);
            if (start == LazyDfa.GaveUp)
            {
                start = EarliestStart(rule, literalStart);
            }
        }

        bool fits = start >= 0;
        if (fits && rule.Suffix is { } suffix)
        {
            fits = FindEnd(index, suffix, data, literalEnd, ref work, out open) != -1;
        }

        Spend(index, ref state, work);
        if (fits)
        {
            List(index, start, literalStart);
        }

        IsPartialAtEnd |= open && _scope.IsOpen;
    }

    /// <summary>From a literal back to the earliest start, as far as the rule bounds it.</summary>
    private int EarliestStart(CompiledRule rule, int literalStart) =>
        rule.Literals!.MaxOffset is { } reach ? Math.Max(_scope.From, literalStart - reach) : _scope.From;

    private static bool IsTiring(in RuleState state, int length) => state.Work > HitWorkPerByte * length + HitWorkFloor;

    /// <summary>A match was found that more bytes could change: neither it nor what follows is reported in this scan.</summary>
    private void Hold(ref RuleState state)
    {
        state.IsHeld = true;
        IsPartialAtEnd = true;
    }
}
