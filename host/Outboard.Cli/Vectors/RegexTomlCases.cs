using System.Globalization;
using System.Text;
using Outboard.Regex;

namespace Outboard.Cli.Vectors;

/// <summary>
/// The tests of Rust's regex library. Its syntax and meaning differ from PCRE's in places; a case that turns on such a place says nothing about
/// a PCRE device and is excluded with the place named.
/// </summary>
internal static class RegexTomlCases
{
    public static IEnumerable<RegexCase> Read(VectorFile file) =>
        TomlTests.Parse(File.ReadAllText(file.Path), file.Shown).Select(test => Read(test, file));

    private static RegexCase Read(Dictionary<string, object> test, VectorFile file)
    {
        try
        {
            return Read(test);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidCastException)
        {
            throw new FormatException($"{file.Shown}: case {test.GetValueOrDefault("name")}: {e.Message}", e);
        }
    }

    private static RegexCase Read(Dictionary<string, object> test)
    {
        string[] patterns = test["regex"] is List<object> list ? [.. list.Cast<string>()] : [(string)test["regex"]];
        byte[] haystack = Haystack((string)test["haystack"], Flag(test, "unescape", false));
        bool all = Text(test, "match-kind", "leftmost-first") == "all";
        List<(int Id, int Start, int End)> expected = [.. ((List<object>)test["matches"]).Select(Span)];
        var one = new RegexCase((string)test["name"])
        {
            Haystack = haystack,
            Features = RegexFeatures.Find(string.Concat(patterns)),
            MustRefuse = !Flag(test, "compiles", true),
        };
        if (Exclusion(test, patterns, haystack, expected.Count, all) is { } reason)
        {
            return one with { Excluded = reason };
        }

        bool empty = all || expected.Exists(static m => m.Start == m.End);
        RegexRuleFlags flags = (empty ? RegexRuleFlags.AllowEmpty : 0)
            | (Flag(test, "case-insensitive", false) ? RegexRuleFlags.Caseless : 0)
            | (Flag(test, "anchored", false) ? RegexRuleFlags.Anchored : 0);
        if (all)
        {
            return one with
            {
                Mode = RegexConfigurationFlags.MatchAll,
                Rules = [.. patterns.Select((p, i) => new RegexRule(i, Encoding.UTF8.GetBytes(p), flags))],
                Check = answer => CompareAll(expected, answer),
            };
        }

        if (patterns.Length == 0)
        {
            return one with { Check = answer => answer.Compare([], answer.Spans) };
        }

        // Several patterns of one leftmost-first search are one alternation; which of them it was is not part of a rule's report.
        string joined = patterns.Length == 1 ? patterns[0] : string.Join('|', patterns.Select(static p => $"(?:{p})"));
        int limit = (int)Math.Min(int.MaxValue, test.TryGetValue("match-limit", out object? most) ? (long)most : int.MaxValue);
        List<(int Start, int End)> spans = [.. expected.Select(static m => (m.Start, m.End))];

        // Behind an empty match PCRE tries the same place for one that is not empty and Rust goes on, so only the first one can be compared.
        if (empty)
        {
            limit = 1;
            spans = spans[..1];
        }

        return one with
        {
            Rules = [new RegexRule(0, Encoding.UTF8.GetBytes(joined), flags)],
            Check = answer => answer.Compare(spans, answer.Spans.Take(limit)),
        };
    }

