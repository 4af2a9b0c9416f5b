namespace Outboard.Plugins.Regex.Rules;

/// <summary>Bounds what a tree needs when its repeats are written out.</summary>
internal static class RepeatCap
{
    private const long Ceiling = 1L << 40;

    /// <summary>Bytes of a tree with every repeat written out as often as an automaton must.</summary>
    public static long Positions(PatternNode node)
    {
        switch (node)
        {
            case SetNode:
                return 1;
            case ConcatNode concat:
                return Sum(concat.Children);
            case AlternateNode alternate:
                return Sum(alternate.Children);
            case RepeatNode repeat:
                return Math.Min(Ceiling, Positions(repeat.Child) * (repeat.Max ?? Math.Max(repeat.Min, 1)));
            default:
                return 0;
        }
    }

    /// <summary>
    /// Loosens the largest bounds, x{n,m} to x{k,}, until a tree has at most so many positions or no bound is left to loosen.
    /// A tree that is small enough comes back as it is.
    /// </summary>
    public static PatternNode Apply(PatternNode root, int positionMax)
    {
        PatternNode capped = root;
        int largest = LargestBound(root);
        for (int bound = positionMax / 2; bound >= 1 && largest > 1 && Positions(capped) > positionMax; bound /= 2)
        {
            if (largest > bound)
            {
                capped = Cap(capped, bound);
            }
        }

        return capped;
    }

    private static PatternNode Cap(PatternNode node, int bound) =>
        node is RepeatNode repeat && (repeat.Max ?? repeat.Min) > bound
            ? new RepeatNode(Cap(repeat.Child, bound), Math.Min(repeat.Min, bound), null, repeat.Greedy)
            : TreeRewrite.Children(node, child => Cap(child, bound));

    private static int LargestBound(PatternNode node) => node switch
    {
        ConcatNode concat => concat.Children.Max(LargestBound),
        AlternateNode alternate => alternate.Children.Max(LargestBound),
        RepeatNode repeat => Math.Max(repeat.Max ?? repeat.Min, LargestBound(repeat.Child)),
        _ => 0,
    };

    private static long Sum(IReadOnlyList<PatternNode> nodes)
    {
        long sum = 0;
        foreach (PatternNode node in nodes)
        {
            sum = Math.Min(Ceiling, sum + Positions(node));
        }

        return sum;
    }
}
