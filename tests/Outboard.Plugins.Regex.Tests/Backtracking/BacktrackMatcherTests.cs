using System.Text;
using Outboard.Plugins.Regex.Backtracking;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Engine;
using Outboard.Simd;
using Outboard.Testing;

namespace Outboard.Plugins.Regex.Tests.Backtracking;

/// <summary>Known answers; the sections are those of pcre2pattern(3).</summary>
public sealed class BacktrackMatcherTests
{
    [Theory]

    // "Lookahead assertions"
    [InlineData("\\w+(?=;)", "foo bar; baz", "4-7")]
    [InlineData("foo(?!bar)", "foobar foobaz", "7-10")]
    [InlineData("(?!foo)bar", "foobar", "3-6")]

    // "Lookbehind assertions"
    [InlineData("(?<!foo)bar", "foobar xbar", "8-11")]
    [InlineData("(?<=bullock|donkey) x", "bullock x donkey x cow x", "7-9 16-18")]
    [InlineData("(?<=dogs|cats|)x", "x", "0-1")]

    // "Using multiple assertions"
    [InlineData("(?<=\\d{3})(?<!999)foo", "123foo 999foo", "3-6")]
    [InlineData("(?<=\\d{3}...)(?<!999)foo", "123abcfoo", "6-9")]
    [InlineData("(?<=(?<!foo)bar)baz", "barbaz foobarbaz", "3-6")]

    // "Atomic grouping and possessive quantifiers"
    [InlineData("(?>\\d+)foo", "123456bar 12foo", "10-15")]
    [InlineData("\\d++foo", "123456foo", "0-9")]
    [InlineData("(?>a|ab)c", "abc ac", "4-6")]
    [InlineData("(abc|xyz){2,3}+x", "abcabcxyzx abcx", "0-10")]

    // "Backreferences"
    [InlineData("(sens|respons)e and \\1ibility", "sense and sensibility, sense and responsibility", "0-21")]
    [InlineData("((?i)rah)\\s+\\1", "rah rah RAH RAH RAH rah", "0-7 8-15")]
    [InlineData("(a|(bc))\\2", "a bcbc", "2-6")]
    [InlineData("(a|b\\1)+", "aababbaa", "0-8")]
    [InlineData("(?<n>a)|(?<m>b)\\k<m>", "abb", "0-1 1-3")]

    // "Resetting the match start"
    [InlineData("foo\\Kbar", "foobar", "3-6")]
    [InlineData("(foo)\\Kbar\\1", "foobarfoo", "3-9")]

    // "Simple assertions"
    [InlineData("\\Ga", "aaba", "0-1 1-2")]
    [InlineData("\\bfoo\\b", "foo xfoo foo", "0-3 9-12")]

    // "Repetition"
    [InlineData("(?:a?)*?b", "aab b", "0-3 4-5")]
    [InlineData("(?:a|)*c", "aac", "0-3")]
    [InlineData("(?:|a)+b", "ab", "0-2")]
    [InlineData("(?:ab?){2,3}c", "aababc abac", "0-6 7-11")]
    [InlineData("x{2,3}?y", "xxxxy", "1-5")]

    // "Assertions": captures that a positive look-around made stay
    [InlineData("(?=(a+))\\1b", "aaab", "0-4")]
    [InlineData("(?<=(.))\\1", "abba", "2-3")]
    [InlineData("(?!(a)b)\\w\\w", "abac", "1-3")]
    public void KnownAnswers(string pattern, string subject, string expected)
    {
        List<(int Start, int End)>? found = Backtrackers.FindAll(
            Backtrackers.Make(), Backtrackers.Program(pattern), Encoding.UTF8.GetBytes(subject), allowEmpty: false);
        Assert.NotNull(found);
        Assert.Equal(expected, string.Join(' ', found.Select(static m => $"{m.Start}-{m.End}")));
    }

    [Theory]
    [InlineData("(?<=é|€)x", "éx €x ax", "2-3 7-8")]
    [InlineData("(?<=.)x", "x€x", "4-5")]
    [InlineData("(?<!\\x{20AC})x", "x€x", "0-1")]
    [InlineData("(?<=[^a]{2})b", "a€éb aab", "6-7")]
    [InlineData("(?<=(.))\\1", "a€€", "4-7")]
    public void LooksBehindCountCharactersOfUtf8(string pattern, string subject, string expected)
    {
        List<(int Start, int End)>? found = Backtrackers.FindAll(
            Backtrackers.Make(), Backtrackers.Program(pattern, RuleOptions.Utf), Encoding.UTF8.GetBytes(subject), allowEmpty: false);
        Assert.NotNull(found);
        Assert.Equal(expected, string.Join(' ', found.Select(static m => $"{m.Start}-{m.End}")));
    }

