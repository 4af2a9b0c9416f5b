using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>What the operands of each instruction are, and whether code keeps to it.</summary>
internal static class BacktrackCode
{
    /// <summary>
    /// A letter for each operand: a target, s set, S set or -1, c scan or -1, r register, R register or -1, g group, m memo or -1, n number,
    /// N number or -1, b 0 or 1, v byte, k assertion, f fold; l takes two, a place in the literals, L the same with masks behind; G is a count
    /// and as many groups.
    /// </summary>
    private static string Operands(BacktrackOp op) => op switch
    {
        BacktrackOp.Match or BacktrackOp.Keep or BacktrackOp.Grapheme => "",
        BacktrackOp.Byte => "v",
        BacktrackOp.Set => "s",
        BacktrackOp.Literal => "l",
        BacktrackOp.MaskedLiteral => "L",
        BacktrackOp.Assert => "k",
        BacktrackOp.Peek => "sbb",
        BacktrackOp.Jump => "a",
        BacktrackOp.Choice => "aaSSmR",
        BacktrackOp.RunGreedy or BacktrackOp.RunLazy => "snNScmR",
        BacktrackOp.RunPossessive => "snNc",
        BacktrackOp.Note or BacktrackOp.Zero or BacktrackOp.EndsAt => "r",
        BacktrackOp.LeaveIfEmpty => "ra",
        BacktrackOp.CountRound => "rRnNabbSS",
        BacktrackOp.Capture => "g",
        BacktrackOp.BackReference => "fbG",
        BacktrackOp.Enter or BacktrackOp.LeaveLook => "rr",
        BacktrackOp.LeaveAtomic or BacktrackOp.LeaveNegative => "r",
        BacktrackOp.EnterNegative => "rra",
        BacktrackOp.Back => "n",
        BacktrackOp.BackRange => "nN",
        _ => throw Bad($"instruction {(int)op} is unknown"),
    };

    /// <summary>Throws <see cref="ArgumentException"/> where code names what is not there.</summary>
    public static void Check(BacktrackProgram program, int setCount)
    {
        int[] code = program.Code;
        HashSet<int> starts = [];
        List<int> targets = [];
        int at = 0;
        bool ended = false;
        while (at < code.Length)
        {
            starts.Add(at);
            var op = (BacktrackOp)code[at++];
            ended = op == BacktrackOp.Match;
            foreach (char kind in Operands(op))
            {
                at += CheckOperand(program, setCount, kind, at, targets);
            }
        }

        if (!ended || at != code.Length || !targets.TrueForAll(starts.Contains))
        {
            throw Bad("it does not end in a match, or a target is no instruction");
        }
    }

    /// <summary>Checks one operand and returns how many numbers it is.</summary>
    private static int CheckOperand(BacktrackProgram program, int setCount, char kind, int at, List<int> targets)
    {
        int[] code = program.Code;
        int size = kind is 'l' or 'L' ? 2 : 1;
        if (at + size > code.Length)
        {
            throw Bad("it ends inside an instruction");
        }

        int value = code[at];
        int second = code[at + size - 1];
        bool good = kind switch
        {
            's' => (uint)value < (uint)setCount,
            'S' => value >= -1 && value < setCount,
            'c' => value >= -1 && value < program.Scans.Length,
            'r' => (uint)value < (uint)program.RegisterCount,
            'R' => value >= -1 && value < program.RegisterCount,
            'g' => value >= 0 && value <= program.RegisterCount - 3,
            'n' => value >= 0,
            'm' => value >= -1 && value < program.MemoCount,
            'N' => value >= -1,
            'b' => value is 0 or 1,
            'v' => value is >= 0 and <= byte.MaxValue,
            'k' => value is >= 0 and <= (int)AssertionKind.CharacterBoundary,
            'f' => value is >= 0 and <= (int)BackReferenceFold.Unicode,
            'l' => value >= 0 && second >= 0 && value <= program.Literals.Length - second,
            'L' => value >= 0 && second >= 0 && value <= program.Literals.Length - 2L * second,
            _ => true,
        };
        if (!good)
        {
            throw Bad($"operand {value} at {at} is out of range");
        }

        if (kind == 'a')
        {
            targets.Add(value);
        }

        if (kind != 'G')
        {
            return size;
        }

        for (int i = 0; i < value; i++)
        {
            CheckOperand(program, setCount, 'g', at + 1 + i, targets);
        }

        return 1 + Math.Max(0, value);
    }

    private static ArgumentException Bad(string reason) => new($"The backtracking code is not sound: {reason}.");
}
