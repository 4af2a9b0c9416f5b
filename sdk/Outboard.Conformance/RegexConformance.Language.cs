using System.Text;
using Outboard.Regex;

namespace Outboard.Conformance;

/// <summary>The checks of the constructs that a device's capabilities and rule flags name: known answers of pcre2pattern(3).</summary>
public sealed partial class RegexConformance
{
    private IReadOnlyList<ConformanceCheck> LanguageChecks =>
    [
        new("greedy-and-lazy", "Greedy and lazy repeats and the order of alternatives give what PCRE gives.", CheckGreedy),
        new("word-boundary", "\\b and \\B hold where a word begins and ends.", CheckWordBoundary),
        new("look-around", "Conditions on what stands before and behind take nothing of it.", CheckLookAround),
        new("back-references", "A reference matches what its group took last.", CheckBackReferences),
        new("atomic-and-possessive", "What an atomic group or a possessive repeat took is not given back.", CheckAtomic),
        new("match-point-reset", "\\K moves the start that is reported.", CheckMatchPointReset),
        new("start-anchor", "\\G holds where the search for the match began.", CheckStartAnchor),
        new("newline-sequence", "\\R takes each kind of line ending as one.", CheckNewlineSequence),
        new("utf-8", "Under UTF a character is a character, and case and classes follow.", CheckUtf),
        new("rule-flags", "Every rule flag that the device takes means what PCRE means by it.", CheckRuleFlags),
    ];

    private void CheckGreedy() => CheckAnswers(
        RegexCapabilities.Greedy,
        ("a+", RegexRuleFlags.None, "aaab aa", "1@0+3 1@5+2"),
        ("a+?", RegexRuleFlags.None, "aa", "1@0+1 1@1+1"),
        ("a.*b", RegexRuleFlags.None, "aXbXb", "1@0+5"),
        ("a.*?b", RegexRuleFlags.None, "aXbXb", "1@0+3"),
        ("a|ab", RegexRuleFlags.None, "ab", "1@0+1"),
        ("ab|a", RegexRuleFlags.None, "ab", "1@0+2"),
        ("a{2,3}", RegexRuleFlags.None, "aaaaa", "1@0+3 1@3+2"));

    private void CheckWordBoundary() => CheckAnswers(
        RegexCapabilities.WordBoundary,
        ("\\bcat\\b", RegexRuleFlags.None, "cat concat cat_ cat", "1@0+3 1@16+3"),
        ("\\Bcat", RegexRuleFlags.None, "cat concat", "1@7+3"));

    private void CheckLookAround() => CheckAnswers(
        RegexCapabilities.LookAround,
        ("foo(?=bar)", RegexRuleFlags.None, "foobar foobaz", "1@0+3"),
        ("foo(?!bar)", RegexRuleFlags.None, "foobar foobaz", "1@7+3"),
        ("(?<=\\$)\\d+", RegexRuleFlags.None, "12 $34", "1@4+2"),
        ("(?<!\\$)\\b\\d+", RegexRuleFlags.None, "12 $34", "1@0+2"),
        ("(?=.*\\d)[a-z]+", RegexRuleFlags.None, "abc1", "1@0+3"),
        ("a(?=b(?!c))", RegexRuleFlags.None, "abc abd", "1@4+1"));

    private void CheckBackReferences() => CheckAnswers(
        RegexCapabilities.BackReferences,
        ("(a|b)\\1", RegexRuleFlags.None, "ab aa bb", "1@3+2 1@6+2"),
        ("(['\"]).*?\\1", RegexRuleFlags.None, "'a\"b' \"c\"", "1@0+5 1@6+3"),
        ("(?<word>\\w+) \\k<word>", RegexRuleFlags.None, "so so the them", "1@0+5 1@6+7"),
        ("(a)\\g{-1}", RegexRuleFlags.Caseless, "aA", "1@0+2"),
        ("(a)?b\\1c", RegexRuleFlags.None, "bc abac", "1@3+4"));

    private void CheckAtomic()
    {
        CheckAnswers(
            RegexCapabilities.AtomicGroups,
            ("(?>a+)ab", RegexRuleFlags.None, "aaab", string.Empty),
            ("(?>a|ab)c", RegexRuleFlags.None, "abc ac", "1@4+2"));
        CheckAnswers(
            RegexCapabilities.Possessive,
            ("a++b", RegexRuleFlags.None, "aaab", "1@0+4"),
            ("a++ab", RegexRuleFlags.None, "aaab", string.Empty),
            ("\"[^\"]*+\"", RegexRuleFlags.None, "\"ab\"", "1@0+4"));
    }

    private void CheckMatchPointReset() => CheckAnswers(
        RegexCapabilities.MatchPointReset,
        ("foo\\Kbar", RegexRuleFlags.None, "bar foobar", "1@7+3"),
        ("a\\Kb|c", RegexRuleFlags.None, "abc", "1@1+1 1@2+1"));

