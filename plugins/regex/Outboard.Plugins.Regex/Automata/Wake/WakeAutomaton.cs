using Outboard.Plugins.Regex.Kernels.ByteScan;

namespace Outboard.Plugins.Regex.Automata.Wake;

/// <summary>
/// Tells which of several rules have a match in a payload. An entry of its table is the place of the next state's row in units
/// of eight entries, with the top bit set where something happens: rules matched, or the automaton died. Row 0 is the dead state.
/// </summary>
internal sealed class WakeAutomaton
{
    /// <summary>Entries of a row are padded to this.</summary>
    public const int Unit = 8;

    public const int EventBit = 0x8000;

    /// <summary>Rules for which a payload's told rules fit a mask.</summary>
    public const int MaskRules = 64;

    /// <summary>A call of the byte scan costs about as much as reading this many bytes through the table.</summary>
    private const double SkipMax = 1.0 / 24;

    private readonly int[] _ruleList;
    private readonly int[] _listAt;
    private readonly ulong[] _listMask;

    public WakeAutomaton(WakePart part, bool pinned)
    {
        Pinned = pinned;
        Rules = part.Rules;
        Map = part.Map;
        int stride = Pad(part.Stride);
        Stride = stride;
        Table = new ushort[part.StateCount * stride];
        Lists = new ushort[Table.Length];
        for (int state = 1; state < part.StateCount; state++)
        {
            for (int column = 0; column < part.Stride; column++)
            {
                uint entry = part.Table[state * part.Stride + column];
                uint target = entry & ~WakePart.MatchBit;
                bool told = entry != target || (target == 0 && column != part.Stride - 1);
                Table[state * stride + column] = (ushort)(target * (uint)stride / Unit | (told ? (uint)EventBit : 0));
                Lists[state * stride + column] = (ushort)part.Lists[state * part.Stride + column];
            }
        }

        StartRow = part.Start * stride;
        LastNewlineColumn = part.Stride - 2;
        EdgeColumn = part.Stride - 1;
        TellsLastNewline = part.TellsLastNewline;
        _listAt = new int[part.RuleLists.Length + 1];
        _listMask = new ulong[part.RuleLists.Length];
        List<int> all = [];
        for (int i = 0; i < part.RuleLists.Length; i++)
        {
            all.AddRange(part.RuleLists[i]);
            _listAt[i + 1] = all.Count;
            foreach (int rule in part.RuleLists[i])
            {
                _listMask[i] |= HasMasks ? 1UL << Array.IndexOf(Rules, rule) : 0;
            }
        }

        _ruleList = [.. all];
        ChooseIdle(part);
    }

    /// <summary>The rules it watches for.</summary>
    public int[] Rules { get; }

    /// <summary>Whether matches must begin where the payload begins.</summary>
    public bool Pinned { get; }

    public ushort[] Table { get; }

    /// <summary>By entry, one more than the number of the list of rules that matched; 0 where none did.</summary>
    public ushort[] Lists { get; }

    public byte[] Map { get; }

    public int Stride { get; }

    public int StartRow { get; }

    public int LastNewlineColumn { get; }

    public int EdgeColumn { get; }

    public bool TellsLastNewline { get; }

    /// <summary>The state in which most bytes change nothing; -1 where no state is worth a skip.</summary>
    public int IdleRow { get; private set; } = -1;

    /// <summary>The bytes that lead out of it.</summary>
    public ByteScanSet? Wake { get; private set; }

    public bool HasMasks => Rules.Length <= MaskRules;

    /// <summary>The mask in which every rule has been told.</summary>
    public ulong AllMask => ulong.MaxValue >> (64 - Rules.Length);

    public int StateCount => Table.Length / Stride;

    public int ByteCount => Table.Length * sizeof(ushort);

    /// <summary>The length of a row with its padding.</summary>
    public static int Pad(int stride) => (stride + Unit - 1) / Unit * Unit;

    /// <summary>The rules of a list.</summary>
    public ReadOnlySpan<int> RulesOf(int list) => _ruleList.AsSpan(_listAt[list - 1], _listAt[list] - _listAt[list - 1]);

    /// <summary>The same as bits, by place in <see cref="Rules"/>.</summary>
    public ulong MaskOf(int list) => _listMask[list - 1];

    private void ChooseIdle(WakePart part)
    {
        double[] weights = part.ClassWeights();
        double best = SkipMax;
        for (int state = 1; state < part.StateCount; state++)
        {
            double share = 0;
            for (int column = 0; column < weights.Length && share < best; column++)
            {
                share += part.Table[state * part.Stride + column] == (uint)state ? 0 : weights[column];
            }

            if (share < best)
            {
                best = share;
                IdleRow = state * Stride;
            }
        }

        if (IdleRow >= 0)
        {
            Wake = new ByteScanSet(part.WakeBytes(IdleRow / Stride));
        }
    }
}
