using System.Text;
using Outboard.Cli.Vectors;

namespace Outboard.Cli.Tests.Vectors;

public sealed class RegexSpellingTests
{
    [Theory]
    [InlineData("a$", "a\\z")]
    [InlineData("\\$[$]a$b$", "\\$[$]a\\zb\\z")]
    [InlineData("[]$]$", "[]$]\\z")]
    [InlineData("[^]$[:alpha:]$]$", "[^]$[:alpha:]$]\\z")]
    [InlineData("a", "a")]
    public void ADollarIsTheVeryEnd(string pattern, string spelt) => Assert.Equal(spelt, Text(RegexSpelling.DollarEndOnly(Bytes(pattern))));

    [Theory]
    [InlineData("(?m)a$")]
    [InlineData("(?im:a$)")]
    [InlineData("\\Qa$\\E")]
    public void ADollarThatMayStandForMoreIsNotSpelt(string pattern) =>
        Assert.Throws<RegexSpellingException>(() => RegexSpelling.DollarEndOnly(Bytes(pattern)));

    [Fact]
    public void TheEndIsAskedForBehindTheWholePattern()
    {
        Assert.Equal("(?:a|b)\\z", Text(RegexSpelling.EndAnchored("a|b"u8.ToArray())));
        Assert.Equal("(*UTF)(?:a)\\z", Text(RegexSpelling.EndAnchored("(*UTF)a"u8.ToArray())));
        Assert.Equal("(?:\\Qa\\E)\\z", Text(RegexSpelling.EndAnchored("\\Qa"u8.ToArray())));
        Assert.Equal("(*UCP)(?xx)a", Text(RegexSpelling.ExtendedMore("(*UCP)a"u8.ToArray())));
        Assert.Throws<RegexSpellingException>(() => RegexSpelling.EndAnchored("(?x)a # b"u8.ToArray()));
    }

    [Fact]
    public void ANameOfAScriptIsThatScriptAlone() => Assert.Equal(
        "\\p{sc:Greek}\\P{^sc:Yi}\\p{Lu}\\p{Any}\\p{Xan}\\pL[\\p{sc:Old_Italic}]",
        Text(RegexSpelling.Scripts(Bytes("\\p{Greek}\\P{^Yi}\\p{Lu}\\p{Any}\\p{Xan}\\pL[\\p{Old_Italic}]"))));

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