    /// <summary>Why a case says nothing about a PCRE device on bytes, or null.</summary>
    private static string? Exclusion(
        Dictionary<string, object> test, string[] patterns, byte[] haystack, int matchCount, bool all)
    {
        string pattern = string.Concat(patterns);
        bool ascii = pattern.All(char.IsAscii) && !haystack.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0xFF);
        bool overlapping = Text(test, "search-kind", "leftmost") == "overlapping";
        bool endsInNewline = haystack.AsSpan().EndsWith("\n"u8);
        bool multiline = pattern.Contains("(?m", StringComparison.Ordinal) || pattern.Contains("(?Rm", StringComparison.Ordinal)
            || pattern.Contains("(?sm", StringComparison.Ordinal);
        return !ascii ? "UTF-8 is not among the device's capabilities"
            : Text(test, "search-kind", "leftmost") == "earliest" ? "a search for the earliest end is not part of the device class"
            : all != overlapping ? "this pair of match kind and search kind is not part of the device class"
            : test.ContainsKey("line-terminator") ? "another line terminator is not part of the device class"
            : test.TryGetValue("bounds", out object? bounds) && !IsWhole(bounds, haystack) ? "a search within bounds is not part of the device class"
            : Flag(test, "anchored", false) && (matchCount > 1 || all) ? "an anchored search that goes on behind its match differs from PCRE"
            : !all && matchCount > 1 && pattern.Contains("*?", StringComparison.Ordinal) ? "what follows an empty match differs from PCRE"
            : UsesRustSyntax(pattern) ? "the pattern is in a syntax that PCRE does not have"
            : endsInNewline && (pattern.Contains('$') || (multiline && pattern.Contains('^'))) ? "^ and $ at a last newline differ from PCRE"
            : null;
    }

    private static bool UsesRustSyntax(string pattern)
    {
        string[] foreign =
        [
            "(?R", "(?-u", "(?u", "(?su", "(?iu", "(?i-u", "(?s-u", "(?sR", "(?Rm", "(?mR", "\\b{", "\\<", "\\>", "&&", "--", "~~", "\\U", "\\u", "\\p", "\\P", "[[", "[]",
            "^*", "^+", "^?", "^{", "$*", "$+", "$?", "${", "(?)", "**", "+*", "?*", "*+", "++", "?+", "+{", "*{", "}{", "}*", "}+",
        ];
        return Array.Exists(foreign, text => pattern.Contains(text, StringComparison.Ordinal) && !(text == "[[" && pattern.Contains("[[:", StringComparison.Ordinal)));
    }

    private static string? CompareAll(List<(int Id, int Start, int End)> expected, RegexAnswer answer)
    {
        HashSet<(int, int, int)> found = [.. answer.Matches.Select(static m => (m.RuleId, m.Start, m.End))];
        return found.SetEquals(expected)
            ? null
            : $"expected {RegexAnswer.Show(expected.Select(static m => (m.Start, m.End)))}, found {RegexAnswer.Show(answer.Spans)}";
    }

    private static (int Id, int Start, int End) Span(object match)
    {
        int id = 0;
        if (match is Dictionary<string, object> named)
        {
            id = (int)(long)named["id"];
            match = named.TryGetValue("span", out object? span) ? span : ((List<object>)named["spans"])[0];
        }

        var list = (List<object>)match;
        if (list[0] is List<object> whole)
        {
            list = whole;
        }

        return (id, (int)(long)list[0], (int)(long)list[1]);
    }

    private static bool IsWhole(object bounds, byte[] haystack)
    {
        (int start, int end) = bounds is Dictionary<string, object> named
            ? ((int)(long)named["start"], (int)(long)named["end"])
            : ((int)(long)((List<object>)bounds)[0], (int)(long)((List<object>)bounds)[1]);
        return start == 0 && end == haystack.Length;
    }

    private static byte[] Haystack(string text, bool unescape)
    {
        if (!unescape)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        List<byte> bytes = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
                continue;
            }

            i++;
            switch (text[i])
            {
                case 'x':
                    bytes.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    i += 2;
                    break;
                case 'n':
                    bytes.Add((byte)'\n');
                    break;
                case 'r':
                    bytes.Add((byte)'\r');
                    break;
                case 't':
                    bytes.Add((byte)'\t');
                    break;
                case '0':
                    bytes.Add(0);
                    break;
                default:
                    bytes.Add((byte)text[i]);
                    break;
            }
        }

        return [.. bytes];
    }

    private static bool Flag(Dictionary<string, object> test, string name, bool fallback) =>
        test.TryGetValue(name, out object? value) ? (bool)value : fallback;

    private static string Text(Dictionary<string, object> test, string name, string fallback) =>
        test.TryGetValue(name, out object? value) ? (string)value : fallback;
}
