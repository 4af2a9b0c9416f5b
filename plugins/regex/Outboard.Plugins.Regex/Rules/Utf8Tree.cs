namespace Outboard.Plugins.Regex.Rules;

/// <summary>
/// Turns sets of characters into trees of their UTF-8 bytes (RFC 3629 4). Lead bytes with the same rest share one branch,
/// at every byte of the sequence. Surrogates have no bytes and drop out.
/// </summary>
internal sealed class Utf8Tree
{
    /// <summary>Nodes that the characters of one pattern may become, those of a set counted wherever it stands.</summary>
    private const int NodeMax = 1 << 18;

    private readonly Dictionary<CodePointSet, (PatternNode Tree, int Nodes)> _known = [];
    private int _nodes;

    public PatternNode Of(CodePointSet set)
    {
        if (_known.TryGetValue(set, out (PatternNode Tree, int Nodes) known))
        {
            Count(known.Nodes);
            return known.Tree;
        }

        int before = _nodes;
        PatternNode tree = Build(set);
        _known.Add(set, (tree, _nodes - before));
        return tree;
    }

    private PatternNode Build(CodePointSet set)
    {
        List<PatternNode> branches = [];
        ByteSet single = (set & CodePointSet.Range(0, 0x7F)).ToByteSet();
        if (!single.IsEmpty)
        {
            branches.Add(Count(new SetNode(single)));
        }

        AddLength(branches, set, 0x80, 0x7FF, lead: 0xC0, tails: 1);
        AddLength(branches, set & ~CodePointSet.Range(0xD800, 0xDFFF), 0x800, 0xFFFF, lead: 0xE0, tails: 2);
        AddLength(branches, set, 0x10000, CodePointSet.Limit - 1, lead: 0xF0, tails: 3);
        return branches.Count switch
        {
            0 => Count(new SetNode(ByteSet.Empty)),
            1 => branches[0],
            _ => Count(new AlternateNode(branches)),
        };
    }

    /// <summary>Adds the characters of one length in bytes.</summary>
    private void AddLength(List<PatternNode> branches, CodePointSet set, int first, int last, int lead, int tails)
    {
        List<(int First, int Last)> ranges = [];
        for (int i = 0; i < set.RangeCount; i++)
        {
            (int low, int high) = set.RangeAt(i);
            if (low <= last && high >= first)
            {
                ranges.Add((Math.Max(low, first), Math.Min(high, last)));
            }
        }

        Split(branches, ranges, lead, tails);
    }

    /// <summary>
    /// Splits ascending ranges by the bits of the next byte, whose value is laid over <paramref name="mark"/>, and merges bytes with
    /// the same rest.
    /// </summary>
    private void Split(List<PatternNode> branches, List<(int First, int Last)> ranges, int mark, int tails)
    {
        if (tails == 0)
        {
            ByteSet bytes = default;
            foreach ((int first, int last) in ranges)
            {
                bytes |= ByteSet.Range((byte)(mark | first), (byte)(mark | last));
            }

            branches.Add(Count(new SetNode(bytes)));
            return;
        }

        int shift = 6 * tails;
        int mask = (1 << shift) - 1;
        Dictionary<CodePointSet, ByteSet> byRest = [];
        foreach ((CodePointSet rest, int value) in Rests(ranges, shift, mask))
        {
            byRest[rest] = byRest.GetValueOrDefault(rest).With((byte)(mark | value));
        }

        foreach ((CodePointSet rest, ByteSet bytes) in byRest)
        {
            List<(int, int)> inner = [];
            rest.AddTo(inner);
            List<PatternNode> tail = [];
            Split(tail, inner, 0x80, tails - 1);
            PatternNode after = tail.Count == 1 ? tail[0] : Count(new AlternateNode(tail));
            branches.Add(Count(new ConcatNode(
                after is ConcatNode sequence ? [new SetNode(bytes), .. sequence.Children] : [new SetNode(bytes), after])));
        }
    }

    /// <summary>For each value of the high bits what the low bits may be.</summary>
    private static IEnumerable<(CodePointSet Low, int High)> Rests(List<(int First, int Last)> ranges, int shift, int mask)
    {
        List<(int, int)> rest = [];
        int value = -1;
        foreach ((int first, int last) in ranges)
        {
            for (int high = first >> shift; high <= last >> shift; high++)
            {
                if (high != value && rest.Count > 0)
                {
                    yield return (CodePointSet.FromRanges(rest), value);
                    rest = [];
                }

                value = high;
                rest.Add((high == first >> shift ? first & mask : 0, high == last >> shift ? last & mask : mask));
            }
        }

        if (rest.Count > 0)
        {
            yield return (CodePointSet.FromRanges(rest), value);
        }
    }

    private T Count<T>(T node)
        where T : PatternNode
    {
        Count(1);
        return node;
    }

    private void Count(int nodes)
    {
        _nodes += nodes;
        if (_nodes > NodeMax)
        {
            throw new PatternException(
                PatternRefusal.TooLarge,
                0,
                $"the characters of the pattern need more than {NodeMax} nodes as UTF-8; use repeats, or fewer and smaller classes");
        }
    }
}
