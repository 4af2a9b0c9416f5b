using System.Text.Json;
using Outboard.Devices;
using Outboard.Host;
using Outboard.Regex;
using Outboard.Regex.Ids;
using Outboard.Testing;

namespace Outboard.Cli.Tests.Verbs;

/// <summary><c>outboard inspect --rules</c> with Snort and Suricata rules.</summary>
public sealed class InspectRulesTests : TemporaryFolder
{
    private const string Published = "regex/ids.rules";

    private static string CampusRules => Path.Combine(SharedVectors.RepositoryRoot!, "samples", "data", "campus.rules");

    [Fact]
    public void EveryRuleOfTheSampleFires()
    {
        JsonElement summary = CliRun.Of("inspect", CliRun.Campus, "--rules", CampusRules, "--protect", "none", "--json").AssertDone().Summary;

        Assert.Equal(
            Enumerable.Range(9000001, 12),
            summary.GetProperty("alerts").EnumerateArray().Where(alert => alert.GetProperty("count").GetInt64() > 0).Select(alert => alert.GetProperty("sid").GetInt32()));
        Assert.Equal(
            summary.GetProperty("alertCount").GetInt64(),
            summary.GetProperty("alerts").EnumerateArray().Sum(alert => alert.GetProperty("count").GetInt64()));
        Assert.Equal(12, summary.GetProperty("ruleReport").GetProperty("read").GetInt32());
        Assert.Equal(0, summary.GetProperty("ruleReport").GetProperty("leftOut").GetInt32());
        Assert.Equal(0, summary.GetProperty("leaked").GetInt32());
        Assert.True(summary.GetProperty("searched").GetInt64() <= summary.GetProperty("frames").GetInt64());
    }

    [Fact]
    public void PeopleSeeWhatWasLeftOut()
    {
        string rules = Write(
            "a.rules",
            "alert tcp any any -> any 80 (msg:\"a get\"; content:\"GET /\"; depth:5; sid:5; rev:2;)\n"
            + "alert tcp any any -> any any (content:\"b\"; flowbits:isset,c; sid:6;)\nalert tcp nonsense\n");

        CliRun run = CliRun.Of("inspect", CliRun.Campus, "--rules", rules, "--protect", "none").AssertDone();

        Assert.Contains("1:5:2", run.Output, StringComparison.Ordinal);
        Assert.Contains("a get", run.Output, StringComparison.Ordinal);
        Assert.Contains("3 rules read", run.Output, StringComparison.Ordinal);
        Assert.Contains("left out, 1: flowbits:isset: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralFilesOfOneKindAreOneSet()
    {
        string first = Write("a.rules", "1:/GET /\n");
        string second = Write("b.rules", "2:/POST /\n");
        string third = Write("c.rules", "alert tcp any any -> any 80 (content:\"GET /\"; sid:5;)\n");
        string fourth = Write("d.rules", "alert tcp any any -> any 80 (content:\"POST /\"; sid:6;)\n");

        JsonElement plain = CliRun.Of("inspect", CliRun.Campus, "--rules", first, "--rules", second, "--json").AssertDone().Summary;
        JsonElement ids = CliRun.Of("inspect", CliRun.Campus, "--rules", third, "--rules", fourth, "--json").AssertDone().Summary;

        Assert.Equal([1, 2], plain.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("id").GetInt32()));
        Assert.False(plain.TryGetProperty("alerts", out _));
        Assert.Equal([5, 6], ids.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("sid").GetInt32()));
        CliRun.Of("inspect", CliRun.Campus, "--rules", first, "--rules", third).AssertRefused("rules of another kind");
        CliRun.Of("inspect", CliRun.Campus, "--rules", first, "--rules", first).AssertRefused("ids are unique");
    }

    [Theory]
    [InlineData("alert tcp any any -> any any (content:\"a\"\n", "there is no rule in it")]
    [InlineData("include other.rules\n", "there is no rule in it")]
    public void AFileWithoutARuleIsOneLine(string text, string reason) =>
        CliRun.Of("inspect", CliRun.Campus, "--rules", Write("bad.rules", text)).AssertRefused(reason);

    [Fact]
    public void EveryPublishedRuleIsInForceOnTheDeviceOrListed()
    {
        Assert.SkipUnless(SharedVectors.TryFind(Published, out string path), SharedVectors.Reason(Published));
        IdsRuleFile file = IdsRuleFile.Read(path);
        using var host = new OutboardHost(new OutboardHostOptions { LoadOnDemand = true });
        RegexDevice device = host.OpenRegex("regex_simd0");
        device.Configure(new RegexConfiguration { GroupCount = IdsRuleSet.GroupCount, MatchesMax = 254 });
        device.ConfigureQueuePair(0, new QueuePairOptions<RegexOp> { DescriptorCount = 64 });

        IdsRuleSet set = IdsRuleSet.Build([file]).Activate(device);

        Assert.Equal(
            file.Rules.Select(rule => rule.Sid).Order(),
            set.Rules.Select(rule => rule.Sid).Concat(set.Report.Omissions.Select(entry => entry.Sid)).Order());
        using var report = new StringWriter();
        set.Report.WriteTo(report, withRules: true);
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        Assert.True(set.Rules.Count > 350, set.Report.ToString());
    }
}
