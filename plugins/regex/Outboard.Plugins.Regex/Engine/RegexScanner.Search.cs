using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Backtracking;

namespace Outboard.Plugins.Regex.Engine;

internal sealed partial class RegexScanner
{
    private void Search(int index, ReadOnlySpan<byte> data)
    {
        CompiledRule rule = _database.Rules[index];
        ref RuleState state = ref StateOf(index);
        if (state.IsHeld)
        {
            return;
        }

        switch (_database.Mode)
        {
            case MatchMode.Ends when rule.Backtrack is null:
                SearchEnds(index, rule, ref state, data);
                break;
            case MatchMode.FindAll:
                SearchPreferred(index, rule, ref state, data);
                break;
            default:
                SearchEvery(index, rule, ref state, data);
                break;
        }
    }

    /// <summary>
    /// One match after the other. After an empty one a match that is not empty there is tried, and after that the search goes on one character
    /// further, as pcre2demo does.
    /// </summary>
    private void SearchPreferred(int index, CompiledRule rule, ref RuleState state, ReadOnlySpan<byte> data)
    {
        int at = Math.Max(state.NextStart, state.ListFrom);
        int last = Math.Min(state.LastStart, data.Length);
        bool afterEmpty = state.IsAfterEmpty && at == state.NextStart;
        while (at <= last && Spend(index, ref state, 0))
        {
            bool found = afterEmpty
                ? TryAfterEmpty(index, rule, ref state, at, data, out int start, out int end, out bool touched)
                : TryFind(index, rule, ref state, data, at, last, out start, out end, out touched);
            if (touched && _scope.IsOpen)
            {
                IsPartialAtEnd = true;
                state.IsHeld |= found || afterEmpty;
                return;
            }

            if (found)
            {
                at = Math.Max(at, end);
                Report(index, ref state, start, end, at);
                afterEmpty = start == end;
                continue;
            }

            if (!afterEmpty)
            {
                return;
            }

            at = NextCharacter(rule, data, at);
            if (_scope.IsOpen && rule.IsUtf && at >= data.Length)
            {
                // The character may go on in the next buffer.
                return;
            }

            afterEmpty = false;
            Advance(index, ref state, at);
        }
    }

    /// <summary>The first match that begins between two offsets.</summary>
    private bool TryFind(
        int index,
        CompiledRule rule,
        ref RuleState state,
        ReadOnlySpan<byte> data,
        int from,
        int last,
        out int start,
        out int end,
        out bool touched)
    {
        start = -1;
        end = -1;
        touched = false;
        Statistics.Verifications++;
        _counters?.CountVerification(index);
        if (rule.Backtrack is { } backtrack)
        {
            long left = Math.Min(_workMax - state.Work, _workLeft);
            long before = left;
            BacktrackOutcome outcome = _backtracker!.TryFind(
                backtrack, data, from, last, searchFrom: from, notEmpty: !rule.AllowEmpty, ref left, out start, out end, out touched);
            SpendBacktracking(index, ref state, before - left, outcome);
            return outcome == BacktrackOutcome.Match;
        }

        if (rule.FirstBytes is { } first)
        {
            from = _kernels.ByteScan.IndexOf(first, data, from);
            if (from < 0 || from > last)
            {
                return false;
            }
        }

        long work = 0;
        end = FindEnd(index, rule.Search!, data, from, ref work, out touched);
        if (end >= 0)
        {
            start = FindStart(index, rule.Reverse!, data, end, from, ref work);
        }

        bool found = start >= 0;
        if (end == LazyDfa.GaveUp || start == LazyDfa.GaveUp)
        {
            Statistics.NfaRuns++;
            found = _matcher.TryFind(rule.Search!.Program, data, from, anchored: false, out start, out end, out touched, ref work);
        }

        return Spend(index, ref state, work) && found;
    }

