namespace Outboard.Plugins.Regex.Engine;

/// <summary>What a hit of a literal means, in one place, so that most hits touch nothing else.</summary>
/// <param name="Rule">Index of the rule.</param>
/// <param name="Length">Bytes of the literal.</param>
/// <param name="Group">The rule's group.</param>
/// <param name="Strategy">What the hit leads to.</param>
/// <param name="HasState">Whether the scan remembers something of the rule.</param>
internal readonly record struct LiteralTarget(int Rule, int Length, ushort Group, RuleStrategy Strategy, bool HasState);
