namespace Outboard.Regex;

/// <summary>How the device searches for one rule.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="GroupId">Its group.</param>
/// <param name="Tier">Which tier finds candidates, such as <c>teddy</c> or <c>always-on</c>.</param>
/// <param name="Automaton">What confirms them, such as <c>table DFA, 12 states</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record RegexRuleReport(int RuleId, ushort GroupId, string Tier, string Automaton, string Reason);
