namespace Outboard.Plugins.Regex.Literals;

/// <summary>One pass over the payload: a filter, and the tables that confirm what it lets through.</summary>
internal sealed class LiteralTier
{
    public required WindowKind Kind { get; init; }

    /// <summary>The filter of the shuffled kind.</summary>
    public ShuffleTables? Shuffle { get; init; }

    /// <summary>By window length, longest first; the hashed kinds have one, whose bitmap is their filter.</summary>
    public required WindowTable[] Tables { get; init; }

    /// <summary>The entries of all tables.</summary>
    public required WindowEntry[] Entries { get; init; }

    public required LiteralTierReport Report { get; init; }
}
