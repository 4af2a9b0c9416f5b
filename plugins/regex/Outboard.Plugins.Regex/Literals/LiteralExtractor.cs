using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// Finds literals that every match of a tree must hold. It walks the tree once and keeps, for each part, the whole list of
/// strings it can be while that is short, and otherwise the best set seen inside it: the one that stands least in payloads.
/// </summary>
internal sealed partial class LiteralExtractor
{
    /// <summary>Strings one list may hold, members one class may add, bytes that one of several strings, and that a single one, may have.</summary>
    private const int ListMax = 48;
    private const int ClassMax = 10;
    private const int LengthMax = 48;
    private const int SingleLengthMax = 1024;

    /// <summary>Sets that stand at less than one in so many positions, as a power of two, are all as good.</summary>
    private const double RareBits = 26;

    /// <summary>What it is worth that a hit is a match, that it says where the match starts, and that it says where about; and what literals cost.</summary>
    private const double WholeBits = 8;
    private const double CountBits = 0.25;
    private const double FixedBits = 3;
    private const double BoundedBits = 1;

    /// <summary>How rare single bytes have to be.</summary>
    private const double SingleByteBits = 7;

    private readonly PayloadModel _model;
    private readonly int _lengthMin;

    private LiteralExtractor(PayloadModel model, int lengthMin)
    {
        _model = model;
        _lengthMin = lengthMin;
    }

    /// <summary>The best set of a rule, or null when there is none of at least two bytes.</summary>
    public static LiteralSet? Extract(PatternNode root) => Extract(root, PayloadModel.Default, lengthMin: 2);

    /// <summary>The best set of a rule, or null when there is none.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="model">How common sequences of bytes are.</param>
    /// <param name="lengthMin">Bytes that each literal has at least; single bytes are taken only where they are rare.</param>
    public static LiteralSet? Extract(PatternNode root, PayloadModel model, int lengthMin = 1)
    {
        var extractor = new LiteralExtractor(model, lengthMin);
        Facts facts = root is ConcatNode concat ? extractor.VisitConcat(concat, isRoot: true) : extractor.Visit(root);
        LiteralSet? best = facts.Best;
        if (facts.Exact is { } exact)
        {
            bool whole = !HasCondition(root);
            LiteralSet? all = extractor.Candidate(exact, 0, 0, whole);
            best = extractor.Better(
                best, whole ? all?.With(EmptyNode.Instance, EmptyNode.Instance) : Split(all, root));
        }

        return best;
    }

    /// <summary>Conditions before and behind the strings of a whole tree are its prefix and suffix.</summary>
    private static LiteralSet? Split(LiteralSet? set, PatternNode root) =>
        root is ConcatNode concat ? SplitAt(set, concat.Children, 0, concat.Children.Count) : set;

    /// <summary>Puts what a run of parts leaves out into the set; a condition within the run would be lost, so there is no split then.</summary>
    private static LiteralSet? SplitAt(LiteralSet? set, IReadOnlyList<PatternNode> parts, int from, int to)
    {
        if (set is null)
        {
            return null;
        }

        while (from < to && HasCondition(parts[from]) && PatternMeasure.Of(parts[from]).Max == 0)
        {
            from++;
        }

        while (from < to && HasCondition(parts[to - 1]) && PatternMeasure.Of(parts[to - 1]).Max == 0)
        {
            to--;
        }

        for (int i = from; i < to; i++)
        {
            if (HasCondition(parts[i]))
            {
                return set;
            }
        }

        return set.With(Concat(parts, 0, from), Concat(parts, to, parts.Count));
    }

    private static PatternNode Concat(IReadOnlyList<PatternNode> parts, int from, int to) => (to - from) switch
    {
        0 => EmptyNode.Instance,
        1 => parts[from],
        _ => new ConcatNode([.. parts.Skip(from).Take(to - from)]),
    };

    private Facts Visit(PatternNode node)
    {
        switch (node)
        {
            case SetNode set:
                return new Facts(OfSet(set.Set), null);
            case ConcatNode concat:
                return VisitConcat(concat, isRoot: false);
            case AlternateNode alternate:
                return VisitAlternate(alternate);
            case RepeatNode repeat:
                return VisitRepeat(repeat);
            case CaptureNode capture:
                return Visit(capture.Child);
            case AtomicNode atomic:
                return Visit(atomic.Child);
            case BackReferenceNode or GraphemeNode:
                return new Facts(null, null);
            default:
                return new Facts([[]], null);
        }
    }

