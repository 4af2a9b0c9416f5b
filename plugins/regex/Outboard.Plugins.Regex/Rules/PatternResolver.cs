namespace Outboard.Plugins.Regex.Rules;

/// <summary>
/// The last pass of parsing: back references find their groups, groups that none asks for go, look-behinds are measured, and
/// characters become bytes.
/// </summary>
internal sealed class PatternResolver
{
    private static readonly SetNode s_anyByte = new(ByteSet.All);

    private static readonly SetNode s_nothing = new(ByteSet.Empty);

    private readonly ParseFacts _facts;
    private readonly LookBehindLength _lengths;
    private readonly Utf8Tree _utf8 = new();
    private readonly SortedSet<int> _wanted = [];
    private readonly Dictionary<int, int> _indices = [];
    private readonly PatternNode _newline;

    private PatternResolver(ParseFacts facts)
    {
        _facts = facts;
        _lengths = new LookBehindLength(facts);
        _newline = Newline();
    }

    /// <exception cref="PatternException">A back reference or a look-behind is wrong.</exception>
    public static PatternNode Resolve(PatternNode root, ParseFacts facts)
    {
        var resolver = new PatternResolver(facts);
        foreach (ReferenceNode reference in facts.References)
        {
            resolver._wanted.UnionWith(resolver.GroupsOf(reference));
        }

        foreach (int group in resolver._wanted)
        {
            resolver._indices.Add(group, resolver._indices.Count + 1);
        }

        return resolver.Resolve(root);
    }

    private IEnumerable<int> GroupsOf(ReferenceNode reference)
    {
        if (reference.Name is { } name)
        {
            return _facts.Names.TryGetValue(name, out SortedSet<int>? groups)
                ? groups
                : throw new PatternException(
                    PatternRefusal.Syntax, reference.Offset, "the back reference names a group that does not exist");
        }

        return reference.Group <= _facts.GroupCount
            ? [reference.Group]
            : throw new PatternException(
                PatternRefusal.Syntax,
                reference.Offset,
                $"back reference {reference.Group} names a group that does not exist; the pattern has {_facts.GroupCount}");
    }

    private PatternNode Resolve(PatternNode node)
    {
        switch (node)
        {
            case ConcatNode concat:
                return Resolve(concat);
            case AlternateNode alternate:
                return new AlternateNode([.. alternate.Children.Select(Resolve)]);
            case RepeatNode repeat:
                return repeat with { Child = Resolve(repeat.Child) };
            case CaptureNode capture:
                PatternNode body = Resolve(capture.Child);
                return _indices.TryGetValue(capture.Index, out int index) ? new CaptureNode(index, body) : body;
            case AtomicNode atomic:
                return new AtomicNode(Resolve(atomic.Child));
            case AssertionNode assertion:
                return Resolve(assertion);
            case ReferenceNode reference:
                BackReferenceFold fold = !reference.Caseless ? BackReferenceFold.Exact
                    : _facts.Utf ? BackReferenceFold.Unicode
                    : BackReferenceFold.Ascii;
                return new BackReferenceNode([.. GroupsOf(reference).Select(g => _indices[g])], fold, _facts.MatchUnset);
            case CharacterNode character:
                return _utf8.Of(character.Set);
            case AnyByteNode:
                return s_anyByte;
            case NewlineNode:
                return _newline;
            case FailNode:
                return s_nothing;
            default:
                return node;
        }
    }

    /// <summary>Children that are sequences themselves are laid into this one, so that text stays in one piece.</summary>
    private PatternNode Resolve(ConcatNode concat)
    {
        List<PatternNode> children = new(concat.Children.Count);
        foreach (PatternNode child in concat.Children)
        {
            PatternNode resolved = Resolve(child);
            if (resolved is ConcatNode inner)
            {
                children.AddRange(inner.Children);
            }
            else if (resolved is not EmptyNode)
            {
                children.Add(resolved);
            }
        }

        return children.Count switch
        {
            0 => EmptyNode.Instance,
            1 => children[0],
            _ => new ConcatNode(children),
        };
    }

    private LookNode Resolve(AssertionNode assertion)
    {
        if (assertion.Behind)
        {
            _lengths.Check(assertion);
        }

        PatternNode child = Resolve(assertion.Child);
        if (!assertion.Atomic && HasCapture(child))
        {
            // Without a group that a back reference asks for, trying again inside cannot be noticed.
            throw new PatternException(
                PatternRefusal.Unsupported,
                assertion.Offset,
                "non-atomic look-around with a group that a back reference names is not offered; (?=...) and (?<=...) are");
        }

        return new LookNode(child, assertion.Behind, assertion.Negative);
    }

    private static bool HasCapture(PatternNode node) => node switch
    {
        CaptureNode => true,
        ConcatNode concat => concat.Children.Any(HasCapture),
        AlternateNode alternate => alternate.Children.Any(HasCapture),
        RepeatNode repeat => HasCapture(repeat.Child),
        AtomicNode atomic => HasCapture(atomic.Child),
        LookNode look => HasCapture(look.Child),
        _ => false,
    };

    private AtomicNode Newline()
    {
        CodePointSet single = _facts.NarrowNewlines
            ? CodePointSet.FromRanges([('\n', '\n'), ('\r', '\r')])
            : CharacterClasses.VerticalSpace;
        return new AtomicNode(new AlternateNode(
        [
            new ConcatNode([new SetNode(ByteSet.Of((byte)'\r')), new SetNode(ByteSet.Newline)]),
            _facts.Utf ? _utf8.Of(single) : new SetNode(single.ToByteSet()),
        ]));
    }
}
