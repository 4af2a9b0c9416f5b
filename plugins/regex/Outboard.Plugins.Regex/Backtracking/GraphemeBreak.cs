namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>The classes that decide where a grapheme cluster ends (UAX #29, table 2).</summary>
internal enum GraphemeBreak : byte
{
    Other,
    CarriageReturn,
    LineFeed,
    Control,
    Extend,
    Joiner,
    RegionalIndicator,
    Prepend,
    SpacingMark,
    LeadingJamo,
    VowelJamo,
    TrailingJamo,
    OpenSyllable,
    ClosedSyllable,
    Pictographic,
}
