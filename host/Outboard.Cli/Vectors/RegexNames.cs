using Outboard.Regex;

namespace Outboard.Cli.Vectors;

/// <summary>The names that vector files use.</summary>
internal static class RegexNames
{
    /// <summary>The rule flag of a name, or null where the device class has none.</summary>
    public static RegexRuleFlags? RuleFlag(string name) => name switch
    {
        "caseless" => RegexRuleFlags.Caseless,
        "multiline" => RegexRuleFlags.MultiLine,
        "dotall" => RegexRuleFlags.DotAll,
        "extended" => RegexRuleFlags.Extended,
        "anchored" => RegexRuleFlags.Anchored,
        "dupnames" => RegexRuleFlags.DuplicateNames,
        "match_unset_backref" => RegexRuleFlags.MatchUnsetBackReference,
        "never_backslash_c" => RegexRuleFlags.NeverBackslashC,
        "no_auto_capture" => RegexRuleFlags.NoAutoCapture,
        "ucp" => RegexRuleFlags.UnicodeProperties,
        "ungreedy" => RegexRuleFlags.Ungreedy,
        _ => null,
    };
}