    private void CheckStartAnchor() => CheckAnswers(
        RegexCapabilities.StartAnchor,
        ("\\Ga", RegexRuleFlags.None, "aab a", "1@0+1 1@1+1"),
        ("\\G\\d\\d", RegexRuleFlags.None, "12345 67", "1@0+2 1@2+2"));

    private void CheckNewlineSequence() => CheckAnswers(
        RegexCapabilities.NewlineSequence,
        ("a\\Rb", RegexRuleFlags.None, "a\nb a\r\nb a\rb a\n\rb", "1@0+3 1@4+4 1@9+3"),
        ("\\R", RegexRuleFlags.None, "\r\n\v\f\x85", "1@0+2 1@2+1 1@3+1 1@4+1"));

    private void CheckUtf()
    {
        CheckAnswers(
            RegexCapabilities.Utf8,
            ("^.{3}$", RegexRuleFlags.Utf, "é中😀", "1@0+9"),
            ("[а-я]+", RegexRuleFlags.Utf, "a жук", "1@2+6"),
            ("\\x{e9}", RegexRuleFlags.Utf, "aé", "1@1+2"),
            ("É", RegexRuleFlags.Utf | RegexRuleFlags.Caseless, "é", "1@0+2"),
            ("\\p{Lu}", RegexRuleFlags.Utf, "aЖж", "1@1+2"),
            ("[^a]", RegexRuleFlags.Utf, "a中", "1@1+3"));
        if (Info().RuleFlags.HasFlag(RegexRuleFlags.UnicodeProperties))
        {
            CheckAnswers(
                RegexCapabilities.Utf8,
                ("\\w+", RegexRuleFlags.Utf | RegexRuleFlags.UnicodeProperties, "-жук", "1@1+6"),
                ("\\w+", RegexRuleFlags.Utf, "жa", "1@2+1"));
        }
    }

    private void CheckRuleFlags()
    {
        (string Pattern, RegexRuleFlags Flag, string Payload, string Expected)[] answers =
        [
            ("a*", RegexRuleFlags.AllowEmpty, "ba", "1@0+0 1@1+1 1@2+0"),
            ("a", RegexRuleFlags.Anchored, "aa", "1@0+1"),
            ("aB", RegexRuleFlags.Caseless, "Ab", "1@0+2"),
            ("a.b", RegexRuleFlags.DotAll, "a\nb", "1@0+3"),
            ("(?<n>a)|(?<n>b)", RegexRuleFlags.DuplicateNames, "ab", "1@0+1 1@1+1"),
            ("a b # c", RegexRuleFlags.Extended, "ab", "1@0+2"),
            ("^a$", RegexRuleFlags.MultiLine, "b\na\nb", "1@2+1"),
            ("(a)b", RegexRuleFlags.NoAutoCapture, "ab", "1@0+2"),
            ("a+", RegexRuleFlags.Ungreedy, "aa", "1@0+1 1@1+1"),
            ("a", RegexRuleFlags.NeverBackslashC, "a", "1@0+1"),
        ];
        RegexRuleFlags taken = Info().RuleFlags;
        var offered = answers.Where(answer => taken.HasFlag(answer.Flag)).ToArray();
        Expect.Offered(offered.Length != 0, "rule flags");
        CheckAnswers(RegexCapabilities.None, offered);
        if (taken.HasFlag(RegexRuleFlags.MatchUnsetBackReference))
        {
            CheckAnswers(RegexCapabilities.BackReferences, ("(a)?b\\1c", RegexRuleFlags.MatchUnsetBackReference, "bc", "1@0+2"));
        }

        if (taken.HasFlag(RegexRuleFlags.NeverBackslashC))
        {
            using RegexDevice device = Open(Specifier);
            Configure(device, 1);
            device.AddRules([RegexRule.FromText(1, "\\C", RegexRuleFlags.NeverBackslashC)]);
            Expect.Throws<RegexRuleException>(device.CompileAndActivate, "\\C under NeverBackslashC");
        }
    }

    private RegexDeviceInfo Info()
    {
        using RegexDevice device = Open(Specifier);
        return device.Info;
    }

    /// <summary>Searches each payload with its pattern as the only rule; under UTF both are UTF-8.</summary>
    private void CheckAnswers(
        RegexCapabilities capability, params (string Pattern, RegexRuleFlags Flags, string Payload, string Expected)[] answers)
    {
        using RegexDevice device = Open(Specifier);
        Expect.Offered((device.Info.Capabilities & capability) == capability, capability.ToString());
        Configure(device, 1);
        foreach ((string pattern, RegexRuleFlags flags, string payload, string expected) in answers)
        {
            Encoding encoding = flags.HasFlag(RegexRuleFlags.Utf) ? Encoding.UTF8 : Encoding.Latin1;
            device.AddRules([new RegexRule(1, encoding.GetBytes(pattern), flags)]);
            device.CompileAndActivate();
            device.Start();
            Expect.Equal(expected, Search(device, encoding.GetBytes(payload)), $"matches of /{pattern}/ ({flags}) in '{payload}'");
            device.Stop();
        }
    }
}
