namespace Outboard.Regex;

/// <summary>What an op asks for.</summary>
/// <remarks><i>Source</i>: regexdev's request flags.</remarks>
[Flags]
public enum RegexRequestFlags : ushort
{
    /// <summary>Every match of group 0.</summary>
    None = 0,

    /// <summary>Group id 0 is valid. With no group flag set, group 0 is searched.</summary>
    Group0Valid = 1 << 0,

    /// <summary>Group id 1 is valid.</summary>
    Group1Valid = 1 << 1,

    /// <summary>Group id 2 is valid.</summary>
    Group2Valid = 1 << 2,

    /// <summary>Group id 3 is valid.</summary>
    Group3Valid = 1 << 3,

    /// <summary>Stop at the first match found, whichever it is.</summary>
    StopOnMatch = 1 << 4,

    /// <summary>At most one match: of the lowest rule id, then the lowest start, then the shortest.</summary>
    HighPriority = 1 << 5,

    /// <summary>
    /// The payload is the last of its stream: matches that more bytes could have changed are reported, and the stream starts over with its
    /// next op. Without a stream it says nothing, for then every payload is whole.
    /// </summary>
    /// <remarks><i>Source</i>: none; regexdev cannot end a flow.</remarks>
    EndOfStream = 1 << 6,
}
