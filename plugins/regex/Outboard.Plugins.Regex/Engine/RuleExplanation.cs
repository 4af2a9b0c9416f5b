using Outboard.Regex;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>Says in words how each rule of a database is searched for.</summary>
internal static class RuleExplanation
{
    public static IReadOnlyList<RegexRuleReport> Of(RegexDatabase database) =>
        [.. database.Rules.Select((rule, index) => Of(database, rule, index))];

    private static RegexRuleReport Of(RegexDatabase database, CompiledRule rule, int index)
    {
        (string tier, string reason) = rule.Strategy switch
        {
            RuleStrategy.Literal => (Tier(database, index), "the rule is one literal; a hit is a match"),
            RuleStrategy.LiteralStart =>
                (Tier(database, index), $"a literal stands {rule.Literals!.MinOffset} bytes behind the start; each hit is tried there"),
            RuleStrategy.LiteralInner =>
                (Tier(database, index), "a literal splits the rule; a hit is tried backwards and forwards, and then the payload is searched"),
            RuleStrategy.LiteralAnywhere =>
                (Tier(database, index), "a literal must stand in every match; a hit has the payload searched"),
            RuleStrategy.PayloadStart => ("payload start", "a match can only begin where the payload begins; a merged automaton looks there"),
            RuleStrategy.Shared => ("always-on", "no literal of two bytes must stand in a match; a merged automaton reads every byte"),
            _ => ("every payload", "the rule may match nothing at all, so every payload is searched"),
        };
        return new RegexRuleReport((int)rule.Source.Id, rule.Source.Group, tier, Automaton(rule), reason);
    }

    private static string Tier(RegexDatabase database, int rule) =>
        database.Literals.TierOf(Array.FindIndex(database.Specs, spec => spec.Owner == rule));

    private static string Automaton(CompiledRule rule)
    {
        if (rule.Backtrack is { } program)
        {
            return $"backtracker, {program.Code.Length} words: the rule is not regular, or too large for automata"
                + (rule.Prefix is null && rule.Suffix is null ? string.Empty : "; its parts around the literal are tried by automata first");
        }

        RuleAutomaton? forward = rule.Anchored ?? rule.Search;
        return forward is null ? "none"
            : Describe(forward) + (rule.Reverse is { } reverse ? $"; reverse {Describe(reverse)}" : string.Empty)
                + (rule.Prefix is { } prefix ? $"; before the literal {Describe(prefix)}" : string.Empty)
                + (rule.Suffix is { } suffix ? $"; behind the literal {Describe(suffix)}" : string.Empty);
    }

    private static string Describe(RuleAutomaton automaton) => automaton.Table is { } table
        ? $"table DFA, {table.StateCount} states"
        : $"lazy DFA of {automaton.Program.Length} instructions";
}
