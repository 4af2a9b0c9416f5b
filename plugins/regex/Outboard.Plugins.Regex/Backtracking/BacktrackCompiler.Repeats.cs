using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Backtracking;

internal sealed partial class BacktrackCompiler
{
    private void LayRepeat(RepeatNode repeat, PatternLead follow)
    {
        if (repeat.Max == 0)
        {
            return;
        }

        if (repeat is { Min: 1, Max: 1 })
        {
            Lay(repeat.Child, follow);
        }
        else if (repeat.Child is SetNode set)
        {
            LayRun(repeat, set.Set, follow);
        }
        else if (repeat is { Min: 0, Max: 1 })
        {
            int choice = EmitWays(repeat.Greedy, _facts.Lead(repeat.Child).Then(follow), follow);
            PatchWay(choice, repeat.Greedy);
            Lay(repeat.Child, follow);
            PatchWay(choice, !repeat.Greedy);
        }
        else if (repeat is { Min: 0 or 1, Max: null })
        {
            LayLoop(repeat, follow);
        }
        else
        {
            LayCounted(repeat, follow);
        }
    }

    /// <summary>
    /// A repeated byte. Where the byte behind it cannot be one of the set, there is one way only: any fewer leave a byte of the set where
    /// another is needed.
    /// </summary>
    private void LayRun(RepeatNode repeat, ByteSet set, PatternLead follow)
    {
        bool apart = !follow.Through && (follow.Set & set).IsEmpty;
        if (repeat.Min == repeat.Max || apart)
        {
            EmitRun(set, repeat.Min, repeat.Max);
            return;
        }

        int scan = repeat.Greedy || follow.Through ? ScanIndex(~set) : ScanIndex(~set | follow.Set);
        Emit(
            repeat.Greedy ? BacktrackOp.RunGreedy : BacktrackOp.RunLazy,
            SetIndex(set), repeat.Min, repeat.Max ?? None, LeadSet(follow), scan, NextMemo(), _guard);
    }

    private void EmitRun(ByteSet set, int min, int? max) =>
        Emit(BacktrackOp.RunPossessive, SetIndex(set), min, max ?? None, ScanIndex(~set));

    /// <summary>x* and x+ without a counter. A round that takes nothing ends the loop (pcre2pattern, "Repetition").</summary>
    private void LayLoop(RepeatNode repeat, PatternLead follow)
    {
        PatternLead body = _facts.Lead(repeat.Child);
        PatternLead round = body.Or(follow).Then(follow);
        PatternLead again = body.Then(follow);
        bool canBeEmpty = _facts.Extent(repeat.Child).Min == 0;
        int enter = None;
        if (repeat.Min == 0)
        {
            enter = EmitWays(repeat.Greedy, again, follow);
            PatchWay(enter, repeat.Greedy);
        }

        int start = _code.Count;
        int outer = _guard;
        int leave = None;
        if (canBeEmpty)
        {
            _guard = _registers++;
            Emit(BacktrackOp.Note, _guard);
        }

        Lay(repeat.Child, round);
        if (canBeEmpty)
        {
            leave = Emit(BacktrackOp.LeaveIfEmpty, _guard, 0);
            _guard = outer;
        }

        int choice = EmitWays(repeat.Greedy, again, follow);
        _code[choice + (repeat.Greedy ? 1 : 2)] = start;
        PatchWay(choice, !repeat.Greedy);
        if (leave != None)
        {
            _code[leave + 2] = _code.Count;
        }

        if (enter != None)
        {
            PatchWay(enter, !repeat.Greedy);
        }
    }

    /// <summary>
    /// Any other repeat counts its rounds. Under an upper bound PCRE2 goes on after an empty round; where nothing is the last that a round can
    /// take and it leaves no trace, the rounds after it can only do again what this one could not, so the loop ends there as well.
    /// </summary>
    private void LayCounted(RepeatNode repeat, PatternLead follow)
    {
        PatternLead body = _facts.Lead(repeat.Child);
        PatternLead round = body.Or(follow).Then(follow);
        PatternLead again = body.Then(follow);
        bool traceless = !TreeFacts.LeavesTraces(repeat.Child);
        bool watchesEmpty = _facts.Extent(repeat.Child).Min == 0
            && (repeat.Max is null || (traceless && _facts.IsEmptyLast(repeat.Child, always: false)));
        int counter = _registers++;
        int note = watchesEmpty ? _registers++ : None;
        int enter = None;
        Emit(BacktrackOp.Zero, counter);
        if (repeat.Min == 0)
        {
            enter = EmitWays(repeat.Greedy, again, follow);
            PatchWay(enter, repeat.Greedy);
        }

        int start = _code.Count;
        if (watchesEmpty)
        {
            Emit(BacktrackOp.Note, note);
        }

        bool allowed = _memoAllowed;
        _memoAllowed = false;
        Lay(repeat.Child, round);
        _memoAllowed = allowed;
        Emit(
            BacktrackOp.CountRound,
            counter, note, repeat.Min, repeat.Max ?? None, start, repeat.Greedy ? 1 : 0,
            traceless && _facts.IsEmptyLast(repeat.Child, always: true) ? 1 : 0,
            LeadSet(again), LeadSet(follow));
        if (enter != None)
        {
            PatchWay(enter, !repeat.Greedy);
        }
    }

    /// <summary>A choice between another round and what follows, the preferred way first.</summary>
    private int EmitWays(bool greedy, PatternLead round, PatternLead follow) =>
        greedy ? EmitChoice(round, follow) : EmitChoice(follow, round);

    /// <summary>The first or the second way of a choice goes on at the end of the code.</summary>
    private void PatchWay(int choice, bool first)
    {
        if (first)
        {
            PatchFirst(choice);
        }
        else
        {
            PatchSecond(choice);
        }
    }
}
