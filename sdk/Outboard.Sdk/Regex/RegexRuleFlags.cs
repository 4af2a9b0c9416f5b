namespace Outboard.Regex;

/// <summary>How a rule's pattern is read.</summary>
/// <remarks><i>Source</i>: regexdev's rule flags, with PCRE's meaning.</remarks>
[Flags]
public enum RegexRuleFlags
{
    /// <summary>PCRE's defaults.</summary>
    None = 0,

    /// <summary>Report matches of length 0.</summary>
    AllowEmpty = 1 << 0,

    /// <summary>The match starts at the start of the payload.</summary>
    Anchored = 1 << 1,

    /// <summary>Letters match both cases.</summary>
    Caseless = 1 << 2,

    /// <summary>A dot matches newlines too.</summary>
    DotAll = 1 << 3,

    /// <summary>Names of groups need not be unique.</summary>
    DuplicateNames = 1 << 4,

    /// <summary>White space and comments in the pattern are skipped.</summary>
    Extended = 1 << 5,

    /// <summary>A back reference to an unset group matches the empty string.</summary>
    MatchUnsetBackReference = 1 << 6,

    /// <summary>^ and $ match at newlines too.</summary>
    MultiLine = 1 << 7,

    /// <summary>Plain parentheses do not capture.</summary>
    NoAutoCapture = 1 << 8,

    /// <summary>Classes such as \d use Unicode properties.</summary>
    UnicodeProperties = 1 << 9,

    /// <summary>Repeats are lazy, and a question mark makes them greedy.</summary>
    Ungreedy = 1 << 10,

    /// <summary>Pattern and payload are UTF-8.</summary>
    Utf = 1 << 11,

    /// <summary>\C is refused.</summary>
    NeverBackslashC = 1 << 12,
}
