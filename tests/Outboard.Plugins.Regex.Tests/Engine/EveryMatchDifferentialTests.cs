using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Tests.Engine;

/// <summary>
/// Match-as-end and match-all over the whole language against PCRE2, which is made to give every match by refusing each one it finds.
/// </summary>
public sealed class EveryMatchDifferentialTests(ITestOutputHelper output)
{
    private const int Patterns = 2500;
    private const int PayloadsPerPattern = 4;
    private const int PayloadLengthMax = 24;
    private const int DifferencesShown = 12;

    [Theory]
    [InlineData(RegexConfigurationFlags.MatchAsEnd, RegexCapabilities.MatchAsEnd)]
    [InlineData(RegexConfigurationFlags.MatchAll, RegexCapabilities.MatchAll)]
    public void EveryMatchIsReportedOnceAndInOrder(RegexConfigurationFlags mode, RegexCapabilities capability)
    {
        Pcre2.SkipIfAbsent();
        RegexDeviceInfo info = DeviceBench.DeviceInfo;
        Assert.SkipUnless(info.Capabilities.HasFlag(capability), $"the device does not offer {mode}");
        var random = new Random(FuzzSettings.Seed + (int)mode);

        // Where every start is tried there is no search for \G to name the beginning of, and a callout does not tell where \K moved the start.
        const RegexCapabilities Left = RegexCapabilities.StartAnchor | RegexCapabilities.MatchPointReset;
        var patterns = new PatternWriter(random, info.Capabilities & ~Left, info.RuleFlags);
        var payloads = new PayloadWriter(random);
        DeviceBench[] benches = [.. DeviceBench.Widths.Select(width => new DeviceBench(width, mode))];
        List<string> differences = [];
        int compared = 0;
        int matched = 0;
        int limited = 0;
        for (int i = 0; i < Patterns * FuzzSettings.Times && differences.Count < DifferencesShown; i++)
        {
            WrittenPattern pattern = patterns.Write();
            DeviceBench bench = benches[i % benches.Length];
            using Pcre2? oracle = Pcre2.TryCompileForEvery(pattern.Bytes, pattern.Pcre2Options);
            if (oracle is null || bench.TrySetRules(pattern.Rule()).Count != 0)
            {
                continue;
            }

            PatternNode root = PatternParser.Parse(pattern.Bytes, pattern.EngineOptions);
            for (int n = 0; n < PayloadsPerPattern; n++)
            {
                byte[] payload = payloads.Write(root, pattern.IsUtf, PayloadLengthMax);
                switch (Differs(pattern, payload, mode, bench, out string expected, out string found))
                {
                    case null:
                        limited++;
                        continue;
                    case true:
                        (WrittenPattern small, byte[] bytes) = Shrinker.Shrink(
                            pattern, payload, (p, data) => Differs(p, data, mode, bench, out _, out _) == true);
                        Differs(small, bytes, mode, bench, out string e, out string f);
                        differences.Add($"{small} on {Shrinker.Show(bytes)}: expected {e}, found {f} <- {pattern} on {Shrinker.Show(payload)}");
                        break;
                }

                compared++;
                matched += expected.Length > 0 ? 1 : 0;
            }
        }

        Array.ForEach(benches, static bench => bench.Dispose());
        output.WriteLine($"{mode}: {compared} pairs compared, {matched} matched, {limited} pairs met a limit");
        Assert.True(differences.Count == 0, string.Join("\n", differences));
        Assert.True(compared > Patterns * PayloadsPerPattern / 2, $"only {compared} pairs were compared");
        Assert.True(matched > compared / 4, $"only {matched} of {compared} pairs matched");
    }

    /// <summary>Whether the two disagree, or null where a limit was met.</summary>
    private static bool? Differs(
        WrittenPattern pattern, byte[] payload, RegexConfigurationFlags mode, DeviceBench bench, out string expected, out string found)
    {
        (expected, found) = (string.Empty, string.Empty);
        using Pcre2? oracle = Pcre2.TryCompileForEvery(pattern.Bytes, pattern.Pcre2Options);
        if (oracle?.Every(payload) is not { } every || bench.TrySetRules(pattern.Rule()).Count != 0)
        {
            return null;
        }

        IEnumerable<(int Start, int End)> right = every.Where(m => m.End > m.Start || pattern.AllowsEmpty);
        expected = string.Join(' ', mode == RegexConfigurationFlags.MatchAll
            ? right
            : right.Select(static m => (0, m.End)).Distinct().OrderBy(static m => m.End));
        found = string.Join(' ', bench.Search(payload).Select(static m => (m.Start, m.End)));
        bool limited = (bench.ResponseFlags & (RegexResponseFlags.ResourceExceeded | RegexResponseFlags.MatchesExceeded)) != 0;
        return limited ? null : expected != found;
    }
}
