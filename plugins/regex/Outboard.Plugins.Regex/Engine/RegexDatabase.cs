using Outboard.Plugins.Regex.Automata.Wake;
using Outboard.Plugins.Regex.Kernels.ByteScan;
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

    /// <summary>The literals of all rules; a literal's owner is the index of its rule.</summary>
    public required LiteralIndex Literals { get; init; }

    /// <summary>What the index was made of; a hit names one of them.</summary>
    public required LiteralSpec[] Specs { get; init; }

    /// <summary>By literal, what a hit means.</summary>
    public required LiteralTarget[] Hits { get; init; }

    /// <summary>The bytes that literals begin with, and the length of the longest.</summary>
    public required ByteScanSet LiteralFirst { get; init; }

    public required int LiteralLengthMax { get; init; }

    /// <summary>Automata that read every payload and tell which rules to search for; those of rules pinned to its start come first.</summary>
    public required WakeAutomaton[] Wakes { get; init; }

    /// <summary>How many of them are pinned to the payload start.</summary>
    public required int PinnedWakeCount { get; init; }

    /// <summary>Every rule that they tell of.</summary>
    public required int[] WakeRules { get; init; }

    /// <summary>Rules to search for in every payload.</summary>
    public required int[] AlwaysRules { get; init; }

    /// <summary>By rule, its place among those of which a scan remembers something, or -1.</summary>
    public required int[] StateOf { get; init; }

    public required int StateCount { get; init; }

    /// <summary>By rule, the place of its first automaton among those that a scanner makes bit by bit.</summary>
    public required int[] LazyOf { get; init; }

    public required int LazyCount { get; init; }

    /// <summary>Length of the longest program: what a scanner's scratch must hold.</summary>
    public required int ProgramLengthMax { get; init; }

    /// <summary>The most registers of a backtracking program, -1 when there is none.</summary>
    public required int RegisterMax { get; init; }

    /// <summary>Bytes that a match of any rule looks at before its start.</summary>
    public required int ContextMax { get; init; }

    /// <summary>The longest match of any rule in bytes, null when there is no bound.</summary>
    public required int? MatchLengthMax { get; init; }

    /// <summary>Bytes of tables.</summary>
    public required long ByteCount { get; init; }
}