    /// <summary>Where the match ends that begins at a known start.</summary>
    private bool RunAnchored(
        int index,
        CompiledRule rule,
        ref RuleState state,
        int start,
        ReadOnlySpan<byte> data,
        out int matchStart,
        out int end,
        out bool touched)
    {
        Statistics.Verifications++;
        _counters?.CountVerification(index);
        matchStart = start;
        if (rule.Backtrack is { } backtrack)
        {
            long left = Math.Min(_workMax - state.Work, _workLeft);
            long before = left;
            BacktrackOutcome outcome = _backtracker!.TryMatch(
                backtrack, data, start, start, notEmpty: !rule.AllowEmpty, ref left, out matchStart, out end, out touched);
            SpendBacktracking(index, ref state, before - left, outcome);
            return outcome == BacktrackOutcome.Match;
        }

        long work = 0;
        end = FindEnd(index, rule.Anchored!, data, start, ref work, out touched);
        if (end == LazyDfa.GaveUp)
        {
            Statistics.NfaRuns++;
            end = _matcher.TryFind(rule.Anchored!.Program, data, start, anchored: true, out _, out int found, out touched, ref work) ? found : -1;
        }

        return Spend(index, ref state, work) && end > start;
    }

    /// <summary>A match that begins where an empty one was found, and is not that one again.</summary>
    private bool TryAfterEmpty(
        int index, CompiledRule rule, ref RuleState state, int at, ReadOnlySpan<byte> data, out int start, out int end, out bool touched)
    {
        if (rule.Backtrack is { } backtrack)
        {
            long left = Math.Min(_workMax - state.Work, _workLeft);
            long before = left;
            BacktrackOutcome outcome = _backtracker!.TryMatchAfterEmpty(backtrack, data, at, ref left, out start, out end, out touched);
            SpendBacktracking(index, ref state, before - left, outcome);
            return outcome == BacktrackOutcome.Match;
        }

        Statistics.NfaRuns++;
        long work = 0;
        bool found = _matcher.TryFind(rule.NonEmptyProgram!, data, at, anchored: true, out start, out end, out touched, ref work);
        return Spend(index, ref state, work) && found;
    }

    private void SpendBacktracking(int index, ref RuleState state, long steps, BacktrackOutcome outcome)
    {
        Statistics.BacktrackSteps += (ulong)steps;
        if (Spend(index, ref state, steps) && outcome == BacktrackOutcome.BudgetSpent)
        {
            // The stack ran out before the steps did.
            BudgetSpent = true;
            Statistics.BudgetHits++;
            _counters?.CountBudgetHit(index);
        }
    }

    /// <summary>Every offset at which a match ends.</summary>
    private void SearchEnds(int index, CompiledRule rule, ref RuleState state, ReadOnlySpan<byte> data)
    {
        Statistics.Verifications++;
        _counters?.CountVerification(index);
        int from = Math.Max(state.NextStart, state.ListFrom);
        RunEvery(index, rule.Search!, ref state, from, from, data);
    }

    /// <summary>Every end from every start.</summary>
    private void SearchEvery(int index, CompiledRule rule, ref RuleState state, ReadOnlySpan<byte> data)
    {
        if (rule.Backtrack is { } backtrack)
        {
            BacktrackEvery(index, rule, backtrack, ref state, data);
            return;
        }

        int last = Math.Min(state.LastStart, data.Length);
        for (int start = Math.Max(state.NextStart, state.ListFrom); start <= last && Spend(index, ref state, 0); start++)
        {
            if (rule.FirstBytes is { } first)
            {
                start = _kernels.ByteScan.IndexOf(first, data, start);
                if (start < 0 || start > last)
                {
                    return;
                }
            }

            Statistics.Verifications++;
            _counters?.CountVerification(index);
            RunEvery(index, rule.Anchored!, ref state, start, start, data);
        }
    }

    /// <summary>
    /// Every end from every start by backtracking. In a stream a start whose ends more bytes could change is where the next scan goes on; and
    /// where only ends are told, those of the starts before are looked at again, for an end is told once.
    /// </summary>
    private void BacktrackEvery(
        int index, CompiledRule rule, BacktrackProgram backtrack, ref RuleState state, ReadOnlySpan<byte> data)
    {
        bool endsOnly = _database.Mode == MatchMode.Ends;
        int told = state.NextStart;
        int last = Math.Min(state.LastStart, data.Length);
        _endSet.AsSpan(0, Math.Min(_endSet.Length, (data.Length >> 6) + 1)).Clear();
        int start = endsOnly ? Math.Min(told, Math.Max(_scope.From, 0)) : Math.Max(told, state.ListFrom);
        for (; start <= last && Spend(index, ref state, 0); start++)
        {
            if (rule.FirstBytes is { } first)
            {
                start = _kernels.ByteScan.IndexOf(first, data, start);
                if (start < 0 || start > last)
                {
                    return;
                }
            }

            Statistics.Verifications++;
            _counters?.CountVerification(index);
            long left = Math.Min(_workMax - state.Work, _workLeft);
            long before = left;
            BacktrackOutcome outcome = _backtracker!.FindEnds(
                backtrack, data, start, _scope.IsCut ? -1 : 0, notEmpty: !rule.AllowEmpty, ref left, _ends, out int count, out bool touched);
            SpendBacktracking(index, ref state, before - left, count == _ends.Length ? BacktrackOutcome.BudgetSpent : outcome);
            if (touched && _scope.IsOpen && start >= told)
            {
                IsPartialAtEnd = true;
                return;
            }

            TellEnds(index, start, _ends.AsSpan(0, count), start >= told, endsOnly);
            if (start >= told)
            {
                Advance(index, ref state, start + 1);
            }
        }
    }

