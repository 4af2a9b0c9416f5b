namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>How few and how many bytes a part can take; no upper end when it is null.</summary>
internal readonly record struct PatternExtent(int Min, int? Max)
{
    /// <summary>More than any payload has; bounds stop here, so that sums do not overflow.</summary>
    private const int Ceiling = 1 << 24;

    public static readonly PatternExtent Nothing = new(0, 0);

    public static readonly PatternExtent Unknown = new(0, null);

    public PatternExtent Then(PatternExtent next) =>
        Bounded((long)Min + next.Min, Max is { } a && next.Max is { } b ? (long)a + b : null);

    public PatternExtent Or(PatternExtent other) =>
        Bounded(Math.Min(Min, other.Min), Max is { } a && other.Max is { } b ? Math.Max(a, b) : null);

    public PatternExtent Times(int min, int? max) => Bounded(
        (long)Min * min,
        Max == 0 || max == 0 ? 0 : Max is { } once && max is { } times ? (long)once * times : null);

    private static PatternExtent Bounded(long min, long? max) =>
        new((int)Math.Min(min, Ceiling), max is { } top && top <= Ceiling ? (int)top : null);
}
