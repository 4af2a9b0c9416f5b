using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Kernels.ByteScan;
using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>Rules without a literal that one automaton watches for.</summary>
internal sealed class SharedAutomaton
{
    /// <summary>
    /// Skipping pays while bytes that end it are rarer than this: a call of the byte scan costs about as much as eight steps of the table.
    /// </summary>
    private const double WakeMax = 1.0 / 8;

    public SharedAutomaton(Dfa dfa, int ruleCount)
    {
        Dfa = dfa;
        RuleCount = ruleCount;
        double best = WakeMax;
        for (int state = 1; state < dfa.StateCount; state++)
        {
            ByteSet wake = WakeBytes(dfa, (uint)(state * dfa.Stride));
            double weight = ByteRarity.Share(wake);
            if (weight < best)
            {
                best = weight;
                IdleRow = (uint)(state * dfa.Stride);
                Wake = new ByteScanSet(wake);
            }
        }
    }

    /// <summary>Its rule lists hold indices of rules in the database.</summary>
    public Dfa Dfa { get; }

    /// <summary>How many rules are in it; the scan may stop when all were seen.</summary>
    public int RuleCount { get; }

    /// <summary>The state in which most bytes change nothing; 0 when there is none worth a skip.</summary>
    public uint IdleRow { get; }

    /// <summary>The bytes that lead out of it.</summary>
    public ByteScanSet? Wake { get; }

    private static ByteSet WakeBytes(Dfa dfa, uint row)
    {
        ByteSet wake = default;
        for (int value = 0; value < 256; value++)
        {
            if (dfa.Table[row + dfa.ClassMap[value]] != row)
            {
                wake = wake.With((byte)value);
            }
        }

        return wake;
    }
}
