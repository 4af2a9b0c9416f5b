using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Kernels.ByteScan;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>One rule in a database. Immutable.</summary>
internal sealed class CompiledRule
{
    public required RuleSource Source { get; init; }

    public required RuleStrategy Strategy { get; init; }

    /// <summary>The preferred match in find-all mode; every match in the other modes.</summary>
    public required NfaProgram Program { get; init; }

    /// <summary>For a rule that may report empty matches: the same without them, tried where one was found.</summary>
    public NfaProgram? NonEmptyProgram { get; init; }

    /// <summary>From a known start to the end of the match (find-all) or to every end (all).</summary>
    public Dfa? Anchored { get; init; }

    /// <summary>From anywhere to the end of the first match (find-all) or to every end (ends).</summary>
    public Dfa? Search { get; init; }

    /// <summary>From an end back to the leftmost start.</summary>
    public Dfa? Reverse { get; init; }

    /// <summary>What reads from an end back, where <see cref="Reverse"/> would be too large.</summary>
    public NfaProgram? ReverseProgram { get; init; }

    /// <summary>Whether the anchored automaton would be too large, so that a scanner makes it bit by bit.</summary>
    public bool LazyAnchored { get; init; }

    /// <summary>The same for the search.</summary>
    public bool LazySearch { get; init; }

    /// <summary>The bytes a match can begin with; null when it can be empty.</summary>
    public ByteScanSet? FirstBytes { get; init; }

    /// <summary>From a literal back to the earliest start, or null when unbounded.</summary>
    public int? LiteralReach { get; init; }

    /// <summary>Bytes from the start of the match to its literal, for the strategies that know it.</summary>
    public int LiteralOffset { get; init; }

    public bool AllowEmpty { get; init; }
}
