using System.Text;
using System.Text.Json;
using Outboard.Regex;

namespace Outboard.Cli.Vectors;

/// <summary>Files of one pattern a line: leftmost-first matches, all ends, patterns to refuse, and large haystacks.</summary>
internal static class RegexLineCases
{
    private static readonly string[] s_limits = ["min_offset", "max_offset", "min_length"];
    private static readonly byte[][] s_wideEscapes = ["\\x{"u8.ToArray(), "\\o{"u8.ToArray(), "\\N{"u8.ToArray()];

    /// <summary>The cases of a file.</summary>
    public static IEnumerable<RegexCase> Read(VectorFile file)
    {
        int number = 0;
        foreach (string line in File.ReadLines(file.Path))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            yield return Read(line, file, number);
        }
    }

    private static RegexCase Read(string line, VectorFile file, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement test = document.RootElement;
            return test.TryGetProperty("expect", out _) ? Refusal(test)
                : test.TryGetProperty("haystack_file", out _) ? Large(test, Path.GetDirectoryName(file.Path)!)
                : Single(test);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"{file.Shown}:{number}: not a regex case: {e.Message}", e);
        }
    }

    private static RegexCase Single(JsonElement test)
    {
        byte[] haystack = Bytes(test, "haystack");
        byte[] pattern = Bytes(test, "pattern");
        string semantics = test.Text("semantics") ?? string.Empty;
        bool ends = semantics is "all-ends" or "first-end-only";
        pattern = ends ? RegexSpelling.Scripts(pattern) : pattern;
        var one = new RegexCase(test.Text("id")!)
        {
            Haystack = haystack,
            Mode = ends ? RegexConfigurationFlags.MatchAsEnd : RegexConfigurationFlags.None,
            Features = [.. Strings(test, "features"), .. RegexFeatures.Find(Encoding.Latin1.GetString(pattern))],
            Check = ends ? EndCheck(test, semantics == "all-ends") : SpanCheck(test),
        };
        if (test.TryGetProperty("ext", out JsonElement ext) && !ext.EnumerateObject().All(static limit => s_limits.Contains(limit.Name)))
        {
            return one with { Excluded = $"a limit among {ext} is not part of the device class" };
        }

        if (semantics == "leftmost-longest" || HasMinimum(test))
        {
            one = one with
            {
                Mode = RegexConfigurationFlags.MatchAll,
                Check = ends ? EndCheck(test, semantics == "all-ends") : LongestCheck(test),
            };
        }

        return WithRule(one, pattern, test);
    }

    /// <summary>A case without matches is refused or runs; what must be refused is only that.</summary>
    private static RegexCase Refusal(JsonElement test)
    {
        var one = new RegexCase(test.Text("id")!)
        {
            Features = RegexFeatures.Find(test.Text("pattern") ?? string.Empty),
            MustRefuse = test.Text("class") == "syntax" ? true : null,
        };
        RegexCase made = WithRule(one, Bytes(test, "pattern"), test);

        // A pattern that must be refused is asked for without what cannot be told: it is no better with it.
        return made.Excluded is null ? made : made with { Excluded = null, Rules = [new RegexRule(1, Bytes(test, "pattern"))] };
    }

    private static RegexCase Large(JsonElement test, string folder)
    {
        string pattern = string.Join('|', Strings(test, "patterns").Select(static p => $"(?:{p})"));
        var one = new RegexCase(test.Text("id")!)
        {
            Haystack = File.ReadAllBytes(Path.Combine(folder, test.Text("haystack_file")!)),
            Features = RegexFeatures.Find(pattern),
            Check = LargeCheck(test),
        };
        return WithRule(one, Encoding.UTF8.GetBytes(pattern), test);
    }

    private static RegexCase WithRule(RegexCase one, byte[] pattern, JsonElement test)
    {
        RegexRuleFlags flags = one.MustRefuse == false ? RegexRuleFlags.AllowEmpty : RegexRuleFlags.None;
        bool ascii = !one.Haystack.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0xFF)
            && !pattern.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0xFF);

        // On ASCII alone UTF and Unicode properties change nothing, so such a case needs neither; an escape may stand for more.
        ascii &= !Array.Exists(s_wideEscapes, escape => pattern.AsSpan().IndexOf(escape) >= 0);
        if (Asks(test, "utf"))
        {
            flags |= RegexRuleFlags.Utf;
        }

        RegexRuleFlags droppable = ascii ? RegexRuleFlags.Utf | RegexRuleFlags.UnicodeProperties : RegexRuleFlags.None;
        try
        {
            foreach (string name in Strings(test, "flags"))
            {
                switch (name)
                {
                    case "single_match" or "som_leftmost" or "allow_empty":
                    case "dollar_endonly" when !one.Haystack.AsSpan().EndsWith("\n"u8):
                        break;
                    case "dollar_endonly":
                        pattern = RegexSpelling.DollarEndOnly(pattern);
                        break;
                    case "endanchored":
                        pattern = RegexSpelling.EndAnchored(pattern);
                        break;
                    case "extended_more":
                        pattern = RegexSpelling.ExtendedMore(pattern);
                        break;
                    case "firstline" when !Asks(test, "global"):
                        one = one with { Check = FirstLineCheck(test, one.Haystack) };
                        break;
                    default:
                        flags |= RegexNames.RuleFlag(name) ?? throw new RegexSpellingException($"the device class has no rule flag for {name}");
                        break;
                }
            }
        }
        catch (RegexSpellingException e)
        {
            return one with { Excluded = e.Message };
        }

        return one with { Rules = [new RegexRule(1, pattern, flags)], Droppable = droppable };
    }

    private static bool Asks(JsonElement test, string name) => test.TryGetProperty(name, out JsonElement value) && value.GetBoolean();

    private static bool HasMinimum(JsonElement test) =>
        test.TryGetProperty("ext", out JsonElement ext) && ext.TryGetProperty("min_length", out _);

    private static Func<RegexAnswer, string?> SpanCheck(JsonElement test)
    {
        List<(int, int)> expected =
            [.. test.GetProperty("matches").EnumerateArray().Select(static m => (m[0].GetInt32(), m[1].GetInt32()))];
        int limit = test.GetProperty("global").GetBoolean() ? int.MaxValue : 1;
        return answer => answer.Compare(expected, answer.Spans.Take(limit));
    }

    /// <summary>The first match counts if it begins in the first line; a match further on could not.</summary>
    private static Func<RegexAnswer, string?> FirstLineCheck(JsonElement test, byte[] haystack)
    {
        Func<RegexAnswer, string?> check = SpanCheck(test);
        int line = haystack.AsSpan().IndexOf((byte)'\n');
        return answer => check(line < 0 ? answer : answer with { Matches = [.. answer.Matches.Take(1).Where(m => m.Start <= line)] });
    }

    /// <summary>The longest of the matches that begin first, out of all pairs of start and end.</summary>
    private static Func<RegexAnswer, string?> LongestCheck(JsonElement test)
    {
        (int, int)[] expected = [.. test.GetProperty("matches").EnumerateArray().Select(static m => (m[0].GetInt32(), m[1].GetInt32()))];
        int limit = Asks(test, "global") ? int.MaxValue : 1;
        return answer => answer.IsCut ?? answer.Compare(
            expected,
            RegexRustIteration.OutOf([.. answer.Matches.Select(static m => (m.RuleId, m.Start, m.End))], RegexRustIteration.LeftmostLongest, isAnchored: false)
                .Select(static m => (m.Start, m.End)).Take(limit));
    }

    private static Func<RegexAnswer, string?> LargeCheck(JsonElement test)
    {
        int count = (int)test.Number("match_count");
        long bytes = test.Number("match_bytes");
        (int, int) first = Pair("first_match");
        (int, int) last = Pair("last_match");
        return answer => answer.ActualCount != count ? $"expected {count} matches, found {answer.ActualCount}"
            : answer.Matches.Count == 0 ? null
            : answer.Spans.First() != first ? $"expected the first match at {first}, found {answer.Spans.First()}"
            : answer.Matches.Count != count ? null
            : answer.Spans.Last() != last ? $"expected the last match at {last}, found {answer.Spans.Last()}"
            : answer.Matches.Sum(static m => (long)m.Length) is var sum && sum != bytes ? $"expected {bytes} bytes in the matches, found {sum}"
            : null;

        (int, int) Pair(string name) =>
            test.GetProperty(name) is { ValueKind: JsonValueKind.Array } pair ? (pair[0].GetInt32(), pair[1].GetInt32()) : default;
    }

    /// <summary>Limits of offset and length choose among the ends, which does not change any other.</summary>
    private static Func<RegexAnswer, string?> EndCheck(JsonElement test, bool all)
    {
        SortedSet<int> expected = [.. test.GetProperty("ends").EnumerateArray().Select(static e => e.GetInt32())];
        bool limited = test.TryGetProperty("ext", out JsonElement ext);
        long from = Limit("min_offset", 0);
        long to = Limit("max_offset", long.MaxValue);
        long length = Limit("min_length", 0);
        return answer =>
        {
            if (limited && answer.IsCut is { } cut)
            {
                return cut;
            }

            IEnumerable<int> ends = answer.Matches.Where(m => m.Length >= length && m.End >= from && m.End <= to).Select(static m => m.End);
            int[] found = [.. length == 0 ? ends : ends.Distinct()];
            bool right = all
                ? expected.SetEquals(found) && found.Length == expected.Count
                : (expected.Count == 0) == (found.Length == 0) && Array.TrueForAll(found, expected.Contains);
            return right ? null : $"expected the ends {string.Join(' ', expected)}, found {string.Join(' ', found)}";
        };

        long Limit(string name, long fallback) =>
            limited && ext.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : fallback;
    }

    /// <summary>Text as UTF-8, or bytes in hexadecimal under the name with _hex behind it.</summary>
    internal static byte[] Bytes(JsonElement test, string name) =>
        test.TryGetProperty(name + "_hex", out _) ? test.Bytes(name + "_hex")
        : Encoding.UTF8.GetBytes(test.GetProperty(name).GetString()!);

    internal static IReadOnlyList<string> Strings(JsonElement test, string name) =>
        test.TryGetProperty(name, out JsonElement list) ? [.. list.EnumerateArray().Select(static item => item.GetString()!)] : [];
}
