using Outboard.Plugins.Regex.Automata.Wake;

namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>The automata that tell which rules to search for, laid one behind the other as the kernel reads them. Immutable.</summary>
internal sealed class WakeTables
{
    /// <summary>Words of an automaton's header.</summary>
    private const int HeaderLength = 8;

    private const uint None = uint.MaxValue;

    private WakeTables(uint[] headers, byte[] maps, uint[] entries, int[][] lists)
    {
        Headers = headers;
        Maps = maps;
        Entries = entries;
        Lists = lists;
    }

    /// <summary>
    /// For each automaton: start of its class map, of its table, row it starts in, columns of the last newline and the edge, its first list.
    /// </summary>
    public uint[] Headers { get; }

    public byte[] Maps { get; }

    /// <summary>The next row as the automaton has it, and above that the list.</summary>
    public uint[] Entries { get; }

    /// <summary>Indices of the rules that one list stands for.</summary>
    public int[][] Lists { get; }

    public int AutomatonCount => Headers.Length / HeaderLength;

    /// <summary>Lays them out, or null without any.</summary>
    public static WakeTables? Of(IReadOnlyList<WakeAutomaton> automata)
    {
        if (automata.Count == 0)
        {
            return null;
        }

        var headers = new uint[automata.Count * HeaderLength];
        var maps = new byte[automata.Count * 256];
        var entries = new uint[automata.Sum(static a => a.Table.Length)];
        List<int[]> lists = [];
        int at = 0;
        for (int a = 0; a < automata.Count; a++)
        {
            WakeAutomaton automaton = automata[a];
            Span<uint> header = headers.AsSpan(a * HeaderLength);
            header[0] = (uint)(a * 256);
            header[1] = (uint)at;
            header[2] = (uint)automaton.StartRow;
            header[3] = automaton.TellsLastNewline ? (uint)automaton.LastNewlineColumn : None;
            header[4] = (uint)automaton.EdgeColumn;
            header[5] = (uint)lists.Count;
            automaton.Map.CopyTo(maps, a * 256);
            int most = 0;
            for (int i = 0; i < automaton.Table.Length; i++)
            {
                int list = automaton.Lists[i];
                entries[at + i] = (uint)(automaton.Table[i] & ~WakeAutomaton.EventBit) | (uint)list << 16;
                most = Math.Max(most, list);
            }

            for (int list = 1; list <= most; list++)
            {
                lists.Add(automaton.RulesOf(list).ToArray());
            }

            at += automaton.Table.Length;
        }

        return new WakeTables(headers, maps, entries, [.. lists]);
    }
}
