using System.Globalization;

namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>Which class a character is of: its general category tells most, lists tell the rest.</summary>
internal static class GraphemeBreaks
{
    /// <summary>First and last of each range of characters that begin a cluster with what follows them.</summary>
    private static ReadOnlySpan<int> Prepends =>
    [
        0x0600, 0x0605, 0x06DD, 0x06DD, 0x070F, 0x070F, 0x0890, 0x0891, 0x08E2, 0x08E2, 0x0D4E, 0x0D4E, 0x110BD, 0x110BD,
        0x110CD, 0x110CD, 0x111C2, 0x111C3, 0x1193F, 0x1193F, 0x11941, 0x11941, 0x11A3A, 0x11A3A, 0x11A84, 0x11A89,
        0x11D46, 0x11D46,
    ];

    /// <summary>What extends a cluster though its category is not that of a mark without width.</summary>
    private static ReadOnlySpan<int> Extends =>
    [
        0x09BE, 0x09BE, 0x09D7, 0x09D7, 0x0B3E, 0x0B3E, 0x0B57, 0x0B57, 0x0BBE, 0x0BBE, 0x0BD7, 0x0BD7, 0x0CC2, 0x0CC2,
        0x0CD5, 0x0CD6, 0x0D3E, 0x0D3E, 0x0D57, 0x0D57, 0x0DCF, 0x0DCF, 0x0DDF, 0x0DDF, 0x1B35, 0x1B35, 0x200C, 0x200C,
        0x302E, 0x302F, 0xFF9E, 0xFF9F, 0x1133E, 0x1133E, 0x11357, 0x11357, 0x114B0, 0x114B0, 0x114BD, 0x114BD,
        0x115AF, 0x115AF, 0x11930, 0x11930, 0x1D165, 0x1D165, 0x1D16E, 0x1D172, 0x1F3FB, 0x1F3FF, 0xE0020, 0xE007F,
    ];

    /// <summary>Marks with width that do not belong to the cluster before them.</summary>
    private static ReadOnlySpan<int> LooseMarks =>
    [
        0x102B, 0x102C, 0x1038, 0x1038, 0x1062, 0x1064, 0x1067, 0x106D, 0x1083, 0x1083, 0x1087, 0x108C, 0x108F, 0x108F,
        0x109A, 0x109C, 0x1A61, 0x1A61, 0x1A63, 0x1A64, 0xAA7B, 0xAA7B, 0xAA7D, 0xAA7D, 0x11720, 0x11721,
    ];

    /// <summary>What is kept out of sight though no category says so: unassigned, ignorable.</summary>
    private static ReadOnlySpan<int> UnassignedControls =>
    [
        0x2065, 0x2065, 0xFFF0, 0xFFF8, 0xE0000, 0xE001F, 0xE0080, 0xE00FF, 0xE01F0, 0xE0FFF,
    ];

