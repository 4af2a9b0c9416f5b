namespace Outboard.Plugins.Regex.Engine;

/// <summary>Which matches of a rule are reported.</summary>
internal enum MatchMode
{
    /// <summary>As PCRE finds them one after the other: leftmost, by preference, not overlapping.</summary>
    FindAll,

    /// <summary>Every offset at which a match ends, once.</summary>
    Ends,

    /// <summary>Every start with every end.</summary>
    All,
}
