using System.Text;
using Outboard.Cli.Inspect;
using Outboard.Regex;

namespace Outboard.Cli.Tests.Inspect;

public sealed class RuleFileTests : TemporaryFolder
{
    [Fact]
    public void LinesBecomeRules()
    {
        string path = InFolder("a.rules");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes("# comment\n\n7:/a/b\\/c/ism\n0:/\xE9\xFF/\n"));

        var file = RuleFile.Read(path);

        Assert.Equal([7, 0], file.Rules.Select(rule => rule.Id));
        Assert.Equal("a/b\\/c"u8, file.Rules[0].Pattern.Span);
        Assert.Equal(RegexRuleFlags.Caseless | RegexRuleFlags.DotAll | RegexRuleFlags.MultiLine, file.Rules[0].Flags);
        Assert.Equal([0xE9, 0xFF], file.Rules[1].Pattern.ToArray());
    }

    [Theory]
    [InlineData("x:/a/", ":1: 'x' is not a rule id")]
    [InlineData("1:a", ":1: not a rule")]
    [InlineData("1:/a", ":1: not a rule")]
    [InlineData("1://", ":1: not a rule")]
    [InlineData("1:/a/q", ":1: rule 1 has the unknown flag 'q'")]
    [InlineData("1:/a/\n\n1:/b/", ":3: rule id 1 is taken by line 1")]
    [InlineData("99999999999:/a/", ":1: '99999999999'")]
    [InlineData("# nothing", "there is no rule in it")]
    public void MistakesNameTheirLine(string text, string expected)
    {
        UserException e = Assert.Throws<UserException>(() => RuleFile.Read(Write("b.rules", text)));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusedRuleNamesItsLine()
    {
        var file = RuleFile.Read(Write("c.rules", "1:/a/\n2:/b/\n"));

        UserException e = file.Locate(new RegexRuleException("regex_x0", [new RegexRuleError(2, 0, 4, "it is too long")]));

        Assert.EndsWith("c.rules:2: rule 2, offset 4: it is too long", e.Message, StringComparison.Ordinal);
    }
}