    private static ReadOnlySpan<int> Pictographs =>
    [
        0x00A9, 0x00A9, 0x00AE, 0x00AE, 0x203C, 0x203C, 0x2049, 0x2049, 0x2122, 0x2122, 0x2139, 0x2139, 0x2194, 0x2199,
        0x21A9, 0x21AA, 0x231A, 0x231B, 0x2328, 0x2328, 0x2388, 0x2388, 0x23CF, 0x23CF, 0x23E9, 0x23F3, 0x23F8, 0x23FA,
        0x24C2, 0x24C2, 0x25AA, 0x25AB, 0x25B6, 0x25B6, 0x25C0, 0x25C0, 0x25FB, 0x25FE, 0x2600, 0x2605, 0x2607, 0x2612,
        0x2614, 0x2685, 0x2690, 0x2705, 0x2708, 0x2712, 0x2714, 0x2714, 0x2716, 0x2716, 0x271D, 0x271D, 0x2721, 0x2721,
        0x2728, 0x2728, 0x2733, 0x2734, 0x2744, 0x2744, 0x2747, 0x2747, 0x274C, 0x274C, 0x274E, 0x274E, 0x2753, 0x2755,
        0x2757, 0x2757, 0x2763, 0x2767, 0x2795, 0x2797, 0x27A1, 0x27A1, 0x27B0, 0x27B0, 0x27BF, 0x27BF, 0x2934, 0x2935,
        0x2B05, 0x2B07, 0x2B1B, 0x2B1C, 0x2B50, 0x2B50, 0x2B55, 0x2B55, 0x3030, 0x3030, 0x303D, 0x303D, 0x3297, 0x3297,
        0x3299, 0x3299, 0x1F000, 0x1F0FF, 0x1F10D, 0x1F10F, 0x1F12F, 0x1F12F, 0x1F16C, 0x1F171, 0x1F17E, 0x1F17F,
        0x1F18E, 0x1F18E, 0x1F191, 0x1F19A, 0x1F1AD, 0x1F1E5, 0x1F201, 0x1F20F, 0x1F21A, 0x1F21A, 0x1F22F, 0x1F22F,
        0x1F232, 0x1F23A, 0x1F23C, 0x1F23F, 0x1F249, 0x1F3FA, 0x1F400, 0x1F53D, 0x1F546, 0x1F64F, 0x1F680, 0x1F6FF,
        0x1F774, 0x1F77F, 0x1F7D5, 0x1F7FF, 0x1F80C, 0x1F80F, 0x1F848, 0x1F84F, 0x1F85A, 0x1F85F, 0x1F888, 0x1F88F,
        0x1F8AE, 0x1F8FF, 0x1F90C, 0x1F93A, 0x1F93C, 0x1F945, 0x1F947, 0x1FAFF, 0x1FC00, 0x1FFFD,
    ];

    public static GraphemeBreak Of(int character)
    {
        const int Joiner = 0x200D;
        if (character < 0x80)
        {
            return character is >= ' ' and < 0x7F ? GraphemeBreak.Other
                : character == '\r' ? GraphemeBreak.CarriageReturn
                : character == '\n' ? GraphemeBreak.LineFeed
                : GraphemeBreak.Control;
        }

        if (character == Joiner)
        {
            return GraphemeBreak.Joiner;
        }

        if (OfHangul(character) is { } hangul)
        {
            return hangul;
        }

        return character is >= 0x1F1E6 and <= 0x1F1FF ? GraphemeBreak.RegionalIndicator
            : Holds(Extends, character) ? GraphemeBreak.Extend
            : Holds(Prepends, character) ? GraphemeBreak.Prepend
            : Holds(Pictographs, character) ? GraphemeBreak.Pictographic
            : OfCategory(character);
    }

    private static GraphemeBreak OfCategory(int character)
    {
        switch (CharUnicodeInfo.GetUnicodeCategory(character))
        {
            case UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark:
                return GraphemeBreak.Extend;
            case UnicodeCategory.SpacingCombiningMark:
                return Holds(LooseMarks, character) ? GraphemeBreak.Other : GraphemeBreak.SpacingMark;
            case UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                return GraphemeBreak.Control;
            case UnicodeCategory.OtherNotAssigned when Holds(UnassignedControls, character):
                return GraphemeBreak.Control;
            default:
                return character is 0x0E33 or 0x0EB3 ? GraphemeBreak.SpacingMark : GraphemeBreak.Other;
        }
    }

    private static GraphemeBreak? OfHangul(int character)
    {
        const int TrailingCount = 28;
        return character switch
        {
            (>= 0x1100 and <= 0x115F) or (>= 0xA960 and <= 0xA97C) => GraphemeBreak.LeadingJamo,
            (>= 0x1160 and <= 0x11A7) or (>= 0xD7B0 and <= 0xD7C6) => GraphemeBreak.VowelJamo,
            (>= 0x11A8 and <= 0x11FF) or (>= 0xD7CB and <= 0xD7FB) => GraphemeBreak.TrailingJamo,
            >= 0xAC00 and <= 0xD7A3 => (character - 0xAC00) % TrailingCount == 0
                ? GraphemeBreak.OpenSyllable
                : GraphemeBreak.ClosedSyllable,
            _ => null,
        };
    }

    private static bool Holds(ReadOnlySpan<int> ranges, int character)
    {
        int low = 0;
        int high = ranges.Length / 2 - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (character > ranges[2 * middle + 1])
            {
                low = middle + 1;
            }
            else if (character < ranges[2 * middle])
            {
                high = middle - 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}
