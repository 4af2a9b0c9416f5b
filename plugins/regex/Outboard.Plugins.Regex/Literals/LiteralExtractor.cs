using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// Finds literals that every match of a tree must hold. It walks the tree once and keeps, for each part, the whole list of
/// strings it can be while that is short, and otherwise the best set seen inside it.
/// </summary>
internal static class LiteralExtractor
{
    /// <summary>Strings one list may hold, members one class may add, bytes one string may have.</summary>
    private const int ListMax = 48;
    private const int ClassMax = 10;
    private const int LengthMax = 48;

    /// <summary>The best set of a rule, or null when there is none of at least two bytes.</summary>
    public static LiteralSet? Extract(PatternNode root)
    {
        Facts facts = Visit(root);
        LiteralSet? best = facts.Best;
        if (facts.Exact is { } exact)
        {
            best = Better(best, Candidate(exact, 0, 0, whole: !HasAssertion(root)));
        }

        return best;
    }

    private static Facts Visit(PatternNode node)
    {
        switch (node)
        {
            case SetNode set:
                return new Facts(OfSet(set.Set), null);
            case ConcatNode concat:
                return VisitConcat(concat);
            case AlternateNode alternate:
                return VisitAlternate(alternate);
            case RepeatNode repeat:
                return VisitRepeat(repeat);
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

    private static Facts VisitConcat(ConcatNode concat)
    {
        var run = new Run();
        foreach (PatternNode child in concat.Children)
        {
            run.Append(child);
        }

        return run.Finish();
    }

    private static Facts VisitAlternate(AlternateNode alternate)
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

    private static Facts VisitRepeat(RepeatNode repeat)
    {
        Facts body = Visit(repeat.Child);
        if (repeat.Min == 0)
        {
            bool optional = repeat.Max == 1 && body.Exact is { } once && once.Count < ListMax;
            return new Facts(optional ? [.. body.Exact!, []] : repeat.Max == 0 ? [[]] : null, null);
        }

        var run = new Run();
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

    private static bool HasAssertion(PatternNode node) => node switch
    {
        AssertNode => true,
        ConcatNode concat => concat.Children.Any(HasAssertion),
        AlternateNode alternate => alternate.Children.Any(HasAssertion),
        RepeatNode repeat => HasAssertion(repeat.Child),
        _ => false,
    };

    private static LiteralSet? Candidate(List<MaskedByte[]> strings, int min, int? max, bool whole)
    {
        foreach (MaskedByte[] text in strings)
        {
            if (text.Length < 2)
            {
                return null;
            }
        }

        return strings.Count == 0 ? null : new LiteralSet([.. strings], min, max, whole);
    }

    private static LiteralSet? Better(LiteralSet? left, LiteralSet? right) =>
        right is null ? left : left is null || Score(right) > Score(left) ? right : left;

    /// <summary>Bits of the commonest literal's rarest window, less what many literals cost; a known start is worth as much as a byte.</summary>
    private static int Score(LiteralSet set)
    {
        int worst = int.MaxValue;
        foreach (MaskedByte[] literal in set.Literals)
        {
            int width = Math.Min(LiteralTable.WindowMax, literal.Length);
            int best = 0;
            for (int i = 0; i + width <= literal.Length; i++)
            {
                best = Math.Max(best, ByteRarity.Bits(literal.AsSpan(i, width)));
            }

            worst = Math.Min(worst, best + Math.Min(literal.Length, 12) / 3);
        }

        return worst * 2 - 2 * int.Log2(set.Literals.Count) + (set.IsFixed ? 6 : set.MaxOffset is null ? 0 : 3);
    }

    /// <summary>What is known of a part: every string it can be, and the best set inside it.</summary>
    private readonly record struct Facts(List<MaskedByte[]>? Exact, LiteralSet? Best);

    /// <summary>Reads parts one after the other: strings grow while their list stays short, then a new run begins.</summary>
    private sealed class Run
    {
        private List<MaskedByte[]> _strings = [[]];
        private LiteralSet? _best;
        private bool _whole = true;
        private int _min;
        private int? _max = 0;
        private int _endMin;
        private int? _endMax = 0;

        public void Append(PatternNode node) => Append(node, Visit(node));

        public void Append(PatternNode node, Facts facts)
        {
            PatternMeasure measure = PatternMeasure.Of(node);
            if (facts.Exact is { } exact)
            {
                if (_strings.Count * exact.Count > ListMax || _strings[0].Length + measure.Min > LengthMax)
                {
                    Close();
                }

                _strings = Cross(_strings, exact);
            }
            else
            {
                Close();
                if (facts.Best is { } inner)
                {
                    _best = Better(_best, inner.Behind(_endMin, _endMax));
                }

                _whole = false;
            }

            _endMin += measure.Min;
            _endMax = _endMax is { } a && measure.Max is { } b ? a + b : null;
            if (facts.Exact is null)
            {
                Restart();
            }
        }

        /// <summary>More copies of a part follow, between two counts.</summary>
        public void Break(PatternNode node, int min, int? max)
        {
            Close();
            PatternMeasure measure = PatternMeasure.Of(new RepeatNode(node, min, max, Greedy: true));
            _endMin += measure.Min;
            _endMax = _endMax is { } a && measure.Max is { } b ? a + b : null;
            _whole = false;
            Restart();
        }

        public Facts Finish()
        {
            if (_whole)
            {
                return new Facts(_strings, _best);
            }

            Close();
            return new Facts(null, _best);
        }

        private void Close()
        {
            _best = Better(_best, Candidate(_strings, _min, _max, whole: false));
            _whole = false;
            Restart();
        }

        private void Restart()
        {
            _strings = [[]];
            _min = _endMin;
            _max = _endMax;
        }

        private static List<MaskedByte[]> Cross(List<MaskedByte[]> left, List<MaskedByte[]> right)
        {
            List<MaskedByte[]> result = new(left.Count * right.Count);
            foreach (MaskedByte[] a in left)
            {
                foreach (MaskedByte[] b in right)
                {
                    result.Add([.. a, .. b]);
                }
            }

            return result;
        }
    }
}
