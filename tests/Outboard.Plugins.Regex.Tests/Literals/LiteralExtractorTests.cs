using System.Text;
using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Tests.Literals;

public sealed class LiteralExtractorTests
{
    [Theory]
    [InlineData("needle", "needle", 0, 0, true)]
    [InlineData("a+needle", "needle", 1, null, false)]
    [InlineData("..needle.*x", "needle", 2, 2, false)]
    [InlineData("(?:foo|bar)xyzzy", "fooxyzzy|barxyzzy", 0, 0, true)]
    [InlineData("GET [^ ]*vbqzjx", "vbqzjx", 4, null, false)]
    [InlineData(@"\bneedle$", "needle", 0, 0, false)]
    [InlineData("[0-9]qzxjvk[0-9]", "qzxjvk", 1, 1, false)]
    [InlineData("x{3}y", "xxxy", 0, 0, true)]
    [InlineData("(?:.*|q)zq", "zq", 0, null, false)]
    public void TheBestSetIsFound(string pattern, string literals, int min, int? max, bool whole)
    {
        LiteralSet? set = LiteralExtractor.Extract(Parse(pattern), PayloadModel.Default);
        Assert.NotNull(set);
        Assert.Equal(literals, string.Join('|', set.Literals.Select(Text)));
        Assert.Equal((min, max, whole), (set.MinOffset, set.MaxOffset, set.IsWholeMatch));
    }

    [Theory]
    [InlineData("a+needle[xyz]*b", 1, 2)]
    [InlineData("needle", 0, 0)]
    [InlineData(@"\bneedle$", 1, 1)]
    [InlineData(@"[^x]*need\ble.*", -1, -1)]
    [InlineData("(?:.*needle)+x", -1, -1)]
    public void ASetFromTheTopLevelSplitsTheTree(string pattern, int prefix, int suffix)
    {
        LiteralSet set = LiteralExtractor.Extract(Parse(pattern), PayloadModel.Default)!;
        Assert.Equal((prefix, suffix), (Parts(set.Prefix), Parts(set.Suffix)));
    }

    [Fact]
    public void SingleBytesAreTakenOnlyWhereTheyAreRare()
    {
        Assert.Null(LiteralExtractor.Extract(Parse(".*e.*"), PayloadModel.Default));
        Assert.NotNull(LiteralExtractor.Extract(Parse(@".*\xB7.*"), PayloadModel.Default));
        Assert.Null(LiteralExtractor.Extract(Parse(@".*\xB7.*"), PayloadModel.Default, lengthMin: 2));
    }

    [Fact]
    public void TrainingMovesTheChoice()
    {
        PatternNode root = Parse("qzxjvk.*common");
        byte[] sample = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("qzxjvk-", 500)));
        Assert.Equal("qzxjvk", Text(LiteralExtractor.Extract(root, PayloadModel.Default)!.Literals[0]));
        Assert.Equal("common", Text(LiteralExtractor.Extract(root, PayloadModel.Train(sample))!.Literals[0]));
    }

    private static PatternNode Parse(string pattern) => PatternParser.Parse(Encoding.Latin1.GetBytes(pattern), RuleOptions.None);

    private static string Text(MaskedByte[] literal) => string.Concat(literal.Select(static b => (char)b.Value));

    private static int Parts(PatternNode? node) => node switch
    {
        null => -1,
        EmptyNode => 0,
        ConcatNode concat => concat.Children.Count,
        _ => 1,
    };
}
