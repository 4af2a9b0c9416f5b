using System.Diagnostics;
using System.Text;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Tests.Engine;

/// <summary>Rules made to cost: an answer comes, and the states stay within their limits.</summary>
public sealed class HostileRulesTests
{
    [Theory]
    [InlineData("(a|b)*a(a|b){200}")]
    [InlineData("(?:a?){500}a{500}")]
    [InlineData("((((((((a*)*)*)*)*)*)*)*)*")]
    [InlineData("(?:[a-f]+[0-9]+){0,100}x")]
    [InlineData("[^\\n]{1000,2000}end")]
    [InlineData("(.*)(.*)(.*)(.*)(.*)[^a]")]
    [InlineData("^(?:.?){900}$")]
    [InlineData("(x+x+)+y")]
    public void ACostlyRuleIsTakenAndSearchedInLinearTimeOrSaysThatItIsTooLarge(string pattern)
    {
        RegexDatabase? database = DatabaseCompiler.Compile(
            [ScannerFactory.Rule(1, pattern)], MatchMode.FindAll, out IReadOnlyList<RuleRefusal> refusals);
        if (database is null)
        {
            Assert.Equal(PatternRefusal.TooLarge, refusals[0].Kind);
            return;
        }

        Assert.True(database.ByteCount < 4 << 20);
        RegexScanner scanner = ScannerFactory.Scanner(database, ScannerFactory.Widths[^1], 16);
        foreach (char fill in "ax0\n")
        {
            byte[] payload = Encoding.ASCII.GetBytes(new string(fill, 4000));
            scanner.Scan(payload, GroupSelection.All, 16, byRule: false);
        }
    }

    [Fact]
    public void ThousandsOfRulesCompileTogether()
    {
        RuleSource[] rules =
        [
            .. Enumerable.Range(0, 5000).Select(static i => ScannerFactory.Rule((uint)i, $"lit{i * 7919 % 100003}x[a-f]+{i}")),
        ];
        var watch = Stopwatch.StartNew();
        RegexDatabase database = ScannerFactory.Database(MatchMode.FindAll, rules);
        List<(uint Id, int Start, int End)> found = ScannerFactory.Matches(
            database, ScannerFactory.Widths[^1], Encoding.ASCII.GetBytes($"..lit{4999L * 7919 % 100003}xabc4999"));
        Assert.Contains(found, static m => m.Id == 4999);
        TestContext.Current.TestOutputHelper?.WriteLine($"5000 rules: {watch.Elapsed.TotalSeconds:F1} s, {database.ByteCount / 1024} KiB");
    }
}
