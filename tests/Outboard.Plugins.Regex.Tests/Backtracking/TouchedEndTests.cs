using System.Text;
using Outboard.Plugins.Regex.Backtracking;

namespace Outboard.Plugins.Regex.Tests.Backtracking;

public sealed class TouchedEndTests
{
    private const int Iterations = 20_000;

    /// <summary>What did not touch the end is the same whatever follows; what begins before the open start too.</summary>
    [Fact]
    public void AnswersThatDidNotTouchTheEndStand()
    {
        var random = new Random(11);
        var generator = new PatternPairGenerator(random);
        BacktrackMatcher matcher = Backtrackers.Make();
        int settled = 0;
        int early = 0;
        for (int i = 0; i < Iterations; i++)
        {
            PatternPair pair = generator.Next();
            BacktrackProgram program = BacktrackProgram.Compile(pair.Tree);
            byte[] data = generator.Payload();
            int from = random.Next(data.Length + 1);
            int last = random.Next(from, data.Length + 1);
            bool notEmpty = random.Next(2) == 0;
            (BacktrackOutcome Outcome, int Start, int End) before = Find(matcher, program, data, from, last, notEmpty, out bool touched);
            int open = matcher.OpenStart;
            for (int suffix = 0; suffix < 6; suffix++)
            {
                byte[] longer = [.. data, .. suffix == 0 ? "\n"u8.ToArray() : generator.Payload()];
                if (!touched)
                {
                    settled++;
                    Assert.True(
                        before == Find(matcher, program, longer, from, last, notEmpty, out _),
                        $"/{pair.Text}/ on '{Encoding.Latin1.GetString(data)}' then '{Encoding.Latin1.GetString(longer)}' {from}-{last}");
                }
                else if (open > from && before.Outcome == BacktrackOutcome.NoMatch)
                {
                    early++;
                    Assert.True(
                        before == Find(matcher, program, longer, from, open - 1, notEmpty, out _),
                        $"/{pair.Text}/ on '{Encoding.Latin1.GetString(data)}' then '{Encoding.Latin1.GetString(longer)}' {from}-{open}");
                }
            }
        }

        Assert.True(settled > Iterations, $"{settled}");
        Assert.True(early > Iterations / 20, $"{early}");
    }

    [Fact]
    public void AttemptsAndEndsTellToo()
    {
        var random = new Random(12);
        var generator = new PatternPairGenerator(random);
        BacktrackMatcher matcher = Backtrackers.Make();
        var ends = new int[100];
        var longerEnds = new int[100];
        for (int i = 0; i < Iterations; i++)
        {
            PatternPair pair = generator.Next();
            BacktrackProgram program = BacktrackProgram.Compile(pair.Tree);
            byte[] data = generator.Payload();
            int start = random.Next(data.Length + 1);
            byte[] longer = [.. data, .. generator.Payload(), (byte)'a'];
            long steps = Backtrackers.Budget;
            BacktrackOutcome one = matcher.TryMatch(
                program, data, start, start, notEmpty: false, ref steps, out int s1, out int e1, out bool touched);
            if (!touched)
            {
                BacktrackOutcome two = matcher.TryMatch(
                    program, longer, start, start, notEmpty: false, ref steps, out int s2, out int e2, out _);
                Assert.True((one, s1, e1) == (two, s2, e2), $"/{pair.Text}/ on {Convert.ToHexString(data)} from {start}");
            }

            matcher.FindEnds(program, data, start, start, notEmpty: false, ref steps, ends, out int count, out touched);
            if (!touched)
            {
                matcher.FindEnds(program, longer, start, start, notEmpty: false, ref steps, longerEnds, out int longerCount, out _);
                Assert.True(
                    ends.AsSpan(0, count).SequenceEqual(longerEnds.AsSpan(0, longerCount)),
                    $"/{pair.Text}/ on {Convert.ToHexString(data)} from {start}");
            }
        }
    }

    private static (BacktrackOutcome Outcome, int Start, int End) Find(
        BacktrackMatcher matcher, BacktrackProgram program, byte[] data, int from, int last, bool notEmpty, out bool touched)
    {
        long steps = Backtrackers.Budget;
        BacktrackOutcome outcome = matcher.TryFind(
            program, data, from, last, from, notEmpty, ref steps, out int start, out int end, out touched);
        return (outcome, start, end);
    }
}
