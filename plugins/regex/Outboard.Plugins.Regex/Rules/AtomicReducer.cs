namespace Outboard.Plugins.Regex.Rules;

/// <summary>
/// Drops atomic groups that change nothing: because the inside matches in one way only, because what follows cannot fail, or because
/// what follows can never start where the inside would have to give something back.
/// </summary>
internal sealed class AtomicReducer
{
    private readonly Dictionary<PatternNode, TreeStart> _starts = new(ReferenceEqualityComparer.Instance);

    private AtomicReducer()
    {
    }

    /// <summary>Reduces a tree; with <paramref name="everyEnd"/> every end of a match counts, and not only the preferred one.</summary>
    public static PatternNode Reduce(PatternNode root, bool everyEnd)
    {
        // \K can make a match empty that took something, and an engine that wants no empty match goes on to look for another way.
        if (!Has<AtomicNode>(root) || Has<KeepNode>(root))
        {
            return root;
        }

        bool sure = !everyEnd && PatternMeasure.Of(root).Min > 0;
        return new AtomicReducer().Reduce(root, NextByte.Accept with { Sure = sure });
    }

    private static bool Has<T>(PatternNode node)
        where T : PatternNode => node is T || node switch
        {
            ConcatNode concat => concat.Children.Any(Has<T>),
            AlternateNode alternate => alternate.Children.Any(Has<T>),
            RepeatNode repeat => Has<T>(repeat.Child),
            CaptureNode capture => Has<T>(capture.Child),
            AtomicNode atomic => Has<T>(atomic.Child),
            LookNode look => Has<T>(look.Child),
            _ => false,
        };

    private PatternNode Reduce(PatternNode node, NextByte next)
    {
        switch (node)
        {
            case ConcatNode concat:
                return Sequence(concat, next);
            case RepeatNode repeat:
                NextByte inside = Inside(repeat, next);
                return TreeRewrite.Children(repeat, child => Reduce(child, inside));
            case LookNode:
                return TreeRewrite.Children(node, child => Reduce(child, NextByte.Accept));
            case AtomicNode atomic:
                return Drop(Reduce(atomic.Child, NextByte.Accept), next);
            default:
                return TreeRewrite.Children(node, child => Reduce(child, next));
        }
    }

    private PatternNode Sequence(ConcatNode concat, NextByte next)
    {
        var children = new PatternNode[concat.Children.Count];
        bool changed = false;
        for (int i = children.Length - 1; i >= 0; i--)
        {
            children[i] = Reduce(concat.Children[i], next);
            changed |= !ReferenceEquals(children[i], concat.Children[i]);
            next = next.Before(Start(concat.Children[i]));
        }

        return changed ? new ConcatNode(children) : concat;
    }

    /// <summary>What follows one round of a repeat: another round, or what follows the repeat.</summary>
    private NextByte Inside(RepeatNode repeat, NextByte next)
    {
        if (repeat.Max is 0 or 1)
        {
            return next;
        }

        TreeStart body = Start(repeat.Child);
        return new NextByte(next.Bytes | body.First, next.Sure && (repeat.Min <= 1 || body.Sure));
    }

    private PatternNode Drop(PatternNode child, NextByte next)
    {
        if (next.Sure || IsSingleWay(child))
        {
            return child;
        }

        if (child is RepeatNode repeat && IsSingleWay(repeat.Child) && PatternMeasure.Of(repeat.Child).Min > 0)
        {
            if (!repeat.Greedy)
            {
                return new RepeatNode(repeat.Child, repeat.Min, repeat.Min, Greedy: true);
            }

            // Where it gives a round back, the bytes of that round come next.
            if ((next.Bytes & Start(repeat.Child).First).IsEmpty)
            {
                return child;
            }
        }

        return IsNewline(child) && !next.Bytes.Contains((byte)'\n') ? child : new AtomicNode(child);
    }

    /// <summary>Whether a tree has at most one end from each start.</summary>
    private bool IsSingleWay(PatternNode node) => node switch
    {
        EmptyNode or SetNode or AssertNode => true,
        ConcatNode concat => concat.Children.All(IsSingleWay),
        RepeatNode repeat => repeat.Min == repeat.Max && IsSingleWay(repeat.Child),
        AlternateNode alternate => AreDisjoint(alternate.Children) && alternate.Children.All(IsSingleWay),
        _ => false,
    };

    private bool AreDisjoint(IReadOnlyList<PatternNode> nodes)
    {
        ByteSet seen = default;
        foreach (PatternNode node in nodes)
        {
            TreeStart start = Start(node);
            if (!start.Through.IsEmpty || !(seen & start.First).IsEmpty)
            {
                return false;
            }

            seen |= start.First;
        }

        return true;
    }

    /// <summary>\r\n, or else one character that a newline is not a part of but as itself: giving back ends before \n.</summary>
    private bool IsNewline(PatternNode node) =>
        node is AlternateNode { Children: [ConcatNode { Children: [SetNode first, SetNode second] }, var single] }
        && first.Set == ByteSet.Of((byte)'\r')
        && second.Set == ByteSet.Newline
        && IsSingleWay(single)
        && (single is SetNode || (single is AlternateNode alternate
            && alternate.Children.All(c => c is SetNode || !Start(c).First.Contains((byte)'\r'))));

    private TreeStart Start(PatternNode node) => TreeStart.Of(node, _starts);
}
