namespace Outboard.Plugins.Regex.Rules;

/// <summary>Which characters are one when case does not count.</summary>
internal static class CaseFolding
{
    /// <summary>Adds the other case of every ASCII letter between two code points.</summary>
    public static void AddAsciiOthers(List<(int First, int Last)> ranges, int first, int last)
    {
        const int Distance = 'a' - 'A';
        AddShifted(ranges, Math.Max(first, 'A'), Math.Min(last, 'Z'), Distance);
        AddShifted(ranges, Math.Max(first, 'a'), Math.Min(last, 'z'), -Distance);
    }

    /// <summary>Adds whatever equals a code point between two by Unicode's simple case folding.</summary>
    public static void AddOthers(List<(int First, int Last)> ranges, int first, int last)
    {
        UnicodeData data = UnicodeData.Shared;
        ReadOnlySpan<int> cased = data.Cased;
        int at = cased.BinarySearch(first);
        for (at = at < 0 ? ~at : at; at < cased.Length && cased[at] <= last; at++)
        {
            foreach (int other in data.CaseClass(at))
            {
                if (other < first || other > last)
                {
                    ranges.Add((other, other));
                }
            }
        }
    }

    /// <summary>Whether two characters are one by Unicode's simple case folding.</summary>
    public static bool AreEqual(int left, int right) => left == right || Representative(left) == Representative(right);

    /// <summary>The smallest of the characters that equal one.</summary>
    public static int Representative(int codePoint)
    {
        int at = UnicodeData.Shared.Cased.BinarySearch(codePoint);
        return at < 0 ? codePoint : UnicodeData.Shared.CaseClass(at)[0];
    }

    private static void AddShifted(List<(int First, int Last)> ranges, int first, int last, int distance)
    {
        if (first <= last)
        {
            ranges.Add((first + distance, last + distance));
        }
    }
}