    private static List<MaskedByte[]>? OfSet(ByteSet set)
    {
        if (set.IsEmpty || set.Count > 2 * ClassMax)
        {
            return null;
        }

        List<MaskedByte> parts = MaskedByte.Split(set);
        return parts.Count > ClassMax ? null : parts.ConvertAll(static part => new[] { part });
    }

    private Facts VisitConcat(ConcatNode concat, bool isRoot)
    {
        var run = new Run(this, isRoot ? concat.Children : null);
        foreach (PatternNode child in concat.Children)
        {
            run.Append(child, Visit(child));
        }

        return run.Finish();
    }

    private Facts VisitAlternate(AlternateNode alternate)
    {
        List<MaskedByte[]>? exact = [];
        List<MaskedByte[]>? required = [];
        int min = int.MaxValue;
        int? max = 0;
        foreach (PatternNode child in alternate.Children)
        {
            Facts facts = Visit(child);
            if (exact is not null && facts.Exact is { } strings && exact.Count + strings.Count <= ListMax)
            {
                exact.AddRange(strings);
            }
            else
            {
                exact = null;
            }

            LiteralSet? part = facts.Exact is { } all ? Better(facts.Best, Candidate(all, 0, 0, whole: false)) : facts.Best;
            if (part is null || required is null || required.Count + part.Literals.Count > ListMax)
            {
                required = null;
            }
            else
            {
                required.AddRange(part.Literals);
                min = Math.Min(min, part.MinOffset);
                max = max is { } a && part.MaxOffset is { } b ? Math.Max(a, b) : null;
            }
        }

        return new Facts(exact, required is null ? null : new LiteralSet(required, min, max, IsWholeMatch: false));
    }

    private Facts VisitRepeat(RepeatNode repeat)
    {
        Facts body = Visit(repeat.Child);
        if (repeat.Min == 0)
        {
            bool optional = repeat.Max == 1 && body.Exact is { } once && once.Count < ListMax;
            return new Facts(optional ? [.. body.Exact!, []] : repeat.Max == 0 ? [[]] : null, null);
        }

        var run = new Run(this, parts: null);
        int copies = Math.Min(repeat.Min, LengthMax);
        for (int i = 0; i < copies; i++)
        {
            run.Append(repeat.Child, body);
        }

        if (repeat.Max != copies)
        {
            run.Break(repeat.Child, repeat.Min - copies, repeat.Max - copies);
        }

        return run.Finish();
    }

    /// <summary>Whether a match asks for more than its bytes.</summary>
    private static bool HasCondition(PatternNode node) => node switch
    {
        EmptyNode or SetNode => false,
        ConcatNode concat => concat.Children.Any(HasCondition),
        AlternateNode alternate => alternate.Children.Any(HasCondition),
        RepeatNode repeat => HasCondition(repeat.Child),
        CaptureNode capture => HasCondition(capture.Child),
        _ => true,
    };

    private LiteralSet? Candidate(List<MaskedByte[]> strings, int min, int? max, bool whole)
    {
        int shortest = int.MaxValue;
        foreach (MaskedByte[] text in strings)
        {
            shortest = Math.Min(shortest, text.Length);
        }

        if (strings.Count == 0 || shortest < Math.Max(1, _lengthMin))
        {
            return null;
        }

        return shortest == 1 && Bits(strings) < SingleByteBits ? null : new LiteralSet([.. strings], min, max, whole);
    }

    private LiteralSet? Better(LiteralSet? left, LiteralSet? right) =>
        right is null ? left : left is null || Score(right) > Score(left) ? right : left;

    private double Score(LiteralSet set) =>
        Math.Min(RareBits, Bits(set.Literals))
        + (set.IsWholeMatch ? WholeBits : set.IsFixed ? FixedBits : set.MaxOffset is null ? 0 : BoundedBits)
        - CountBits * Math.Log2(set.Literals.Count);

    /// <summary>How rarely one of the literals' rarest windows stands somewhere, in bits.</summary>
    private double Bits(IEnumerable<MaskedByte[]> literals)
    {
        double sum = 0;
        foreach (MaskedByte[] literal in literals)
        {
            int width = Math.Min(WindowTable.WindowMax, literal.Length);
            double best = 1;
            for (int i = 0; i + width <= literal.Length; i++)
            {
                best = Math.Min(best, _model.Probability(literal.AsSpan(i, width)));
            }

            sum += best;
        }

        return -Math.Log2(Math.Max(sum, double.Epsilon));
    }

    /// <summary>What is known of a part: every string it can be, and the best set inside it.</summary>
    private readonly record struct Facts(List<MaskedByte[]>? Exact, LiteralSet? Best);
}
