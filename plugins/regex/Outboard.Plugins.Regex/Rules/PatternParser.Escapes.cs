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
        if (ReadPosition(c) is { } position)
        {
            items.Add(position);
            return;
        }

        PatternNode item = CharacterClasses.IsEscape(c) || c is (byte)'p' or (byte)'P' ? OneOf(ReadClassEscape())
            : ReadBackReference(start, c, options) is { } reference ? reference
            : ReadSpecial(start, c) is { } special ? special
            : Literal(ReadEscapedCharacter(), options);
        items.Add(Quantified(item, options));
    }

    /// <summary>An escape that takes nothing and cannot be repeated; null for any other.</summary>
    private PatternNode? ReadPosition(byte c)
    {
        PatternNode? node = c switch
        {
            (byte)'A' => new AssertNode(AssertionKind.SubjectStart),
            (byte)'Z' => new AssertNode(AssertionKind.SubjectEndOrLastNewline),
            (byte)'z' => new AssertNode(AssertionKind.SubjectEnd),
            (byte)'G' => new AssertNode(AssertionKind.SearchStart),
            (byte)'b' => WordBoundary(negated: false, _at),
            (byte)'B' => WordBoundary(negated: true, _at),
            (byte)'K' when _lookDepth > 0 => throw Syntax(_at, "\\K is not allowed in look-around"),
            (byte)'K' => KeepNode.Instance,
            _ => null,
        };
        _at += node is null ? 0 : 2;
        return node;
    }

    /// <summary>\b or \B. In bytes with Unicode properties it is written out, since only bytes over 127 differ.</summary>
    private PatternNode WordBoundary(bool negated, int offset)
    {
        if (!_ucp)
        {
            return new AssertNode(negated ? AssertionKind.NotWordBoundary : AssertionKind.WordBoundary);
        }

        if (_utf)
        {
            return new AssertNode(negated ? AssertionKind.NotUnicodeWordBoundary : AssertionKind.UnicodeWordBoundary);
        }

        PatternNode word = OneOf(CharacterClasses.Word(unicode: true));
        PatternNode Beside(bool behind, bool negative) => new AssertionNode(word, behind, negative, Atomic: true, offset);
        return new AlternateNode(
        [
            new ConcatNode([Beside(behind: true, negative: false), Beside(behind: false, negative: !negated)]),
            new ConcatNode([Beside(behind: true, negative: true), Beside(behind: false, negative: negated)]),
        ]);
    }

    /// <summary>\N, \C, \R and \X; null for any other.</summary>
    private PatternNode? ReadSpecial(int start, byte c)
    {
        switch (c)
        {
            case (byte)'N' when IsNamedCodePoint():
                return null;
            case (byte)'N' when Peek(2) == '{' && !TryReadBounds(_at + 2, out _, out _, out _):
                throw Syntax(
                    start, "a name in \\N{...} is not part of PCRE; \\N alone is, \\x{HHHH}, and under the UTF flag \\N{U+HHHH}");
            case (byte)'N':
                _at += 2;
                return Dot(all: false);
            case (byte)'C' when _neverBackslashC:
                throw Syntax(start, "\\C is switched off by the rule's flags");
            case (byte)'C':
                _at += 2;
                _hasAnyByte = true;
                return _utf ? AnyByteNode.Instance : new SetNode(ByteSet.All);
            case (byte)'R':
                _at += 2;
                return NewlineNode.Instance;
            case (byte)'X' when _utf:
                _at += 2;
                return GraphemeNode.Instance;
            case (byte)'X':
                // Of the characters below 256 only \r and \n stay together.
                _at += 2;
                return new AtomicNode(new AlternateNode([CarriageReturnNewline, new SetNode(ByteSet.All)]));
            default:
                return null;
        }
    }

    private static ConcatNode CarriageReturnNewline { get; } =
        new([new SetNode(ByteSet.Of((byte)'\r')), new SetNode(ByteSet.Newline)]);

    private bool IsNamedCodePoint()
    {
        if (Peek(1) != 'N' || Peek(2) != '{' || Peek(3) != 'U' || Peek(4) != '+')
        {
            return false;
        }

        return _utf
            ? true
            : throw Syntax(_at, "\\N{U+HHHH} is allowed only under the UTF flag; \\x{HH} is always");
    }

    /// <summary>Reads an escape that stands for one character; the position is at the backslash.</summary>
    private int ReadEscapedCharacter()
    {
        int start = _at;
        if (Peek(1) < 0)
        {
            throw Syntax(_pattern.Length, "\\ at end of pattern");
        }

        byte c = _pattern[_at + 1];
        if (c >= 0x80)
        {
            _at++;
            return ReadCharacter();
        }

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
            case (byte)'N':
                _at += 3;
                return ReadBraced(start, 16);
            case (byte)'o':
                return ReadBracedOctal(start);
            case (byte)'c':
                return ReadControl();
            case >= (byte)'0' and <= (byte)'7':
                return ReadOctal(start, c - '0');
            case (byte)'8' or (byte)'9':
                return c;
            case (byte)'F' or (byte)'L' or (byte)'l' or (byte)'U' or (byte)'u':
                throw Syntax(start, "\\F, \\L, \\l, \\U and \\u are not part of PCRE");
            case >= (byte)'A' and <= (byte)'Z' or >= (byte)'a' and <= (byte)'z':
                throw Syntax(start, $"unrecognized character '{(char)c}' follows \\");
            default:
                return c;
        }
    }

    private int ReadControl()
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
        return (c is >= (byte)'a' and <= (byte)'z' ? c - 32 : c) ^ 0x40;
    }

    private int ReadOctal(int start, int value)
    {
        for (int i = 0; i < 2 && !AtEnd && _pattern[_at] is >= (byte)'0' and <= (byte)'7'; i++)
        {
            value = value * 8 + (_pattern[_at++] - '0');
        }

        return value <= 0xFF || _utf ? value : throw Syntax(start, "the octal value is greater than \\377");
    }

    private int ReadHex(int start)
    {
        int value = 0;
        if (Peek(0) != '{')
        {
            for (int i = 0; i < 2 && !AtEnd && HexValue(_pattern[_at]) is var digit and >= 0; i++)
            {
                value = value * 16 + digit;
                _at++;
            }

            return value;
        }

        _at++;
        return ReadBraced(start, 16);
    }

    private int ReadBracedOctal(int start)
    {
        if (Peek(0) != '{')
        {
            throw Syntax(start, "missing opening brace after \\o");
        }

        _at++;
        return ReadBraced(start, 8);
    }

    private int ReadBraced(int start, int radix)
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
            if (value > (_utf ? CodePointSet.Limit - 1 : 0xFF))
            {
                throw Syntax(
                    start,
                    _utf
                        ? "the value is too large; code points end at 10FFFF hexadecimal"
                        : "the value is too large; patterns are bytes, at most FF hexadecimal");
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

        if (value is >= 0xD800 and <= 0xDFFF)
        {
            throw Syntax(start, "D800 to DFFF hexadecimal are surrogates and no characters");
        }

        _at++;
        return value;
    }

    private static int HexValue(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        _ => -1,
    };
}
