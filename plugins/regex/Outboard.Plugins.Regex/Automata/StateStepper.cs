using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Automata;

/// <summary>
/// One step of the subset construction. A state is a list of instructions in order of preference (sets, assertions and
/// matches; splits are followed at once) together with what stands behind the position. Assertions wait in the
/// list until the next byte is known, so a match shows one byte later than it ends.
/// </summary>
internal sealed class StateStepper
{
    private readonly int[] _seen;
    private readonly int[] _stack;
    private readonly int[] _taken;
    private int _stamp;

    /// <summary>Makes room for programs up to a length.</summary>
    public StateStepper(int programLengthMax)
    {
        _seen = new int[programLengthMax];
        _stack = new int[programLengthMax + 1];
        _taken = new int[programLengthMax];
    }

    /// <summary>Bytes of its memory.</summary>
    public long ByteCount => (_seen.Length + _stack.Length + (long)_taken.Length) * sizeof(int);

    /// <summary>Rules that matched in the last step, when asked for.</summary>
    public List<int>? MatchedRules { get; set; }

    /// <summary>Fills the state that stands at an instruction; returns its length.</summary>
    public int Begin(NfaProgram program, int pc, Span<int> state, bool ordered)
    {
        Restamp();
        int length = 0;
        Close(program.Instructions, pc, state, ref length);
        return Canonical(state, length, ordered);
    }

    /// <summary>
    /// Moves from a state over one byte, or over the edge of the payload when <paramref name="value"/> is negative. Returns the
    /// length of the new state and whether there was a match before that byte. With <paramref name="ordered"/>
    /// what is less preferred than a match is dropped.
    /// </summary>
    public int Step(
        NfaProgram program,
        ReadOnlySpan<int> state,
        PositionContext before,
        PositionContext after,
        int value,
        bool ordered,
        Span<int> target,
        out bool matched)
    {
        int length = Move(program, state, before, after, value, ordered, target, out matched);
        return Canonical(target, length, ordered);
    }

    /// <summary>The same step for running without a table: no match drops anything, and the state stays as it comes.</summary>
    public int Advance(
        NfaProgram program,
        ReadOnlySpan<int> state,
        PositionContext before,
        PositionContext after,
        int value,
        Span<int> target,
        out bool matched) => Move(program, state, before, after, value, ordered: false, target, out matched);

    private int Move(
        NfaProgram program,
        ReadOnlySpan<int> state,
        PositionContext before,
        PositionContext after,
        int value,
        bool ordered,
        Span<int> target,
        out bool matched)
    {
        NfaInstruction[] code = program.Instructions;
        matched = false;
        Restamp();
        int takenCount = 0;
        foreach (int pc in state)
        {
            if (!Take(code, pc, before, after, ordered, ref takenCount, ref matched))
            {
                break;
            }
        }

        if (value < 0)
        {
            return 0;
        }

        Restamp();
        int length = 0;
        for (int i = 0; i < takenCount; i++)
        {
            NfaInstruction set = code[_taken[i]];
            if (program.Sets[set.Arg].Contains((byte)value))
            {
                Close(code, set.Next, target, ref length);
            }
        }

        return length;
    }

    /// <summary>Follows one instruction of a state through what holds here; false when a match ends the list.</summary>
    private bool Take(
        NfaInstruction[] code,
        int pc,
        PositionContext before,
        PositionContext after,
        bool ordered,
        ref int takenCount,
        ref bool matched)
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
                    _taken[takenCount++] = pc;
                    break;
                case NfaOp.Split:
                    _stack[depth++] = i.Arg;
                    _stack[depth++] = i.Next;
                    break;
                case NfaOp.Assert when PositionContexts.Holds((AssertionKind)i.Arg, before, after):
                    _stack[depth++] = i.Next;
                    break;
                case NfaOp.Match:
                    matched = true;
                    MatchedRules?.Add(i.Arg);
                    if (ordered)
                    {
                        return false;
                    }

                    break;
            }
        }

        return true;
    }

    private void Close(NfaInstruction[] code, int pc, Span<int> state, ref int length)
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
            if (i.Op == NfaOp.Split)
            {
                _stack[depth++] = i.Arg;
                _stack[depth++] = i.Next;
            }
            else if (i.Op != NfaOp.Fail)
            {
                state[length++] = pc;
            }
        }
    }

    /// <summary>Without an order of preference the same instructions in any order are the same state.</summary>
    private static int Canonical(Span<int> state, int length, bool ordered)
    {
        if (!ordered)
        {
            state[..length].Sort();
        }

        return length;
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
