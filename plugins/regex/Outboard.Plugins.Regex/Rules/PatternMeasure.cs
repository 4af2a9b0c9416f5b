namespace Outboard.Plugins.Regex.Rules;

/// <summary>
/// How many bytes a tree takes, at least and at most; the upper end is null when there is none. \K moves only what is reported,
/// and a back reference may take anything: its group is not known here.
/// </summary>
internal readonly record struct PatternMeasure(int Min, int? Max)
{
    /// <summary>Bounds beyond this count as unbounded; no payload is that long.</summary>
    private const int Ceiling = 1 << 24;

    public static PatternMeasure Of(PatternNode node)
    {
        switch (node)
        {
            case SetNode:
                return new PatternMeasure(1, 1);
            case ConcatNode concat:
                var sum = new PatternMeasure(0, 0);
                foreach (PatternNode child in concat.Children)
                {
                    PatternMeasure part = Of(child);
                    sum = Bounded((long)sum.Min + part.Min, sum.Max is { } a && part.Max is { } b ? (long)a + b : null);
                }

                return sum;
            case AlternateNode alternate:
                PatternMeasure either = Of(alternate.Children[0]);
                for (int i = 1; i < alternate.Children.Count; i++)
                {
                    PatternMeasure part = Of(alternate.Children[i]);
                    either = Bounded(
                        Math.Min(either.Min, part.Min),
                        either.Max is { } a && part.Max is { } b ? Math.Max(a, b) : null);
                }

                return either;
            case RepeatNode repeat:
                PatternMeasure body = Of(repeat.Child);
                long? max = body.Max == 0 ? 0
                    : body.Max is { } once && repeat.Max is { } times ? (long)once * times
                    : repeat.Max == 0 ? 0
                    : null;
                return Bounded((long)body.Min * repeat.Min, max);
            case CaptureNode capture:
                return Of(capture.Child);
            case AtomicNode atomic:
                return Of(atomic.Child);
            case GraphemeNode:
                return new PatternMeasure(1, null);
            case BackReferenceNode:
                return new PatternMeasure(0, null);
            default:
                return new PatternMeasure(0, 0);
        }
    }

    private static PatternMeasure Bounded(long min, long? max) =>
        new((int)Math.Min(min, Ceiling), max is { } top && top <= Ceiling ? (int)top : null);
}
