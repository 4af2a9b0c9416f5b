namespace Outboard.Plugins.Regex.Rules;

internal sealed partial class PatternParser
{
    /// <summary>An escape outside a class.</summary>
    private void ParseEscapeItem(RuleOptions options, List<PatternNode> items)
    {
        int start = _at;
        if (Peek(1) < 0)
        {
            throw Syntax(_pattern.Length, "\\ at end of pattern");
        }

        byte c = _pattern[_at + 1];
        AssertionKind? assertion = c switch
        {
            (byte)'A' => AssertionKind.SubjectStart,
            (byte)'Z' => AssertionKind.SubjectEndOrLastNewline,
            (byte)'z' => AssertionKind.SubjectEnd,
            (byte)'b' => AssertionKind.WordBoundary,
            (byte)'B' => AssertionKind.NotWordBoundary,
            _ => null,
        };
        if (assertion is { } kind)
        {
            _at += 2;
            items.Add(new AssertNode(kind));
            return;
        }

        if (ClassOfEscape(c) is { } set)
        {
            _at += 2;
            items.Add(Quantified(new SetNode(set), options));
            return;
        }

        switch (c)
        {
            case (byte)'N' when Peek(2) == '{' && !TryReadBounds(_at + 2, out _, out _, out _):
                throw Unsupported(start, "\\N{...} is not offered; \\xHH is");
            case (byte)'N':
                _at += 2;
                items.Add(Quantified(new SetNode(~ByteSet.Newline), options));
                return;
            case (byte)'C' when _neverBackslashC:
                throw Syntax(start, "\\C is switched off by the rule's flags");
            case (byte)'C':
                _at += 2;
                items.Add(Quantified(new SetNode(ByteSet.All), options));
                return;
            case (byte)'G':
                throw Unsupported(start, "\\G is not offered; \\A is");
            case (byte)'K':
                throw Unsupported(start, "\\K is not offered");
            case (byte)'R':
                throw Unsupported(start, "\\R is not offered; (?:\\r\\n|[\\n-\\r\\x85]) is");
            case (byte)'X':
                throw Unsupported(start, "\\X is not offered");
            case (byte)'g' or (byte)'k':
                throw Unsupported(start, "back references and subroutine calls are not offered");
        }

        if (c is >= (byte)'1' and <= (byte)'9')
        {
            RefuseBackReference(start, c);
        }

        items.Add(Quantified(Literal(ReadEscapedByte(inClass: false), options), options));
    }

    /// <summary>
    /// \1 to \9, \8x, \9x and any number up to the count of groups so far are back references; the rest is octal
    /// (pcre2pattern, "Non-printing characters").
    /// </summary>
    private void RefuseBackReference(int start, byte first)
    {
        long number = 0;
        for (int i = start + 1; i < _pattern.Length && _pattern[i] is >= (byte)'0' and <= (byte)'9'; i++)
        {
            number = Math.Min(number * 10 + (_pattern[i] - '0'), int.MaxValue);
        }

        if (number < 10 || first >= '8' || number <= _captureCount)
        {
            throw Unsupported(start, "back references are not offered");
        }

        if (number == int.MaxValue)
        {
            throw Syntax(start, "the number after \\ is too big");
        }
    }

    private static ByteSet? ClassOfEscape(byte c) => c switch
    {
        (byte)'d' => ByteSet.Digits,
        (byte)'D' => ~ByteSet.Digits,
        (byte)'w' => ByteSet.Word,
        (byte)'W' => ~ByteSet.Word,
        (byte)'s' => ByteSet.Space,
        (byte)'S' => ~ByteSet.Space,
        (byte)'h' => ByteSet.HorizontalSpace,
        (byte)'H' => ~ByteSet.HorizontalSpace,
        (byte)'v' => ByteSet.VerticalSpace,
        (byte)'V' => ~ByteSet.VerticalSpace,
        _ => null,
    };

