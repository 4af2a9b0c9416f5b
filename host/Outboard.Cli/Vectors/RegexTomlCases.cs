using System.Globalization;
using System.Text;
using Outboard.Regex;

namespace Outboard.Cli.Vectors;

/// <summary>
/// The tests of Rust's regex library. Its syntax and meaning differ from PCRE's in places, so a pattern is spelt anew (see
/// <see cref="RegexRustPattern"/>) and matches are compared in the order in which Rust goes on; what has no exact spelling is excluded with the
/// reason.
/// </summary>
internal static class RegexTomlCases
{
    private const string LiteFile = "regex-lite.toml";

    public static IEnumerable<RegexCase> Read(VectorFile file) =>
        TomlTests.Parse(File.ReadAllText(file.Path), file.Shown).Select(test => Read(test, file));

    private static RegexCase Read(Dictionary<string, object> test, VectorFile file)
    {
        try
        {
            // The library of this file knows no Unicode beyond whole characters.
            if (file.FileName == LiteFile)
            {
                test["unicode"] = false;
            }

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
        bool compiles = Flag(test, "compiles", true);
        var one = new RegexCase((string)test["name"]) { Haystack = haystack, MustRefuse = !compiles };
        if (!compiles)
        {
            return string.Concat(patterns) == "(?)"
                ? one with { Excluded = "what is no pattern in Rust is one in PCRE" }
                : one with { Rules = [new RegexRule(0, Encoding.UTF8.GetBytes(string.Concat(patterns)))] };
        }

        try
        {
            return Read(test, one, patterns);
        }
        catch (RegexSpellingException e)
        {
            return one with { Excluded = e.Message };
        }
    }

    private static RegexCase Read(Dictionary<string, object> test, RegexCase one, string[] patterns)
    {
        bool all = Text(test, "match-kind", "leftmost-first") == "all";
        string search = Text(test, "search-kind", "leftmost");
        bool anchored = Flag(test, "anchored", false);
        List<(int Id, int Start, int End)> expected = [.. ((List<object>)test["matches"]).Select(Span)];
        int limit = (int)Math.Min(int.MaxValue, test.TryGetValue("match-limit", out object? most) ? (long)most : int.MaxValue);
        if (search == "overlapping" && !all)
        {
            throw new RegexSpellingException("overlapping matches of the leftmost-first kind are those of its automaton");
        }

        bool derived = all || search == "earliest";
        RegexRuleFlags flags = RegexRuleFlags.AllowEmpty;
        string[] spelt = Spell(test, patterns, one.Haystack, out bool utf);
        flags |= utf ? RegexRuleFlags.Utf | RegexRuleFlags.UnicodeProperties : 0;
        bool isOne = search == "overlapping" || expected.Count <= 1;
        spelt = [.. spelt.Select(pattern => Bound(test, pattern, one.Haystack, utf, anchored, isOne))];
        flags |= anchored && !test.ContainsKey("bounds") && (search == "overlapping" || (!derived && isOne)) ? RegexRuleFlags.Anchored : 0;
        if (anchored && !derived && !isOne)
        {
            spelt = [.. spelt.Select(static pattern => $"\\G(?:{pattern})")];
        }

        one = one with
        {
            Features = [.. RegexFeatures.Find(string.Concat(spelt)), .. utf ? (string[])["unicode_class"] : []],
        };
        Func<int, bool> isBoundary = Flag(test, "utf8", true) ? at => IsBoundary(one.Haystack, at) : static _ => true;
        if (derived)
        {
            return one with
            {
                Mode = RegexConfigurationFlags.MatchAll,
                Rules = [.. spelt.Select((p, i) => new RegexRule(i, Encoding.UTF8.GetBytes(p), flags))],
                Check = answer => answer.IsCut ?? (search == "overlapping"
                    ? CompareAll(expected, answer, isBoundary)
                    : CompareDerived(expected, answer, search == "earliest", anchored, limit)),
            };
        }

        if (patterns.Length == 0)
        {
            return one with { Check = answer => answer.Compare([], answer.Spans) };
        }

        // Several patterns of one leftmost-first search are one alternation; which of them it was is not part of a rule's report.
        string joined = spelt.Length == 1 ? spelt[0] : string.Join('|', spelt.Select(static p => $"(?:{p})"));
        (int Start, int End)[] spans = [.. expected.Select(static m => (m.Start, m.End))];
        return one with
        {
            Rules = [new RegexRule(0, Encoding.UTF8.GetBytes(joined), flags)],
            Check = answer => Compare(spans, answer, isBoundary, anchored, limit),
        };
    }

    /// <summary>The patterns in PCRE's syntax: for bytes where that is exact, otherwise for UTF-8.</summary>
    private static string[] Spell(Dictionary<string, object> test, string[] patterns, byte[] haystack, out bool utf)
    {
        bool ascii = string.Concat(patterns).All(char.IsAscii) && !haystack.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0xFF)
            && !Array.Exists(patterns, static pattern => pattern.Contains("\\u", StringComparison.Ordinal));
        byte[]? terminator = test.TryGetValue("line-terminator", out object? text) ? Haystack((string)text, unescape: true) : null;
        var options = new RegexRustOptions(
            IsUtf: false,
            ascii,
            Flag(test, "unicode", true),
            Flag(test, "utf8", true),
            Flag(test, "case-insensitive", false),
            haystack.AsSpan().EndsWith("\n"u8),
            terminator is null ? null : terminator[^1]);
        utf = false;
        try
        {
            return [.. patterns.Select(pattern => RegexRustPattern.Spell(pattern, options))];
        }
        catch (RegexSpellingException e) when (e.Message == RegexSpellingException.NeedsUtf && System.Text.Unicode.Utf8.IsValid(haystack))
        {
            utf = true;
            return [.. patterns.Select(pattern => RegexRustPattern.Spell(pattern, options with { IsUtf = true }))];
        }
    }

