using System.Text;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Tests.Oracle;

/// <summary>
/// Makes up patterns out of every construct of the language that a device says it has, over small alphabets, so that payloads of the same
/// alphabet match often and in many ways.
/// </summary>
internal sealed class PatternWriter(Random random, RegexCapabilities capabilities, RegexRuleFlags ruleFlags)
{
    private const string UnicodeLetters = "aé\u00C9ß\u017F\u212AЖж中";
    private const string UnicodeOthers = "\u0301\u2028\u0085\u00A0\U0001F600\u200D";

    private static readonly string[] s_literals = ["a", "b", "c", "ab", "abc", "B", "\\n", "_", "x", "1", " ", "-", "aa", "foobar", "needle"];

    private static readonly string[] s_sets =
    [
        ".", "[ab]", "[^a]", "[a-c]", "\\w", "\\W", "\\d", "\\D", "\\s", "\\S", "\\h", "\\H", "\\v", "\\V", "\\N", "[[:alpha:]]",
        "[[:^digit:]]", "[^\\n]", "[B-b]", "\\x61", "[\\x00-\\x7f]", "[]a]", "[^]a]", "[\\w-]", "[[:punct:]_]", "[\\d\\s]", "[a\\-c]", "\\x{62}",
        "\\o{141}", "\\141", "[\\h\\v]", "[^\\W1]", "[[:upper:]]", "[[:word:]]", "[[:xdigit:]]", "[[:space:]]", "\\t", "\\cJ", "[\\Qa-\\E]", "\\xe9",
        "[\\xe0-\\xff]",
    ];

    private static readonly string[] s_anchors = ["^", "$", "\\A", "\\z", "\\Z"];

    private static readonly string[] s_unicodeSets =
    [
        "\\p{L}", "\\P{L}", "\\p{Lu}", "\\p{Ll}", "\\p{^Nd}", "\\pN", "\\p{Greek}", "\\p{Cyrillic}", "\\p{Han}", "[\\p{L}\\d]", "[^\\p{Lu}]", "\\p{Any}",
        "\\p{L&}", "\\p{Xan}", "\\p{Xsp}", "\\p{Xwd}", "\\p{Mn}", "\\p{Zs}", "\\p{So}",
    ];

    private static readonly string[] s_repeats =
        ["*", "+", "?", "*", "+", "?", "{2}", "{0,2}", "{1,3}", "{2,}", "{0,1}", "{1,}", "{3,4}", "{0}", "{1}", "{5,7}", "{12}"];

    private static readonly string[] s_inlineFlags =
        ["(?i)", "(?s)", "(?m)", "(?-i)", "(?U)", "(?x)", "(?xx)", "(?^)", "(?i-s)", "(?n)", "(?-x)", "(?^im)"];

    private static readonly string[] s_names = ["n", "m", "name"];

    private readonly StringBuilder _text = new();
    private RegexRuleFlags _flags;
    private int _groups;
    private int _resets;
    private int _budget;

    /// <summary>Makes up a pattern and its flags.</summary>
    public WrittenPattern Write()
    {
        _text.Clear();
        _groups = _resets = 0;
        _budget = random.Next(2, 16);
        _flags = Flags();
        WriteAlternatives(3);
        return new WrittenPattern(_text.ToString(), _flags);
    }

    private bool Can(RegexCapabilities capability) => capabilities.HasFlag(capability);

    private bool Chance(int percent) => random.Next(100) < percent;

    private T Pick<T>(params ReadOnlySpan<T> values) => values[random.Next(values.Length)];

