namespace Outboard.Plugins.Regex.Rules;

/// <summary>
/// A set of code points as a sorted list of edges: members run from an even edge up to, not including, the odd edge after it.
/// </summary>
internal sealed class CodePointSet : IEquatable<CodePointSet>
{
    /// <summary>One past the last code point.</summary>
    public const int Limit = 0x110000;

    private readonly int[] _edges;

    private CodePointSet(int[] edges) => _edges = edges;

    public static CodePointSet Empty { get; } = new([]);

    public static CodePointSet All { get; } = new([0, Limit]);

    public bool IsEmpty => _edges.Length == 0;

    public int RangeCount => _edges.Length / 2;

    /// <summary>One past the largest member; 0 when there is none.</summary>
    public int End => _edges.Length == 0 ? 0 : _edges[^1];

    public static CodePointSet Of(int codePoint) => Range(codePoint, codePoint);

    /// <summary>Both ends are members.</summary>
    public static CodePointSet Range(int first, int last) => new([first, last + 1]);

    public static CodePointSet Of(ByteSet bytes)
    {
        List<(int First, int Last)> ranges = [];
        foreach (byte value in bytes.ToArray())
        {
            ranges.Add((value, value));
        }

        return FromRanges(ranges);
    }

    /// <summary>Sorts the list; ranges may overlap.</summary>
    public static CodePointSet FromRanges(List<(int First, int Last)> ranges)
    {
        ranges.Sort();
        List<int> edges = new(ranges.Count * 2);
        foreach ((int first, int last) in ranges)
        {
            if (edges.Count > 0 && first <= edges[^1])
            {
                edges[^1] = Math.Max(edges[^1], last + 1);
            }
            else
            {
                edges.Add(first);
                edges.Add(last + 1);
            }
        }

        return edges.Count == 0 ? Empty : new CodePointSet([.. edges]);
    }

    /// <summary>Takes edges that are strictly ascending and even in number.</summary>
    public static CodePointSet FromEdges(int[] edges) => edges.Length == 0 ? Empty : new CodePointSet(edges);

    public static CodePointSet operator ~(CodePointSet set)
    {
        int[] edges = set._edges;
        bool fromStart = edges.Length > 0 && edges[0] == 0;
        bool toEnd = edges.Length > 0 && edges[^1] == Limit;
        List<int> flipped = new(edges.Length + 2);
        if (!fromStart)
        {
            flipped.Add(0);
        }

        flipped.AddRange(edges.AsSpan((fromStart ? 1 : 0)..(edges.Length - (toEnd ? 1 : 0))));
        if (!toEnd)
        {
            flipped.Add(Limit);
        }

        return FromEdges([.. flipped]);
    }

    public static CodePointSet operator |(CodePointSet left, CodePointSet right)
    {
        List<(int, int)> ranges = new(left.RangeCount + right.RangeCount);
        left.AddTo(ranges);
        right.AddTo(ranges);
        return FromRanges(ranges);
    }

    public static CodePointSet operator &(CodePointSet left, CodePointSet right) => ~(~left | ~right);

    public (int First, int Last) RangeAt(int index) => (_edges[index * 2], _edges[index * 2 + 1] - 1);

    public void AddTo(List<(int First, int Last)> ranges)
    {
        for (int i = 0; i < RangeCount; i++)
        {
            ranges.Add(RangeAt(i));
        }
    }

    public bool Contains(int codePoint)
    {
        int at = Array.BinarySearch(_edges, codePoint);
        return at >= 0 ? (at & 1) == 0 : (~at & 1) != 0;
    }

    /// <summary>The members below 256, as bytes.</summary>
    public ByteSet ToByteSet()
    {
        ByteSet set = default;
        for (int i = 0; i < RangeCount && RangeAt(i).First <= 0xFF; i++)
        {
            (int first, int last) = RangeAt(i);
            set |= ByteSet.Range((byte)first, (byte)Math.Min(last, 0xFF));
        }

        return set;
    }

    public bool Equals(CodePointSet? other) => other is not null && _edges.AsSpan().SequenceEqual(other._edges);

    public override bool Equals(object? obj) => Equals(obj as CodePointSet);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (int edge in _edges)
        {
            hash.Add(edge);
        }

        return hash.ToHashCode();
    }
}
