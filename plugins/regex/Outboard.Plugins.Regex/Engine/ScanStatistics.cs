namespace Outboard.Plugins.Regex.Engine;

/// <summary>What a scanner has done since it was made.</summary>
internal sealed class ScanStatistics
{
    public ulong PayloadBytes { get; set; }

    /// <summary>Of these, bytes copied because a payload lay in several segments or continued a stream.</summary>
    public ulong CopiedBytes { get; set; }

    /// <summary>Literals found.</summary>
    public ulong LiteralHits { get; set; }

    /// <summary>Rules that the merged automata told of.</summary>
    public ulong WokenRules { get; set; }

    /// <summary>Payloads for which they told of more rules than there is room for.</summary>
    public ulong WakeOverflows { get; set; }

    /// <summary>Runs of a rule's own automaton.</summary>
    public ulong Verifications { get; set; }

    /// <summary>Bytes those runs read.</summary>
    public ulong VerifiedBytes { get; set; }

    /// <summary>Times a rule had to be run as an NFA.</summary>
    public ulong NfaRuns { get; set; }

    /// <summary>Steps of the backtracker.</summary>
    public ulong BacktrackSteps { get; set; }

    /// <summary>Payloads on which a rule spent its budget of work.</summary>
    public ulong BudgetHits { get; set; }

    public ulong Matches { get; set; }
}