    private RegexRuleFlags Flags()
    {
        RegexRuleFlags flags = RegexRuleFlags.None;
        Maybe(RegexRuleFlags.AllowEmpty, 40);
        Maybe(RegexRuleFlags.Anchored, 4);
        Maybe(RegexRuleFlags.Caseless, 25);
        Maybe(RegexRuleFlags.DotAll, 30);
        Maybe(RegexRuleFlags.DuplicateNames, 20);
        Maybe(RegexRuleFlags.Extended, 8);
        Maybe(RegexRuleFlags.MatchUnsetBackReference, 15);
        Maybe(RegexRuleFlags.MultiLine, 25);
        Maybe(RegexRuleFlags.NoAutoCapture, 5);
        Maybe(RegexRuleFlags.UnicodeProperties, 15);
        Maybe(RegexRuleFlags.Ungreedy, 10);
        Maybe(RegexRuleFlags.Utf, 30);
        Maybe(RegexRuleFlags.NeverBackslashC, 5);
        return flags & ruleFlags;

        void Maybe(RegexRuleFlags flag, int percent) => flags |= Chance(percent) ? flag : RegexRuleFlags.None;
    }

    private void WriteAlternatives(int depth)
    {
        WriteSequence(depth);
        while (Chance(depth == 3 ? 12 : 30))
        {
            _text.Append('|');
            WriteSequence(depth);
        }
    }

    private void WriteSequence(int depth)
    {
        for (int items = random.Next(0, 5); items > 0 && _budget > 0; items--)
        {
            _budget--;
            WriteItem(depth);
        }
    }

    private void WriteItem(int depth)
    {
        int kind = random.Next(100);
        bool repeats = true;
        if (kind < 34)
        {
            WriteLiteral();
        }
        else if (kind < 50)
        {
            WriteSet();
        }
        else if (kind < 58)
        {
            repeats = false;
            WriteAssertion();
        }
        else if (kind < 64 && Can(RegexCapabilities.BackReferences))
        {
            WriteBackReference();
        }
        else if (kind < 67)
        {
            repeats = false;
            WriteOddment();
        }
        else if (kind < 76 && depth > 0 && Can(RegexCapabilities.LookAround))
        {
            repeats = Chance(10);
            WriteLookAround(depth);
        }
        else if (depth > 0)
        {
            WriteGroup(depth);
        }
        else
        {
            WriteLiteral();
        }

        if (repeats && Chance(40))
        {
            // A group repeated no times: 10.42 takes an assertion in it for one of the whole pattern.
            string repeat = Pick<string>(s_repeats);
            _text.Append(repeat == "{0}" && _text[^1] == ')' ? "?" : repeat);
            _text.Append(Can(RegexCapabilities.Possessive) && Chance(15) ? "+" : Chance(30) ? "?" : string.Empty);
        }
    }

    private void WriteLiteral()
    {
        bool utf = _flags.HasFlag(RegexRuleFlags.Utf);
        if (utf && Chance(35))
        {
            string character = Chance(75) ? UnicodeLetters[random.Next(UnicodeLetters.Length)].ToString() : RuneOf(UnicodeOthers);
            _text.Append(Chance(25) ? $"\\x{{{char.ConvertToUtf32(character, 0):x}}}" : character);
        }
        else if (Chance(4))
        {
            _text.Append("\\Q").Append(Pick("a.", "b", "[", "a\\")).Append("\\E");
        }
        else
        {
            _text.Append(Chance(70) ? Pick("a", "b", "a", "b", "c") : Pick<string>(s_literals));
        }
    }

    private string RuneOf(string text)
    {
        int at = random.Next(text.Length);
        at -= char.IsLowSurrogate(text[at]) ? 1 : 0;
        return char.ConvertFromUtf32(char.ConvertToUtf32(text, at));
    }

    private void WriteSet()
    {
        bool unicode = (_flags & (RegexRuleFlags.Utf | RegexRuleFlags.UnicodeProperties)) != 0;
        if (unicode && Can(RegexCapabilities.Utf8) && Chance(25))
        {
            _text.Append(Pick<string>(s_unicodeSets));
        }
        else if (_flags.HasFlag(RegexRuleFlags.Utf) && Chance(25))
        {
            _text.Append(Pick("[а-я]", "[^é]", "[a-é]", "[\\x{100}-\\x{ffff}]", "[^a-z]", "[中é]", "[\\x{1f600}-\\x{1f64f}a]", "[\u212Ak]"));
        }
        else if (Can(RegexCapabilities.NewlineSequence) && Chance(7))
        {
            _text.Append("\\R");
        }
        else if (Can(RegexCapabilities.Utf8) && Chance(5))
        {
            _text.Append("\\X");
        }
        else if ((_flags & (RegexRuleFlags.NeverBackslashC | RegexRuleFlags.Utf)) == 0 && Chance(3))
        {
            _text.Append("\\C");
        }
        else
        {
            _text.Append(Pick<string>(s_sets));
        }
    }

