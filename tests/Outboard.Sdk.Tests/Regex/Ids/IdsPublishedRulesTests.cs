using System.Text;
using System.Text.Json;
using Outboard.Regex;
using Outboard.Regex.Ids;
using Outboard.Testing;

namespace Outboard.Sdk.Tests.Regex.Ids;

/// <summary>Real rules, against somebody else's reading of them.</summary>
public sealed class IdsPublishedRulesTests
{
    private const string RulesFile = "regex/ids.rules";
    private const string ParsedFile = "regex/ids-rules.jsonl";

    [Fact]
    public void TheReadingAgreesFieldByField()
    {
        Assert.SkipUnless(SharedVectors.TryFind(RulesFile, out string path), SharedVectors.Reason(RulesFile));
        Assert.SkipUnless(SharedVectors.TryFind(ParsedFile, out string parsed), SharedVectors.Reason(ParsedFile));
        IdsRuleFile file = IdsRuleFile.Read(path);
        Assert.Empty(file.Errors);
        Dictionary<uint, (IdsRule Rule, bool Enabled)> rules = file.Rules.Select(rule => (rule, true))
            .Concat(file.Disabled.Select(rule => (rule, false))).ToDictionary(pair => pair.rule.Sid);
        int count = 0;
        foreach (string line in File.ReadLines(parsed))
        {
            JsonElement json = JsonDocument.Parse(line).RootElement;
            (IdsRule rule, bool enabled) = rules[json.GetProperty("sid").GetUInt32()];
            Assert.Equal(json.GetProperty("enabled").GetBoolean(), enabled);
            Assert.Equal(json.GetProperty("msg").GetString(), rule.Message);
            Assert.Equal(json.GetProperty("proto").GetString(), rule.Protocol);
            Assert.Equal(
                json.GetProperty("contents").EnumerateArray().Select(Describe),
                rule.Items.OfType<IdsContent>().Zip(json.GetProperty("contents").EnumerateArray(), Describe));
            Assert.Equal(json.GetProperty("contents").GetArrayLength(), rule.Items.OfType<IdsContent>().Count());
            Assert.Equal(json.GetProperty("pcre").EnumerateArray().Select(DescribePcre), rule.Items.OfType<IdsPcre>().Select(DescribePcre));
            count++;
        }

        Assert.Equal(rules.Count, count);
    }

    [Fact]
    public void EveryEnabledRuleIsInForceOrListed()
    {
        Assert.SkipUnless(SharedVectors.TryFind(RulesFile, out string path), SharedVectors.Reason(RulesFile));
        IdsRuleFile file = IdsRuleFile.Read(path);

        var set = IdsRuleSet.Build([file]);

        Assert.Equal(file.Rules.Select(rule => rule.Sid).Order(), set.Rules.Select(rule => rule.Sid).Concat(set.Report.Omissions.Select(entry => entry.Sid)).Order());
        Assert.All(set.Report.Omissions, entry => Assert.True(entry.Sid != 0 && entry.Reason.Length > 5));
        Assert.True(set.Rules.Count > 400, set.Report.ToString());
        TestContext.Current.TestOutputHelper?.WriteLine(Print(set.Report));
    }

    private static string Print(IdsReport report)
    {
        using var writer = new StringWriter();
        report.WriteTo(writer);
        return writer.ToString();
    }

    private static string Describe(JsonElement json) => string.Join(' ',
        json.GetProperty("hex").GetString(),
        json.GetProperty("nocase").GetBoolean(),
        json.GetProperty("negated").GetBoolean(),
        Number(json, "offset"), Number(json, "depth"), Number(json, "distance"), Number(json, "within"),
        Text(json, "buffer") is "file_data" ? string.Empty : Text(json, "buffer"));

    // That reading takes file_data for the buffer of only some of the contents behind it; those are compared without a buffer.
    private static string Describe(IdsContent content, JsonElement json) =>
        content.BufferName == "file_data" || Text(json, "buffer") == "file_data"
            ? Describe(content with { BufferName = string.Empty })
            : Describe(content);

    private static string Describe(IdsContent content) => string.Join(' ',
        Convert.ToHexStringLower(content.Bytes.Span),
        content.IsCaseless,
        content.IsNegated,
        content.Offset, content.Depth, content.Distance, content.Within, content.IsRaw ? "rawbytes" : content.BufferName);

    private static string DescribePcre(JsonElement json) => string.Join(' ',
        json.GetProperty("pattern").GetString(),
        string.Join(',', json.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()).Order(StringComparer.Ordinal)),
        json.GetProperty("negated").GetBoolean(),
        json.GetProperty("relative").GetBoolean(),
        Text(json, "buffer"));

    // That reading gives a pcre a buffer only when a flag names it, and drops the backslash before a semicolon or a quote, which patterns need not have.
    private static string DescribePcre(IdsPcre pcre) => string.Join(' ',
        Encoding.Latin1.GetString(pcre.Pattern.Span).Replace("\\;", ";", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal),
        string.Join(',', Names(pcre.Flags).Order(StringComparer.Ordinal)),
        pcre.IsNegated,
        pcre.IsRelative,
        pcre.BufferName == "file_data" ? string.Empty : pcre.BufferName);

    private static IEnumerable<string> Names(RegexRuleFlags flags) =>
        from pair in ((RegexRuleFlags Flag, string Name)[])
            [(RegexRuleFlags.Caseless, "caseless"), (RegexRuleFlags.DotAll, "dotall"), (RegexRuleFlags.MultiLine, "multiline"), (RegexRuleFlags.Ungreedy, "ungreedy"), (RegexRuleFlags.Extended, "extended")]
        where flags.HasFlag(pair.Flag)
        select pair.Name;

    private static string Number(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetRawText() : string.Empty;

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString()! : string.Empty;
}
