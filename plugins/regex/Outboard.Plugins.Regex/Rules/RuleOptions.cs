namespace Outboard.Plugins.Regex.Rules;

/// <summary>What the parser and the engine know of a rule's flags.</summary>
[Flags]
internal enum RuleOptions
{
    None = 0,
    AllowEmpty = 1 << 0,
    Anchored = 1 << 1,
    Caseless = 1 << 2,
    DotAll = 1 << 3,
    DuplicateNames = 1 << 4,
    Extended = 1 << 5,
    ExtendedMore = 1 << 6,
    Multiline = 1 << 7,
    NoAutoCapture = 1 << 8,
    Ungreedy = 1 << 9,
    NeverBackslashC = 1 << 10,
    DollarEndOnly = 1 << 11,
    Utf = 1 << 12,
    UnicodeProperties = 1 << 13,
    MatchUnsetBackReference = 1 << 14,
}
