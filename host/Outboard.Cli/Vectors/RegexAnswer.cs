using Outboard.Regex;

namespace Outboard.Cli.Vectors;

/// <summary>What a device found in a payload.</summary>
/// <param name="Matches">The matches reported.</param>
/// <param name="ActualCount">How many there are.</param>
internal sealed record RegexAnswer(IReadOnlyList<RegexMatch> Matches, int ActualCount)
{
    /// <summary>Start and end of each match.</summary>
    public IEnumerable<(int Start, int End)> Spans => Matches.Select(static m => (m.Start, m.End));

    /// <summary>Says so when there are more matches than were reported, for then nothing can be derived from them.</summary>
    public string? IsCut => ActualCount == Matches.Count ? null : $"{ActualCount} matches, {Matches.Count} of them reported";

    /// <summary>Spans in one line, cut where it would be long.</summary>
    public static string Show(IEnumerable<(int Start, int End)> spans)
    {
        string all = string.Join(' ', spans.Take(12).Select(static s => $"{s.Start}-{s.End}"));
        return all.Length == 0 ? "none" : all;
    }

    /// <summary>Agrees when the spans are these, in this order.</summary>
    public string? Compare(IReadOnlyList<(int Start, int End)> expected, IEnumerable<(int Start, int End)> found)
    {
        (int Start, int End)[] all = [.. found];
        return expected.SequenceEqual(all) ? null : $"expected {Show(expected)}, found {Show(all)}";
    }
}
