namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>Extended grapheme clusters (UAX #29, section 3.1.1; pcre2pattern, "Extended grapheme clusters").</summary>
internal static class GraphemeCluster
{
    /// <summary>Where the cluster that begins at a position ends, or -1 when no character begins there.</summary>
    public static int End(ReadOnlySpan<byte> data, int at, ref long budget, ref bool touched)
    {
        int character = Utf8Character.After(data, at, out int length, ref touched);
        if (character < 0)
        {
            return -1;
        }

        GraphemeBreak left = GraphemeBreaks.Of(character);
        while (true)
        {
            budget -= length;
            int before = at;
            at += length;
            character = Utf8Character.After(data, at, out length, ref touched);
            if (character < 0)
            {
                return at;
            }

            GraphemeBreak right = GraphemeBreaks.Of(character);
            if (!Joins(left, right)
                || (right == GraphemeBreak.RegionalIndicator && left == right && IsSecondOfPair(data, before, ref budget)))
            {
                return at;
            }

            // Marks and joiners after a pictograph leave it the one that another may follow.
            if (left != GraphemeBreak.Pictographic || right is not (GraphemeBreak.Extend or GraphemeBreak.Joiner))
            {
                left = right;
            }
        }
    }

    private static bool Joins(GraphemeBreak left, GraphemeBreak right)
    {
        if (left is GraphemeBreak.CarriageReturn)
        {
            return right is GraphemeBreak.LineFeed;
        }

        if (left is GraphemeBreak.LineFeed or GraphemeBreak.Control
            || right is GraphemeBreak.CarriageReturn or GraphemeBreak.LineFeed or GraphemeBreak.Control)
        {
            return false;
        }

        if (left == GraphemeBreak.RegionalIndicator)
        {
            // Nothing else, as PCRE2 has it; rule GB9 would take marks and joiners too.
            return right == GraphemeBreak.RegionalIndicator;
        }

        return right is GraphemeBreak.Extend or GraphemeBreak.Joiner or GraphemeBreak.SpacingMark || left switch
        {
            GraphemeBreak.Prepend => right is not GraphemeBreak.Pictographic, // PCRE2's table again; GB9b would join them
            GraphemeBreak.LeadingJamo => right is GraphemeBreak.LeadingJamo or GraphemeBreak.VowelJamo
                or GraphemeBreak.OpenSyllable or GraphemeBreak.ClosedSyllable,
            GraphemeBreak.OpenSyllable or GraphemeBreak.VowelJamo =>
                right is GraphemeBreak.VowelJamo or GraphemeBreak.TrailingJamo,
            GraphemeBreak.ClosedSyllable or GraphemeBreak.TrailingJamo => right is GraphemeBreak.TrailingJamo,
            GraphemeBreak.Pictographic => right is GraphemeBreak.Pictographic,
            _ => false,
        };
    }

    /// <summary>Whether an odd count of regional indicators stands before one, which then has its partner already.</summary>
    private static bool IsSecondOfPair(ReadOnlySpan<byte> data, int at, ref long budget)
    {
        bool odd = false;
        while (Utf8Character.Before(data, at, out int length) is var character && character >= 0
            && GraphemeBreaks.Of(character) == GraphemeBreak.RegionalIndicator)
        {
            odd = !odd;
            budget -= length;
            at -= length;
        }

        return odd;
    }
}
