using System.Text;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;

namespace Outboard.Plugins.Regex.Tests.Rules;

public sealed class PatternParserTests
{
    /// <summary>Pattern, offset, and a word of the reason, for everything of PCRE that is refused.</summary>
    public static TheoryData<string, int, string> Unsupported => new()
    {
        { "a(?R)?b", 1, "recursion" },
        { "(a)(?1)", 3, "recursion" },
        { "(a)(?-1)", 3, "recursion" },
        { "(a)(?+1)(b)", 3, "recursion" },
        { "(?<n>a)(?&n)", 7, "recursion" },
        { "(?<n>a)(?P>n)", 7, "recursion" },
        { "(?<n>a)\\g<n>", 7, "subroutine" },
        { "(?<n>a)\\g'1'", 7, "subroutine" },
        { "(a)?(?(1)b|c)", 4, "conditional" },
        { "a(?C1)b", 1, "callouts" },
        { "a(*SKIP)b", 1, "(*SKIP)" },
        { "a(*ACCEPT)b", 1, "(*ACCEPT)" },
        { "a(*:name)b", 1, "verb" },
        { "(*CRLF)a", 0, "(*LF)" },
        { "(*LIMIT_MATCH=10)a", 0, "limits" },
        { "(*sr:a)", 0, "script runs" },
        { "(*napla:(a))\\1", 0, "non-atomic" },
        { "(?<*(a))\\1", 0, "non-atomic" },
    };

