using Outboard.Cli.Vectors;

namespace Outboard.Cli.Tests.Vectors;

public sealed class RegexRustPatternTests
{
    private static readonly RegexRustOptions s_ascii = new(
        IsUtf: false, IsAscii: true, Unicode: true, Utf8: true, IgnoreCase: false, EndsInNewline: false, LineTerminator: null);

    private static readonly RegexRustOptions s_bytes = s_ascii with { IsAscii = false, Utf8 = false };
    private static readonly RegexRustOptions s_utf = s_ascii with { IsAscii = false, IsUtf = true };

    [Theory]
    [InlineData("a**", "(?:a*)*")]
    [InlineData("a*+", "(?:a*)+")]
    [InlineData("^*x$", "(?:\\A)*x$")]
    [InlineData("(?P<a.b>x)(?<n>y)", "(x)(y)")]
    [InlineData("(?U)a*b*?", "a*?b*")]
    [InlineData("(?i)a(?-i:b)c", "(?i)a(?-i:b)c")]
    [InlineData("(?x) a # b\n c", "ac")]
    [InlineData("(?s).(?-s).", "(?s:.).")]
    [InlineData("(?m)^a$", "(?m:^)a(?m:$)")]
    [InlineData("(?R).", "[^\\r\\n]")]
    [InlineData("[[:alpha:]_-]", "[A-Za-z\\x5F\\x2D]")]
    [InlineData("\\x{41}\\u0042\\-", "AB\\x2D")]
    [InlineData("\\b{start}a\\b{end-half}", "(?<!\\w)(?=\\w)a(?!\\w)")]
    public void APatternMeansTheSameInPcre(string rust, string pcre) => Assert.Equal(pcre, RegexRustPattern.Spell(rust, s_ascii));

    [Fact]
    public void WhereThePayloadEndsInANewlineTheAnchorsAreSpeltOut()
    {
        RegexRustOptions newline = s_ascii with { EndsInNewline = true };

        Assert.Equal("a\\z", RegexRustPattern.Spell("a$", newline));
        Assert.Equal("(?<![^\\n])a", RegexRustPattern.Spell("(?m)^a", newline));
        Assert.Equal("(?<![^\\x00])a(?![^\\x00])", RegexRustPattern.Spell("(?m)^a$", s_ascii with { LineTerminator = 0 }));
    }

    [Fact]
    public void CharactersAndBytesAreToldApart()
    {
        Assert.Equal("(?:\\xE2\\x98\\x83)*", RegexRustPattern.Spell("☃*", s_bytes));
        Assert.Equal("\\x{2603}*", RegexRustPattern.Spell("☃*", s_utf));
        Assert.Equal("(?:[0-9A-Za-z_])", RegexRustPattern.Spell("(?-u:\\w)", s_utf));
        Assert.Equal("\\xFF", RegexRustPattern.Spell("(?-u)\\xFF", s_bytes));
        Assert.Equal("\\p{Nd}\\p{L}", RegexRustPattern.Spell("\\p{Decimal_Number}\\pL", s_utf));
        Assert.Equal(RegexSpellingException.NeedsUtf, Refusal(".", s_bytes));
        Assert.Equal(RegexSpellingException.NeedsUtf, Refusal("(?i)k", s_bytes));
        Assert.Equal(RegexSpellingException.NeedsUtf, Refusal("[☃]", s_bytes));
        Assert.Equal(RegexSpellingException.Mixed, Refusal("(?-u)\\xFF", s_utf));
        Assert.Equal(RegexSpellingException.Mixed, Refusal("(?-u:\\W)", s_utf));
        Assert.Equal("PCRE has no property gcb", Refusal("\\p{gcb=zwj}", s_utf));
    }

    [Theory]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("*")]
    [InlineData("a{2")]
    [InlineData("[a")]
    [InlineData("\\")]
    [InlineData("\\q")]
    [InlineData("\\x{110000}")]
    [InlineData("(?P>x)")]
    [InlineData("(?")]
    [InlineData("[[:none:]]")]
    [InlineData("[a\\")]
    public void WhatIsNoPatternIsSaidToBeNone(string pattern) => Assert.Equal(RegexSpellingException.Foreign, Refusal(pattern, s_ascii));

    [Fact]
    public void ClassesOfClassesAreNotSpelt()
    {
        foreach (string pattern in (string[])["[a&&b]", "[a--b]", "[a~~b]", "[a[^b]]"])
        {
            Assert.Contains("a class made of two classes", Refusal(pattern, s_ascii), StringComparison.Ordinal);
        }

        Assert.Equal("[\\x61\\x62]", RegexRustPattern.Spell("[a[b]]", s_ascii));
    }

    [Fact]
    public void RandomTextEndsInASpellingOrAReason()
    {
        const string Alphabet = "ab(){}[]*+?|^$\\.-:<>PxuUbdwpiR&~,019 #\n☃";
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            string pattern = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            foreach (RegexRustOptions options in (RegexRustOptions[])[s_ascii, s_bytes, s_utf])
            {
                try
                {
                    Assert.NotNull(RegexRustPattern.Spell(pattern, options));
                }
                catch (RegexSpellingException e)
                {
                    Assert.NotEmpty(e.Message);
                }
            }
        }
    }

    private static string Refusal(string pattern, RegexRustOptions options) =>
        Assert.Throws<RegexSpellingException>(() => RegexRustPattern.Spell(pattern, options)).Message;
}
