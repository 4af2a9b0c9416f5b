using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.Rules;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>Between the rules of the class and the rules of the engine.</summary>
internal static class RuleTranslation
{
    private static readonly (RegexRuleFlags Class, RuleOptions Engine)[] s_flags =
    [
        (RegexRuleFlags.AllowEmpty, RuleOptions.AllowEmpty),
        (RegexRuleFlags.Anchored, RuleOptions.Anchored),
        (RegexRuleFlags.Caseless, RuleOptions.Caseless),
        (RegexRuleFlags.DotAll, RuleOptions.DotAll),
        (RegexRuleFlags.DuplicateNames, RuleOptions.DuplicateNames),
        (RegexRuleFlags.Extended, RuleOptions.Extended),
        (RegexRuleFlags.MatchUnsetBackReference, RuleOptions.MatchUnsetBackReference),
        (RegexRuleFlags.MultiLine, RuleOptions.Multiline),
        (RegexRuleFlags.NoAutoCapture, RuleOptions.NoAutoCapture),
        (RegexRuleFlags.UnicodeProperties, RuleOptions.UnicodeProperties),
        (RegexRuleFlags.Ungreedy, RuleOptions.Ungreedy),
        (RegexRuleFlags.Utf, RuleOptions.Utf),
        (RegexRuleFlags.NeverBackslashC, RuleOptions.NeverBackslashC),
    ];

    /// <summary>The flags this plugin takes.</summary>
    public static RegexRuleFlags Known { get; } = s_flags.Aggregate(RegexRuleFlags.None, static (all, f) => all | f.Class);

    /// <exception cref="RegexRuleException">Rules are refused.</exception>
    public static RegexDatabase Compile(
        string device, IReadOnlyList<RegexRule> rules, MatchMode mode, PayloadModel model, RegexDatabase? before)
    {
        RuleSource[] sources = [.. rules.Select(Source)];
        RegexDatabase? database = DatabaseCompiler.Compile(sources, mode, model, before, out IReadOnlyList<RuleRefusal> refusals);
        return database
            ?? throw new RegexRuleException(
                device, [.. refusals.Select(static r => new RegexRuleError((int)r.Id, r.Group, r.Offset, r.Reason))]);
    }

    /// <summary>Refuses imported rules for which the configuration has no room.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static void RequireRoom(IReadOnlyList<RegexRule> rules, RegexConfiguration configuration)
    {
        foreach (IGrouping<ushort, RegexRule> group in rules.GroupBy(static r => r.GroupId))
        {
            if (group.Key >= configuration.GroupCount)
            {
                throw new FormatException(
                    $"The rule database names group {group.Key}; the device is configured with groups 0 to {configuration.GroupCount - 1}.");
            }

            int count = group.Count();
            if (count > configuration.RulesPerGroupMax)
            {
                throw new FormatException(
                    $"The rule database has {count} rules in group {group.Key}; RulesPerGroupMax is {configuration.RulesPerGroupMax}.");
            }
        }
    }

    private static RuleSource Source(RegexRule rule)
    {
        RuleOptions options = RuleOptions.None;
        foreach ((RegexRuleFlags flag, RuleOptions option) in s_flags)
        {
            options |= rule.Flags.HasFlag(flag) ? option : RuleOptions.None;
        }

        return new RuleSource((uint)rule.Id, rule.GroupId, rule.Pattern.ToArray(), options);
    }
}