    /// <summary>
    /// A search within bounds sees what lies around them, and so does this: as many characters must stand before a match and behind it.
    /// </summary>
    private static string Bound(Dictionary<string, object> test, string pattern, byte[] haystack, bool utf, bool anchored, bool isOne)
    {
        if (!test.TryGetValue("bounds", out object? bounds))
        {
            return pattern;
        }

        (int start, int end) = bounds is Dictionary<string, object> named
            ? ((int)(long)named["start"], (int)(long)named["end"])
            : ((int)(long)((List<object>)bounds)[0], (int)(long)((List<object>)bounds)[1]);
        if (utf && !(IsBoundary(haystack, start) && IsBoundary(haystack, end)))
        {
            throw new RegexSpellingException("bounds within a character have no spelling in UTF-8");
        }

        if (anchored && !isOne)
        {
            throw new RegexSpellingException("several anchored matches within bounds have no spelling in PCRE");
        }

        int before = utf ? Encoding.UTF8.GetCharCount(haystack.AsSpan(0, start)) : start;
        int behind = utf ? Encoding.UTF8.GetCharCount(haystack.AsSpan(end)) : haystack.Length - end;
        string from = anchored ? (before == 0 ? "\\A" : $"(?<=\\A(?s:.){{{before}}})") : before == 0 ? string.Empty : $"(?<=(?s:.){{{before}}})";
        string to = behind == 0 ? string.Empty : $"(?=(?s:.){{{behind}}})";
        return $"{from}(?:{pattern}){to}";
    }

    private static bool IsBoundary(byte[] haystack, int at) => at >= haystack.Length || (haystack[at] & 0xC0) != 0x80;

    private static string? Compare(
        IReadOnlyList<(int Start, int End)> expected, RegexAnswer answer, Func<int, bool> isBoundary, bool anchored, int limit)
    {
        (List<(int Start, int End)> found, bool whole) = RegexRustIteration.Of(answer.Spans, isBoundary, anchored);
        int count = Math.Min(limit, whole ? int.MaxValue : found.Count);
        return answer.Compare([.. expected.Take(count)], found.Take(count));
    }

    private static string? CompareAll(List<(int Id, int Start, int End)> expected, RegexAnswer answer, Func<int, bool> isBoundary)
    {
        HashSet<(int, int, int)> found =
        [
            .. answer.Matches.Where(m => m.Length != 0 || isBoundary(m.Start)).Select(static m => (m.RuleId, m.Start, m.End)),
        ];
        return found.SetEquals(expected)
            ? null
            : $"expected {RegexAnswer.Show(expected.Select(static m => (m.Start, m.End)))}, found {RegexAnswer.Show(answer.Spans)}";
    }

    /// <summary>The earliest match of a search has the first end there is, the leftmost of all kinds the last.</summary>
    private static string? CompareDerived(
        List<(int Id, int Start, int End)> expected, RegexAnswer answer, bool earliest, bool anchored, int limit)
    {
        List<(int Id, int Start, int End)> found = RegexRustIteration.OutOf(
            [.. answer.Matches.Select(static m => (m.RuleId, m.Start, m.End))],
            earliest ? RegexRustIteration.Earliest : RegexRustIteration.Last,
            anchored);
        return expected.SequenceEqual(found.Take(limit))
            ? null
            : $"expected {RegexAnswer.Show(expected.Select(static m => (m.Start, m.End)))}, found {RegexAnswer.Show(found.Select(static m => (m.Start, m.End)))}";
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