    /// <summary>Pattern and offset of what is no pattern at all.</summary>
    public static TheoryData<string, int> Malformed => new()
    {
        { "*a", 0 }, { "a**", 2 }, { "a|+b", 2 }, { "^*", 1 }, { "\\b+", 2 }, { "(?i)*", 4 }, { "{1}", 0 },
        { "a{3,2}", 1 }, { "a{65536}", 2 }, { "(a", 2 }, { "a)", 1 }, { "(?", 2 }, { "(?z)", 2 }, { "(?i", 3 },
        { "(?-i-s)", 4 }, { "(?^-i)", 3 }, { "(?#a", 4 }, { "[a", 2 }, { "[]", 2 }, { "[z-a]", 1 }, { "[a-\\d]", 2 },
        { "[\\d-z]", 3 }, { "[[:foo:]]", 1 }, { "[[.a.]]", 1 }, { "[:alpha:]", 0 }, { "a\\", 2 }, { "\\c", 2 },
        { "\\x{100}", 0 }, { "\\x{4g}", 4 }, { "\\x{}", 0 }, { "\\x{41", 0 }, { "\\o{777}", 0 }, { "\\o1", 0 },
        { "\\400", 0 }, { "\\y", 0 }, { "\\L", 0 }, { "[\\B]", 1 }, { "[\\N]", 1 }, { "(?<1a>b)", 3 }, { "(?<a>b)(?<a>c)", 10 },
        { "(?P<a", 5 }, { "(?<>a)", 3 }, { "\\1", 0 }, { "(a)\\2", 3 }, { "a\\g0", 1 }, { "\\g{-1}(a)", 0 }, { "\\g{x", 4 }, { "\\g", 0 },
        { "\\k", 0 }, { "\\k<n>", 0 }, { "(?P=n)", 0 }, { "\\g{+0}", 0 }, { "(a)\\99", 3 }, { "\\N{a}", 0 }, { "\\N{U+41}", 0 },
        { "(?|(?<a>b)|(?<c>d))", 14 }, { "x(?<=a*)", 1 }, { "(?<=a|b?)", 0 }, { "(?<=(a|bc))", 0 }, { "(?<=\\R)", 0 }, { "(?<=\\X)", 0 },
        { "(a(?<=\\1))", 2 }, { "(?|(a))(?<=\\1)", 7 }, { "(?<!(?:a{2000}){2000})", 0 }, { "(?=a\\K)", 4 }, { "\\K*", 2 }, { "\\G+", 2 },
        { "(*F)*", 4 }, { "(*foo:a)", 0 }, { "(*pla)", 5 }, { "(*FOO)", 0 }, { "(*F", 0 }, { "a(*UTF)", 1 }, { "(?=a", 4 }, { "(?>a", 4 },
    };

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void WhatIsNotOfferedIsRefusedByNameAndPlace(string pattern, int offset, string word)
    {
        PatternException refusal = Refusal(pattern);
        Assert.Equal(PatternRefusal.Unsupported, refusal.Refusal);
        Assert.Equal(offset, refusal.Offset);
        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void WhatIsNoPatternIsRefusedWithItsPlace(string pattern, int offset)
    {
        PatternException refusal = Refusal(pattern);
        Assert.Equal(PatternRefusal.Syntax, refusal.Refusal);
        Assert.Equal(offset, refusal.Offset);
    }

    [Fact]
    public void Pcre2AgreesOnWhatIsNoPattern()
    {
        Pcre2.SkipIfAbsent();
        foreach (var row in Malformed)
        {
            string pattern = row.Data.Item1;
            using Pcre2? theirs = Pcre2.TryCompile(Encoding.Latin1.GetBytes(pattern), 0, out _, out _);
            Assert.True(theirs is null, pattern);
        }
    }

    [Fact]
    public void RandomBytesAreRefusedOrTakenAsPcre2Does()
    {
        Pcre2.SkipIfAbsent();
        var random = new Random(4711);
        string[] parts =
        [
            "(", ")", "[", "]", "{", "}", "*", "+", "?", "|", "^", "$", "\\", "-", ":", "a", "b", "1", "0", ",", "<", ">", "=", "!",
            "#", " ", "\n", "(?", "(?:", "[^", "[:", ":]", "alpha", "\\x", "\\Q", "\\E", "(?i", "x{", "(?#", "\\o{", "\\c", "i", "x", "P", "d", "w",
            "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?|", "(?<n>", "(?'m'", "(?P<n>", "(?P=n)", "\\k<n>", "\\k{m}", "\\g{-1}", "\\g2", "\\g{n}", "\\1",
            "\\12", "++", "*?", "{2}", "{1,2}+", "(*pla:", "(*nlb:", "(*atomic:", "(*F)", "\\K", "\\G", "\\R", "\\X", "\\N", "\\C", "\\b", "(?J)", "(?n)",
            "(?^x:", "(?xx-i)", "[[:<:]]", "[[:>:]]", "(?#c)", "\\Q\\E", "\x85", "\\pL", "\\p{^Lu}", "(*UCP)", "(*UTF)", "\\N{U+41}", "\\377", "\\8", "\\z",
        ];
        for (int i = 0; i < 120_000; i++)
        {
            var text = new StringBuilder();
            for (int n = random.Next(1, 9); n > 0; n--)
            {
                text.Append(parts[random.Next(parts.Length)]);
            }

            string pattern = text.ToString();
            byte[] bytes = Encoding.Latin1.GetBytes(pattern);
            uint options = i % 3 == 0 ? Pcre2.Extended : 0;
            using Pcre2? theirs = Pcre2.TryCompile(bytes, options, out string error, out _);
            PatternRefusal? ours = null;
            try
            {
                PatternParser.Parse(bytes, options != 0 ? RuleOptions.Extended : RuleOptions.None);
            }
            catch (PatternException e)
            {
                ours = e.Refusal;
            }

            if (theirs is null)
            {
                Assert.True(ours is not null, $"PCRE2 refuses '{pattern}' (extended {options != 0}): {error}");
            }
            else
            {
                Assert.True(ours != PatternRefusal.Syntax, $"PCRE2 takes '{pattern}' (extended {options != 0})");
            }
        }
    }

    [Fact]
    public void DeepNestingIsRefusedWithoutAnOverflow()
    {
        PatternException refusal = Refusal(new string('(', 60_000) + "a" + new string(')', 5000));
        Assert.Equal(PatternRefusal.TooLarge, refusal.Refusal);
    }

    [Fact]
    public void APatternBeyondTheLengthLimitIsRefused()
    {
        Assert.Equal(PatternRefusal.TooLarge, Refusal(new string('a', 65536)).Refusal);
    }

    [Fact]
    public void BackslashCIsRefusedUnderItsFlag()
    {
        Assert.Equal(
            PatternRefusal.Syntax,
            Assert.Throws<PatternException>(() => PatternParser.Parse("a\\C"u8, RuleOptions.NeverBackslashC)).Refusal);
        Assert.NotNull(PatternParser.Parse("a\\C"u8, RuleOptions.None));
    }

    private static PatternException Refusal(string pattern) =>
        Assert.Throws<PatternException>(() => PatternParser.Parse(Encoding.Latin1.GetBytes(pattern), RuleOptions.None));
}
