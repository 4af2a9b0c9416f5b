using System.Text.Json;
using Outboard.Regex;

namespace Outboard.Cli.Tests.Verbs;

public sealed class RegexVerbTests : TemporaryFolder
{
    private const string Good = "1:/fo+bar/i\n3:/a.c/s\n4:/\\x00\\x01/\n";

    [Fact]
    public void CompileTellsWhatARuleSetCosts()
    {
        JsonElement line = CliRun.Of("regex", "compile", "--rules", Write("good.rules", Good), "--json").AssertDone().Json[^1];

        Assert.Equal(3, line.GetProperty("rules").GetInt32());
        Assert.Equal(0, line.GetProperty("refused").GetInt32());
        Assert.True(line.GetProperty("compile_ms").GetDouble() > 0);
        Assert.True(line.GetProperty("database_bytes").GetInt64() > 0);
        Assert.True(line.GetProperty("image_bytes").GetInt64() > 0);
        Assert.Equal(JsonValueKind.Null, line.GetProperty("output").ValueKind);
        Assert.Equal(3, line.GetProperty("tiers").EnumerateArray().Sum(static tier => tier.GetProperty("rules").GetInt32()));
        Assert.NotEmpty(line.GetProperty("kernels").EnumerateArray());
        Assert.True(line.TryGetProperty("scratch_bytes", out _));
        Assert.Equal(3, line.GetProperty("statistics").GetProperty("rules").GetInt32());
    }

    [Fact]
    public void EveryRefusedRuleIsNamedAndNoImageIsWritten()
    {
        string rules = Write("bad.rules", Good + "7:/(/\n8:/x**[/\n");
        string image = InFolder("bad.image");

        CliRun run = CliRun.Of("regex", "compile", "--rules", rules, "--output", image, "--json");

        Assert.Equal(CliProgram.Failure, run.ExitCode);
        JsonElement[] refused = [.. run.Json[..^1].Select(static line => line.GetProperty("refused"))];
        Assert.Equal([7, 8], refused.Select(static one => one.GetProperty("rule").GetInt32()));
        Assert.All(refused, static one => Assert.NotEmpty(one.GetProperty("reason").GetString()!));
        Assert.All(refused, static one => Assert.True(one.GetProperty("offset").GetInt32() >= 0));
        Assert.All(refused, static one => Assert.Equal(0, one.GetProperty("group").GetInt32()));
        Assert.Equal(2, run.Json[^1].GetProperty("refused").GetInt32());
        Assert.Equal(3, run.Json[^1].GetProperty("rules").GetInt32());
        Assert.False(File.Exists(image));

        CliRun.Of("regex", "compile", "--rules", rules, "--output", image, "--skip-refused").AssertDone();
        Assert.True(File.Exists(image));
    }

    [Fact]
    public void AnImageFindsWhatItsRulesFind()
    {
        string rules = Write("good.rules", Good);
        string image = InFolder("good.image");
        CliRun.Of("regex", "compile", "--rules", rules, "--group", "5", "--output", image).AssertDone();

        string[] text = ["--text", "FOOBAR abc", "--group", "5", "--json"];
        CliRun fromRules = CliRun.Of(["regex", "test", "--rules", rules, .. text]).AssertDone();
        CliRun fromImage = CliRun.Of(["regex", "test", "--image", image, .. text]).AssertDone();

        Assert.Equal(fromRules.Output, fromImage.Output);
        Assert.Equal(3, fromImage.Lines.Length);
        Assert.Equal(5, fromImage.Json[0].GetProperty("group").GetInt32());
        CliRun.Of("regex", "test", "--image", image, "--text", "x", "--group", "6").AssertRefused("--group 6: the rules of");
    }