    /// <summary>"Backreferences": one to a group that is not set fails, or matches nothing when asked to.</summary>
    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "0-1")]
    public void UnsetGroupsFailOrMatchNothing(bool matchUnset, string expected)
    {
        var tree = new ConcatNode(
        [
            new RepeatNode(new CaptureNode(1, new SetNode(ByteSet.Of((byte)'a'))), 0, 1, Greedy: true),
            new SetNode(ByteSet.Of((byte)'b')),
            new BackReferenceNode([2, 1], BackReferenceFold.Exact, matchUnset),
        ]);
        List<(int Start, int End)>? found = Backtrackers.FindAll(
            Backtrackers.Make(), BacktrackProgram.Compile(tree), "b"u8.ToArray(), allowEmpty: false);
        Assert.NotNull(found);
        Assert.Equal(expected, string.Join(' ', found.Select(static m => $"{m.Start}-{m.End}")));
    }

    [Fact]
    public void OfSeveralGroupsTheFirstThatIsSetCounts()
    {
        static SetNode Byte(char value) => new(ByteSet.Of((byte)value));
        var tree = new ConcatNode(
        [
            new AlternateNode([new CaptureNode(1, Byte('a')), new CaptureNode(2, Byte('b'))]),
            new BackReferenceNode([1, 2], BackReferenceFold.Exact, MatchUnset: false),
        ]);
        List<(int Start, int End)>? found = Backtrackers.FindAll(
            Backtrackers.Make(), BacktrackProgram.Compile(tree), "abb aa"u8.ToArray(), allowEmpty: false);
        Assert.Equal([(1, 3), (4, 6)], found);
    }

    [Fact]
    public void EveryWidthAgreesWithScalarAndReadsNothingBehind()
    {
        string[] patterns =
        [
            "[a-m]+(?=n)", "a[^n]*n(?!x)", "a[^n]*?nx", "(?<=a)[^x]{3,40}x", "(a[^z]+)\\1", "[^q]+q", "(?>[a-z]+)1", "(?i)abcdefghi(?!k)", "(?m)^[^a]+$\\K",
        ];
        var random = new Random(5);
        using var memory = new GuardedMemory(300);
        for (int length = 0; length < 270; length++)
        {
            byte[] source = [.. Enumerable.Range(0, length).Select(_ => (byte)"abcdefghijklmnopqrstuvwxyz1\nABC"[random.Next(random.Next(1, 31))])];
            Span<byte> data = memory.Copy(source);
            foreach (string pattern in patterns)
            {
                BacktrackProgram program = Backtrackers.Program(pattern);
                (int, int, bool, long)? expected = null;
                foreach (SimdWidth width in ScannerFactory.Widths)
                {
                    long steps = Backtrackers.Budget;
                    Backtrackers.Make(width).TryFind(
                        program, data, 0, length, 0, notEmpty: false, ref steps, out int start, out int end, out bool touched);
                    expected ??= (start, end, touched, steps);
                    Assert.Equal(expected, (start, end, touched, steps));
                }
            }
        }
    }

    [Fact]
    public void MatchingAllocatesNothing()
    {
        BacktrackMatcher matcher = Backtrackers.Make();
        BacktrackProgram[] programs =
        [
            .. new[] { "(a+)b\\1", "(?:a|b)*(?=c)", "(?<=a|bb)c", "(?>a*)b", "x\\Ky", "(?:ab?){2,9}c", "\\bfoo(?!bar)" }
                .Select(static p => Backtrackers.Program(p)),
            .. new[] { "(?i)(.)\\1", "\\X+b", "\\b\\w" }
                .Select(static p => Backtrackers.Program(p, RuleOptions.Utf | RuleOptions.UnicodeProperties)),
        ];
        byte[] data = Encoding.UTF8.GetBytes("aabbcabxy foo aabaa e\u0301 \u20AC\u00C9\u00E9 foobaz cccc");
        var ends = new int[64];
        Assert.True(AllocationFree.Once(() =>
        {
            foreach (BacktrackProgram program in programs)
            {
                long steps = Backtrackers.Budget;
                matcher.TryFind(program, data, 0, data.Length, 0, notEmpty: true, ref steps, out _, out _, out _);
                matcher.FindEnds(program, data, 0, 0, notEmpty: true, ref steps, ends, out _, out _);
            }
        }));
    }

    [Theory]
    [InlineData(new[] { 99 })]
    [InlineData(new[] { (int)BacktrackOp.Byte })]
    [InlineData(new[] { (int)BacktrackOp.Set, 0, (int)BacktrackOp.Match })]
    [InlineData(new[] { (int)BacktrackOp.Jump, 1, (int)BacktrackOp.Match })]
    [InlineData(new[] { (int)BacktrackOp.Note, 7, (int)BacktrackOp.Match })]
    [InlineData(new[] { (int)BacktrackOp.Literal, 0, 4, (int)BacktrackOp.Match })]
    [InlineData(new[] { (int)BacktrackOp.BackReference, 0, 0, 900, 0, (int)BacktrackOp.Match })]
    [InlineData(new[] { (int)BacktrackOp.Keep })]
    public void UnsoundCodeIsRefused(int[] code) =>
        Assert.Throws<ArgumentException>(() => new BacktrackProgram(code, [1, 2, 3], [], [], registerCount: 1, memoCount: 0));
}
