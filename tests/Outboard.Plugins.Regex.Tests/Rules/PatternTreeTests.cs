using System.Text;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Tests.Rules;

/// <summary>The tree of every construct, written as a line of text.</summary>
public sealed class PatternTreeTests
{
    [Theory]
    [InlineData("abc", "a b c")]
    [InlineData("a|b|", "alt(a, b, empty)")]
    [InlineData("a*b+?c??", "rep(a, 0, -) rep(b, 1, - lazy) rep(c, 0, 1 lazy)")]
    [InlineData("a{2}b{2,}c{2,3}?d{,4}", "rep(a, 2, 2) rep(b, 2, -) rep(c, 2, 3 lazy) d { , 4 }")]
    [InlineData("a++b{1,2}+", "atomic(rep(a, 1, -)) atomic(rep(b, 1, 2))")]
    [InlineData("a+(?#c)+b", "atomic(rep(a, 1, -)) b")]
    [InlineData("(?>a|b)", "atomic(alt(a, b))")]
    [InlineData("(*atomic:a)", "atomic(a)")]
    [InlineData("(?=a)(?!b)(?<=c)(?<!d)", "look(a) look-not(b) behind(c) behind-not(d)")]
    [InlineData("(*pla:a)(*nla:b)(*plb:c)(*nlb:d)", "look(a) look-not(b) behind(c) behind-not(d)")]
    [InlineData("(*positive_lookahead:a)(*negative_lookbehind:b)", "look(a) behind-not(b)")]
    [InlineData("(?*a)(?<*b)(*napla:(c))", "look(a) behind(b) look(c)")]
    [InlineData("(?=a)*b", "rep(look(a), 0, 1) b")]
    [InlineData("(?=a){2,}b", "rep(look(a), 2, 3) b")]
    [InlineData("(?<=ab|c)", "behind(alt(a b, c))")]
    [InlineData("[[:<:]]a[[:>:]]", "{WordBoundary} look([^]) a {WordBoundary} behind([^])")]
    [InlineData("(a)(b)\\2", "a group1(b) ref(1)")]
    [InlineData("(a)\\g{-1}\\g1\\g{1}", "group1(a) ref(1) ref(1) ref(1)")]
    [InlineData("\\g{+1}(a)", "ref(1) group1(a)")]
    [InlineData("(?<n>a)\\k<n>\\k'n'\\k{n}\\g{n}(?P=n)", "group1(a) ref(1) ref(1) ref(1) ref(1) ref(1)")]
    [InlineData("(?J)(?<n>a)(?'n'b)(?P<m>c)\\k<n>", "group1(a) group2(b) c ref(1,2)")]
    [InlineData("(?|(a)|(b))\\1", "alt(group1(a), group1(b)) ref(1)")]
    [InlineData("(?i)(a)\\1", "group1([^]) ref-i(1)")]
    [InlineData("(?n)(a)(?<x>b)\\1", "a group1(b) ref(1)")]
    [InlineData("(a)\\10\\11\\81", null)]
    [InlineData("(a)\\12\\012", "a \n \n")]
    [InlineData("\\Ga\\Kb", "{SearchStart} a keep b")]
    [InlineData("\\R", "atomic(alt(\r \n, [^]))")]
    [InlineData("\\X", "atomic(alt(\r \n, [^]))")]
    [InlineData("a(*F)|b(*FAIL:x)", "alt(a [], b [])")]
    [InlineData("^a$\\A\\z\\Z\\b\\B", "{SubjectStart} a {SubjectEndOrLastNewline} {SubjectStart} {SubjectEnd} {SubjectEndOrLastNewline} {WordBoundary} {NotWordBoundary}")]
    [InlineData("(?m)^a$", "{LineStart} a {LineEnd}")]
    [InlineData("(?x) a # b\n c (?-x) d", "a c   d")]
    [InlineData("(?xx)[a b]c d", "[^] c d")]
    [InlineData("(?^:a)(?i-i:b)", "a b")]
    [InlineData("\\Qa+b\\E+", "a + rep(b, 1, -)")]
    [InlineData("\\x41\\x{42}\\103\\o{104}\\cA\\e\\t", "A B C D \u0001 \u001B \t")]
    [InlineData("(*LF)(*NO_JIT)(*NOTEMPTY)a", "a")]
    [InlineData("(*BSR_ANYCRLF)\\R", "atomic(alt(\r \n, [^]))")]
    public void ATreeIsWhatThePatternSays(string pattern, string? tree)
    {
        if (tree is null)
        {
            Assert.Throws<PatternException>(() => PatternParser.Parse(Encoding.Latin1.GetBytes(pattern), RuleOptions.None));
            return;
        }

        Assert.Equal(tree, Text(PatternParser.Parse(Encoding.Latin1.GetBytes(pattern), RuleOptions.None)));
    }

