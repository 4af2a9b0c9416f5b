namespace Outboard.Plugins.Regex.Engine;

/// <summary>How the scanner comes to a rule.</summary>
internal enum RuleStrategy
{
    /// <summary>The rule is one literal: where it stands is a match.</summary>
    Literal,

    /// <summary>A literal stands at a known distance from the start, so each hit is tried there.</summary>
    LiteralStart,

    /// <summary>A literal splits the rule: a hit counts when the parts before and behind it fit, and then the payload is searched.</summary>
    LiteralInner,

    /// <summary>A literal must stand somewhere; a hit has the payload searched for the rule.</summary>
    LiteralAnywhere,

    /// <summary>A match can only begin where the payload begins; a merged automaton tells which rules are worth the try.</summary>
    PayloadStart,

    /// <summary>A merged automaton reads every payload and tells which rules to search for.</summary>
    Shared,

    /// <summary>Every payload is searched: the rule can match nothing at all.</summary>
    Always,
}
