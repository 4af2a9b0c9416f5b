namespace Outboard.Plugins.Regex.Rules;

/// <summary>
/// The length of a look-behind in characters. PCRE2 10.42 wants one length of each top-level alternative, and of all alternatives
/// of a group inside (pcre2pattern, "Lookbehind assertions").
/// </summary>
internal sealed class LookBehindLength(ParseFacts facts)
{
    private const int LengthMax = 65535;

    private readonly Dictionary<int, int> _groups = [];
    private readonly HashSet<int> _measuring = [];
    private AssertionNode? _behind;

    /// <exception cref="PatternException">It has no fixed length.</exception>
    public void Check(AssertionNode behind)
    {
        _behind = behind;
        if (behind.Child is AlternateNode alternate)
        {
            foreach (PatternNode child in alternate.Children)
            {
                Of(child);
            }
        }
        else
        {
            Of(behind.Child);
        }
    }

    private int Of(PatternNode node)
    {
        switch (node)
        {
            case SetNode or CharacterNode:
                return 1;
            case ConcatNode concat:
                int sum = 0;
                foreach (PatternNode child in concat.Children.TakeWhile(static c => c is not FailNode))
                {
                    sum = Bounded((long)sum + Of(child));
                }

                return sum;
            case AlternateNode alternate:
                int each = Of(alternate.Children[0]);
                return alternate.Children.Skip(1).All(child => Of(child) == each) ? each : throw NotFixed();
            case RepeatNode { Child: AssertionNode }:
                return 0;
            case RepeatNode repeat:
                return repeat.Min == repeat.Max ? Bounded((long)repeat.Min * Of(repeat.Child)) : throw NotFixed();
            case CaptureNode capture:
                return Of(capture.Child);
            case AtomicNode atomic:
                return Of(atomic.Child);
            case ReferenceNode reference:
                return OfGroup(reference);
            case AnyByteNode:
                throw new PatternException(
                    PatternRefusal.Syntax,
                    _behind!.Offset,
                    "\\C is not allowed in a look-behind of UTF-8 text; a character or a class is");
            case NewlineNode or GraphemeNode:
                throw NotFixed();
            default:
                return 0;
        }
    }

    private int OfGroup(ReferenceNode reference)
    {
        int group = reference.Group;
        if (reference.Name is { } name && facts.Names.TryGetValue(name, out SortedSet<int>? named))
        {
            group = named.Count == 1 ? named.Min : throw NotFixed();
        }

        if (facts.MatchUnset || facts.HasBranchReset || (reference.Inside?.Has(group) ?? false)
            || !facts.Groups.TryGetValue(group, out CaptureNode? capture))
        {
            throw NotFixed();
        }

        if (_groups.TryGetValue(group, out int length))
        {
            return length;
        }

        if (!_measuring.Add(group))
        {
            throw NotFixed();
        }

        length = Of(capture.Child);
        _measuring.Remove(group);
        _groups.Add(group, length);
        return length;
    }

    private int Bounded(long length) => length <= LengthMax
        ? (int)length
        : throw new PatternException(
            PatternRefusal.Syntax, _behind!.Offset, $"the look-behind is too long; at most {LengthMax} characters are allowed");

    private PatternException NotFixed() => new(
        PatternRefusal.Syntax,
        _behind!.Offset,
        "the look-behind has no fixed length; each alternative must have one, and repeats in it one count");
}