    [Theory]
    [InlineData("é", "\u00C3 \u00A9")]
    [InlineData("[é€]", "alt(\u00C3 \u00A9, \u00E2 \u0082 \u00AC)")]
    [InlineData("[éè]", "\u00C3 [^]")]
    [InlineData("(*UTF8)é", "\u00C3 \u00A9")]
    [InlineData("(?i)é", "\u00C3 [^]")]
    [InlineData("(?i)k", "alt([^], \u00E2 \u0084 \u00AA)")]
    [InlineData("\\X\\C", "{CharacterBoundary} grapheme [^]")]
    [InlineData("a?", "{CharacterBoundary} rep(a, 0, 1)")]
    [InlineData("\\bé*a", "{WordBoundary} rep(\u00C3 \u00A9, 0, -) a")]
    [InlineData("(*UCP)\\ba", "{UnicodeWordBoundary} a")]
    [InlineData("(?i)(é)\\1", "group1(\u00C3 [^]) ref-u(1)")]
    [InlineData("\\N{U+20AC}\\x{20ac}\\o{20254}", "\u00E2 \u0082 \u00AC \u00E2 \u0082 \u00AC \u00E2 \u0082 \u00AC")]
    [InlineData("(?<é>a)\\k<é>", "group1(a) ref(1)")]
    [InlineData("(?<=é|a)", "{CharacterBoundary} behind(alt(\u00C3 \u00A9, a))")]
    public void AUtf8TreeIsOfItsBytes(string pattern, string tree) => Assert.Equal(
        tree, Text(PatternParser.Parse(Encoding.UTF8.GetBytes(pattern), RuleOptions.Utf | RuleOptions.AllowEmpty)));

    [Theory]
    [InlineData("a\u00C3b", 1, "not valid UTF-8")]
    [InlineData("(?<=\\C)", 0, "\\C")]
    [InlineData("\\x{110000}", 0, "10FFFF")]
    [InlineData("\\x{d800}", 0, "surrogates")]
    [InlineData("a\\p{Foo}", 1, "'foo'")]
    [InlineData("\\p{gc=L}", 0, "'gc'")]
    [InlineData("\\p{L", 0, "closing brace")]
    [InlineData("\\p", 0, "letter")]
    [InlineData("(*NOTEMPTY)a", 0, "allow-empty")]
    public void AWrongUtf8PatternIsRefusedWithItsPlace(string pattern, int offset, string word)
    {
        PatternException refusal = Assert.Throws<PatternException>(
            () => PatternParser.Parse(Encoding.Latin1.GetBytes(pattern), RuleOptions.Utf | RuleOptions.AllowEmpty));
        Assert.Equal(offset, refusal.Offset);
        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMeasureKnowsEveryNode()
    {
        Assert.Equal(new PatternMeasure(2, 2), Measure("(?>ab)(?=c)\\K(?<!d)"));
        Assert.Equal(new PatternMeasure(1, null), Measure("(a)\\1"));
        Assert.Equal(new PatternMeasure(1, 2), Measure("\\X"));
        Assert.Equal(new PatternMeasure(1, null), PatternMeasure.Of(PatternParser.Parse("\\X"u8, RuleOptions.Utf)));

        static PatternMeasure Measure(string pattern) =>
            PatternMeasure.Of(PatternParser.Parse(Encoding.Latin1.GetBytes(pattern), RuleOptions.None));
    }

    /// <summary>A set of one byte is that byte, the empty set [], any other set [^].</summary>
    private static string Text(PatternNode node) => node switch
    {
        EmptyNode => "empty",
        SetNode { Set: { Count: 1 } set } => ((char)set.First()).ToString(),
        SetNode set => set.Set.IsEmpty ? "[]" : "[^]",
        AssertNode assert => $"{{{assert.Kind}}}",
        ConcatNode concat => string.Join(' ', concat.Children.Select(Text)),
        AlternateNode alternate => $"alt({string.Join(", ", alternate.Children.Select(Text))})",
        RepeatNode repeat =>
            $"rep({Text(repeat.Child)}, {repeat.Min}, {repeat.Max?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}"
            + (repeat.Greedy ? ")" : " lazy)"),
        CaptureNode capture => $"group{capture.Index}({Text(capture.Child)})",
        BackReferenceNode reference =>
            (reference.Fold switch { BackReferenceFold.Ascii => "ref-i", BackReferenceFold.Unicode => "ref-u", _ => "ref" })
            + $"({string.Join(',', reference.Groups)})",
        LookNode look => $"{(look.Behind ? "behind" : "look")}{(look.Negative ? "-not" : string.Empty)}({Text(look.Child)})",
        AtomicNode atomic => $"atomic({Text(atomic.Child)})",
        KeepNode => "keep",
        GraphemeNode => "grapheme",
        _ => throw new InvalidOperationException(node.GetType().Name),
    };
}
