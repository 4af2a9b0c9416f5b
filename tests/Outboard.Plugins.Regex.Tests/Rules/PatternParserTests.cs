using System.Text;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;

namespace Outboard.Plugins.Regex.Tests.Rules;

public sealed class PatternParserTests
{
    /// <summary>Pattern, offset, and a word of the reason, for everything outside the subset.</summary>
    public static TheoryData<string, int, string> Unsupported => new()
    {
        { "ab(?=c)", 2, "look-ahead" },
        { "ab(?!c)", 2, "look-ahead" },
        { "(?<=c)ab", 0, "look-behind" },
        { "(?<!c)ab", 0, "look-behind" },
        { "(?*c)ab", 0, "look-around" },
        { "a(?>b+)c", 1, "atomic" },
        { "ab++c", 2, "possessive" },
        { "ab*+c", 2, "possessive" },
        { "ab?+c", 2, "possessive" },
        { "ab{2,3}+c", 2, "possessive" },
        { "(a)\\1", 3, "back references" },
        { "(a)\\g1", 3, "back references" },
        { "(?<n>a)\\k<n>", 7, "back references" },
        { "(?P<n>a)(?P=n)", 8, "back references" },
        { "\\89", 0, "back references" },
        { "a(?R)?b", 1, "recursion" },
        { "(a)(?1)", 3, "recursion" },
        { "(a)(?-1)", 3, "recursion" },
        { "(?<n>a)(?&n)", 7, "recursion" },
        { "(?<n>a)(?P>n)", 7, "recursion" },
        { "(a)?(?(1)b|c)", 4, "conditional" },
        { "a(?C1)b", 1, "callouts" },
        { "a(*SKIP)b", 1, "verbs" },
        { "(*UTF8)a", 0, "verbs" },
        { "a\\Kb", 1, "\\K" },
        { "\\Ga", 0, "\\G" },
        { "a\\Rb", 1, "\\R" },
        { "a\\Xb", 1, "\\X" },
        { "a\\p{L}b", 1, "Unicode" },
        { "[a\\pL]", 2, "Unicode" },
        { "\\N{U+41}", 0, "\\N{" },
        { "[[:<:]]a", 0, "\\b" },
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
        { "(?P<a", 5 }, { "(?<>a)", 3 },
    };

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void WhatIsOutsideTheSubsetIsRefusedByNameAndPlace(string pattern, int offset, string word)
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
        ];
        for (int i = 0; i < 60_000; i++)
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
