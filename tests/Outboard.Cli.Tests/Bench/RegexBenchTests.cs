using System.Text;
using System.Text.Json;

namespace Outboard.Cli.Tests.Bench;

public sealed class RegexBenchTests : TemporaryFolder
{
    private static readonly string[] s_short = ["--seconds", "0.01", "--json"];

    [Fact]
    public void LinesHaveTheFieldsOfEveryBenchAndThoseOfTheRules()
    {
        string rules = Write("x.rules", "1:/ab/\n2:/b+c/\n");

        JsonElement line = Assert.Single(
            CliRun.Of(["bench", "regex", "--rules", rules, "--corpus", Payloads("xabbc", "abc", "none"), "--widths", .. s_short, "--max-simd-bitwidth", "64"])
                .AssertDone().Json);

        Assert.All(
            (string[])["case", "device", "simd", "metric", "value", "unit", "gbps", "allocated", "slice_ns", "slice_gbps", "compile_ms", "database_bytes"],
            field => Assert.True(line.TryGetProperty(field, out _), field));
        Assert.Equal("2 rules/x.payloads", line.GetProperty("case").GetString());
        Assert.Equal(2, line.GetProperty("rules").GetInt32());
        Assert.Equal(4, line.GetProperty("matches").GetInt32());
        Assert.Equal(0, line.GetProperty("refused").GetInt32());
        Assert.Equal(0, line.GetProperty("incomplete").GetInt32());
        Assert.Equal(3, line.GetProperty("payloads").GetInt32());
        Assert.Equal(12, line.GetProperty("bytes").GetInt32());
        Assert.Equal(0, line.GetProperty("allocated").GetInt32());
    }

    [Fact]
    public void SizesCutThePayloadsAnewAndModesCountTheirMatches()
    {
        string rules = Write("x.rules", "1:/ab+/\n2:/never/\n");
        string corpus = Payloads("abbb", "abb", "a");

        Assert.Equal([2, 1], Matches("default", "0,5"));
        Assert.Equal([5, 5], Matches("all", "0,7"));
        Assert.Equal([5], Matches("end", "7"));

        IEnumerable<int> Matches(string mode, string sizes) => CliRun.Of(
            ["bench", "regex", "--rules", rules, "--corpus", corpus, "--mode", mode, "--sizes", sizes, "--group", "3", "--burst", "2", .. s_short])
            .AssertDone().Json.Select(static line => line.GetProperty("matches").GetInt32());
    }

    [Fact]
    public void RefusedRulesStopItOrAreLeftOutAndCounted()
    {
        string rules = Write("x.rules", "1:/ab/\n2:/(/\n3:/c/\n");
        string[] bench = ["bench", "regex", "--rules", rules, "--corpus", Payloads("abc"), .. s_short];

        CliRun.Of(bench).AssertRefused("x.rules:2: rule 2, offset ");
        JsonElement line = CliRun.Of([.. bench, "--skip-refused"]).AssertDone().Json[0];
        Assert.Equal((2, 1, 2), (
            line.GetProperty("rules").GetInt32(), line.GetProperty("refused").GetInt32(), line.GetProperty("matches").GetInt32()));
        Assert.Equal(1, CliRun.Of([.. bench, "--limit", "1"]).AssertDone().Json[0].GetProperty("rules").GetInt32());
    }

    [Fact]
    public void AFileWithoutPayloadsOfItsOwnIsCutAndACaptureIsNot()
    {
        string rules = Write("x.rules", "1:/ab/\n");

        JsonElement plain = CliRun.Of(["bench", "regex", "--rules", rules, "--corpus", Write("x.txt", new string('a', 4000)), .. s_short]).AssertDone().Json[0];
        JsonElement capture = CliRun.Of(["bench", "regex", "--rules", rules, "--corpus", CliRun.Campus, .. s_short]).AssertDone().Json[0];

        Assert.Equal(("1 rules/x.txt/1024", 3), (plain.GetProperty("case").GetString(), plain.GetProperty("payloads").GetInt32()));
        Assert.Equal("1 rules/campus.pcap", capture.GetProperty("case").GetString());
        Assert.True(capture.GetProperty("payloads").GetInt32() > 1000);
    }

    [Fact]
    public void MistakesGetOneLine()
    {
        string corpus = Payloads("abc");
        CliRun.Of("bench", "regex", "--corpus", InFolder("none")).AssertRefused("there is no such file");
        CliRun.Of("bench", "regex", "--corpus", corpus, "--mode", "most").AssertRefused("--mode most is not known");
        CliRun.Of("bench", "regex", "--corpus", corpus, "--sizes", "1,x").AssertRefused("--sizes 1,x: 'x'");
        CliRun.Of("bench", "regex", "--corpus", corpus, "--burst", "513").AssertRefused("--burst 513");
        CliRun.Of("bench", "regex", "--corpus", corpus, "--limit", "-1").AssertRefused("--limit -1");
        CliRun.Of("bench", "regex", "--corpus", corpus, "--group", "x").AssertRefused("--group x");
        CliRun.Of("bench", "regex", "--corpus", corpus, "--train", InFolder("none")).AssertRefused("--train ");
        CliRun.Of("bench", "regex").AssertRefused("--corpus");
    }

    private string Payloads(params string[] payloads)
    {
        string path = InFolder("x.payloads");
        using var file = new BinaryWriter(File.Create(path));
        foreach (string payload in payloads)
        {
            file.Write(payload.Length);
            file.Write(Encoding.ASCII.GetBytes(payload));
        }

        return path;
    }
}