    /// <summary>Reads an escape that stands for one byte; the position is at the backslash.</summary>
    private byte ReadEscapedByte(bool inClass)
    {
        int start = _at;
        if (Peek(1) < 0)
        {
            throw Syntax(_pattern.Length, "\\ at end of pattern");
        }

        byte c = _pattern[_at + 1];
        _at += 2;
        switch (c)
        {
            case (byte)'a':
                return 0x07;
            case (byte)'e':
                return 0x1B;
            case (byte)'f':
                return 0x0C;
            case (byte)'n':
                return 0x0A;
            case (byte)'r':
                return 0x0D;
            case (byte)'t':
                return 0x09;
            case (byte)'x':
                return ReadHex(start);
            case (byte)'o':
                return ReadBracedOctal(start);
            case (byte)'c':
                return ReadControl();
            case >= (byte)'0' and <= (byte)'7':
                return ReadOctal(start, c - '0');
            case (byte)'8' or (byte)'9' when inClass:
                return c;
            case (byte)'p' or (byte)'P':
                throw Unsupported(start, "Unicode properties are not offered; POSIX classes are");
            case (byte)'F' or (byte)'L' or (byte)'l' or (byte)'U' or (byte)'u':
                throw Syntax(start, "\\F, \\L, \\l, \\U and \\u are not part of PCRE");
            case >= (byte)'A' and <= (byte)'Z' or >= (byte)'a' and <= (byte)'z' or >= (byte)'0' and <= (byte)'9':
                throw Syntax(start, $"unrecognized character '{(char)c}' follows \\");
            default:
                return c;
        }
    }

    private byte ReadControl()
    {
        if (AtEnd)
        {
            throw Syntax(_pattern.Length, "\\c at end of pattern");
        }

        byte c = _pattern[_at];
        if (c is < 32 or > 126)
        {
            throw Syntax(_at, "\\c must be followed by a printable ASCII character");
        }

        _at++;
        return (byte)((c is >= (byte)'a' and <= (byte)'z' ? c - 32 : c) ^ 0x40);
    }

    private byte ReadOctal(int start, int value)
    {
        for (int i = 0; i < 2 && !AtEnd && _pattern[_at] is >= (byte)'0' and <= (byte)'7'; i++)
        {
            value = value * 8 + (_pattern[_at++] - '0');
        }

        return value <= 0xFF ? (byte)value : throw Syntax(start, "the octal value is greater than \\377");
    }

    private byte ReadHex(int start)
    {
        int value = 0;
        if (Peek(0) != '{')
        {
            for (int i = 0; i < 2 && !AtEnd && HexValue(_pattern[_at]) is var digit and >= 0; i++)
            {
                value = value * 16 + digit;
                _at++;
            }

            return (byte)value;
        }

        _at++;
        return ReadBraced(start, 16);
    }

    private byte ReadBracedOctal(int start)
    {
        if (Peek(0) != '{')
        {
            throw Syntax(start, "missing opening brace after \\o");
        }

        _at++;
        return ReadBraced(start, 8);
    }

    private byte ReadBraced(int start, int radix)
    {
        int value = 0;
        int digits = _at;
        while (!AtEnd && _pattern[_at] != '}')
        {
            int digit = HexValue(_pattern[_at]);
            if (digit < 0 || digit >= radix)
            {
                throw Syntax(_at, $"not a digit of base {radix}, or the closing brace is missing");
            }

            value = value * radix + digit;
            if (value > 0xFF)
            {
                throw Syntax(start, "the value is too large; patterns are bytes, at most FF hexadecimal");
            }

            _at++;
        }

        if (AtEnd)
        {
            throw Syntax(start, "the closing brace is missing");
        }

        if (_at == digits)
        {
            throw Syntax(start, "digits are missing between the braces");
        }

        _at++;
        return (byte)value;
    }

    private static int HexValue(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        _ => -1,
    };
}
