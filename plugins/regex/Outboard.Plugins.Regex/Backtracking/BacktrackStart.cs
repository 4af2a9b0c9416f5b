namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>Where matches of a program can begin at all.</summary>
internal enum BacktrackStart : byte
{
    /// <summary>Anywhere.</summary>
    Anywhere,

    /// <summary>At the start of the subject only.</summary>
    Subject,

    /// <summary>At the start of the subject and after newlines.</summary>
    Line,

    /// <summary>Where the search began only.</summary>
    Search,
}
