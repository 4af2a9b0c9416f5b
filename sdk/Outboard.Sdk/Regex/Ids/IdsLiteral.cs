using System.Text;

namespace Outboard.Regex.Ids;

/// <summary>Bytes of contents: searched for, and written as a pattern.</summary>
internal static class IdsLiteral
{
    /// <summary>The first occurrence that begins at <paramref name="from"/> or later and ends at <paramref name="to"/> or earlier.</summary>
    /// <param name="data">The buffer.</param>
    /// <param name="literal">The bytes; lower case when any case will do.</param>
    /// <param name="isCaseless">Whether letters match both cases.</param>
    /// <param name="from">0 or more.</param>
    /// <param name="to">At most the length of the buffer.</param>
    /// <returns>Where it begins, or -1.</returns>
    public static int Find(ReadOnlySpan<byte> data, ReadOnlySpan<byte> literal, bool isCaseless, int from, int to)
    {
        if (to - from < literal.Length)
        {
            return -1;
        }

        if (!isCaseless)
        {
            int at = data[from..to].IndexOf(literal);
            return at < 0 ? -1 : from + at;
        }

        byte lower = literal[0];
        byte upper = char.IsAsciiLetterLower((char)lower) ? (byte)(lower - 32) : lower;
        int last = to - literal.Length;
        while (from <= last)
        {
            int at = data.Slice(from, last - from + 1).IndexOfAny(lower, upper);
            if (at < 0)
            {
                return -1;
            }

            from += at;
            if (EqualsFolded(data.Slice(from, literal.Length), literal))
            {
                return from;
            }

            from++;
        }

        return -1;
    }

    /// <summary>The bytes with ASCII letters in lower case.</summary>
    public static byte[] Fold(ReadOnlySpan<byte> bytes)
    {
        byte[] folded = bytes.ToArray();
        foreach (ref byte b in folded.AsSpan())
        {
            b = Fold(b);
        }

        return folded;
    }

    /// <summary>The bytes as a pattern that matches them and nothing else.</summary>
    public static string ToPattern(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length * 2);
        foreach (byte b in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)b))
            {
                text.Append((char)b);
            }
            else
            {
                text.Append($"\\x{b:x2}");
            }
        }

        return text.ToString();
    }

    private static byte Fold(byte b) => char.IsAsciiLetterUpper((char)b) ? (byte)(b | 0x20) : b;

    private static bool EqualsFolded(ReadOnlySpan<byte> data, ReadOnlySpan<byte> literal)
    {
        for (int i = 0; i < literal.Length; i++)
        {
            if (Fold(data[i]) != literal[i])
            {
                return false;
            }
        }

        return true;
    }
}
