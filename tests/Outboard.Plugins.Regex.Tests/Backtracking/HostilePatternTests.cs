using System.Text;
using Outboard.Plugins.Regex.Backtracking;
using Outboard.Plugins.Regex.Tests.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.Backtracking;

public sealed class HostilePatternTests
{
    /// <summary>What explodes where every way is tried is linear or square where the ways already tried are remembered.</summary>
    [Theory]
    [InlineData("(?:a*)*b")]
    [InlineData("(?:a|a)*b")]
    [InlineData("(?:a+a+)+b")]
    [InlineData("(?:(?:a*)*)*b")]
    [InlineData("(?:(?:a|aa)+)+$(?<=b)")]
    [InlineData("(?:a?){1}(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)b")]
    [InlineData("(?=a)(?:a*?a*?)*?b")]
    public void WaysAlreadyTriedAreNotTriedAgain(string pattern)
    {
        byte[] data = Encoding.ASCII.GetBytes(new string('a', 300) + "c");
        long steps = 2_000_000;
        Assert.Equal(BacktrackOutcome.NoMatch, Find(Backtrackers.Make(), pattern, data, ref steps));
        long plain = 2_000_000;
        Assert.Equal(BacktrackOutcome.BudgetSpent, Find(Backtrackers.Make(memoBits: 0), pattern, data, ref plain));
    }

    /// <summary>Where only trying helps the budget ends it, at once.</summary>
    [Theory]
    [InlineData("(a*)*\\1b")]
    [InlineData("(?:(?:a{1,9}){1,9}){1,9}b")]
    [InlineData("(?>(?:a|a)*b)|c(?<=x)")]
    [InlineData("(?=(?:a|a)*b)")]
    [InlineData("(a|aa)*(?=\\1c)")]
    public void TheBudgetEndsTheRest(string pattern)
    {
        byte[] data = Encoding.ASCII.GetBytes(new string('a', 300) + "d");
        foreach (long budget in (long[])[0, 1, 100, 10_000, 1_000_000])
        {
            long steps = budget;
            Assert.Equal(BacktrackOutcome.BudgetSpent, Find(Backtrackers.Make(memoBits: 0), pattern, data, ref steps));
            Assert.InRange(steps, -1000, 0);
        }
    }

    /// <summary>Bytes that are looked over in one instruction count too, also when that comes to nothing: a step is never long.</summary>
    [Theory]
    [InlineData("[^x]*?x")]
    [InlineData("[^x]*x")]
    [InlineData("[^x]*+x")]
    [InlineData("^(a+)(?:(?i:\\1b)|a)*x")]
    public void EveryByteCounts(string pattern)
    {
        byte[] data = Encoding.ASCII.GetBytes(new string('a', 4000));
        long steps = 4_000_000;
        Assert.Equal(BacktrackOutcome.BudgetSpent, Find(Backtrackers.Make(memoBits: 0), pattern, data, ref steps));
    }

    [Theory]
    [InlineData("(?:a{65535}){65535}")]
    [InlineData("(?:(?:ab){0,65535}c){3,65535}")]
    [InlineData("(?:(?:(?:ab){2,}){2,}){2,65535}")]
    [InlineData("(?<=a{60000})b{0,65535}?c")]
    public void BoundsCostNothingInTheProgram(string pattern) => Assert.InRange(Backtrackers.Program(pattern).Code.Length, 1, 80);

    [Fact]
    public void CountsAreExactUpToTheGreatestBound()
    {
        BacktrackProgram bytes = Backtrackers.Program("^a{65535}(?!a)");
        BacktrackProgram groups = Backtrackers.Program("^(?:ab){300,400}(?!a)");
        BacktrackMatcher matcher = Backtrackers.Make();
        foreach (int count in (int[])[65534, 65535, 65536])
        {
            long steps = 1_000_000;
            BacktrackOutcome outcome = matcher.TryFind(
                bytes, Encoding.ASCII.GetBytes(new string('a', count)), 0, count, 0, notEmpty: false, ref steps, out _, out _, out _);
            Assert.Equal(count == 65535 ? BacktrackOutcome.Match : BacktrackOutcome.NoMatch, outcome);
        }

        foreach (int count in (int[])[299, 300, 400, 401])
        {
            long steps = 1_000_000;
            byte[] data = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("ab", count)));
            BacktrackOutcome outcome = matcher.TryFind(
                groups, data, 0, data.Length, 0, notEmpty: false, ref steps, out _, out int end, out _);
            Assert.Equal(count is 300 or 400, outcome == BacktrackOutcome.Match && end == data.Length);
        }
    }

    [Fact]
    public void FewFramesEndASearchToo()
    {
        byte[] data = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("ab", 200)));
        long steps = 1_000_000;
        Assert.Equal(BacktrackOutcome.BudgetSpent, Find(Backtrackers.Make(frames: 50), "(?:ab|a)*(?=c)", data, ref steps));
        Assert.Equal(BacktrackOutcome.NoMatch, Find(Backtrackers.Make(frames: 1000), "(?:ab|a)*(?=c)", data, ref steps));
        Assert.Equal(BacktrackOutcome.NoMatch, Find(Backtrackers.Make(frames: 2), "[ab]*(?=c)", data, ref steps));
    }

    [Fact]
    public void ProgramsWithMoreRegistersThanAMatcherAreNotRun()
    {
        var matcher = new BacktrackMatcher(frames: 10, registers: 2, ScannerFactory.ByteScan(SimdWidth.Scalar));
        long steps = 1000;
        Assert.Equal(BacktrackOutcome.BudgetSpent, Find(matcher, "(a)\\1", "aa"u8.ToArray(), ref steps));
    }

    private static BacktrackOutcome Find(BacktrackMatcher matcher, string pattern, byte[] data, ref long steps) => matcher.TryFind(
        Backtrackers.Program(pattern), data, 0, data.Length, 0, notEmpty: false, ref steps, out _, out _, out _);
}