    private void WriteAssertion()
    {
        int kind = random.Next(10);
        if (kind < 4 && Can(RegexCapabilities.WordBoundary))
        {
            _text.Append(Pick("\\b", "\\B"));
        }
        else if (kind == 4 && Can(RegexCapabilities.StartAnchor))
        {
            _text.Append("\\G");
        }
        else if (kind == 5 && Can(RegexCapabilities.MatchPointReset))
        {
            _text.Append("\\K");
        }
        else
        {
            _text.Append(Pick<string>(s_anchors));
        }
    }

    private void WriteBackReference()
    {
        int number = random.Next(1, Math.Max(2, _groups + 1));
        string name = Pick<string>(s_names);
        _text.Append(random.Next(9) switch
        {
            0 => $"\\g{number}",
            1 => $"\\g{{{number}}}",
            2 => $"\\g{{-{random.Next(1, Math.Max(2, _groups))}}}",
            3 => $"\\k<{name}>",
            4 => $"(?P={name})",
            5 => $"\\k{{{name}}}",
            6 when Can(RegexCapabilities.ForwardReferences) => $"\\g{{+{random.Next(1, 3)}}}",
            _ => $"\\{number}",
        });
    }

    private void WriteOddment() => _text.Append(Pick("()", "(?:)", "(?#c)", "\\E", string.Empty, Pick<string>(s_inlineFlags)));

    private void WriteGroup(int depth)
    {
        string open = Pick("(", "(", "(?:", "(?:", "(?i:", "(?s-i:", "(?|", "(?<name>", "(?P<n>", "(?'m'", "(?m:", "(?^:");
        if (Can(RegexCapabilities.AtomicGroups) && Chance(18))
        {
            open = "(?>";
        }

        // Where branches share their numbers, names have rules of their own, which only matter to what refers to them.
        if (open is "(?<name>" or "(?P<n>" or "(?'m'" && _resets > 0 && !Can(RegexCapabilities.BackReferences))
        {
            open = "(";
        }

        _groups += open is "(" or "(?<name>" or "(?P<n>" or "(?'m'" ? 1 : 0;
        _resets += open == "(?|" ? 1 : 0;
        _text.Append(open);
        WriteAlternatives(depth - 1);
        _text.Append(')');
        _resets -= open == "(?|" ? 1 : 0;
    }

    private void WriteLookAround(int depth)
    {
        if (Chance(50))
        {
            _text.Append(Pick("(?=", "(?!"));
            WriteAlternatives(depth - 1);
        }
        else
        {
            _text.Append(Pick("(?<=", "(?<!"));
            WriteFixed(depth - 1);
            while (Chance(30))
            {
                _text.Append('|');
                WriteFixed(depth - 1);
            }
        }

        _text.Append(')');
    }

    /// <summary>Pieces of fixed length, since a lookbehind takes no others.</summary>
    private void WriteFixed(int depth)
    {
        for (int items = random.Next(1, 4); items > 0; items--)
        {
            int kind = random.Next(10);
            if (kind < 4)
            {
                _text.Append(Pick("a", "b", "ab", "\\n", "c"));
            }
            else if (kind < 7)
            {
                _text.Append(Pick("[ab]", ".", "\\w", "\\s", "[^a]", "\\W", "a{2}"));
            }
            else if (kind < 8)
            {
                _text.Append(Pick("^", "$", "\\A", "\\b", "\\B", "(?i)"));
            }
            else if (kind == 8)
            {
                _groups++;
                _text.Append("(a)");
            }
            else if (depth > 0)
            {
                WriteLookAround(depth - 1);
            }
        }
    }
}
