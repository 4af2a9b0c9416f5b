namespace Outboard.Plugins.Regex.Engine;

/// <summary>How the scanner comes to a rule.</summary>
internal enum RuleStrategy
{
    /// <summary>The rule is one literal: where it stands is a match.</summary>
    Literal,

    /// <summary>A literal stands at a known distance from the start, so each hit is tried there.</summary>
    LiteralStart,

    /// <summary>A literal must stand somewhere; a hit has the payload searched for the rule.</summary>
    LiteralAnywhere,

    /// <summary>Only the start of the payload is tried, where the first byte allows it.</summary>
    PayloadStart,

    /// <summary>One automaton for many rules reads every payload and tells which rules to search for.</summary>
    Shared,

    /// <summary>Every payload is searched: the rule can match nothing at all, or is too large for the shared automaton.</summary>
    Always,
}
