using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Backtracking;

internal sealed partial class BacktrackMatcher
{
    /// <summary>Bytes of a run that are looked at one by one before the kernel is asked: most runs are short.</summary>
    private const int ShortRun = 8;

    private int _matchStart;
    private int _matchEnd;
    private int _endCount;
    private bool _touched;

    /// <summary>
    /// One attempt. A frame whose first number is negative goes on inside the instruction that it complements; any other goes on at that
    /// instruction. Registers are put back from the trail when a frame is taken up; a part that is through for good drops its frames and leaves
    /// the trail alone, so that what it captured stays and is still undone by what lies before it.
    /// </summary>
    private BacktrackOutcome Run(
        BacktrackProgram program, ReadOnlySpan<byte> data, Attempt attempt, Span<int> ends, ref long steps)
    {
        int[] code = program.Code;
        uint[] sets = program.SetBits;
        int[] stack = _stack;
        int[] trail = _trail;
        int[] registers = _registers;
        long budget = steps;
        long memoFrom = _memoFrom;
        int pc = 0;
        int at = attempt.Start;
        int top = 0;
        int undo = 0;
        bool touched = false;
        _matchStart = _matchEnd = -1;
        BacktrackOutcome outcome;
        if (program.RegisterCount > registers.Length)
        {
            _touched = true;
            return BacktrackOutcome.BudgetSpent;
        }

        registers.AsSpan(0, 1 + 3 * program.CaptureCount).Fill(-1);
        registers[0] = at;
        while (true)
        {
            if (--budget < 0)
            {
                goto Spent;
            }

            switch ((BacktrackOp)code[pc])
            {
                case BacktrackOp.Byte:
                    if (at == data.Length)
                    {
                        touched = true;
                        goto Fail;
                    }

                    if (data[at] != code[pc + 1])
                    {
                        goto Fail;
                    }

                    at++;
                    pc += 2;
                    continue;

                case BacktrackOp.Set:
                    if (at == data.Length)
                    {
                        touched = true;
                        goto Fail;
                    }

                    if (!IsIn(sets, code[pc + 1], data[at]))
                    {
                        goto Fail;
                    }

                    at++;
                    pc += 2;
                    continue;

                case BacktrackOp.Literal:
                    {
                        ReadOnlySpan<byte> wanted = program.Literals.AsSpan(code[pc + 1], code[pc + 2]);
                        ReadOnlySpan<byte> rest = data[at..];
                        if (rest.Length < wanted.Length)
                        {
                            touched |= wanted.StartsWith(rest);
                            goto Fail;
                        }

                        if (!rest.StartsWith(wanted))
                        {
                            goto Fail;
                        }

                        at += wanted.Length;
                        pc += 3;
                        continue;
                    }

                case BacktrackOp.MaskedLiteral:
                    {
                        int length = code[pc + 2];
                        ReadOnlySpan<byte> wanted = program.Literals.AsSpan(code[pc + 1], 2 * length);
                        ReadOnlySpan<byte> rest = data[at..];
                        if (!EqualsMasked(rest, wanted, length))
                        {
                            touched |= rest.Length < length && EqualsMasked(rest, wanted, length, rest.Length);
                            goto Fail;
                        }

                        at += length;
                        pc += 3;
                        continue;
                    }

                case BacktrackOp.Assert:
                    if (!Positions.Holds((AssertionKind)code[pc + 1], data, at, attempt.SearchFrom, ref touched))
                    {
                        goto Fail;
                    }

                    pc += 2;
                    continue;

                case BacktrackOp.Peek:
                    {
                        int where = code[pc + 2] != 0 ? at - 1 : at;
                        touched |= where == data.Length;
                        bool there = (uint)where < (uint)data.Length && IsIn(sets, code[pc + 1], data[where]);
                        if (there == (code[pc + 3] != 0))
                        {
                            goto Fail;
                        }

                        pc += 4;
                        continue;
                    }

                case BacktrackOp.Jump:
                    pc = code[pc + 1];
                    continue;

                case BacktrackOp.Choice:
                    {
                        if (budget < memoFrom && IsKnown(program, code[pc + 5], code[pc + 6], at))
                        {
                            goto Fail;
                        }

                        bool first = MayBegin(sets, code[pc + 3], data, at, ref touched);
                        bool second = MayBegin(sets, code[pc + 4], data, at, ref touched);
                        if (!first)
                        {
                            if (!second)
                            {
                                goto Fail;
                            }

                            pc = code[pc + 2];
                            continue;
                        }

                        if (second)
                        {
                            if (top == stack.Length)
                            {
                                goto Spent;
                            }

                            Push(stack, ref top, code[pc + 2], at, 0, undo);
                        }

                        pc = code[pc + 1];
                        continue;
                    }

                case BacktrackOp.RunPossessive:
                    {
                        int end = RunEnd(program, data, at, code[pc + 1], code[pc + 3], code[pc + 4], ref touched);
                        budget -= end - at;
                        if (end - at < code[pc + 2])
                        {
                            goto Fail;
                        }

                        at = end;
                        pc += 5;
                        continue;
                    }

                case BacktrackOp.RunGreedy:
                    {
                        if (budget < memoFrom && IsKnown(program, code[pc + 6], code[pc + 7], at))
                        {
                            goto Fail;
                        }

                        int least = at + code[pc + 2];
                        int end = RunEnd(program, data, at, code[pc + 1], code[pc + 3], code[pc + 5], ref touched);
                        budget -= end - at;
                        if (end < least)
                        {
                            goto Fail;
                        }

                        int behind = end;
                        end = LastBefore(sets, code[pc + 4], data, end, least, ref touched);
                        budget -= behind - end;
                        if (end < least)
                        {
                            goto Fail;
                        }

                        if (end > least)
                        {
                            if (top == stack.Length)
                            {
                                goto Spent;
                            }

                            Push(stack, ref top, ~pc, end, least, undo);
                        }

                        at = end;
                        pc += 8;
                        continue;
                    }

                case BacktrackOp.RunLazy:
                    {
                        if (budget < memoFrom && IsKnown(program, code[pc + 6], code[pc + 7], at))
                        {
                            goto Fail;
                        }

                        int begin = at;
                        int least = code[pc + 2];
                        if (least > 0)
                        {
                            at = RunEnd(program, data, at, code[pc + 1], least, scan: -1, ref touched);
                            budget -= at - begin;
                            if (at - begin < least)
                            {
                                goto Fail;
                            }
                        }

                        int most = code[pc + 3];
                        int limit = most < 0 || most >= data.Length - begin ? int.MaxValue : begin + most;
                        at = NextBehind(program, data, pc, at, limit, ref budget, ref touched);
                        if (at < 0)
                        {
                            goto Fail;
                        }

                        if (at < limit)
                        {
                            if (top == stack.Length)
                            {
                                goto Spent;
                            }

                            Push(stack, ref top, ~pc, at, limit, undo);
                        }

                        pc += 8;
                        continue;
                    }

                case BacktrackOp.Note:
                    if (!Change(trail, registers, ref undo, code[pc + 1], at))
                    {
                        goto Spent;
                    }

                    pc += 2;
                    continue;

                case BacktrackOp.Zero:
                    if (!Change(trail, registers, ref undo, code[pc + 1], 0))
                    {
                        goto Spent;
                    }

                    pc += 2;
                    continue;

                case BacktrackOp.LeaveIfEmpty:
                    pc = registers[code[pc + 1]] == at ? code[pc + 2] : pc + 3;
                    continue;

                case BacktrackOp.CountRound:
                    {
                        int counter = code[pc + 1];
                        int rounds = registers[counter] + 1;
                        bool empty = code[pc + 2] >= 0 && registers[code[pc + 2]] == at;
                        bool enough = rounds >= code[pc + 3];
                        if (rounds == code[pc + 4] || (empty && (enough || code[pc + 7] != 0)))
                        {
                            pc += 10;
                            continue;
                        }

                        bool again = MayBegin(sets, code[pc + 8], data, at, ref touched);
                        bool leave = enough && MayBegin(sets, code[pc + 9], data, at, ref touched);
                        if (!again && !leave)
                        {
                            goto Fail;
                        }

                        bool leaveFirst = leave && (!again || code[pc + 6] == 0);
                        if (again && leave)
                        {
                            if (top == stack.Length)
                            {
                                goto Spent;
                            }

                            // The way not taken: either what follows, or inside this instruction another round.
                            Push(stack, ref top, leaveFirst ? ~pc : pc + 10, at, rounds, undo);
                        }

                        if (leaveFirst)
                        {
                            pc += 10;
                            continue;
                        }

                        if (!Change(trail, registers, ref undo, counter, rounds))
                        {
                            goto Spent;
                        }

                        pc = code[pc + 5];
                        continue;
                    }

                case BacktrackOp.Capture:
                    {
                        int group = code[pc + 1];
                        if (!Change(trail, registers, ref undo, group, registers[group + 2])
                            || !Change(trail, registers, ref undo, group + 1, at))
                        {
                            goto Spent;
                        }

                        pc += 2;
                        continue;
                    }

                case BacktrackOp.BackReference:
                    {
                        int end = SkipReference(code.AsSpan(pc + 1), data, at, ref budget, ref touched);
                        if (end < 0)
                        {
                            goto Fail;
                        }

                        at = end;
                        pc += 4 + code[pc + 3];
                        continue;
                    }

                case BacktrackOp.Enter:
                    registers[code[pc + 1]] = top;
                    registers[code[pc + 2]] = at;
                    pc += 3;
                    continue;

                case BacktrackOp.LeaveAtomic:
                    top = registers[code[pc + 1]];
                    pc += 2;
                    continue;

                case BacktrackOp.LeaveLook:
                    top = registers[code[pc + 1]];
                    at = registers[code[pc + 2]];
                    pc += 3;
                    continue;

                case BacktrackOp.EnterNegative:
                    registers[code[pc + 1]] = top;
                    registers[code[pc + 2]] = at;
                    if (top == stack.Length)
                    {
                        goto Spent;
                    }

                    Push(stack, ref top, code[pc + 3], at, 0, undo);
                    pc += 4;
                    continue;

                case BacktrackOp.LeaveNegative:
                    top = registers[code[pc + 1]];
                    undo = Unwind(trail, registers, undo, stack[top + 3]);
                    goto Fail;

                case BacktrackOp.Back:
                    if (at < code[pc + 1])
                    {
                        goto Fail;
                    }

                    at -= code[pc + 1];
                    pc += 2;
                    continue;

                case BacktrackOp.BackRange:
                    {
                        int most = code[pc + 2] < 0 ? at : Math.Min(at, code[pc + 2]);
                        if (most < code[pc + 1])
                        {
                            goto Fail;
                        }

                        int furthest = at - most;
                        at -= code[pc + 1];
                        if (at > furthest)
                        {
                            if (top == stack.Length)
                            {
                                goto Spent;
                            }

                            Push(stack, ref top, ~pc, at, furthest, undo);
                        }

                        pc += 3;
                        continue;
                    }

                case BacktrackOp.EndsAt:
                    if (at != registers[code[pc + 1]])
                    {
                        goto Fail;
                    }

                    pc += 2;
                    continue;

                case BacktrackOp.Keep:
                    if (!Change(trail, registers, ref undo, 0, at))
                    {
                        goto Spent;
                    }

                    pc++;
                    continue;

                case BacktrackOp.Grapheme:
                    {
                        int end = GraphemeCluster.End(data, at, ref budget, ref touched);
                        if (end < 0)
                        {
                            goto Fail;
                        }

                        at = end;
                        pc++;
                        continue;
                    }

                default:
                    if (registers[0] == at && (attempt.Empty == EmptyMatch.Refused
                        || (attempt.Empty == EmptyMatch.RefusedAtSearchStart && at == attempt.SearchFrom)))
                    {
                        goto Fail;
                    }

                    _matchStart = registers[0];
                    _matchEnd = at;
                    if (!ends.IsEmpty && AddEnd(ends, attempt.Start, at, ref budget))
                    {
                        goto Fail;
                    }

                    outcome = BacktrackOutcome.Match;
                    goto Done;
            }

        Fail:
            if (top == 0)
            {
                outcome = BacktrackOutcome.NoMatch;
                goto Done;
            }

            top -= FrameSize;
            pc = stack[top];
            at = stack[top + 1];
            undo = Unwind(trail, registers, undo, stack[top + 3]);
            if (pc >= 0)
            {
                continue;
            }

            // Inside an instruction: the frame says how far it may go. A way that is left open is put back.
            pc = ~pc;
            int bound = stack[top + 2];
            if (--budget < 0)
            {
                goto Spent;
            }

            switch ((BacktrackOp)code[pc])
            {
                case BacktrackOp.RunGreedy:
                    {
                        int end = LastBefore(sets, code[pc + 4], data, at - 1, bound, ref touched);
                        budget -= at - end;
                        if (end < bound)
                        {
                            goto Fail;
                        }

                        if (end > bound)
                        {
                            stack[top + 1] = end;
                            top += FrameSize;
                        }

                        at = end;
                        pc += 8;
                        continue;
                    }

                case BacktrackOp.RunLazy:
                    {
                        if (at == data.Length)
                        {
                            touched = true;
                            goto Fail;
                        }

                        if (!IsIn(sets, code[pc + 1], data[at]))
                        {
                            goto Fail;
                        }

                        at = NextBehind(program, data, pc, at + 1, bound, ref budget, ref touched);
                        if (at < 0)
                        {
                            goto Fail;
                        }

                        if (at < bound)
                        {
                            stack[top + 1] = at;
                            top += FrameSize;
                        }

                        pc += 8;
                        continue;
                    }

                case BacktrackOp.CountRound:
                    if (!Change(trail, registers, ref undo, code[pc + 1], bound))
                    {
                        goto Spent;
                    }

                    pc = code[pc + 5];
                    continue;

                default:
                    at--;
                    if (at > bound)
                    {
                        stack[top + 1] = at;
                        top += FrameSize;
                    }

                    pc += 3;
                    continue;
            }
        }

    Spent:
        outcome = BacktrackOutcome.BudgetSpent;
        touched = true;

    Done:
        steps = budget;
        _touched = touched;
        return outcome;
    }
}
