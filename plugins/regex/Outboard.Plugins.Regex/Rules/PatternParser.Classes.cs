using System.Text;

namespace Outboard.Plugins.Regex.Rules;

internal sealed partial class PatternParser
{
    /// <summary>Reads a bracketed class; the position is at the opening bracket.</summary>
    private ByteSet ParseClass(RuleOptions options)
    {
        int open = _at;
        RefusePosixSyntaxOutside();
        RefuseWordEdges();
        _at++;
        bool negated = Peek(0) == '^';
        if (negated)
        {
            _at++;
        }

        ByteSet set = default;
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
            set |= ParseClassItem(options, ref quoting);
        }

        if (options.HasFlag(RuleOptions.Caseless))
        {
            set = set.FoldCase();
        }

        return negated ? ~set : set;
    }

    /// <summary>One byte, one range, one escape class or one POSIX class.</summary>
    private ByteSet ParseClassItem(RuleOptions options, ref bool quoting)
    {
        int start = _at;
        if (!quoting && _pattern[_at] == '[' && TryReadPosixClass(out ByteSet posix))
        {
            RefuseRangeAfterClass(quoting);
            return posix;
        }

        if (!quoting && _pattern[_at] == '\\' && Peek(1) >= 0 && ClassOfEscape(_pattern[_at + 1]) is { } escaped)
        {
            _at += 2;
            RefuseRangeAfterClass(quoting);
            return escaped;
        }

        byte low = ReadClassByte(quoting);
        while (SkipQuoteMark(ref quoting))
        {
        }

        if (quoting || Peek(0) != '-')
        {
            return ByteSet.Of(low);
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

            return ByteSet.Of(low).With((byte)'-');
        }

        if (!quoting && (_pattern[_at] == '[' && TryReadPosixClass(out _)
            || (_pattern[_at] == '\\' && Peek(1) >= 0 && ClassOfEscape(_pattern[_at + 1]) is not null)))
        {
            throw Syntax(hyphen, "invalid range in character class");
        }

        byte high = ReadClassByte(quoting);
        return high >= low
            ? ByteSet.Range(low, high)
            : throw Syntax(start, "range out of order in character class");
    }

    private byte ReadClassByte(bool quoting)
    {
        byte c = _pattern[_at];
        if (quoting || c != '\\')
        {
            _at++;
            return c;
        }

        switch (Peek(1))
        {
            case 'b':
                _at += 2;
                return 0x08;
            case 'N':
                throw Syntax(_at, "\\N is not allowed in a class");
            case 'B' or 'R' or 'X' or 'A' or 'Z' or 'z' or 'G' or 'K' or 'C' or 'E' or 'g' or 'k':
                throw Syntax(_at, $"\\{(char)_pattern[_at + 1]} is not allowed in a class");
            default:
                return ReadEscapedByte(inClass: true);
        }
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

    private bool TryReadPosixClass(out ByteSet set)
    {
        set = default;
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
        set = PosixClass(name)
            ?? throw Syntax(
                _at,
                $"unknown POSIX class name '{name}'; known are alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit");
        if (negated)
        {
            set = ~set;
        }

        _at = end + 2;
        return true;
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

    /// <summary>[[:&lt;:]] and [[:&gt;:]] stand for a look-around at the start and the end of a word.</summary>
    private void RefuseWordEdges()
    {
        if (_pattern.AsSpan(_at).StartsWith("[[:<:]]"u8) || _pattern.AsSpan(_at).StartsWith("[[:>:]]"u8))
        {
            throw Unsupported(_at, "[[:<:]] and [[:>:]] are not offered; \\b is");
        }
    }

    private static ByteSet? PosixClass(string name) => name switch
    {
        "alnum" => ByteSet.Upper | ByteSet.Lower | ByteSet.Digits,
        "alpha" => ByteSet.Upper | ByteSet.Lower,
        "ascii" => ByteSet.Range(0, 127),
        "blank" => ByteSet.Of(9) | ByteSet.Of(32),
        "cntrl" => ByteSet.Range(0, 31) | ByteSet.Of(127),
        "digit" => ByteSet.Digits,
        "graph" => ByteSet.Range(33, 126),
        "lower" => ByteSet.Lower,
        "print" => ByteSet.Range(32, 126),
        "punct" => ByteSet.Range(33, 126) & ~(ByteSet.Upper | ByteSet.Lower | ByteSet.Digits),
        "space" => ByteSet.Space,
        "upper" => ByteSet.Upper,
        "word" => ByteSet.Word,
        "xdigit" => ByteSet.Digits | ByteSet.Range((byte)'A', (byte)'F') | ByteSet.Range((byte)'a', (byte)'f'),
        _ => null,
    };
}
