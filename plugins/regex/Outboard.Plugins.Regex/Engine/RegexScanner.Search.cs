using Outboard.Plugins.Regex.Automata;

namespace Outboard.Plugins.Regex.Engine;

internal sealed partial class RegexScanner
{
    private void Search(int index, ReadOnlySpan<byte> data)
    {
        CompiledRule rule = _database.Rules[index];
        switch (_database.Mode)
        {
            case MatchMode.Ends:
                SearchEnds(index, rule, data);
                break;
            case MatchMode.All:
                SearchEvery(index, rule, data);
                break;
            default:
                SearchPreferred(index, rule, data);
                break;
        }
    }

    /// <summary>
    /// One match after the other. After an empty one a match that is not empty is tried at the same place, and after that the search
    /// goes on one byte further, as pcre2demo does.
    /// </summary>
    private void SearchPreferred(int index, CompiledRule rule, ReadOnlySpan<byte> data)
    {
        ref RuleState state = ref StateOf(index);
        int at = state.NextStart;
        while (at <= data.Length)
        {
            if (state.Work > _workMax)
            {
                Exhausted();
                return;
            }

            if (!TryFind(index, rule, data, at, ref state.Work, out int start, out int end))
            {
                return;
            }

            _collector.Add(index, start, end);
            at = end;
            if (end > start)
            {
                continue;
            }

            Statistics.NfaRuns++;
            if (_matcher.TryFind(
                rule.NonEmptyProgram!, data, start, anchored: true, out int next, out int nextEnd, ref state.Work))
            {
                _collector.Add(index, next, nextEnd);
                at = nextEnd;
            }
            else
            {
                at = end + 1;
            }
        }
    }

    private bool TryFind(
        int index,
        CompiledRule rule,
        ReadOnlySpan<byte> data,
        int from,
        ref long work,
        out int start,
        out int end)
    {
        start = -1;
        end = -1;
        if (rule.FirstBytes is { } first)
        {
            from = _byteScan.IndexOf(first, data, from);
            if (from < 0)
            {
                return false;
            }
        }

        Statistics.Verifications++;
        long spent = 0;
        LazyRule? lazy = _lazy[index];
        end = rule.Search is { } search ? search.FindEnd(data, from, ref spent)
            : lazy?.Search is { } made ? made.FindEnd(data, from, ref spent)
            : LazyDfa.GaveUp;
        if (end >= 0)
        {
            start = rule.Reverse is { } reverse ? reverse.FindStart(data, end, from, ref spent)
                : lazy?.Reverse is { } madeBack ? madeBack.FindStart(data, end, from, ref spent)
                : LazyDfa.GaveUp;
        }

        bool found = start >= 0;
        if (end == LazyDfa.GaveUp || start == LazyDfa.GaveUp)
        {
            Statistics.NfaRuns++;
            found = _matcher.TryFind(rule.Program, data, from, anchored: false, out start, out end, ref spent);
        }

        work += spent;
        Statistics.VerifiedBytes += (ulong)spent;
        return found;
    }

    /// <summary>Every offset at which a match ends.</summary>
    private void SearchEnds(int index, CompiledRule rule, ReadOnlySpan<byte> data)
    {
        ref RuleState state = ref StateOf(index);
        Statistics.Verifications++;
        if (rule.Search is { } search)
        {
            RunTable(search, index, -1, state.NextStart, data, ref state.Work);
        }
        else
        {
            RunStates(rule.Program, rule.Program.SearchStart, index, -1, state.NextStart, data, ref state.Work);
        }
    }

    /// <summary>Every end from every start.</summary>
    private void SearchEvery(int index, CompiledRule rule, ReadOnlySpan<byte> data)
    {
        ref RuleState state = ref StateOf(index);
        int last = rule.Strategy == RuleStrategy.PayloadStart ? 0 : data.Length;
        for (int start = state.NextStart; start <= last; start++)
        {
            if (rule.FirstBytes is { } first)
            {
                start = _byteScan.IndexOf(first, data, start);
                if (start < 0 || start > last)
                {
                    return;
                }
            }

            if (state.Work > _workMax)
            {
                Exhausted();
                return;
            }

            Statistics.Verifications++;
            if (rule.Anchored is { } anchored)
            {
                RunTable(anchored, index, start, start, data, ref state.Work);
            }
            else
            {
                RunStates(rule.Program, rule.Program.Start, index, start, start, data, ref state.Work);
            }
        }
    }

    /// <summary>Reports every match end of a table; a negative start means that only the end is told, and 0 stands for the start.</summary>
    private void RunTable(Dfa dfa, int index, int start, int from, ReadOnlySpan<byte> data, ref long work)
    {
        uint row = dfa.StartRows[(int)PositionContexts.Before(data, from)];
        bool lastNewline = dfa.TellsLastNewline && data.Length > from && data[^1] == '\n';
        int i = from;
        for (; i <= data.Length && row != 0; i++)
        {
            uint column = i == data.Length ? (uint)dfa.EdgeColumn
                : lastNewline && i == data.Length - 1 ? (uint)dfa.LastNewlineColumn
                : dfa.ClassMap[data[i]];
            uint entry = dfa.Table[row + column];
            if ((int)entry < 0)
            {
                _collector.Add(index, Math.Max(0, start), i);
            }

            row = entry & ~Dfa.MatchBit;
        }

        work += i - from;
        Statistics.VerifiedBytes += (uint)(i - from);
    }

    /// <summary>The same without a table.</summary>
    private void RunStates(
        NfaProgram program, int startPc, int index, int start, int from, ReadOnlySpan<byte> data, ref long work)
    {
        Statistics.NfaRuns++;
        int[] state = _stateA;
        int[] target = _stateB;
        int length = _stepper.Begin(program, startPc, state, ordered: true);
        int i = from;
        for (; i <= data.Length && length > 0; i++)
        {
            length = _stepper.Advance(
                program,
                state.AsSpan(0, length),
                PositionContexts.Before(data, i),
                PositionContexts.After(data, i),
                i == data.Length ? -1 : data[i],
                target,
                out bool matched);
            if (matched)
            {
                _collector.Add(index, Math.Max(0, start), i);
            }

            (state, target) = (target, state);
        }

        work += i - from;
        Statistics.VerifiedBytes += (uint)(i - from);
    }

    private void Exhausted()
    {
        BudgetSpent = true;
        Statistics.BudgetHits++;
    }
}
