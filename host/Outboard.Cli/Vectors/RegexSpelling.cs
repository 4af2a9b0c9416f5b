using System.Text;
using System.Text.RegularExpressions;

namespace Outboard.Cli.Vectors;

/// <summary>PCRE options that the device class has no rule flag for, spelt in the pattern itself where that is exact.</summary>
internal static partial class RegexSpelling
{
    /// <summary>The pattern must end at the very end of the payload.</summary>
    public static byte[] EndAnchored(byte[] pattern)
    {
        (byte[] verbs, byte[] rest) = Split(pattern);

        // What is quoted or commented to the end of the pattern must not take the parenthesis with it.
        string close = Text(rest).Contains("\\Q", StringComparison.Ordinal) ? "\\E" : string.Empty;
        return Text(rest).Contains('#')
            ? throw new RegexSpellingException("the device class has no rule flag for endanchored, and a comment may hide its spelling")
            : [.. verbs, .. "(?:"u8, .. rest, .. Encoding.Latin1.GetBytes(close), .. ")\\z"u8];
    }

    /// <summary>White space is skipped in classes too.</summary>
    public static byte[] ExtendedMore(byte[] pattern)
    {
        (byte[] verbs, byte[] rest) = Split(pattern);
        return [.. verbs, .. "(?xx)"u8, .. rest];
    }

    /// <summary>A dollar stands for the very end alone, where it is not told to stand for ends of lines.</summary>
    public static byte[] DollarEndOnly(byte[] pattern)
    {
        if (!pattern.Contains((byte)'$'))
        {
            return pattern;
        }

        string text = Text(pattern);
        if (MultiLine().IsMatch(text) || text.Contains("\\Q", StringComparison.Ordinal))
        {
            throw new RegexSpellingException("the device class has no rule flag for dollar_endonly, and (?m) or \\Q changes what a dollar is");
        }

        var spelt = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when i + 1 < text.Length:
                    spelt.Append(text, i++, 2);
                    break;
                case '[':
                    int end = ClassEnd(text, i);
                    spelt.Append(text, i, end - i);
                    i = end - 1;
                    break;
                case '$':
                    spelt.Append("\\z");
                    break;
                default:
                    spelt.Append(text[i]);
                    break;
            }
        }

        return Encoding.Latin1.GetBytes(spelt.ToString());
    }

    /// <summary>The name of a script is that script, as it was before PCRE2 10.40; since then it is the script with its extensions.</summary>
    public static byte[] Scripts(byte[] pattern) => Encoding.Latin1.GetBytes(Script().Replace(Text(pattern), "$1sc:$2"));

    /// <summary>Just behind the class that begins at an offset.</summary>
    private static int ClassEnd(string text, int at)
    {
        int i = at + 1;
        i += i < text.Length && text[i] == '^' ? 1 : 0;
        for (bool first = true; i < text.Length; i++, first = false)
        {
            if (text[i] == ']' && !first)
            {
                return i + 1;
            }

            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '[' && i + 1 < text.Length && text[i + 1] == ':' && text.IndexOf(":]", i + 2, StringComparison.Ordinal) is > 0 and var close)
            {
                i = close + 1;
            }
        }

        return text.Length;
    }

    /// <summary>Settings such as (*UTF) count only where the pattern begins.</summary>
    private static (byte[] Verbs, byte[] Body) Split(byte[] pattern)
    {
        int length = Verbs().Match(Text(pattern)).Length;
        return (pattern[..length], pattern[length..]);
    }

    private static string Text(byte[] pattern) => Encoding.Latin1.GetString(pattern);

    /// <summary>Names of more than two letters, and one of two; the shorter ones and what begins with X are no scripts.</summary>
    [GeneratedRegex("""(\\[pP]\{\^?)(?!Any\}|X)(Yi|[A-Z][A-Za-z_]{2,})(?=\})""")]
    private static partial System.Text.RegularExpressions.Regex Script();

    [GeneratedRegex("""\(\?[a-zA-Z^]*m""")]
    private static partial System.Text.RegularExpressions.Regex MultiLine();

    [GeneratedRegex("""\A(?:\(\*[A-Z_]+(?:=\d+)?\))*""")]
    private static partial System.Text.RegularExpressions.Regex Verbs();
}
