using Outboard.Cli.Vectors;

namespace Outboard.Cli.Tests.Vectors;

public sealed class RegexRustIterationTests
{
    [Fact]
    public void NoEmptyMatchStandsRightBehindAnother() =>
        Assert.Equal([(0, 2), (3, 3)], Of([(0, 2), (2, 2), (3, 3)]).Matches);

    [Fact]
    public void APlaceIsNotTriedTwice()
    {
        Assert.Equal([(0, 0), (1, 1), (2, 2)], Of([(0, 0), (0, 1), (1, 1), (1, 2), (2, 2)]).Matches);
        (List<(int, int)> matches, bool isWhole) = Of([(0, 0), (0, 2), (2, 2)]);
        Assert.Equal([(0, 0)], matches);
        Assert.False(isWhole);
    }

    [Fact]
    public void ACharacterIsNotSplit()
    {
        (int, int)[] found = [(0, 0), (1, 1), (2, 2), (3, 3)];

        Assert.Equal([(0, 0), (3, 3)], RegexRustIteration.Of(found, static at => at is 0 or 3, isAnchored: false).Matches);
        Assert.Equal([(0, 0)], RegexRustIteration.Of(found, static at => at is 0 or 3, isAnchored: true).Matches);
    }

    [Fact]
    public void MatchesFollowOutOfAllPairs()
    {
        (int, int, int)[] pairs = [(0, 0, 1), (0, 0, 2), (0, 0, 3), (0, 1, 2), (0, 1, 3), (0, 2, 3)];

        Assert.Equal([(0, 0, 1), (0, 1, 2), (0, 2, 3)], RegexRustIteration.OutOf(pairs, RegexRustIteration.Earliest, isAnchored: false));
        Assert.Equal([(0, 0, 3)], RegexRustIteration.OutOf(pairs, RegexRustIteration.Last, isAnchored: false));
        Assert.Equal([(0, 0, 3)], RegexRustIteration.OutOf(pairs, RegexRustIteration.LeftmostLongest, isAnchored: false));
        Assert.Empty(RegexRustIteration.OutOf([(0, 1, 2)], RegexRustIteration.Earliest, isAnchored: true));
        Assert.Equal([(0, 0, 0), (0, 1, 1)], RegexRustIteration.OutOf([(0, 0, 0), (0, 1, 1)], RegexRustIteration.Earliest, isAnchored: false));
    }

    private static (List<(int Start, int End)> Matches, bool IsWhole) Of((int, int)[] found) =>
        RegexRustIteration.Of(found, static _ => true, isAnchored: false);
}