    [Fact]
    public void ADamagedImageGetsOneLineWhereverItIsDamaged()
    {
        string image = InFolder("good.image");
        CliRun.Of("regex", "compile", "--rules", Write("good.rules", Good), "--output", image).AssertDone();
        byte[] whole = File.ReadAllBytes(image);
        var random = new Random(5);
        for (int i = 0; i < 20; i++)
        {
            byte[] damaged = i < 10 ? whole[..random.Next(whole.Length)] : [.. whole];
            if (i >= 10)
            {
                damaged[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
            }

            File.WriteAllBytes(InFolder("damaged.image"), damaged);
            CliRun.Of("regex", "test", "--image", InFolder("damaged.image"), "--text", "x").AssertRefused("--image ");
        }
    }

    [Fact]
    public void MatchesAreShownWithTheirBytes()
    {
        string rules = Write("good.rules", Good);

        JsonElement[] lines = CliRun.Of("regex", "test", "--rules", rules, "--hex", "00 01 41 0a 63 61 0A 63", "--json").AssertDone().Json;

        Assert.Equal(["\\x00\\x01", "a\\nc"], lines[..^1].Select(static line => line.GetProperty("bytes").GetString()));
        Assert.Equal([(4, 0, 2, 2), (3, 5, 3, 8)], lines[..^1].Select(static line => (
            line.GetProperty("rule").GetInt32(),
            line.GetProperty("start").GetInt32(),
            line.GetProperty("length").GetInt32(),
            line.GetProperty("end").GetInt32())));
        Assert.Equal(2, lines[^1].GetProperty("matches").GetInt32());
        Assert.Contains("2 matches", CliRun.Of("regex", "test", "--rules", rules, "--hex", "0001610a63").AssertDone().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ModesAndTheRoomForMatchesAreWhatIsAskedFor()
    {
        string rules = Write("one.rules", "1:/ab+/\n");
        string[] text = ["regex", "test", "--rules", rules, "--text", "abbb", "--json"];

        Assert.Equal([4], Ends("default"));
        Assert.Equal([2, 3, 4], Ends("end"));
        Assert.Equal([2, 3, 4], Ends("all"));
        JsonElement[] full = CliRun.Of([.. text, "--mode", "end", "--matches-max", "2"]).AssertDone().Json;
        Assert.Equal("MatchesExceeded", full[^2].GetProperty("flags").GetString());
        Assert.Equal((3, 2), (full[^1].GetProperty("matches").GetInt32(), full[^1].GetProperty("reported").GetInt32()));

        IEnumerable<int> Ends(string mode) =>
            CliRun.Of([.. text, "--mode", mode]).AssertDone().Json[..^1].Select(static line => line.GetProperty("end").GetInt32());
    }

    [Fact]
    public void ASplitPayloadIsOneStreamWhereTheDeviceHasStreams()
    {
        string rules = Write("one.rules", "1:/ab+c/\n");
        CliRun run = CliRun.Of("regex", "test", "--rules", rules, "--text", "xxabbcabc", "--split", "3,4,4,8", "--json");

        if (!HasStreams())
        {
            run.AssertRefused("--split: regex_simd0 has no streams; CrossBuffer is not among its capabilities");
            return;
        }

        JsonElement[] matches = [.. run.AssertDone().Json.Where(static line => line.TryGetProperty("rule", out _))];
        Assert.Equal([(2, 6), (6, 9)], matches.Select(static line => (line.GetProperty("start").GetInt32(), line.GetProperty("end").GetInt32())));
        Assert.Equal(["abbc", "abc"], matches.Select(static line => line.GetProperty("bytes").GetString()));
    }

    [Fact]
    public void ExplainSaysHowEachRuleIsSearchedFor()
    {
        string rules = Write("good.rules", Good);

        JsonElement[] lines = CliRun.Of("regex", "explain", "--rules", rules, "--json").AssertDone().Json;

        Assert.Equal([1, 3, 4], lines.Select(static line => line.GetProperty("rule").GetInt32()).Order());
        foreach (string field in (string[])["tier", "automaton", "reason"])
        {
            Assert.All(lines, line => Assert.NotEmpty(line.GetProperty(field).GetString()!));
        }

        Assert.Single(CliRun.Of("regex", "explain", "--rules", rules, "--rule", "3", "--json").AssertDone().Lines);
        CliRun refused = CliRun.Of("regex", "explain", "--rules", Write("bad.rules", "7:/(/\n8:/a/\n"), "--rule", "7");
        Assert.Equal(CliProgram.Failure, refused.ExitCode);
        Assert.Contains("refused rule", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void MistakesGetOneLine()
    {
        string rules = Write("good.rules", Good);
        string bad = Write("bad.rules", Good + "7:/(/\n");
        CliRun.Of("regex", "compile").AssertRefused("--rules FILE is missing");
        CliRun.Of("regex", "compile", "--rules", rules, "--image", rules).AssertRefused("exclude each other");
        CliRun.Of("regex", "compile", "--rules", InFolder("none")).AssertRefused("rules: ");
        CliRun.Of("regex", "compile", "--image", InFolder("none")).AssertRefused("--image: ");
        CliRun.Of("regex", "compile", "--rules", Write("no.rules", "what\n")).AssertRefused("no.rules:1: not a rule");
        CliRun.Of("regex", "compile", "--rules", rules, "--mode", "some").AssertRefused("--mode some is not known");
        CliRun.Of("regex", "compile", "--rules", rules, "--group", "65536").AssertRefused("--group 65536");
        CliRun.Of("regex", "compile", "--rules", rules, "--device", "Regex").AssertRefused("'Regex' is not a device name");
        CliRun.Of("regex", "compile", "--rules", rules, "--train", InFolder("none")).AssertRefused("--train ");
        CliRun.Of("regex", "compile", "--rules", rules, "--max-simd-bitwidth", "100").AssertRefused("--max-simd-bitwidth 100");
        CliRun.Of("regex", "explain", "--rules", rules, "--rule", "2").AssertRefused("--rule 2: there is no such rule");
        CliRun.Of("regex", "explain", "--rules", rules, "--rule", "two").AssertRefused("--rule two is not a rule id");
        CliRun.Of("regex", "test", "--rules", rules).AssertRefused("give one of --text");
        CliRun.Of("regex", "test", "--rules", rules, "--text", "a", "--hex", "61").AssertRefused("give one of --text");
        CliRun.Of("regex", "test", "--rules", rules, "--hex", "6").AssertRefused("--hex 6: pairs of hexadecimal digits");
        CliRun.Of("regex", "test", "--rules", rules, "--text", "a", "--split", "4,3").AssertRefused("--split 4,3: '3'");
        CliRun.Of("regex", "test", "--rules", rules, "--text", "a", "--matches-max", "0").AssertRefused("--matches-max 0");
        CliRun.Of("regex", "test", "--rules", rules, "--corpus", InFolder("none")).AssertRefused("there is no such file");
        CliRun.Of("regex", "test", "--rules", bad, "--text", "a").AssertRefused("bad.rules:4: rule 7, offset ");
    }

    private static bool HasStreams()
    {
        JsonElement device = CliRun.Of("devices", "--json").Json
            .Where(static line => line.TryGetProperty("device", out _)).Select(static line => line.GetProperty("device"))
            .Single(static device => device.GetProperty("driver").GetString() == "regex_simd");
        return device.GetProperty("capabilities").EnumerateArray()
            .Any(static name => name.GetString() == nameof(RegexCapabilities.CrossBuffer));
    }
}
