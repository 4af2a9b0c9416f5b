using System.Text;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Literals;
using Outboard.Regex;
using Outboard.Testing;

namespace Outboard.Plugins.Regex.Tests.Rules;

public sealed class RegexRuleFileTests
{
    [Fact]
    public void LinesBecomeRulesAndCommentsAreSkipped()
    {
        IReadOnlyList<RegexRule> rules = RegexRuleFile.Parse("# a\n\n1:/a\\/b/i\r\n  20:/x:/y/z/sm\n0:/\xFF/V"u8, "f", groupId: 3);
        Assert.Equal([1, 20, 0], rules.Select(static r => r.Id));
        Assert.Equal(["a\\/b", "x:/y/z"], rules.Take(2).Select(static r => Encoding.Latin1.GetString(r.Pattern.Span)));
        Assert.Equal(
            [RegexRuleFlags.Caseless, RegexRuleFlags.DotAll | RegexRuleFlags.MultiLine, RegexRuleFlags.AllowEmpty],
            rules.Select(static r => r.Flags));
        Assert.All(rules, static r => Assert.Equal(3, r.GroupId));
    }

    [Theory]
    [InlineData("", "rules.txt: there is no rule")]
    [InlineData("1:/a/\nabc\n", "rules.txt:2: not a rule")]
    [InlineData("1:/a/\n2:b/i\n", "rules.txt:2: not a rule")]
    [InlineData("1://\n", "rules.txt:1: not a rule")]
    [InlineData("x:/a/\n", "rules.txt:1: 'x' is not a rule id")]
    [InlineData("-1:/a/\n", "rules.txt:1: '-1' is not a rule id")]
    [InlineData("99999999999:/a/\n", "rules.txt:1: '99999999999' is not a rule id")]
    [InlineData("1:/a/q\n", "rules.txt:1: rule 1 has the unknown flag 'q'")]
    [InlineData("1:/a/\n\n1:/b/\n", "rules.txt:3: rule id 1 is taken by line 1")]
    public void AMalformedFileGetsOneLineWithItsPlace(string content, string start)
    {
        FormatException e = Assert.Throws<FormatException>(
            () => RegexRuleFile.Parse(Encoding.Latin1.GetBytes(content), "rules.txt"));
        Assert.StartsWith(start, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void TheSampleRulesAreAllTaken()
    {
        string path = Path.Combine(SharedVectors.RepositoryRoot ?? string.Empty, "samples", "data", "rules.txt");
        Assert.SkipUnless(File.Exists(path), "samples/data/rules.txt is not there");
        IReadOnlyList<RegexRule> rules = RegexRuleFile.Read(path);
        RegexDatabase database = RuleTranslation.Compile("test", rules, MatchMode.FindAll, PayloadModel.Default, before: null);
        Assert.Equal(rules.Count, database.Rules.Length);
    }
}
