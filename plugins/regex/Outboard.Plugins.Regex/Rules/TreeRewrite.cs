namespace Outboard.Plugins.Regex.Rules;

/// <summary>Rebuilds trees, and only where something changes: what stays is shared.</summary>
internal static class TreeRewrite
{
    /// <summary>A node with every child replaced by what a function makes of it.</summary>
    public static PatternNode Children(PatternNode node, Func<PatternNode, PatternNode> map)
    {
        switch (node)
        {
            case ConcatNode concat:
                IReadOnlyList<PatternNode> items = All(concat.Children, map);
                return ReferenceEquals(items, concat.Children) ? concat : new ConcatNode(items);
            case AlternateNode alternate:
                IReadOnlyList<PatternNode> branches = All(alternate.Children, map);
                return ReferenceEquals(branches, alternate.Children) ? alternate : new AlternateNode(branches);
            case RepeatNode repeat:
                PatternNode body = map(repeat.Child);
                return ReferenceEquals(body, repeat.Child) ? repeat : repeat with { Child = body };
            case CaptureNode capture:
                body = map(capture.Child);
                return ReferenceEquals(body, capture.Child) ? capture : capture with { Child = body };
            case AtomicNode atomic:
                body = map(atomic.Child);
                return ReferenceEquals(body, atomic.Child) ? atomic : new AtomicNode(body);
            case LookNode look:
                body = map(look.Child);
                return ReferenceEquals(body, look.Child) ? look : look with { Child = body };
            default:
                return node;
        }
    }

    private static IReadOnlyList<PatternNode> All(IReadOnlyList<PatternNode> nodes, Func<PatternNode, PatternNode> map)
    {
        PatternNode[]? changed = null;
        for (int i = 0; i < nodes.Count; i++)
        {
            PatternNode mapped = map(nodes[i]);
            if (changed is null && !ReferenceEquals(mapped, nodes[i]))
            {
                changed = [.. nodes];
            }

            if (changed is not null)
            {
                changed[i] = mapped;
            }
        }

        return changed ?? nodes;
    }
}
