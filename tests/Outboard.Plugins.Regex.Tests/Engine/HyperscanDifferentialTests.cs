using System.Text;
using System.Text.Json;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;
using Outboard.Plugins.Regex.Tests.Vectors;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Tests.Engine;

/// <summary>Match-as-end and leftmost starts against Hyperscan, over the patterns that Hyperscan takes.</summary>
public sealed class HyperscanDifferentialTests(ITestOutputHelper output)
{
    private const int Patterns = 1500;
    private const int PayloadsPerPattern = 4;
    private const int DifferencesShown = 12;

    /// <summary>What a pattern may hold so that Hyperscan means the same by it.</summary>
    private const RegexCapabilities Shared = RegexCapabilities.Greedy | RegexCapabilities.WordBoundary;

    private static readonly RegexRuleFlags s_sharedFlags =
        RegexRuleFlags.AllowEmpty | RegexRuleFlags.Caseless | RegexRuleFlags.DotAll | RegexRuleFlags.MultiLine;

    [Theory]
    [InlineData("ids")]
    [InlineData("crs")]
    public void TheEndsOfRuleSetsAreThoseOfHyperscan(string name)
    {
        Hyperscan.SkipIfAbsent();
        using var bench = new DeviceBench(DeviceBench.Widths[^1], RegexConfigurationFlags.MatchAsEnd, matchesMax: 65535, ops: 3);
        List<RegexRule> rules = [.. JsonVectors.Read($"{name}-patterns.jsonl").Select(ReadRule)];
        int all = rules.Count;
        HashSet<int> refused = [.. bench.TrySetRules(rules).Select(static e => e.RuleId)];
        rules.RemoveAll(rule => refused.Contains(rule.Id));
        List<(uint Id, byte[] Pattern, uint Flags)> theirs =
            [.. rules.Select(static rule => ((uint)rule.Id, rule.Pattern.ToArray(), Flags(rule.Flags)))];
        using Hyperscan together = Hyperscan.CompileTaken(theirs);
        HashSet<int> taken = [.. theirs.Select(static t => (int)t.Id)];
        rules.RemoveAll(rule => !taken.Contains(rule.Id));
        bench.SetRules(rules);
        int payloads = 0;
        int matches = 0;
        List<string> differences = [];
        foreach (JsonElement test in JsonVectors.Read($"{name}-cases.jsonl"))
        {
            byte[] payload = JsonVectors.Bytes(test, "haystack");
            SortedSet<(int Rule, int Start, int End)> expected = together.Scan(payload);
            List<(int Rule, int Start, int End)> found = bench.Search(payload);
            Assert.Equal(RegexResponseFlags.None, bench.ResponseFlags);
            Assert.Equal(found.Count, found.Distinct().Count());
            differences.AddRange(expected.Except(found).Select(m => $"{test.GetProperty("id")}: missed {m} of {Text(m.Rule)}"));
            differences.AddRange(found.Except(expected).Select(m => $"{test.GetProperty("id")}: not in Hyperscan's {m} of {Text(m.Rule)}"));
            payloads++;
            matches += expected.Count;
        }

        output.WriteLine($"{name}: {rules.Count} of {all} rules, the others refused by one of the two, {payloads} payloads, {matches} matches");
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n{string.Join('\n', differences.Take(DifferencesShown))}");
        Assert.True(rules.Count > all / 2 && matches > 0);

        string Text(int id) => Encoding.Latin1.GetString(rules.Find(r => r.Id == id)!.Pattern.Span);
    }

