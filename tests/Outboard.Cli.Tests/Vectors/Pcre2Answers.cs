using System.Runtime.InteropServices;
using System.Text;
using Outboard.Regex;

namespace Outboard.Cli.Tests.Vectors;

/// <summary>What PCRE2 itself answers to a rule, through its 8-bit library. Debian has it in libpcre2-8-0.</summary>
internal static partial class Pcre2Answers
{
    private const string Library = "libpcre2-8.so.0";
    private const int NoMatch = -1;
    private const uint Anchored = 0x80000000;
    private const uint NotEmpty = 0x4;
    private const uint NotEmptyAtStart = 0x8;

    private static readonly bool s_present = NativeLibrary.TryLoad(Library, out _);

    private static readonly (RegexRuleFlags Flag, uint Option)[] s_options =
    [
        (RegexRuleFlags.Anchored, Anchored),
        (RegexRuleFlags.Caseless, 0x8),
        (RegexRuleFlags.DotAll, 0x20),
        (RegexRuleFlags.DuplicateNames, 0x40),
        (RegexRuleFlags.Extended, 0x80),
        (RegexRuleFlags.MatchUnsetBackReference, 0x200),
        (RegexRuleFlags.MultiLine, 0x400),
        (RegexRuleFlags.NoAutoCapture, 0x2000),
        (RegexRuleFlags.UnicodeProperties, 0x20000),
        (RegexRuleFlags.Ungreedy, 0x40000),
        (RegexRuleFlags.Utf, 0x80000),
        (RegexRuleFlags.NeverBackslashC, 0x100000),
    ];

    public static void SkipIfAbsent() =>
        Assert.SkipUnless(s_present, $"{Library} is absent (Debian: apt-get install libpcre2-8-0)");

    /// <summary>Whether the rule compiles.</summary>
    public static bool Takes(RegexRule rule)
    {
        nint code = Compile(rule.Pattern.ToArray(), rule.Flags);
        FreeCode(code);
        return code != 0;
    }

    /// <summary>All matches, one after the other.</summary>
    public static List<RegexMatch> FindAll(RegexRule rule, byte[] subject)
    {
        nint code = Compile(rule.Pattern.ToArray(), rule.Flags);
        nint data = CreateMatchData(code, 0);
        bool empty = rule.Flags.HasFlag(RegexRuleFlags.AllowEmpty);
        List<RegexMatch> found = [];
        uint options = empty ? 0 : NotEmpty;
        for (int at = 0; at <= subject.Length;)
        {
            if (Match(code, data, subject, at, options) is not var (start, end))
            {
                if ((options & Anchored) == 0)
                {
                    break;
                }

                // Behind an empty match: on by one character.
                for (at++; !IsBoundary(rule, subject, at); at++)
                {
                }

                options = 0;
                continue;
            }

            if (start != 0 && rule.Flags.HasFlag(RegexRuleFlags.Anchored))
            {
                break;
            }

            found.Add(new RegexMatch(rule.Id, start, end - start, rule.GroupId));
            at = end;
            options = !empty ? NotEmpty : start == end ? NotEmptyAtStart | Anchored : 0;
        }

        FreeMatchData(data);
        FreeCode(code);
        return found;
    }

    /// <summary>Every pair of start and end: each start is tried with as much as must be left behind each end.</summary>
    public static List<RegexMatch> FindPairs(RegexRule rule, byte[] subject)
    {
        List<RegexMatch> found = [];
        int last = rule.Flags.HasFlag(RegexRuleFlags.Anchored) ? 0 : subject.Length;
        for (int end = 0; end <= subject.Length; end++)
        {
            if (!IsBoundary(rule, subject, end))
            {
                continue;
            }

            int left = rule.Flags.HasFlag(RegexRuleFlags.Utf)
                ? Encoding.UTF8.GetString(subject.AsSpan(end)).EnumerateRunes().Count()
                : subject.Length - end;

            // A newline ends a comment where patterns have them.
            string close = rule.Flags.HasFlag(RegexRuleFlags.Extended) ? "\n" : string.Empty;
            nint code = Compile([.. "(?:"u8, .. rule.Pattern.Span, .. Encoding.ASCII.GetBytes($"{close})(?=(?s:.){{{left}}}\\z)")], rule.Flags);
            nint data = CreateMatchData(code, 0);
            for (int start = 0; start <= Math.Min(last, end); start++)
            {
                if ((start < end || rule.Flags.HasFlag(RegexRuleFlags.AllowEmpty)) && IsBoundary(rule, subject, start)
                    && Match(code, data, subject, start, Anchored) is not null)
                {
                    found.Add(new RegexMatch(rule.Id, start, end - start, rule.GroupId));
                }
            }

            FreeMatchData(data);
            FreeCode(code);
        }

        return [.. found.OrderBy(static match => match.Start)];
    }

    private static bool IsBoundary(RegexRule rule, byte[] subject, int at) =>
        !rule.Flags.HasFlag(RegexRuleFlags.Utf) || at >= subject.Length || (subject[at] & 0xC0) != 0x80;

    private static (int Start, int End)? Match(nint code, nint data, byte[] subject, int at, uint options)
    {
        int result = Match(code, subject, (nuint)subject.Length, (nuint)at, options, data, 0);
        if (result == NoMatch)
        {
            return null;
        }

        Assert.True(result >= 0, $"PCRE2 ended with {result}");
        nint offsets = GetOffsets(data);
        return ((int)Marshal.ReadIntPtr(offsets), (int)Marshal.ReadIntPtr(offsets, nint.Size));
    }

    private static nint Compile(byte[] pattern, RegexRuleFlags flags)
    {
        uint options = s_options.Aggregate(0u, (all, one) => flags.HasFlag(one.Flag) ? all | one.Option : all);
        return Compile(pattern, (nuint)pattern.Length, options, out _, out _, 0);
    }

    [LibraryImport(Library, EntryPoint = "pcre2_compile_8")]
    private static partial nint Compile(byte[] pattern, nuint length, uint options, out int error, out nuint offset, nint context);

    [LibraryImport(Library, EntryPoint = "pcre2_match_data_create_from_pattern_8")]
    private static partial nint CreateMatchData(nint code, nint context);

    [LibraryImport(Library, EntryPoint = "pcre2_match_8")]
    private static partial int Match(nint code, byte[] subject, nuint length, nuint start, uint options, nint data, nint context);

    [LibraryImport(Library, EntryPoint = "pcre2_get_ovector_pointer_8")]
    private static partial nint GetOffsets(nint data);

    [LibraryImport(Library, EntryPoint = "pcre2_match_data_free_8")]
    private static partial void FreeMatchData(nint data);

    [LibraryImport(Library, EntryPoint = "pcre2_code_free_8")]
    private static partial void FreeCode(nint code);
}
