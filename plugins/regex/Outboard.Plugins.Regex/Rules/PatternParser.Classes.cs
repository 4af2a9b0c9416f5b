using System.Text;

namespace Outboard.Plugins.Regex.Rules;

internal sealed partial class PatternParser
{
    /// <summary>Reads a bracketed class; the position is at the opening bracket.</summary>
    private PatternNode ParseClass(RuleOptions options)
    {
        int open = _at;
        RefusePosixSyntaxOutside();
        _at++;
        bool negated = SkipClassHead(options);
        List<(int First, int Last)> ranges = [];
        HashSet<CodePointSet> parts = new(ReferenceEqualityComparer.Instance);
        bool first = true;
        bool quoting = false;
        while (true)
        {
            if (AtEnd)
            {
                throw Syntax(_pattern.Length, $"the class opened at offset {open} has no closing bracket");
            }

            if (SkipQuoteMark(ref quoting) || SkipClassSpace(options, quoting))
            {
                continue;
            }

            if (!quoting && _pattern[_at] == ']' && !first)
            {
                _at++;
                break;
            }

            first = false;
            ParseClassItem(ranges, parts, options, ref quoting);
        }

        foreach (CodePointSet part in parts)
        {
            part.AddTo(ranges);
        }

        CodePointSet set = CodePointSet.FromRanges(ranges);
        return OneOf(negated ? ~set : set);
    }

    /// <summary>Skips what may stand before the first member and says whether there was a circumflex.</summary>
    private bool SkipClassHead(RuleOptions options)
    {
        bool negated = false;
        while (!AtEnd)
        {
            if (_pattern[_at] == '\\' && Peek(1) == 'E')
            {
                _at += 2;
            }
            else if (_pattern.AsSpan(_at).StartsWith("\\Q\\E"u8))
            {
                _at += 4;
            }
            else if (!negated && _pattern[_at] == '^')
            {
                negated = true;
                _at++;
            }
            else if (!SkipClassSpace(options, quoting: false))
            {
                break;
            }
        }

        return negated;
    }

    /// <summary>One character, one range, one escape class or one POSIX class; a class said twice counts once.</summary>
    private void ParseClassItem(
        List<(int First, int Last)> ranges, HashSet<CodePointSet> parts, RuleOptions options, ref bool quoting)
    {
        int start = _at;
        if (!quoting && _pattern[_at] == '[' && TryReadPosixClass(options, out CodePointSet posix))
        {
            RefuseRangeAfterClass(quoting);
            parts.Add(posix);
            return;
        }

        if (!quoting && _pattern[_at] == '\\' && IsClassEscape(Peek(1)))
        {
            parts.Add(ReadClassEscape());
            RefuseRangeAfterClass(quoting);
            return;
        }

        int low = ReadClassCharacter(quoting);
        while (SkipQuoteMark(ref quoting) || SkipClassSpace(options, quoting))
        {
        }

        if (quoting || Peek(0) != '-')
        {
            AddFolded(ranges, low, low, options);
            return;
        }

        int hyphen = _at;
        _at++;
        while (SkipQuoteMark(ref quoting) || SkipClassSpace(options, quoting))
        {
        }

        if (AtEnd || (!quoting && _pattern[_at] == ']'))
        {
            _at = AtEnd ? _at : hyphen + 1;
            quoting = false;
            while (SkipQuoteMark(ref quoting))
            {
            }

            AddFolded(ranges, low, low, options);
            ranges.Add(('-', '-'));
            return;
        }

        if (!quoting && (_pattern[_at] == '[' && TryReadPosixClass(options, out _)
            || (_pattern[_at] == '\\' && IsClassEscape(Peek(1)))))
        {
            throw Syntax(hyphen, "invalid range in character class");
        }

        int high = ReadClassCharacter(quoting);
        if (high < low)
        {
            throw Syntax(start, "range out of order in character class");
        }

        AddFolded(ranges, low, high, options);
    }

    private void AddFolded(List<(int First, int Last)> ranges, int first, int last, RuleOptions options)
    {
        ranges.Add((first, last));
        if (!options.HasFlag(RuleOptions.Caseless))
        {
            return;
        }

        if (_utf || _ucp)
        {
            CaseFolding.AddOthers(ranges, first, last);
        }
        else
        {
            CaseFolding.AddAsciiOthers(ranges, first, last);
        }
    }

    private int ReadClassCharacter(bool quoting)
    {
        if (quoting || _pattern[_at] != '\\')
        {
            return ReadCharacter();
        }

        switch (Peek(1))
        {
            case 'b':
                _at += 2;
                return 0x08;
            case 'g':
                _at += 2;
                return 'g';
            case 'N' when IsNamedCodePoint():
                return ReadEscapedCharacter();
            case 'N':
                throw Syntax(_at, "\\N is not allowed in a class");
            case 'B' or 'R' or 'X' or 'A' or 'Z' or 'z' or 'G' or 'K' or 'C' or 'E' or 'k':
                throw Syntax(_at, $"\\{(char)_pattern[_at + 1]} is not allowed in a class");
            default:
                return ReadEscapedCharacter();
        }
    }

