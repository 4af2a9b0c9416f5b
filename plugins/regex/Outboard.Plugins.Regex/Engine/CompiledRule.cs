using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Backtracking;
using Outboard.Plugins.Regex.Kernels.ByteScan;
using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>One rule, ready to be searched for. Immutable, and the same in every database that holds the rule.</summary>
internal sealed class CompiledRule
{
    public required RuleSource Source { get; init; }

    public required RuleStrategy Strategy { get; init; }

    /// <summary>The literals that lead to it, for the strategies that have some.</summary>
    public LiteralSet? Literals { get; init; }

    /// <summary>Its regular tree, for the strategies that a merged automaton watches.</summary>
    public PatternNode? WakeTree { get; init; }

    /// <summary>What finds matches where the rule is not regular; the automata are then of a superset and only tell where to look.</summary>
    public BacktrackProgram? Backtrack { get; init; }

    /// <summary>From a known start to the end of the match (find-all) or to every end (all).</summary>
    public RuleAutomaton? Anchored { get; init; }

    /// <summary>From anywhere to the end of the first match (find-all) or to every end (ends).</summary>
    public RuleAutomaton? Search { get; init; }

    /// <summary>From an end back to the leftmost start.</summary>
    public RuleAutomaton? Reverse { get; init; }

    /// <summary>From the start of a literal back over what must stand before it.</summary>
    public RuleAutomaton? Prefix { get; init; }

    /// <summary>From the end of a literal over what must stand behind it.</summary>
    public RuleAutomaton? Suffix { get; init; }

    /// <summary>For a rule that may report empty matches: the same without them, tried where one was found.</summary>
    public NfaProgram? NonEmptyProgram { get; init; }

    /// <summary>The bytes a match can begin with; null when it can be empty.</summary>
    public ByteScanSet? FirstBytes { get; init; }

    /// <summary>Automata that each scanner makes bit by bit.</summary>
    public int LazyCount { get; init; }

    /// <summary>Whether a scan must remember something of it within a payload.</summary>
    public bool HasState { get; init; }

    /// <summary>Length of its longest program; 0 without one.</summary>
    public int ProgramLengthMax { get; init; }

    /// <summary>Bytes before the start of a match that it may look at; at least one.</summary>
    public int ContextLength { get; init; } = 1;

    /// <summary>The longest match in bytes, null when there is no bound.</summary>
    public int? LengthMax { get; init; }

    /// <summary>Bytes of its tables.</summary>
    public long ByteCount { get; init; }

    public bool AllowEmpty { get; init; }

    /// <summary>Whether payloads are UTF-8 to it.</summary>
    public bool IsUtf => (Source.Options & RuleOptions.Utf) != 0;
}
