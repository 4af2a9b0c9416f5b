using System.Text.RegularExpressions;
using Outboard.Regex;

namespace Outboard.Cli.Vectors;

/// <summary>Which capability each construct of a pattern needs.</summary>
internal static partial class RegexFeatures
{
    private static readonly Dictionary<string, RegexCapabilities> s_needs = new(StringComparer.Ordinal)
    {
        ["lookahead"] = RegexCapabilities.LookAround,
        ["lookbehind"] = RegexCapabilities.LookAround,
        ["possessive"] = RegexCapabilities.Possessive,
        ["backreference"] = RegexCapabilities.BackReferences,
        ["word_boundary"] = RegexCapabilities.WordBoundary,
        ["lazy"] = RegexCapabilities.Greedy,
        ["atomic"] = RegexCapabilities.AtomicGroups,
        ["start_anchor_G"] = RegexCapabilities.StartAnchor,
        ["keep_out"] = RegexCapabilities.MatchPointReset,
        ["recursion"] = RegexCapabilities.SubroutineReferences,
        ["conditional"] = RegexCapabilities.SubroutineReferences | RegexCapabilities.BackReferences | RegexCapabilities.LookAround,
        ["verb"] = RegexCapabilities.BacktrackingVerbs,
        ["unicode_class"] = RegexCapabilities.Utf8,
        ["newline_sequence"] = RegexCapabilities.NewlineSequence,
        ["newline_convention"] = RegexCapabilities.NewlineConventions,
        ["callout"] = RegexCapabilities.Callouts,
    };

    /// <summary>The first construct that a device does not offer, in words, or null.</summary>
    public static string? Missing(IReadOnlyList<string> features, RegexDeviceInfo info)
    {
        foreach (string feature in features)
        {
            if (s_needs.TryGetValue(feature, out RegexCapabilities needed) && !info.Capabilities.HasFlag(needed))
            {
                return $"{feature} is not among the device's capabilities";
            }
        }

        return null;
    }

    /// <summary>
    /// The constructs that need a capability and can be seen in a pattern's text, for files that do not name them or not all. Asked only
    /// of a pattern that was refused, so what stands in the text by chance excuses nothing that a device should take.
    /// </summary>
    public static IReadOnlyList<string> Find(string pattern)
    {
        List<string> found = [];
        Add("newline_sequence", "\\R");
        Add("keep_out", "\\K");
        Add("start_anchor_G", "\\G");
        Add("verb", "(*");
        Add("newline_convention", "(*CR)", "(*CRLF)", "(*ANY)", "(*ANYCRLF)", "(*NUL)");
        Add("callout", "(?C");
        Add("unicode_class", "\\p", "\\P", "\\X");
        Add("backreference", "\\g", "\\k", "(?P=");
        Add("recursion", "(?R", "(?&", "(?P>");
        Add("conditional", "(?(");
        Add("lookahead", "(?=", "(?!");
        Add("lookbehind", "(?<=", "(?<!");
        Add("atomic", "(?>");
        if (Possessive().IsMatch(pattern))
        {
            found.Add("possessive");
        }

        return found;

        void Add(string feature, params string[] texts)
        {
            if (Array.Exists(texts, text => pattern.Contains(text, StringComparison.Ordinal)))
            {
                found.Add(feature);
            }
        }
    }

    /// <summary>A plus behind a quantifier; white space and comments between them count under the extended option.</summary>
    [GeneratedRegex("""[*+?}](?:\s|#[^\n]*\n)*\+""")]
    private static partial System.Text.RegularExpressions.Regex Possessive();
}
