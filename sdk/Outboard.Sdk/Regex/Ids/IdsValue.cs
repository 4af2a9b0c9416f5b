using System.Globalization;
using System.Text;

namespace Outboard.Regex.Ids;

/// <summary>Reads the values of options.</summary>
internal static class IdsValue
{
    /// <summary>The greatest position in a payload that a rule may name.</summary>
    public const int PositionMax = 1 << 20;

    private const int ContentLengthMax = 4096;

    /// <summary>A value without its quotes and the backslashes of its escapes.</summary>
    public static string Unquote(string value)
    {
        string inner = value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;
        if (!inner.Contains('\\', StringComparison.Ordinal))
        {
            return inner;
        }

        var text = new StringBuilder(inner.Length);
        for (int i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '\\' && i + 1 < inner.Length && inner[i + 1] is '"' or ';' or ':' or '\\' or '|')
            {
                i++;
            }

            text.Append(inner[i]);
        }

        return text.ToString();
    }

    /// <summary>A number from 0.</summary>
    public static uint ParseUnsigned(IdsOption option) =>
        uint.TryParse(option.Value, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? number
            : throw new FormatException($"{option.Name}: '{option.Value}' is not a number from 0 to {uint.MaxValue}");

    /// <summary>The bytes of a content, and what stands behind its quotes.</summary>
    public static IdsContent ParseContent(string value, string buffer, out string modifiers)
    {
        bool isNegated = value.StartsWith('!');
        ReadOnlySpan<char> rest = value.AsSpan(isNegated ? 1 : 0).TrimStart();
        if (rest.IsEmpty || rest[0] != '"')
        {
            throw new FormatException("content: its text stands in quotes");
        }

        var bytes = new List<byte>();
        bool isHex = false;
        int i = 1;
        for (; i < rest.Length && rest[i] != '"'; i++)
        {
            char c = rest[i];
            if (c == '|')
            {
                isHex = !isHex;
            }
            else if (isHex)
            {
                ReadHex(rest, ref i, bytes);
            }
            else if (c == '\\')
            {
                i++;
                bytes.Add(i < rest.Length && rest[i] is '"' or ';' or ':' or '\\' or '|'
                    ? (byte)rest[i]
                    : throw new FormatException("content: a backslash stands before \" ; : \\ or | only; other bytes are written |5C|"));
            }
            else
            {
                bytes.Add((byte)c);
            }
        }

        if (i >= rest.Length || isHex)
        {
            throw new FormatException(isHex ? "content: a | is not closed" : "content: its quote is not closed");
        }

        if (bytes.Count is 0 or > ContentLengthMax)
        {
            throw new FormatException($"content: {bytes.Count} bytes; 1 to {ContentLengthMax} are possible");
        }

        modifiers = ReadModifiers(rest[(i + 1)..].Trim());
        return new IdsContent(buffer, bytes.ToArray()) { IsNegated = isNegated };
    }

    /// <summary>The pattern, the flags and the buffer of a pcre.</summary>
    public static IdsPcre ParsePcre(string value, string buffer)
    {
        bool isNegated = value.StartsWith('!');
        string rest = value[(isNegated ? 1 : 0)..].TrimStart();
        if (rest.Length < 2 || rest[0] != '"' || rest[^1] != '"')
        {
            throw new FormatException("pcre: its pattern stands in quotes");
        }

        rest = rest[1..^1];
        int open = rest.StartsWith('m') && rest.Length > 1 ? 1 : 0;
        int close = rest.Length > open ? rest.LastIndexOf(rest[open]) : -1;
        if (rest.Length <= open || (open == 0 && rest[0] != '/') || close <= open + 1)
        {
            throw new FormatException("pcre: a pattern is written /pattern/flags");
        }

        byte[] pattern = Encoding.Latin1.GetBytes(rest[(open + 1)..close]);
        var pcre = new IdsPcre(buffer, pattern, RegexRuleFlags.None) { IsNegated = isNegated };
        foreach (char flag in rest.AsSpan(close + 1))
        {
            pcre = Apply(pcre, flag);
        }

        return pcre;
    }

    private static IdsPcre Apply(IdsPcre pcre, char flag) => flag switch
    {
        'i' => pcre with { Flags = pcre.Flags | RegexRuleFlags.Caseless },
        's' => pcre with { Flags = pcre.Flags | RegexRuleFlags.DotAll },
        'm' => pcre with { Flags = pcre.Flags | RegexRuleFlags.MultiLine },
        'x' => pcre with { Flags = pcre.Flags | RegexRuleFlags.Extended },
        'A' => pcre with { Flags = pcre.Flags | RegexRuleFlags.Anchored },
        'G' => pcre with { Flags = pcre.Flags | RegexRuleFlags.Ungreedy },
        'E' => pcre with { IsDollarEnd = true },
        'R' => pcre with { IsRelative = true },

        // Limits of an engine, and the raw payload, which is searched anyway.
        'O' or 'B' => pcre,
        _ when IdsBufferNames.OfPcreFlag(flag) is { } name => pcre with { BufferName = name },
        _ => throw new FormatException($"pcre: the flag '{flag}' is not known"),
    };

    private static string ReadModifiers(ReadOnlySpan<char> rest) =>
        rest.IsEmpty ? string.Empty
        : rest[0] == ',' ? rest[1..].ToString()
        : throw new FormatException("content: behind its quotes stand a semicolon, or a comma and modifiers");

    private static void ReadHex(ReadOnlySpan<char> text, ref int at, List<byte> bytes)
    {
        if (char.IsWhiteSpace(text[at]))
        {
            return;
        }

        if (at + 1 >= text.Length || !char.IsAsciiHexDigit(text[at]) || !char.IsAsciiHexDigit(text[at + 1]))
        {
            throw new FormatException("content: between two | stand pairs of hexadecimal digits");
        }

        bytes.Add(byte.Parse(text.Slice(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        at++;
    }
}
