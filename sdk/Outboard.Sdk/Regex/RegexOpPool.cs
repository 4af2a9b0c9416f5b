using Outboard.Devices;

namespace Outboard.Regex;

/// <summary>A pool of regex ops.</summary>
public sealed class RegexOpPool : OpPool<RegexOp>
{
    /// <summary>Creates the pool and all its ops.</summary>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="RegexOpPoolOptions.MatchesMax"/> is not 1 to 65535.</exception>
    public RegexOpPool(RegexOpPoolOptions options)
        : base(options, RegexOpHeader.Size + (RegexMatch.Size * Check(options.MatchesMax)), (ulong)options.MatchesMax)
    {
    }

    private static int Check(int matchesMax) => matchesMax is >= 1 and <= ushort.MaxValue
        ? matchesMax
        : throw new ArgumentOutOfRangeException(nameof(matchesMax), matchesMax, "An op has room for 1 to 65535 matches.");
}
