using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Automata;

/// <summary>
/// Runs an ordered program directly: a list of threads in order of preference, each with the offset at which it began. Time is
/// bytes times instructions, whatever the pattern; it is the reference of the table automata and stands in where they are too large.
/// </summary>
internal sealed class NfaMatcher
{
    private readonly int[] _seen;
    private readonly int[] _stack;
    private readonly int[] _current;
    private readonly int[] _currentStart;
    private readonly int[] _next;
    private readonly int[] _nextStart;
    private int _stamp;
    private int _nextCount;
    private int _matchStart;
    private int _matchEnd;

    /// <summary>Makes room for programs up to a length.</summary>
    public NfaMatcher(int programLengthMax)
    {
        _seen = new int[programLengthMax];
        _stack = new int[programLengthMax + 1];
        _current = new int[programLengthMax];
        _currentStart = new int[programLengthMax];
        _next = new int[programLengthMax];
        _nextStart = new int[programLengthMax];
    }

    /// <summary>Bytes of its memory.</summary>
    public long ByteCount => (_seen.Length + _stack.Length + 4L * _current.Length) * sizeof(int);

    /// <summary>
    /// Finds the preferred leftmost match at or after an offset, or exactly there when anchored; <paramref name="open"/> says that it read to
    /// the end of the data.
    /// </summary>
    public bool TryFind(
        NfaProgram program, ReadOnlySpan<byte> data, int from, bool anchored, out int start, out int end, out bool open, ref long work)
    {
        NfaInstruction[] code = program.Instructions;
        int count = 0;
        _matchStart = -1;
        _matchEnd = -1;
        int at = from;
        for (; ; at++)
        {
            PositionContext before = PositionContexts.Before(data, at);
            PositionContext after = PositionContexts.After(data, at);
            _nextCount = 0;
            Restamp();
            bool more = true;
            for (int i = 0; i < count && more; i++)
            {
                more = Follow(code, _current[i], _currentStart[i], at, before, after);
            }

            if (more && _matchStart < 0 && (!anchored || at == from))
            {
                Follow(code, program.Start, at, at, before, after);
            }

            if (at == data.Length || (_nextCount == 0 && (anchored || _matchStart >= 0)))
            {
                break;
            }

            // What waits in next is the sets to try on this byte; what they lead to is next round's work.
            count = 0;
            byte value = data[at];
            for (int i = 0; i < _nextCount; i++)
            {
                NfaInstruction set = code[_next[i]];
                if (program.Sets[set.Arg].Contains(value))
                {
                    _current[count] = set.Next;
                    _currentStart[count++] = _nextStart[i];
                }
            }
        }

        work += (at - from + 1) * (long)Math.Max(1, program.Length / 8);
        open = at == data.Length;
        start = _matchStart;
        end = _matchEnd;
        return start >= 0;
    }

    /// <summary>Follows a thread up to its next bytes; false when it matched, which ends every less preferred thread.</summary>
    private bool Follow(
        NfaInstruction[] code, int pc, int threadStart, int at, PositionContext before, PositionContext after)
    {
        int depth = 0;
        _stack[depth++] = pc;
        while (depth > 0)
        {
            pc = _stack[--depth];
            if (_seen[pc] == _stamp)
            {
                continue;
            }

            _seen[pc] = _stamp;
            NfaInstruction i = code[pc];
            switch (i.Op)
            {
                case NfaOp.Set:
                    _next[_nextCount] = pc;
                    _nextStart[_nextCount++] = threadStart;
                    break;
                case NfaOp.Split:
                    _stack[depth++] = i.Arg;
                    _stack[depth++] = i.Next;
                    break;
                case NfaOp.Assert when PositionContexts.Holds((AssertionKind)i.Arg, before, after):
                    _stack[depth++] = i.Next;
                    break;
                case NfaOp.Match:
                    _matchStart = threadStart;
                    _matchEnd = at;
                    return false;
            }
        }

        return true;
    }

    private void Restamp()
    {
        if (++_stamp == int.MaxValue)
        {
            Array.Clear(_seen);
            _stamp = 1;
        }
    }
}
