using Outboard.Devices;

namespace Outboard.Regex.Driver;

/// <summary>What only a driver does to a regex op.</summary>
public static unsafe class RegexOpDriverExtensions
{
    /// <summary>The op's room for matches.</summary>
    /// <param name="op">The op.</param>
    public static Span<RegexMatch> GetMatchBuffer(this RegexOp op) => new(op.Header + 1, op.Header->MatchCapacity);

    /// <summary>Ends an op.</summary>
    /// <param name="op">The op.</param>
    /// <param name="status">What became of it.</param>
    /// <param name="matchCount">How many matches were written to the match buffer.</param>
    /// <param name="actualMatchCount">How many matches there were.</param>
    /// <param name="flags">What the result is not complete in.</param>
    public static void SetResult(
        this RegexOp op, OpStatus status, int matchCount, int actualMatchCount, RegexResponseFlags flags)
    {
        RegexOpHeader* header = op.Header;
        header->Status = status;
        header->MatchCount = (uint)matchCount;
        header->ActualMatchCount = (uint)actualMatchCount;
        header->ResponseFlags = flags;
    }
}