    /// <summary>Reports ends of one start, or only remembers them.</summary>
    private void TellEnds(int index, int start, ReadOnlySpan<int> ends, bool tell, bool once)
    {
        foreach (int end in ends)
        {
            ref ulong word = ref _endSet[end >> 6];
            bool isNew = !once || (word >> end & 1) == 0;
            word |= 1UL << end;
            if (isNew && tell)
            {
                Report(index, start, end);
            }
        }
    }

    /// <summary>Reports every match end from an offset on.</summary>
    private void RunEvery(int index, RuleAutomaton automaton, ref RuleState state, int start, int from, ReadOnlySpan<byte> data)
    {
        long work = 0;
        var sink = new EndSink(this, index, start);
        if (_scope.IsOpen)
        {
            work = RunStates(automaton, index, start, from, data);
        }
        else if (automaton.Table is { } table)
        {
            table.FindEnds(data, from, ref sink, ref work, out _);
        }
        else
        {
            _lazy[_database.LazyOf[index] + automaton.Slot].FindEnds(data, from, ref sink, ref work, out _);
        }

        Spend(index, ref state, work);
    }

    /// <summary>The same where more bytes may follow: nothing is told that depends on where the payload ends.</summary>
    private long RunStates(RuleAutomaton automaton, int index, int start, int from, ReadOnlySpan<byte> data)
    {
        Statistics.NfaRuns++;
        NfaProgram program = automaton.Program;
        int[] state = _stateA;
        int[] target = _stateB;
        int length = _stepper.Begin(program, automaton.StartPc, state, ordered: true);
        int i = from;
        for (; i < data.Length && length > 0; i++)
        {
            PositionContext after = PositionContexts.After(data, i);
            after = after == PositionContext.LastNewline ? PositionContext.Newline : after;
            length = _stepper.Advance(
                program,
                state.AsSpan(0, length),
                PositionContexts.Before(data, i),
                after,
                data[i],
                target,
                out bool matched);
            if (matched && i >= _scope.Fresh)
            {
                Report(index, start, i);
            }

            (state, target) = (target, state);
        }

        IsPartialAtEnd |= length > 0;
        return (i - from) * (long)Math.Max(1, program.Length / 8) + 1;
    }

    /// <summary>Reports what an automaton finds from one start.</summary>
    private readonly struct EndSink(RegexScanner scanner, int index, int start) : IEndSink
    {
        public void Add(int end)
        {
            if (end >= scanner._scope.Fresh)
            {
                scanner.Report(index, start, end);
            }
        }
    }

    private int FindEnd(int index, RuleAutomaton automaton, ReadOnlySpan<byte> data, int from, ref long work, out bool open) =>
        automaton.Table is { } table
            ? table.FindEnd(data, from, ref work, out open)
            : _lazy[_database.LazyOf[index] + automaton.Slot].FindEnd(data, from, ref work, out open);

    private int FindStart(int index, RuleAutomaton automaton, ReadOnlySpan<byte> data, int end, int floor, ref long work) =>
        automaton.Table is { } table
            ? table.FindStart(data, end, floor, ref work)
            : _lazy[_database.LazyOf[index] + automaton.Slot].FindStart(data, end, floor, ref work);

    /// <summary>Where a search goes on that found nothing but the empty match: behind the next character.</summary>
    private static int NextCharacter(CompiledRule rule, ReadOnlySpan<byte> data, int at)
    {
        at++;
        if (rule.IsUtf)
        {
            while (at < data.Length && (data[at] & 0xC0) == 0x80)
            {
                at++;
            }
        }

        return at;
    }
}
