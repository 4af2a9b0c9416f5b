namespace Outboard.Plugins.Regex.Engine;

/// <summary>What a scanner has done since it was made.</summary>
internal sealed class ScanStatistics
{
    public ulong PayloadBytes { get; set; }

    /// <summary>Of these, bytes copied because a payload lay in several segments.</summary>
    public ulong CopiedBytes { get; set; }

    /// <summary>Window positions the literal filters let through.</summary>
    public ulong Candidates { get; set; }

    /// <summary>Literals that really stood there.</summary>
    public ulong LiteralHits { get; set; }

    /// <summary>Runs of a rule's own automaton.</summary>
    public ulong Verifications { get; set; }

    /// <summary>Bytes those runs read.</summary>
    public ulong VerifiedBytes { get; set; }

    /// <summary>Times a rule had to be run as an NFA.</summary>
    public ulong NfaRuns { get; set; }

    /// <summary>Payloads on which a rule spent its budget of work.</summary>
    public ulong BudgetHits { get; set; }

    public ulong Matches { get; set; }
}
