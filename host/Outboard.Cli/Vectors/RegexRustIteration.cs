namespace Outboard.Cli.Vectors;

/// <summary>The order in which Rust's regex library goes on behind a match, which differs from PCRE's where a match is empty.</summary>
internal static class RegexRustIteration
{
    /// <summary>
    /// What Rust reports, out of what PCRE does. Rust reports no empty match right behind another match, and behind an empty one does not try
    /// the same place again for one that is not; where such a match was longer than a character, what follows it in Rust is not known.
    /// </summary>
    /// <param name="found">PCRE's matches, in order.</param>
    /// <param name="isBoundary">Whether an empty match may stand at an offset; a character must not be split.</param>
    /// <param name="isAnchored">Whether a match must begin where the search does, so that none follows one that may not stand.</param>
    /// <returns>Rust's matches, and whether they are all.</returns>
    public static (List<(int Start, int End)> Matches, bool IsWhole) Of(
        IEnumerable<(int Start, int End)> found, Func<int, bool> isBoundary, bool isAnchored)
    {
        List<(int Start, int End)> kept = [];
        int tried = -1;
        foreach ((int start, int end) in found)
        {
            if (start != end && start == tried)
            {
                // The place has been left behind; one character on both libraries look again.
                if (Enumerable.Range(start + 1, end - start - 1).Any(isBoundary))
                {
                    return (kept, false);
                }

                continue;
            }

            if (start == end)
            {
                if (isAnchored && !isBoundary(start))
                {
                    return (kept, true);
                }

                tried = start;
                if ((kept.Count != 0 && kept[^1].End == start) || !isBoundary(start))
                {
                    continue;
                }
            }

            kept.Add((start, end));
        }

        return (kept, true);
    }

    /// <summary>One match after the other out of all pairs of start and end.</summary>
    /// <param name="pairs">Every pair, with the rule it belongs to.</param>
    /// <param name="pick">Which of the pairs at hand is the match.</param>
    /// <param name="isAnchored">Whether a match must begin where the one before ended.</param>
    public static List<(int Id, int Start, int End)> OutOf(
        IReadOnlyList<(int Id, int Start, int End)> pairs,
        Func<IReadOnlyList<(int Id, int Start, int End)>, (int Id, int Start, int End)> pick,
        bool isAnchored)
    {
        List<(int Id, int Start, int End)> kept = [];
        int from = 0;
        while (true)
        {
            (int Id, int Start, int End)[] left = [.. pairs.Where(pair => isAnchored ? pair.Start == from : pair.Start >= from)];
            if (left.Length == 0)
            {
                return kept;
            }

            (int Id, int Start, int End) match = pick(left);
            if (match.Start == match.End && kept.Count != 0 && kept[^1].End == match.End)
            {
                from++;
                continue;
            }

            kept.Add(match);
            from = match.End;
        }
    }

    /// <summary>The match whose end is known first.</summary>
    public static (int Id, int Start, int End) Earliest(IReadOnlyList<(int Id, int Start, int End)> pairs) =>
        pairs.OrderBy(static pair => pair.End).ThenBy(static pair => pair.Start).ThenBy(static pair => pair.Id).First();

    /// <summary>The match whose end is known last.</summary>
    public static (int Id, int Start, int End) Last(IReadOnlyList<(int Id, int Start, int End)> pairs) =>
        pairs.OrderByDescending(static pair => pair.End).ThenBy(static pair => pair.Start).ThenBy(static pair => pair.Id).First();

    /// <summary>The longest of those that start first.</summary>
    public static (int Id, int Start, int End) LeftmostLongest(IReadOnlyList<(int Id, int Start, int End)> pairs) =>
        pairs.OrderBy(static pair => pair.Start).ThenByDescending(static pair => pair.End).ThenBy(static pair => pair.Id).First();
}
