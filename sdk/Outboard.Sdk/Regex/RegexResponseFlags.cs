namespace Outboard.Regex;

/// <summary>What an op's result is not complete in.</summary>
/// <remarks><i>Source</i>: regexdev's response flags; prefix and resource limits are told apart here.</remarks>
[Flags]
public enum RegexResponseFlags : ushort
{
    /// <summary>The result is complete.</summary>
    None = 0,

    /// <summary>A match that began in an earlier buffer of the stream may end at the start of this one.</summary>
    PartialAtStart = 1 << 0,

    /// <summary>A match may begin near the end of this buffer.</summary>
    PartialAtEnd = 1 << 1,

    /// <summary>The scan ran out of its time.</summary>
    Timeout = 1 << 2,

    /// <summary>There were more matches than the op or the device has room for; they were counted.</summary>
    MatchesExceeded = 1 << 3,

    /// <summary>The prefix limit was met.</summary>
    PrefixExceeded = 1 << 4,

    /// <summary>The work budget was met before the end; matches may be missing.</summary>
    ResourceExceeded = 1 << 5,
}
