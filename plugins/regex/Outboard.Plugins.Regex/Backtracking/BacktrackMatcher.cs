using System.Diagnostics;
using Outboard.Plugins.Regex.Kernels.ByteScan;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>
/// Runs backtracking programs with PCRE2's meaning. Everything it needs is taken when it is made; a match neither allocates nor recurses, and
/// ends when its steps or its frames are spent. One thread at a time.
/// </summary>
/// <remarks>
/// Every instruction and every byte of a run is a step. Data begins at the start of the subject: assertions and looks behind see nothing
/// before it. The answer is said to touch the end when bytes behind the data could have changed it.
/// </remarks>
internal sealed partial class BacktrackMatcher
{
    /// <summary>Numbers that a frame takes: where to go on, the position, one more, and the height of the trail.</summary>
    private const int FrameSize = 4;

    /// <summary>Numbers that a change of a register takes on the trail: which, and what it held.</summary>
    private const int TrailSize = 2;

    /// <summary>Changes of registers that there is room for with each frame.</summary>
    private const int TrailsPerFrame = 2;

    /// <summary>Steps after which a search begins to remember where it has been; most searches end long before.</summary>
    private const int StepsBeforeMemo = 2_000;

    private static readonly ByteScanSet s_newline = new(ByteSet.Newline);

    private readonly ByteScanKernel _scan;
    private readonly int[] _stack;
    private readonly int[] _trail;
    private readonly int[] _registers;
    private readonly ulong[] _memo;
    private readonly ulong[] _endSeen;
    private long _memoFrom;
    private bool _memoOn;
    private int _memoBase;
    private int _memoWidth;

    /// <summary>Makes a matcher.</summary>
    /// <param name="frames">Choices that may be open at once; 16 bytes each, and as many for what they undo.</param>
    /// <param name="registers">The most registers of any program that it will run.</param>
    /// <param name="scan">How runs of bytes are searched.</param>
    /// <param name="memoBits">Bits to remember choices and positions in; 0 turns that off.</param>
    public BacktrackMatcher(int frames, int registers, ByteScanKernel scan, int memoBits = 1 << 20)
    {
        _scan = scan;
        _stack = new int[frames * FrameSize];
        _trail = new int[frames * TrailsPerFrame * TrailSize];
        _registers = new int[registers];
        _memo = new ulong[memoBits >> 6];
        _endSeen = new ulong[(ushort.MaxValue + 1 >> 6) + 1];
    }

    /// <summary>Bytes of its memory.</summary>
    public long ByteCount =>
        (_stack.Length + _trail.Length + (long)_registers.Length) * sizeof(int) + (_memo.Length + (long)_endSeen.Length) * sizeof(ulong);

    /// <summary>
    /// After a <see cref="TryFind"/>: the least start from which the end was touched, or the greatest start when none did. What begins before
    /// it is settled whatever follows the data.
    /// </summary>
    public int OpenStart { get; private set; }

    /// <summary>Matches at one start.</summary>
    /// <param name="program">What to match.</param>
    /// <param name="data">The subject up to here.</param>
    /// <param name="start">Where the match must begin.</param>
    /// <param name="searchFrom">Where the search for it began, which is what \G asks.</param>
    /// <param name="notEmpty">Whether an empty match is none.</param>
    /// <param name="steps">Steps left; counted down.</param>
    /// <param name="matchStart">Where the match is reported from, which \K can move.</param>
    /// <param name="matchEnd">Where it ends.</param>
    /// <param name="touchedEnd">Whether bytes behind the data could change the answer.</param>
    public BacktrackOutcome TryMatch(
        BacktrackProgram program, ReadOnlySpan<byte> data, int start, int searchFrom, bool notEmpty, ref long steps,
        out int matchStart, out int matchEnd, out bool touchedEnd)
    {
        BeginMemo(program, data.Length, start, notEmpty, steps);
        var attempt = new Attempt(start, searchFrom, notEmpty ? EmptyMatch.Refused : EmptyMatch.Allowed);
        BacktrackOutcome outcome = Run(program, data, attempt, default, ref steps);
        (matchStart, matchEnd, touchedEnd) = (_matchStart, _matchEnd, _touched);
        return outcome;
    }

    /// <summary>
    /// The second look after an empty match, as find-all does it: a match that begins exactly there and is not reported as empty exactly there.
    /// </summary>
    public BacktrackOutcome TryMatchAfterEmpty(
        BacktrackProgram program, ReadOnlySpan<byte> data, int start, ref long steps,
        out int matchStart, out int matchEnd, out bool touchedEnd)
    {
        BeginMemo(program, data.Length, start, notEmpty: true, steps);
        BacktrackOutcome outcome = Run(
            program, data, new Attempt(start, start, EmptyMatch.RefusedAtSearchStart), default, ref steps);
        (matchStart, matchEnd, touchedEnd) = (_matchStart, _matchEnd, _touched);
        return outcome;
    }

