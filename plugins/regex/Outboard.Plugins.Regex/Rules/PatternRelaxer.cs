namespace Outboard.Plugins.Regex.Rules;

/// <summary>
/// Makes a tree that automata can run and that matches wherever the first one does, at least as much. Atomic groups that
/// change nothing go first, so many patterns written with them lose nothing.
/// </summary>
internal sealed class PatternRelaxer
{
    /// <summary>Positions an automaton of a relaxed tree should have at most, repeats written out.</summary>
    private const int PositionMax = 4000;

    /// <summary>Positions that all back references together may add; beyond it they stand for any bytes.</summary>
    private const int ReferencePositionMax = 1000;

    private static readonly RepeatNode s_anything = new(new SetNode(ByteSet.All), 0, null, Greedy: true);

    private readonly Dictionary<int, int> _missing = [];
    private readonly Dictionary<int, List<PatternNode>> _groups = [];
    private long _referencePositions;
    private bool _exact = true;

    private PatternRelaxer()
    {
    }

    /// <summary>
    /// Relaxes a tree; <paramref name="exact"/> says whether the result still finds the same matches, in the same order of preference.
    /// </summary>
    /// <param name="root">The tree.</param>
    /// <param name="everyEnd">Every end of a match counts, and not only the preferred one.</param>
    /// <param name="exact">Whether nothing was lost.</param>
    public static PatternNode Relax(PatternNode root, bool everyEnd, out bool exact)
    {
        PatternNode reduced = AtomicReducer.Reduce(root, everyEnd);
        if (IsRegular(reduced))
        {
            PatternNode capped = RepeatCap.Apply(reduced, PositionMax);
            exact = ReferenceEquals(capped, reduced);
            return capped;
        }

        var relaxer = new PatternRelaxer();
        relaxer.CountGroups(reduced);
        PatternNode regular = relaxer.Regular(reduced);
        PatternNode relaxed = RepeatCap.Apply(regular, PositionMax);
        exact = relaxer._exact && ReferenceEquals(relaxed, regular);
        return relaxed;
    }

    /// <inheritdoc cref="Relax(PatternNode, bool, out bool)"/>
    public static PatternNode Relax(PatternNode root, out bool exact) => Relax(root, everyEnd: false, out exact);

    /// <summary>Whether automata can run a tree as it is.</summary>
    public static bool IsRegular(PatternNode node) => node switch
    {
        EmptyNode or SetNode => true,
        AssertNode assert => IsRegular(assert.Kind),
        ConcatNode concat => concat.Children.All(IsRegular),
        AlternateNode alternate => alternate.Children.All(IsRegular),
        RepeatNode repeat => IsRegular(repeat.Child),
        _ => false,
    };

    private static bool IsRegular(AssertionKind kind) =>
        kind is not (AssertionKind.SearchStart or AssertionKind.UnicodeWordBoundary or AssertionKind.NotUnicodeWordBoundary);

    private void CountGroups(PatternNode node)
    {
        if (node is CaptureNode capture)
        {
            _missing[capture.Index] = _missing.GetValueOrDefault(capture.Index) + 1;
        }

        TreeRewrite.Children(
            node,
            child =>
            {
                CountGroups(child);
                return child;
            });
    }

    private PatternNode Regular(PatternNode node)
    {
        switch (node)
        {
            case EmptyNode or SetNode:
                return node;
            case AssertNode assert when IsRegular(assert.Kind):
                return node;
            case ConcatNode or AlternateNode or RepeatNode:
                return TreeRewrite.Children(node, Regular);
            case CaptureNode capture:
                PatternNode body = Regular(capture.Child);
                _missing[capture.Index]--;
                if (!_groups.TryGetValue(capture.Index, out List<PatternNode>? bodies))
                {
                    _groups.Add(capture.Index, bodies = []);
                }

                bodies.Add(body);
                return body;
        }

        _exact = false;
        switch (node)
        {
            case AtomicNode atomic:
                return Regular(atomic.Child);
            case BackReferenceNode reference:
                return Reference(reference);
            case GraphemeNode:
                return new RepeatNode(new SetNode(ByteSet.All), 1, null, Greedy: true);
            case LookNode look:
                // A back reference may ask for what is captured inside.
                Regular(look.Child);
                return EmptyNode.Instance;
            default:
                return EmptyNode.Instance;
        }
    }

    /// <summary>
    /// What its groups can take. Where one of them is not complete yet (a reference to a later group or from inside its own),
    /// or lengths may change with case, it stands for any bytes.
    /// </summary>
    private PatternNode Reference(BackReferenceNode reference)
    {
        List<PatternNode> choices = [];
        foreach (int group in reference.Groups)
        {
            if (reference.Fold == BackReferenceFold.Unicode || _missing.GetValueOrDefault(group) > 0)
            {
                return s_anything;
            }

            foreach (PatternNode body in _groups.GetValueOrDefault(group) ?? [])
            {
                _referencePositions += RepeatCap.Positions(body);
                if (_referencePositions > ReferencePositionMax)
                {
                    return s_anything;
                }

                choices.Add(Content(body, reference.Fold));
            }
        }

        if (reference.MatchUnset)
        {
            choices.Add(EmptyNode.Instance);
        }

        return choices.Count switch
        {
            0 => new SetNode(ByteSet.Empty),
            1 => choices[0],
            _ => new AlternateNode(choices),
        };
    }

    /// <summary>The bytes of a tree without its conditions, which hold where the group matched and not where it is repeated.</summary>
    private static PatternNode Content(PatternNode node, BackReferenceFold fold) => node switch
    {
        SetNode set when fold == BackReferenceFold.Ascii => new SetNode(set.Set.FoldCase()),
        AssertNode => EmptyNode.Instance,
        _ => TreeRewrite.Children(node, child => Content(child, fold)),
    };
}
