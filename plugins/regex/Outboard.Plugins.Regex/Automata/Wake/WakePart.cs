using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Automata.Wake;

/// <summary>
/// An automaton on the way to a <see cref="WakeAutomaton"/>. Entries are states, with the top bit set where rules matched; the list of an
/// entry names which. State 0 is dead. Columns are the byte classes, the last newline, the edge.
/// </summary>
internal sealed class WakePart
{
    public const uint MatchBit = 0x8000_0000;

    public required byte[] Map { get; init; }

    public required int Stride { get; init; }

    public required uint[] Table { get; init; }

    /// <summary>By entry, one more than the place in <see cref="RuleLists"/>; 0 where nothing matched.</summary>
    public required int[] Lists { get; init; }

    public required int[][] RuleLists { get; init; }

    public required int Start { get; init; }

    public required bool TellsLastNewline { get; init; }

    public required int[] Rules { get; init; }

    public int StateCount => Table.Length / Stride;

    public int Classes => Stride - 2;

    /// <summary>The automaton of one rule.</summary>
    public static WakePart Of(Dfa dfa, int rule)
    {
        int stride = dfa.Stride;
        int newline = dfa.ClassMap['\n'];
        var table = new uint[dfa.Table.Length];
        var lists = new int[dfa.Table.Length];
        for (int row = stride; row < table.Length; row += stride)
        {
            for (int column = 0; column < stride; column++)
            {
                bool plain = column == dfa.LastNewlineColumn && !dfa.TellsLastNewline;
                uint entry = dfa.Table[row + (plain ? newline : column)];
                table[row + column] = (entry & ~Dfa.MatchBit) / (uint)stride | (entry & MatchBit);
                lists[row + column] = (int)(entry >> 31);
            }
        }

        return new WakePart
        {
            Map = dfa.ClassMap,
            Stride = stride,
            Table = table,
            Lists = lists,
            RuleLists = [[rule]],
            Start = (int)dfa.StartRows[(int)PositionContext.Edge] / stride,
            TellsLastNewline = dfa.TellsLastNewline,
            Rules = [rule],
        };
    }

    /// <summary>The estimated share of payloads in which it is still alive after a number of bytes.</summary>
    public double AliveAfter(int bytes)
    {
        Walk(bytes, out double alive, out _);
        return alive;
    }

    /// <summary>The estimated number of times that a match is told for each byte.</summary>
    public double MatchRate(int bytes)
    {
        Walk(bytes, out _, out double matches);
        return matches / bytes;
    }

    /// <summary>Lets the automaton of a rule die where it matches, so that it tells each payload once.</summary>
    public void DieWithMatch()
    {
        for (int at = 0; at < Table.Length; at++)
        {
            Table[at] = (Table[at] & MatchBit) != 0 ? MatchBit : Table[at];
        }
    }

    /// <summary>The estimated share of each byte class among the bytes of traffic.</summary>
    public double[] ClassWeights()
    {
        var weight = new double[Classes];
        for (int value = 0; value < 256; value++)
        {
            weight[Map[value]] += PayloadModel.Default.Share((byte)value);
        }

        return weight;
    }

    /// <summary>The bytes that do not leave a state as it is.</summary>
    public ByteSet WakeBytes(int state)
    {
        ByteSet wake = default;
        for (int value = 0; value < 256; value++)
        {
            if (Table[state * Stride + Map[value]] != (uint)state)
            {
                wake = wake.With((byte)value);
            }
        }

        return wake;
    }

    /// <summary>Spreads the estimated traffic over the states, byte by byte, leaving out what is very rare.</summary>
    private void Walk(int bytes, out double alive, out double matches)
    {
        const double Rare = 1e-4;
        double[] weight = ClassWeights();
        var now = new double[StateCount];
        var next = new double[StateCount];
        matches = 0;
        now[Start] = 1;
        for (int step = 0; step < bytes; step++)
        {
            for (int state = 1; state < now.Length; state++)
            {
                for (int column = 0; now[state] > Rare && column < Classes; column++)
                {
                    uint entry = Table[state * Stride + column];
                    next[entry & ~MatchBit] += now[state] * weight[column];
                    matches += (entry & MatchBit) != 0 ? now[state] * weight[column] : 0;
                }
            }

            (now, next) = (next, now);
            Array.Clear(next);
        }

        now[0] = 0;
        alive = now.Sum();
    }
}
