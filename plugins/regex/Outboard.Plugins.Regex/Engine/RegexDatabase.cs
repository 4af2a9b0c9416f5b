using Outboard.Plugins.Regex.Literals;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>
/// A compiled rule set. Nothing in it changes after it was made, so any number of scanners read it at once, and a new
/// one takes its place by the exchange of one reference. Rules stand in order of id, then group: their index is their rank.
/// </summary>
internal sealed class RegexDatabase
{
    public required MatchMode Mode { get; init; }

    public required CompiledRule[] Rules { get; init; }

    /// <summary>One table for each window length in use, longest first; a rule's literals are all in one.</summary>
    public required LiteralTable[] Literals { get; init; }

    /// <summary>By first byte, the rules to try at the start of a payload.</summary>
    public required int[][] PayloadStartRules { get; init; }

    public required SharedAutomaton[] Shared { get; init; }

    /// <summary>Rules to search for in every payload.</summary>
    public required int[] AlwaysRules { get; init; }

    /// <summary>Length of the longest program: what a scanner's scratch must hold.</summary>
    public required int ProgramLengthMax { get; init; }

    /// <summary>Bytes of tables, for the device report.</summary>
    public required long ByteCount { get; init; }
}
