using System.Text;
using Outboard.Plugins.Regex.Rules;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Tests.Oracle;

/// <summary>A pattern that was made up, and how it is to be read.</summary>
internal sealed record WrittenPattern(string Text, RegexRuleFlags Flags)
{
    private static readonly (RegexRuleFlags Flag, RuleOptions Engine, uint Pcre2)[] s_options =
    [
        (RegexRuleFlags.AllowEmpty, RuleOptions.AllowEmpty, 0),
        (RegexRuleFlags.Anchored, RuleOptions.Anchored, Oracle.Pcre2.Anchored),
        (RegexRuleFlags.Caseless, RuleOptions.Caseless, Oracle.Pcre2.Caseless),
        (RegexRuleFlags.DotAll, RuleOptions.DotAll, Oracle.Pcre2.DotAll),
        (RegexRuleFlags.DuplicateNames, RuleOptions.DuplicateNames, Oracle.Pcre2.DupNames),
        (RegexRuleFlags.Extended, RuleOptions.Extended, Oracle.Pcre2.Extended),
        (RegexRuleFlags.MatchUnsetBackReference, RuleOptions.MatchUnsetBackReference, Oracle.Pcre2.MatchUnsetBackReference),
        (RegexRuleFlags.MultiLine, RuleOptions.Multiline, Oracle.Pcre2.Multiline),
        (RegexRuleFlags.NoAutoCapture, RuleOptions.NoAutoCapture, Oracle.Pcre2.NoAutoCapture),
        (RegexRuleFlags.UnicodeProperties, RuleOptions.UnicodeProperties, Oracle.Pcre2.UnicodeProperties),
        (RegexRuleFlags.Ungreedy, RuleOptions.Ungreedy, Oracle.Pcre2.Ungreedy),
        (RegexRuleFlags.Utf, RuleOptions.Utf, Oracle.Pcre2.Utf),
        (RegexRuleFlags.NeverBackslashC, RuleOptions.NeverBackslashC, Oracle.Pcre2.NeverBackslashC),
    ];

    public bool IsUtf => Flags.HasFlag(RegexRuleFlags.Utf);

    public bool AllowsEmpty => Flags.HasFlag(RegexRuleFlags.AllowEmpty);

    public byte[] Bytes => (IsUtf ? Encoding.UTF8 : Encoding.Latin1).GetBytes(Text);

    /// <summary>The flags as PCRE2 has them, and nothing that it adds; allow-empty is an option of its matching.</summary>
    public uint Pcre2Options =>
        s_options.Where(o => Flags.HasFlag(o.Flag)).Aggregate(Oracle.Pcre2.Plain, static (all, o) => all | o.Pcre2);

    /// <summary>The flags as the engine has them.</summary>
    public RuleOptions EngineOptions =>
        s_options.Where(o => Flags.HasFlag(o.Flag)).Aggregate(RuleOptions.None, static (all, o) => all | o.Engine);

    public RegexRule Rule(int id = 1) => new(id, Bytes, Flags);

    public override string ToString() => $"/{Text}/ [{Flags}]";
}