    /// <summary>Matches at the least start that does, from one up to the last, that one included.</summary>
    public BacktrackOutcome TryFind(
        BacktrackProgram program, ReadOnlySpan<byte> data, int from, int last, int searchFrom, bool notEmpty, ref long steps,
        out int matchStart, out int matchEnd, out bool touchedEnd)
    {
        Debug.Assert(from >= 0 && last <= data.Length);
        BeginMemo(program, data.Length, from, notEmpty, steps);
        BacktrackOutcome outcome = BacktrackOutcome.NoMatch;
        bool touched = false;
        OpenStart = last;
        matchStart = matchEnd = -1;
        for (int start = from; start <= last; start++)
        {
            int next = NextStart(program, data, start, last, searchFrom);
            steps -= next - start;
            start = next;
            if (steps < 0)
            {
                outcome = BacktrackOutcome.BudgetSpent;
                break;
            }

            if (start > data.Length - program.MinLength)
            {
                touched |= start <= last;
                OpenStart = Math.Min(OpenStart, start);
                break;
            }

            if (start > last)
            {
                break;
            }

            var attempt = new Attempt(start, searchFrom, notEmpty ? EmptyMatch.Refused : EmptyMatch.Allowed);
            outcome = Run(program, data, attempt, default, ref steps);
            if (_touched)
            {
                touched = true;
                OpenStart = Math.Min(OpenStart, start);
            }

            if (outcome != BacktrackOutcome.NoMatch)
            {
                (matchStart, matchEnd) = (_matchStart, _matchEnd);
                break;
            }
        }

        touchedEnd = touched;
        return outcome;
    }

    /// <summary>
    /// Every end that can be reached from one start, each once, the preferred first. As many as there is room for means that there may be more;
    /// when the budget is spent, those found before count.
    /// </summary>
    public BacktrackOutcome FindEnds(
        BacktrackProgram program, ReadOnlySpan<byte> data, int start, int searchFrom, bool notEmpty, ref long steps,
        Span<int> ends, out int count, out bool touchedEnd)
    {
        BeginMemo(program, data.Length, start, notEmpty, steps);
        int words = Math.Min((data.Length - start >> 6) + 1, _endSeen.Length);
        Array.Clear(_endSeen, 0, words);
        _endCount = 0;
        var attempt = new Attempt(start, searchFrom, notEmpty ? EmptyMatch.Refused : EmptyMatch.Allowed);
        BacktrackOutcome outcome = Run(program, data, attempt, ends, ref steps);
        count = _endCount;
        touchedEnd = _touched;
        return outcome == BacktrackOutcome.NoMatch && count > 0 ? BacktrackOutcome.Match : outcome;
    }

    /// <summary>The least start at or after one at which a match can begin, or one behind the last.</summary>
    private int NextStart(BacktrackProgram program, ReadOnlySpan<byte> data, int start, int last, int searchFrom)
    {
        switch (program.Start)
        {
            case BacktrackStart.Subject:
                return start == 0 ? start : last + 1;
            case BacktrackStart.Search:
                return start > searchFrom ? last + 1 : Math.Min(searchFrom, last + 1);
            case BacktrackStart.Line when start > 0:
                int newline = _scan.IndexOf(s_newline, data[..last], start - 1);
                return newline < 0 ? last + 1 : newline + 1;
            case BacktrackStart.Anywhere when program.FirstScan is { } first && start < data.Length
                && first.Member[data[start]] == 0:
                int limit = Math.Min(last + 1, data.Length);
                int next = _scan.IndexOf(first, data[..limit], start + 1);
                return next < 0 ? limit : next;
            default:
                return start;
        }
    }

    private void BeginMemo(BacktrackProgram program, int length, int from, bool notEmpty, long steps)
    {
        _memoOn = false;
        _memoBase = from;
        _memoWidth = length - from + 1;
        bool fits = (long)program.MemoCount * _memoWidth <= (long)_memo.Length << 6;
        bool usable = program.MemoCount > 0 && fits && !(notEmpty && program.HasKeep);
        _memoFrom = usable ? steps - StepsBeforeMemo : long.MinValue;
    }

    /// <summary>Whether a choice was met at a position before, in which case it leads nowhere; notes it otherwise.</summary>
    private bool WasHere(BacktrackProgram program, int memo, int at)
    {
        if (!_memoOn)
        {
            _memoOn = true;
            Array.Clear(_memo, 0, (int)(((long)program.MemoCount * _memoWidth + 63) >> 6));
        }

        int bit = memo * _memoWidth + (at - _memoBase);
        ref ulong word = ref _memo[bit >> 6];
        ulong mask = 1UL << (bit & 63);
        bool was = (word & mask) != 0;
        word |= mask;
        return was;
    }

    /// <summary>Notes an end; false when there is no room for another.</summary>
    private bool AddEnd(Span<int> ends, int start, int end, ref long budget)
    {
        int offset = end - start;
        if (offset >> 6 < _endSeen.Length)
        {
            ulong mask = 1UL << (offset & 63);
            if ((_endSeen[offset >> 6] & mask) != 0)
            {
                return true;
            }

            _endSeen[offset >> 6] |= mask;
        }
        else
        {
            budget -= _endCount;
            if (ends[.._endCount].Contains(end))
            {
                return true;
            }
        }

        if (_endCount == ends.Length)
        {
            return false;
        }

        ends[_endCount++] = end;
        return _endCount < ends.Length;
    }

    /// <summary>What is wanted of one attempt.</summary>
    private readonly record struct Attempt(int Start, int SearchFrom, EmptyMatch Empty);

    private enum EmptyMatch : byte
    {
        Allowed,
        Refused,
        RefusedAtSearchStart,
    }
}
