using System.Text;
using System.Text.Json;
using Outboard.Regex;

namespace Outboard.Cli.Vectors;

/// <summary>Files of one pattern a line: leftmost-first matches, all ends, patterns to refuse, and large haystacks.</summary>
internal static class RegexLineCases
{
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
        var one = new RegexCase(test.Text("id")!)
        {
            Haystack = haystack,
            Mode = ends ? RegexConfigurationFlags.MatchAsEnd : RegexConfigurationFlags.None,
            Features = [.. Strings(test, "features"), .. RegexFeatures.Find(Encoding.Latin1.GetString(pattern))],
            Check = ends ? EndCheck(test, semantics == "all-ends") : SpanCheck(test),
        };
        if (test.TryGetProperty("ext", out _))
        {
            return one with { Excluded = "limits of offset and length (ext) are not part of the device class" };
        }

        if (semantics == "leftmost-longest")
        {
            return one with { Excluded = "the leftmost-longest preference is not part of the device class" };
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

        // A pattern that must be refused is asked for without the flags that are not offered: it is no better with them.
        return made.Excluded is null ? made : made with { Excluded = null, Rules = [new RegexRule(1, Bytes(test, "pattern"))] };
    }

    private static RegexCase Large(JsonElement test, string folder)
    {
        string pattern = string.Join('|', Strings(test, "patterns").Select(static p => $"(?:{p})"));
        int count = (int)test.Number("match_count");
        long bytes = test.Number("match_bytes");
        var one = new RegexCase(test.Text("id")!)
        {
            Haystack = File.ReadAllBytes(Path.Combine(folder, test.Text("haystack_file")!)),
            Features = RegexFeatures.Find(pattern),
            Check = answer => answer.ActualCount != count ? $"expected {count} matches, found {answer.ActualCount}"
                : answer.Matches.Count == count && answer.Matches.Sum(static m => (long)m.Length) is var sum && sum != bytes
                    ? $"expected {bytes} bytes in the matches, found {sum}"
                : null,
        };
        if (test.TryGetProperty("utf", out JsonElement utf) && utf.GetBoolean())
        {
            return one with { Rules = [new RegexRule(1, Encoding.UTF8.GetBytes(pattern), RegexRuleFlags.Utf)] };
        }

        return WithRule(one, Encoding.UTF8.GetBytes(pattern), test);
    }

    private static RegexCase WithRule(RegexCase one, byte[] pattern, JsonElement test)
    {
        RegexRuleFlags flags = one.MustRefuse == false ? RegexRuleFlags.AllowEmpty : RegexRuleFlags.None;
        bool ascii = !one.Haystack.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0xFF)
            && !pattern.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0xFF);

        // On ASCII alone UTF and Unicode properties change nothing, so such a case needs neither; an escape may stand for more.
        ascii &= !Array.Exists(s_wideEscapes, escape => pattern.AsSpan().IndexOf(escape) >= 0);
        if (test.TryGetProperty("utf", out JsonElement utf) && utf.GetBoolean() && !ascii)
        {
            flags |= RegexRuleFlags.Utf;
        }

        foreach (string name in Strings(test, "flags"))
        {
            switch (name)
            {
                case "ucp" when ascii:
                case "single_match" or "som_leftmost" or "allow_empty":
                case "dollar_endonly" when !one.Haystack.AsSpan().EndsWith("\n"u8):
                    break;
                case "endanchored":
                    pattern = [.. "(?:"u8, .. pattern, .. ")\\z"u8];
                    break;
                case "extended_more":
                    pattern = [.. "(?xx)"u8, .. pattern];
                    break;
                default:
                    if (RegexNames.RuleFlag(name) is not { } flag)
                    {
                        return one with { Excluded = $"the device class has no rule flag for {name}" };
                    }

                    flags |= flag;
                    break;
            }
        }

        return one with { Rules = [new RegexRule(1, pattern, flags)] };
    }

    private static Func<RegexAnswer, string?> SpanCheck(JsonElement test)
    {
        List<(int, int)> expected =
            [.. test.GetProperty("matches").EnumerateArray().Select(static m => (m[0].GetInt32(), m[1].GetInt32()))];
        int limit = test.GetProperty("global").GetBoolean() ? int.MaxValue : 1;
        return answer => answer.Compare(expected, answer.Spans.Take(limit));
    }

    private static Func<RegexAnswer, string?> EndCheck(JsonElement test, bool all)
    {
        SortedSet<int> expected = [.. test.GetProperty("ends").EnumerateArray().Select(static e => e.GetInt32())];
        return answer =>
        {
            int[] found = [.. answer.Matches.Select(static m => m.End)];
            bool right = all
                ? expected.SetEquals(found) && found.Length == expected.Count
                : (expected.Count == 0) == (found.Length == 0) && Array.TrueForAll(found, expected.Contains);
            return right ? null : $"expected the ends {string.Join(' ', expected)}, found {string.Join(' ', found)}";
        };
    }

    /// <summary>Text as UTF-8, or bytes in hexadecimal under the name with _hex behind it.</summary>
    internal static byte[] Bytes(JsonElement test, string name) =>
        test.TryGetProperty(name + "_hex", out _) ? test.Bytes(name + "_hex")
        : Encoding.UTF8.GetBytes(test.GetProperty(name).GetString()!);

    internal static IReadOnlyList<string> Strings(JsonElement test, string name) =>
        test.TryGetProperty(name, out JsonElement list) ? [.. list.EnumerateArray().Select(static item => item.GetString()!)] : [];
}