    private static bool IsClassEscape(int letter) => letter is 'p' or 'P' || CharacterClasses.IsEscape(letter);

    /// <summary>\d and its like, and \p; the position is at the backslash.</summary>
    private CodePointSet ReadClassEscape()
    {
        byte letter = _pattern[_at + 1];
        if (letter is (byte)'p' or (byte)'P')
        {
            return ReadProperty();
        }

        _at += 2;
        string key = $"\\{(char)letter}";
        if (!_classes.TryGetValue(key, out CodePointSet? set))
        {
            set = CharacterClasses.OfEscape(letter, _ucp)!;
            _classes.Add(key, set);
        }

        return set;
    }

    private void RefuseRangeAfterClass(bool quoting)
    {
        if (!quoting && Peek(0) == '-' && Peek(1) is not (']' or -1))
        {
            throw Syntax(_at, "invalid range in character class");
        }
    }

    private bool SkipQuoteMark(ref bool quoting)
    {
        if (Peek(0) != '\\' || Peek(1) is not ('Q' or 'E') || (quoting && Peek(1) == 'Q'))
        {
            return false;
        }

        quoting = Peek(1) == 'Q';
        _at += 2;
        return true;
    }

    /// <summary>The xx option ignores unescaped space and tab in a class.</summary>
    private bool SkipClassSpace(RuleOptions options, bool quoting)
    {
        if (quoting || !options.HasFlag(RuleOptions.ExtendedMore) || Peek(0) is not (' ' or '\t'))
        {
            return false;
        }

        _at++;
        return true;
    }

    private bool TryReadPosixClass(RuleOptions options, out CodePointSet set)
    {
        set = CodePointSet.Empty;
        int terminator = Peek(1);
        if (terminator is not (':' or '.' or '=') || FindPosixEnd(terminator) is not (>= 0 and var end))
        {
            return false;
        }

        if (terminator != ':')
        {
            throw Syntax(_at, "POSIX collating elements are not supported");
        }

        int nameStart = _at + 2;
        bool negated = _pattern[nameStart] == '^';
        nameStart += negated ? 1 : 0;
        string name = Encoding.Latin1.GetString(_pattern, nameStart, Math.Max(0, end - nameStart));
        set = PosixClass(name, negated, options.HasFlag(RuleOptions.Caseless));
        _at = end + 2;
        return true;
    }

    private CodePointSet PosixClass(string name, bool negated, bool caseless)
    {
        string key = $"{(caseless ? "i" : string.Empty)}{(negated ? "^" : ":")}{name}";
        if (!_classes.TryGetValue(key, out CodePointSet? set))
        {
            set = CharacterClasses.OfPosix(name, _ucp, caseless)
                ?? throw Syntax(
                    _at,
                    $"unknown POSIX class name '{name}'; known are alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit");
            set = negated ? ~set : set;
            _classes.Add(key, set);
        }

        return set;
    }

    /// <summary>Where "[:name:]" ends, or -1: the rule of PCRE2, by which a ] or a new [: before the end says that it is none.</summary>
    private int FindPosixEnd(int terminator)
    {
        for (int i = _at + 2; i + 1 < _pattern.Length; i++)
        {
            byte c = _pattern[i];
            if (c == '\\' && _pattern[i + 1] is (byte)']' or (byte)'\\')
            {
                i++;
            }
            else if ((c == '[' && _pattern[i + 1] == terminator) || c == ']')
            {
                return -1;
            }
            else if (c == terminator && _pattern[i + 1] == ']')
            {
                return i;
            }
        }

        return -1;
    }

    private void RefusePosixSyntaxOutside()
    {
        if (Peek(1) is ':' or '.' or '=' && FindPosixEnd(Peek(1)) >= 0)
        {
            throw Syntax(_at, "POSIX named classes are supported only within a class");
        }
    }

    /// <summary>[[:&lt;:]] and [[:&gt;:]] stand for a word boundary with a look-around at the start and the end of a word.</summary>
    private bool TryReadWordEdge(RuleOptions options, List<PatternNode> items)
    {
        bool start = _pattern.AsSpan(_at).StartsWith("[[:<:]]"u8);
        if (!start && !_pattern.AsSpan(_at).StartsWith("[[:>:]]"u8))
        {
            return false;
        }

        int offset = _at;
        _at += 7;
        items.Add(WordBoundary(negated: false, offset));
        items.Add(Quantified(
            new AssertionNode(OneOf(CharacterClasses.Word(_ucp)), Behind: !start, Negative: false, Atomic: true, offset), options));
        return true;
    }
}