    [Theory]
    [InlineData(RegexConfigurationFlags.MatchAsEnd)]
    [InlineData(RegexConfigurationFlags.MatchAll)]
    public void EndsAndLeftmostStartsOfMadeUpPatternsAreThoseOfHyperscan(RegexConfigurationFlags mode)
    {
        Hyperscan.SkipIfAbsent();
        RegexDeviceInfo info = DeviceBench.DeviceInfo;
        var random = new Random(FuzzSettings.Seed + (int)mode);
        var patterns = new PatternWriter(random, info.Capabilities & Shared, info.RuleFlags & s_sharedFlags);
        var payloads = new PayloadWriter(random);
        using var bench = new DeviceBench(DeviceBench.Widths[^1], mode);
        bool starts = mode == RegexConfigurationFlags.MatchAll;
        List<string> differences = [];
        int compared = 0;
        int matched = 0;
        int refused = 0;
        for (int i = 0; i < Patterns * FuzzSettings.Times && differences.Count < DifferencesShown; i++)
        {
            WrittenPattern pattern = patterns.Write();
            pattern = pattern with { Flags = pattern.Flags | RegexRuleFlags.AllowEmpty };
            if (!TryCompare(pattern, [], bench, starts, out _, out _))
            {
                refused++;
                continue;
            }

            PatternNode root = PatternParser.Parse(pattern.Bytes, pattern.EngineOptions);
            for (int n = 0; n < PayloadsPerPattern; n++)
            {
                byte[] payload = payloads.Write(root, pattern.IsUtf);
                if (!TryCompare(pattern, payload, bench, starts, out string expected, out string found))
                {
                    continue;
                }

                compared++;
                matched += expected.Length > 0 ? 1 : 0;
                if (expected != found)
                {
                    (WrittenPattern small, byte[] bytes) = Shrinker.Shrink(
                        pattern, payload, (p, data) => TryCompare(p, data, bench, starts, out string e, out string f) && e != f);
                    TryCompare(small, bytes, bench, starts, out expected, out found);
                    differences.Add($"{small} on {Shrinker.Show(bytes)}: expected {expected}, found {found}");
                    break;
                }
            }
        }

        output.WriteLine($"{mode}: {compared} pairs compared, {matched} matched, {refused} patterns refused by one of the two");
        Assert.True(differences.Count == 0, string.Join("\n", differences));
        Assert.True(compared > Patterns, $"only {compared} pairs were compared");
        Assert.True(matched > compared / 4, $"only {matched} of {compared} pairs matched");
    }

    /// <summary>The matches of both; false where one refuses the pattern or reports more than there is room for.</summary>
    private static bool TryCompare(
        WrittenPattern pattern, byte[] payload, DeviceBench bench, bool starts, out string expected, out string found)
    {
        (expected, found) = (string.Empty, string.Empty);
        byte[] bytes = pattern.Bytes;
        uint flags = Flags(pattern.Flags) | (starts ? Hyperscan.StartOfMatch : 0);
        using Hyperscan? oracle = bytes.Contains((byte)0) ? null : Hyperscan.TryCompile([(1, bytes, flags)], out _);
        if (oracle is null || bench.TrySetRules(pattern.Rule()).Count != 0)
        {
            return false;
        }

        expected = string.Join(' ', oracle.Scan(payload).Select(static m => (m.Start, m.End)).OrderBy(static m => m.End));
        found = string.Join(' ', bench.Search(payload)
            .GroupBy(static m => m.End, static m => m.Start, static (end, all) => (all.Min(), end)).OrderBy(static m => m.end));
        return bench.ResponseFlags == RegexResponseFlags.None;
    }

    private static RegexRule ReadRule(JsonElement test)
    {
        RuleOptions options = JsonVectors.Options(test, out string? unknown);
        Assert.Null(unknown);
        RegexRuleFlags flags = RegexRuleFlags.AllowEmpty
            | (options.HasFlag(RuleOptions.Caseless) ? RegexRuleFlags.Caseless : 0)
            | (options.HasFlag(RuleOptions.DotAll) ? RegexRuleFlags.DotAll : 0)
            | (options.HasFlag(RuleOptions.Multiline) ? RegexRuleFlags.MultiLine : 0);
        byte[] pattern = test.GetProperty("kind").GetString() == "literal"
            ? Encoding.ASCII.GetBytes(string.Concat(
                Convert.FromHexString(test.GetProperty("hex").GetString()!).Select(static b => $"\\x{b:X2}")))
            : JsonVectors.Bytes(test, "pattern");
        return new RegexRule(test.GetProperty("id").GetInt32(), pattern, flags);
    }

    private static uint Flags(RegexRuleFlags flags) => Hyperscan.AllowEmpty
        | (flags.HasFlag(RegexRuleFlags.Caseless) ? Hyperscan.Caseless : 0)
        | (flags.HasFlag(RegexRuleFlags.DotAll) ? Hyperscan.DotAll : 0)
        | (flags.HasFlag(RegexRuleFlags.MultiLine) ? Hyperscan.Multiline : 0)
        | (flags.HasFlag(RegexRuleFlags.Utf) ? Hyperscan.Utf8 : 0);
}
