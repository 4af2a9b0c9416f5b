using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Automata;

/// <summary>Which bytes a match of a program can begin with.</summary>
internal static class FirstByteFinder
{
    public static ByteSet Find(NfaProgram program)
    {
        ByteSet first = default;
        var seen = new bool[program.Length];
        var stack = new Stack<int>();
        stack.Push(program.Start);
        while (stack.TryPop(out int pc))
        {
            if (seen[pc])
            {
                continue;
            }

            seen[pc] = true;
            NfaInstruction i = program.Instructions[pc];
            switch (i.Op)
            {
                case NfaOp.Set:
                    first |= program.Sets[i.Arg];
                    break;
                case NfaOp.Split:
                    stack.Push(i.Next);
                    stack.Push(i.Arg);
                    break;
                case NfaOp.Assert:
                    stack.Push(i.Next);
                    break;
            }
        }

        return first;
    }
}
