using Outboard.Plugins.Regex.Automata.Wake;
using Outboard.Plugins.Regex.OpenCL;

namespace Outboard.Plugins.Regex.Tests.OpenCL;

/// <summary>What the kernels must find, one byte at a time.</summary>
internal static class FilterReference
{
    /// <summary>The first position from one to before another at which a window may stand, or -1.</summary>
    public static int FirstCandidate(LiteralFilter filter, ReadOnlySpan<byte> payload, int from, int to)
    {
        for (int at = from; at < to; at++)
        {
            ulong window = 0;
            for (int k = 0; k < 8 && at + k < payload.Length; k++)
            {
                window |= (ulong)payload[at + k] << 8 * k;
            }

            foreach (LiteralFilterClass kind in filter.Classes)
            {
                if (at + kind.Width <= payload.Length && filter.MayHold(kind, window))
                {
                    return at;
                }
            }
        }

        return -1;
    }

    /// <summary>The rules that automata tell of in a payload.</summary>
    public static HashSet<int> Woken(IEnumerable<WakeAutomaton> automata, ReadOnlySpan<byte> payload)
    {
        HashSet<int> woken = [];
        foreach (WakeAutomaton automaton in automata)
        {
            int row = automaton.StartRow;
            for (int i = 0; i <= payload.Length; i++)
            {
                bool isLastNewline = automaton.TellsLastNewline && i == payload.Length - 1 && payload[i] == '\n';
                int column = i == payload.Length ? automaton.EdgeColumn
                    : isLastNewline ? automaton.LastNewlineColumn
                    : automaton.Map[payload[i]];
                if (automaton.Lists[row + column] is var list and not 0)
                {
                    woken.UnionWith(automaton.RulesOf(list).ToArray());
                }

                row = (automaton.Table[row + column] & ~WakeAutomaton.EventBit) * WakeAutomaton.Unit;
            }
        }

        return woken;
    }
}
