using System.Text;
using System.Text.Json;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Engine;
using Outboard.Simd;
using Outboard.Testing;

namespace Outboard.Plugins.Regex.Tests.Vectors;

/// <summary>The published regex vectors, through the engine at every width.</summary>
public sealed class SharedVectorTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("pcre2.jsonl", 300)]
    [InlineData("re2.jsonl", 0)]
    [InlineData("recog.jsonl", 900)]
    public void LeftmostFirstVectorsAgree(string name, int least)
    {
        SortedDictionary<string, int> skipped = [];
        List<string> failed = [];
        int passed = 0;
        foreach (JsonElement test in JsonVectors.Read(name))
        {
            RuleOptions options = JsonVectors.Options(test, out string? unknown) | RuleOptions.AllowEmpty;
            byte[] haystack = JsonVectors.Bytes(test, "haystack");
            byte[] pattern = JsonVectors.Bytes(test, "pattern");
            if (unknown is not null)
            {
                Count(skipped, $"flag {unknown}");
                continue;
            }

            if (!TryCompile(new RuleSource(1, 0, pattern, options), MatchMode.FindAll, test, skipped, failed, out RegexDatabase? database))
            {
                continue;
            }

            bool global = test.GetProperty("global").GetBoolean();
            List<(int, int)> expected =
                [.. test.GetProperty("matches").EnumerateArray().Select(static m => (m[0].GetInt32(), m[1].GetInt32()))];
            foreach (SimdWidth width in ScannerFactory.Widths)
            {
                List<(int, int)> found =
                    [.. ScannerFactory.Matches(database!, width, haystack, 4096).Select(static m => (m.Start, m.End))];
                found = global ? found : found[..Math.Min(1, found.Count)];
                if (expected.SequenceEqual(found))
                {
                    passed++;
                }
                else
                {
                    failed.Add($"{test.GetProperty("id")} {width} expected {string.Join(' ', expected)} found {string.Join(' ', found)}");
                }
            }
        }

        Report(name, passed, failed, skipped);
        Assert.Empty(failed);
        Assert.True(passed >= least);
    }

    [Fact]
    public void EveryEndOfTheHyperscanVectorsAgrees()
    {
        SortedDictionary<string, int> skipped = [];
        List<string> failed = [];
        int passed = 0;
        foreach (JsonElement test in JsonVectors.Read("hyperscan.jsonl"))
        {
            RuleOptions options = JsonVectors.Options(test, out string? unknown) | RuleOptions.AllowEmpty;
            byte[] haystack = JsonVectors.Bytes(test, "haystack");
            byte[] pattern = JsonVectors.Bytes(test, "pattern");
            if (unknown is not null || test.TryGetProperty("ext", out _))
            {
                Count(skipped, unknown is null ? "extended parameters" : $"flag {unknown}");
                continue;
            }

            if (Encoding.UTF8.GetString(pattern).Contains("\\p{Mongolian}", StringComparison.Ordinal))
            {
                Count(skipped, "PCRE2 since 10.40 reads a script's name as its extensions");
                continue;
            }

            if (!TryCompile(new RuleSource(1, 0, pattern, options), MatchMode.Ends, test, skipped, failed, out RegexDatabase? database))
            {
                continue;
            }

            HashSet<int> expected = [.. test.GetProperty("ends").EnumerateArray().Select(static e => e.GetInt32())];
            bool firstOnly = test.GetProperty("semantics").GetString() == "first-end-only";
            foreach (SimdWidth width in ScannerFactory.Widths)
            {
                List<int> found = [.. ScannerFactory.Matches(database!, width, haystack, 4096).Select(static m => m.End)];
                bool right = firstOnly
                    ? (expected.Count == 0) == (found.Count == 0) && found.All(expected.Contains)
                    : expected.SetEquals(found) && found.Count == expected.Count;
                if (right)
                {
                    passed++;
                }
                else
                {
                    failed.Add($"{test.GetProperty("id")} {width} {test.GetProperty("pattern")} expected {string.Join(' ', expected.Order())} found {string.Join(' ', found)}");
                }
            }
        }

        Report("hyperscan.jsonl", passed, failed, skipped);
        Assert.Empty(failed);
        Assert.True(passed > 1000);
    }

    [Theory]
    [InlineData("ids")]
    [InlineData("crs")]
    public void RuleSetsAgreeOnEveryPayload(string name)
    {
        List<RuleSource> sources = [];
        HashSet<uint> literals = [];
        SortedDictionary<string, int> skipped = [];
        foreach (JsonElement test in JsonVectors.Read($"{name}-patterns.jsonl"))
        {
            uint id = test.GetProperty("id").GetUInt32();
            RuleOptions options = JsonVectors.Options(test, out string? unknown) | RuleOptions.AllowEmpty;
            Assert.Null(unknown);
            bool literal = test.GetProperty("kind").GetString() == "literal";
            byte[] pattern = literal ? Quote(test.GetProperty("hex").GetString()!) : JsonVectors.Bytes(test, "pattern");
            var source = new RuleSource(id, 0, pattern, options);
            if (DatabaseCompiler.Compile([source], MatchMode.FindAll, out IReadOnlyList<RuleRefusal> refusals) is null)
            {
                Assert.NotEqual(PatternRefusal.Syntax, refusals[0].Kind);
                Count(skipped, refusals[0].Reason);
                continue;
            }

            sources.Add(source);
            if (literal)
            {
                literals.Add(id);
            }
        }

        HashSet<uint> taken = [.. sources.Select(static s => s.Id)];
        RegexDatabase database = ScannerFactory.Database(MatchMode.FindAll, [.. sources]);
        RegexDatabase ends = ScannerFactory.Database(MatchMode.Ends, [.. sources.Where(s => literals.Contains(s.Id))]);
        RegexScanner[] scanners = [.. ScannerFactory.Widths.Select(w => ScannerFactory.Scanner(database, w))];
        RegexScanner endScanner = ScannerFactory.Scanner(ends, ScannerFactory.Widths[^1]);
        foreach (JsonElement test in JsonVectors.Read($"{name}-cases.jsonl"))
        {
            byte[] payload = JsonVectors.Bytes(test, "haystack");
            Dictionary<uint, (int Start, int End, int Count)> expected = [];
            foreach (JsonElement match in test.GetProperty("matches").EnumerateArray())
            {
                JsonElement first = match.GetProperty("first");
                expected[match.GetProperty("p").GetUInt32()] =
                    (first[0].GetInt32(), first[1].GetInt32(), match.GetProperty("count").GetInt32());
            }

            List<(uint Id, int Start, int End)> overlapping = ScannerFactory.Matches(ends, endScanner, payload);
            foreach (RegexScanner scanner in scanners)
            {
                var found = ScannerFactory.Matches(database, scanner, payload).GroupBy(static m => m.Id)
                    .ToDictionary(static g => g.Key, static g => (g.First().Start, g.First().End, Count: g.Count()));
                foreach ((uint id, (int start, int end, int count)) in expected.Where(e => taken.Contains(e.Key)))
                {
                    Assert.True(found.TryGetValue(id, out (int Start, int End, int Count) got), $"{test.GetProperty("id")} rule {id}");
                    Assert.Equal((start, end), (got.Start, got.End));
                    Assert.Equal(count, literals.Contains(id) ? overlapping.Count(m => m.Id == id) : got.Count);
                }

                Assert.All(found.Keys, id => Assert.Contains(id, expected));
            }
        }

        Report(name, sources.Count, [], skipped);
    }

    [Fact]
    public void LargeHaystacksAgree()
    {
        int run = 0;
        foreach (JsonElement test in JsonVectors.Read("large-haystack.jsonl"))
        {
            RuleOptions options = JsonVectors.Options(test, out _) | RuleOptions.AllowEmpty;
            if (test.GetProperty("utf").GetBoolean())
            {
                continue;
            }

            string all = string.Join('|', test.GetProperty("patterns").EnumerateArray().Select(static p => $"(?:{p.GetString()})"));
            RuleSource source = new(1, 0, System.Text.Encoding.UTF8.GetBytes(all), options);
            RegexDatabase? database = DatabaseCompiler.Compile([source], MatchMode.FindAll, out IReadOnlyList<RuleRefusal> refusals);
            if (database is null)
            {
                Assert.NotEqual(PatternRefusal.Syntax, refusals[0].Kind);
                continue;
            }

            byte[] haystack = File.ReadAllBytes(SharedVectors.Require($"regex/{test.GetProperty("haystack_file").GetString()}"));
            RegexScanner scanner = ScannerFactory.Scanner(database, ScannerFactory.Widths[^1], 1 << 19);
            List<(uint Id, int Start, int End)> found = ScannerFactory.Matches(database, scanner, haystack, 1 << 19);
            Assert.False(scanner.BudgetSpent, $"{test.GetProperty("id")}: the budget was spent");
            string id = test.GetProperty("id").GetString()!;
            Assert.True(test.GetProperty("match_count").GetInt32() == found.Count, id);
            Assert.Equal(test.GetProperty("match_bytes").GetInt64(), found.Sum(static m => (long)m.End - m.Start));
            run++;
        }

        Assert.True(run > 0);
    }

    [Fact]
    public void BadPatternsAreRefused()
    {
        foreach (JsonElement test in JsonVectors.Read("bad-patterns.jsonl"))
        {
            if (test.GetProperty("class").GetString() != "syntax")
            {
                continue;
            }

            RuleOptions options = JsonVectors.Options(test, out _);
            var source = new RuleSource(1, 0, JsonVectors.Bytes(test, "pattern"), options);
            Assert.True(
                DatabaseCompiler.Compile([source], MatchMode.FindAll, out _) is null,
                $"{test.GetProperty("id")} was taken");
        }
    }

    private static byte[] Quote(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        return System.Text.Encoding.ASCII.GetBytes(string.Concat(bytes.Select(static b => $"\\x{b:X2}")));
    }

    private static bool TryCompile(
        RuleSource source,
        MatchMode mode,
        JsonElement test,
        SortedDictionary<string, int> skipped,
        List<string> failed,
        out RegexDatabase? database)
    {
        database = DatabaseCompiler.Compile([source], mode, out IReadOnlyList<RuleRefusal> refusals);
        if (database is not null)
        {
            return true;
        }

        if (refusals[0].Kind == PatternRefusal.Syntax && !refusals[0].Reason.Contains("patterns are bytes", StringComparison.Ordinal))
        {
            failed.Add($"{test.GetProperty("id")} refused: {refusals[0]}");
        }
        else
        {
            Count(skipped, refusals[0].Reason);
        }

        return false;
    }

    private static void Count(SortedDictionary<string, int> counts, string key) =>
        counts[key] = counts.GetValueOrDefault(key) + 1;

    private void Report(string name, int passed, List<string> failed, SortedDictionary<string, int> skipped)
    {
        output.WriteLine($"{name}: {passed} passed, {failed.Count} failed, {skipped.Values.Sum()} skipped");
        foreach (string line in failed)
        {
            output.WriteLine(line);
        }

        foreach ((string reason, int count) in skipped)
        {
            output.WriteLine($"  {count} x {reason}");
        }
    }
}
