using System.Text;
using System.Text.Json;
using CsCheck;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Engine;
using Outboard.Plugins.Regex.Tests.Vectors;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Tests.OpenCL;

/// <summary>The device says the same as <c>regex_simd</c>.</summary>
public sealed class OpenCLAgreementTests
{
    [Theory]
    [InlineData("ids", RegexConfigurationFlags.None)]
    [InlineData("ids", RegexConfigurationFlags.MatchAsEnd)]
    [InlineData("ids", RegexConfigurationFlags.MatchAll)]
    [InlineData("crs", RegexConfigurationFlags.None)]
    public void OnPublishedRuleSets(string name, RegexConfigurationFlags flags)
    {
        OpenCLRegexPlugin.Device();
        List<RegexRule> rules = Rules(name);
        List<byte[]> payloads =
            [.. JsonVectors.Read($"{name}-cases.jsonl").Select(static test => JsonVectors.Bytes(test, "haystack")).Where(static p => p.Length <= 8000)];
        Assert.True(rules.Count > 50 && payloads.Count > 50, $"{rules.Count} rules, {payloads.Count} payloads");
        using var simd = new OpenCLTestDevice("regex_simd0", rules, flags);
        using var openCL = new OpenCLTestDevice("regex_opencl0,batch=100", rules, flags);

        Assert.Equal(simd.Results(payloads), openCL.Results(payloads));
    }

    [Fact]
    public void OnGeneratedRulesAndPayloads()
    {
        OpenCLRegexPlugin.Device();
        var random = new Random(11);
        List<string> patterns = [];
        List<byte[]> payloads = [];
        PatternGenerator.Pattern.Sample(patterns.Add, iter: 600, threads: 1, seed: "0000KOIPe643");
        PatternGenerator.Payload.Sample(payloads.Add, iter: 400, threads: 1, seed: "0000KOIPe643");
        foreach (string[] set in patterns.Where(Compiles).Chunk(40))
        {
            List<RegexRule> rules = [.. set.Select((p, i) => RegexRule.FromText(i, p, groupId: (ushort)(i % 3)))];
            using var simd = new OpenCLTestDevice("regex_simd0", rules);
            using var openCL = new OpenCLTestDevice("regex_opencl0,batch=64,depth=3", rules);

            Assert.Equal(simd.Results(payloads, Ask), openCL.Results(payloads, Ask));
        }

        static void Ask(RegexOp op, int number)
        {
            op.SetGroup(0, (ushort)(number % 3));
            if (number % 4 == 0)
            {
                op.SetGroup(2, 1);
            }

            op.RequestFlags |= number % 7 == 0 ? RegexRequestFlags.HighPriority
                : number % 7 == 1 ? RegexRequestFlags.StopOnMatch
                : RegexRequestFlags.None;
        }
    }

    [Fact]
    public void OnPayloadsThatWakeMoreRulesThanThereIsRoomFor()
    {
        List<RegexRule> rules = [.. Enumerable.Range(0, 20).Select(static i => RegexRule.FromText(i, $"[0-9]{{{i + 3}}}"))];
        byte[][] payloads = [new byte[30], "a 1234 b"u8.ToArray(), "nothing"u8.ToArray(), new byte[100]];
        payloads[0].AsSpan().Fill((byte)'7');
        payloads[3].AsSpan(20).Fill((byte)'1');
        using var simd = new OpenCLTestDevice("regex_simd0", rules);
        using var openCL = new OpenCLTestDevice("regex_opencl0", rules);

        Assert.Equal(simd.Results(payloads), openCL.Results(payloads));

        Assert.Equal(2ul, openCL.Counter("q0_overflowed_lists"));
        Assert.Equal(3ul, openCL.Counter("q0_flagged_payloads"));
    }

    [Fact]
    public void OnPayloadsThatAreMostlyQuiet()
    {
        List<RegexRule> rules =
            [RegexRule.FromText(1, "needle"), RegexRule.FromText(2, "GET /[a-z]+\\.php"), RegexRule.FromText(3, "[0-9]{4}x")];
        var random = new Random(3);
        byte[][] payloads = [.. Enumerable.Range(0, 3000).Select(i =>
        {
            byte[] payload = new byte[random.Next(1500)];
            payload.AsSpan().Fill((byte)'.');
            string part = (i % 50) switch { 0 => "a needle", 1 => "GET /index.php", 2 => "12345x", 3 => "needl", _ => "" };
            Encoding.ASCII.GetBytes(part).AsSpan(0, Math.Min(part.Length, payload.Length)).CopyTo(payload.AsSpan(random.Next(payload.Length - Math.Min(part.Length, payload.Length) + 1)));
            return payload;
        })];
        using var simd = new OpenCLTestDevice("regex_simd0", rules);
        using var openCL = new OpenCLTestDevice("regex_opencl0", rules);

        Assert.Equal(simd.Results(payloads), openCL.Results(payloads));

        ulong flagged = openCL.Counter("q0_flagged_payloads");
        Assert.Equal(3000ul, openCL.Counter("q0_batch_payloads"));
        Assert.InRange(flagged, 100ul, 300ul);
    }

    private static bool Compiles(string pattern) => DatabaseCompiler.Compile(
        [ScannerFactory.Rule(1, pattern)], MatchMode.FindAll, out _) is not null;

    private static List<RegexRule> Rules(string name)
    {
        List<RegexRule> rules = [];
        foreach (JsonElement test in JsonVectors.Read($"{name}-patterns.jsonl"))
        {
            RuleOptions options = JsonVectors.Options(test, out string? unknown);
            RegexRuleFlags? flags = Flags(options);
            bool literal = test.GetProperty("kind").GetString() == "literal";
            byte[] pattern = literal ? Quote(test.GetProperty("hex").GetString()!) : JsonVectors.Bytes(test, "pattern");
            var source = new RuleSource(test.GetProperty("id").GetUInt32(), 0, pattern, options);
            if (unknown is null && flags is { } known && DatabaseCompiler.Compile([source], MatchMode.FindAll, out _) is not null)
            {
                rules.Add(new RegexRule((int)source.Id, pattern, known, 0));
            }
        }

        return rules;
    }

    private static byte[] Quote(string hex) =>
        Encoding.ASCII.GetBytes(string.Concat(Convert.FromHexString(hex).Select(static b => $"\\x{b:X2}")));

    /// <summary>The flags of the class; null where it has none for an option.</summary>
    private static RegexRuleFlags? Flags(RuleOptions options)
    {
        (RuleOptions Option, RegexRuleFlags Flag)[] known =
        [
            (RuleOptions.Caseless, RegexRuleFlags.Caseless), (RuleOptions.Multiline, RegexRuleFlags.MultiLine),
            (RuleOptions.DotAll, RegexRuleFlags.DotAll), (RuleOptions.Extended, RegexRuleFlags.Extended),
            (RuleOptions.Anchored, RegexRuleFlags.Anchored), (RuleOptions.Ungreedy, RegexRuleFlags.Ungreedy),
        ];
        RegexRuleFlags flags = RegexRuleFlags.None;
        foreach ((RuleOptions option, RegexRuleFlags flag) in known)
        {
            flags |= options.HasFlag(option) ? flag : RegexRuleFlags.None;
            options &= ~option;
        }

        return options == RuleOptions.None ? flags : null;
    }
}
