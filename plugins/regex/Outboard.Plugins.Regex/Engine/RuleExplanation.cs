using Outboard.Plugins.Regex.Automata;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>Says in words how each rule of a database is searched for.</summary>
internal static class RuleExplanation
{
    public static IReadOnlyList<RegexRuleReport> Of(RegexDatabase database) =>
        [.. database.Rules.Select(rule => Of(database, rule))];

    private static RegexRuleReport Of(RegexDatabase database, CompiledRule rule)
    {
        (string tier, string reason) = rule.Strategy switch
        {
            RuleStrategy.Literal => ("literal", "the rule is one literal; a hit is a match"),
            RuleStrategy.LiteralStart =>
                ("literal start", $"a literal stands {rule.LiteralOffset} bytes behind the start; each hit is tried there"),
            RuleStrategy.LiteralAnywhere =>
                ("literal anywhere", "a literal must stand in every match; a hit has the payload searched"),
            RuleStrategy.PayloadStart => ("payload start", "a match can only begin where the payload begins"),
            RuleStrategy.Shared => ("always-on", "no literal of two bytes must stand in a match; a shared automaton reads every byte"),
            _ when rule.AllowEmpty => ("every payload", "the rule may match nothing at all, so every payload is searched"),
            _ => ("every payload", "no literal, and too many states for the shared automaton"),
        };
        return new RegexRuleReport((int)rule.Source.Id, rule.Source.Group, tier, Automaton(database, rule), reason);
    }

    private static string Automaton(RegexDatabase database, CompiledRule rule)
    {
        if (rule.Strategy == RuleStrategy.Literal && database.Mode != MatchMode.All)
        {
            return "none";
        }

        Dfa? dfa = rule.Anchored ?? rule.Search;
        return dfa is not null
            ? $"table DFA, {dfa.StateCount} states"
                + (rule.Reverse is { } reverse ? $"; reverse {reverse.StateCount} states" : string.Empty)
            : rule.LazyAnchored || rule.LazySearch
                ? $"lazy DFA of an NFA with {rule.Program.Length} instructions: the whole table would be too large"
                : $"NFA, {rule.Program.Length} instructions: its table would be too large";
    }
}
