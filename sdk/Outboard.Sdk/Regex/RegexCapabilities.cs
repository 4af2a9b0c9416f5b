namespace Outboard.Regex;

/// <summary>What a regex device can do.</summary>
/// <remarks><i>Source</i>: regexdev's capability bits, same numbers.</remarks>
[Flags]
public enum RegexCapabilities
{
    /// <summary>Nothing beyond literals, classes, alternation and repeats.</summary>
    None = 0,

    /// <summary>Rules can be compiled and activated while the device runs.</summary>
    RuntimeCompilation = 1 << 0,

    /// <summary>\G.</summary>
    StartAnchor = 1 << 1,

    /// <summary>Atomic groups.</summary>
    AtomicGroups = 1 << 2,

    /// <summary>Backtracking verbs.</summary>
    BacktrackingVerbs = 1 << 3,

    /// <summary>Callouts.</summary>
    Callouts = 1 << 4,

    /// <summary>Back references.</summary>
    BackReferences = 1 << 5,

    /// <summary>Greedy and lazy repeats report what PCRE reports.</summary>
    Greedy = 1 << 6,

    /// <summary>Every end of a repeat can be reported.</summary>
    PcreMatchAll = 1 << 7,

    /// <summary>Lookaround.</summary>
    LookAround = 1 << 8,

    /// <summary>\K.</summary>
    MatchPointReset = 1 << 9,

    /// <summary>Newline conventions.</summary>
    NewlineConventions = 1 << 10,

    /// <summary>\R.</summary>
    NewlineSequence = 1 << 11,

    /// <summary>Possessive repeats.</summary>
    Possessive = 1 << 12,

    /// <summary>Subroutine references.</summary>
    SubroutineReferences = 1 << 13,

    /// <summary>UTF-8.</summary>
    Utf8 = 1 << 14,

    /// <summary>UTF-16.</summary>
    Utf16 = 1 << 15,

    /// <summary>UTF-32.</summary>
    Utf32 = 1 << 16,

    /// <summary>Word boundaries.</summary>
    WordBoundary = 1 << 17,

    /// <summary>Forward references.</summary>
    ForwardReferences = 1 << 18,

    /// <summary>The configuration flag <see cref="RegexConfigurationFlags.MatchAsEnd"/>.</summary>
    MatchAsEnd = 1 << 19,

    /// <summary>The configuration flag <see cref="RegexConfigurationFlags.CrossBufferScan"/>, and streams.</summary>
    CrossBuffer = 1 << 20,

    /// <summary>The configuration flag <see cref="RegexConfigurationFlags.MatchAll"/>.</summary>
    MatchAll = 1 << 21,

    /// <summary>Out-of-order queue pairs.</summary>
    OutOfOrder = 1 << 22,
}
