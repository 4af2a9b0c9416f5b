namespace Outboard.Plugins.Regex.Literals;

/// <summary>Where the search of one payload goes on; the default is its begin. It belongs to one searcher and one payload.</summary>
internal struct LiteralCursor
{
    /// <summary>The tier, and the position up to which its filter has read.</summary>
    internal int Tier;
    internal int Position;

    /// <summary>The candidate that is being confirmed, of how many; the table, and the entry in it (0: the first of the bucket).</summary>
    internal int Candidate;
    internal int CandidateCount;
    internal int Table;
    internal int Entry;
}
