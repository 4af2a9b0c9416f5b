namespace Outboard.Regex;

/// <summary>What a configured regex device reports.</summary>
[Flags]
public enum RegexConfigurationFlags
{
    /// <summary>Leftmost, non-overlapping matches of each rule with start and length, as PCRE finds them one after the other.</summary>
    None = 0,

    /// <summary>Payloads of a stream are searched as one; needs <see cref="RegexCapabilities.CrossBuffer"/>.</summary>
    CrossBufferScan = 1 << 0,

    /// <summary>Every distinct end, without start; needs <see cref="RegexCapabilities.MatchAsEnd"/>.</summary>
    MatchAsEnd = 1 << 1,

    /// <summary>Every distinct pair of start and end; needs <see cref="RegexCapabilities.MatchAll"/>.</summary>
    MatchAll = 1 << 2,
}
