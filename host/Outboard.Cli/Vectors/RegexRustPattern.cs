using System.Globalization;
using System.Text;

namespace Outboard.Cli.Vectors;

/// <summary>
/// Spells a pattern of Rust's regex library in PCRE's syntax, with the same meaning on the payload at hand. What has no exact spelling throws
/// <see cref="RegexSpellingException"/>.
/// </summary>
/// <remarks>
/// Rust reads a pattern as Unicode except under (?-u), PCRE as one or the other throughout. So the spelling is for bytes, or for UTF-8 with
/// Unicode properties, and a construct that means something else there is no exact one. On a payload and a pattern of ASCII both are alike.
/// </remarks>
internal sealed class RegexRustPattern
{
    private const string WordAscii = "[0-9A-Za-z_]";

    private readonly Rune[] _pattern;
    private readonly RegexRustOptions _options;
    private readonly StringBuilder _out = new();
    private readonly Stack<(State State, int Start)> _groups = [];
    private State _state;
    private int _at;

    /// <summary>Where the last item begins in the output, or -1 where there is nothing to repeat.</summary>
    private int _item = -1;

    /// <summary>Whether the last item can be repeated as it stands.</summary>
    private bool _isSimple;

    private RegexRustPattern(string pattern, RegexRustOptions options)
    {
        _pattern = [.. pattern.EnumerateRunes()];
        _options = options;
        _state = new State(options.IgnoreCase, false, false, false, false, false, options.Unicode);
    }

    private bool AtEnd => _at >= _pattern.Length;

    /// <summary>The character to come, or -1 at the end.</summary>
    private int Peek => AtEnd ? -1 : _pattern[_at].Value;

    /// <summary>Whether what differs between Unicode and bytes differs on this payload.</summary>
    private bool Matters => !_options.IsAscii;

    /// <summary>The pattern in PCRE's syntax.</summary>
    /// <exception cref="RegexSpellingException">There is no exact spelling.</exception>
    public static string Spell(string pattern, RegexRustOptions options)
    {
        var speller = new RegexRustPattern(pattern, options);
        if (options.IgnoreCase)
        {
            speller._out.Append("(?i)");
        }

        speller.Run();
        return speller._out.ToString();
    }

    private void Run()
    {
        while (!AtEnd)
        {
            int c = Next();
            if (_state.Extended && (c == '#' || char.IsWhiteSpace((char)c)))
            {
                SkipComment(c);
                continue;
            }

            switch (c)
            {
                case '|':
                    _out.Append('|');
                    _item = -1;
                    break;
                case '(':
                    OpenGroup();
                    break;
                case ')':
                    CloseGroup();
                    break;
                case '*' or '+' or '?' or '{':
                    Repeat(c);
                    break;
                case '^':
                    Item(LineStart(), isSimple: false);
                    break;
                case '$':
                    Item(LineEnd(), isSimple: false);
                    break;
                case '.':
                    Item(Dot(), isSimple: true);
                    break;
                case '[':
                    Item(ReadClass(), isSimple: true);
                    break;
                case '\\':
                    ReadEscape();
                    break;
                default:
                    Literal(c);
                    break;
            }
        }

        if (_groups.Count != 0)
        {
            throw new RegexSpellingException(RegexSpellingException.Foreign);
        }
    }

    private int Next() => AtEnd
        ? throw new RegexSpellingException(RegexSpellingException.Foreign)
        : _pattern[_at++].Value;

    private bool TryTake(char c)
    {
        bool taken = Peek == c;
        _at += taken ? 1 : 0;
        return taken;
    }

    private void SkipComment(int c)
    {
        while (c == '#' && !AtEnd && Next() != '\n')
        {
        }
    }

    private void Item(string text, bool isSimple)
    {
        _item = _out.Length;
        _isSimple = isSimple;
        _out.Append(text);
    }

    private void OpenGroup()
    {
        int start = _out.Length;
        State outer = _state;
        string open = "(";
        if (TryTake('?'))
        {
            bool named = TryTake('P');
            if (TryTake('<'))
            {
                // Groups are not reported, so their names need not be PCRE's.
                while (Next() != '>')
                {
                }
            }
            else if (named)
            {
                throw new RegexSpellingException(RegexSpellingException.Foreign);
            }
            else if (ReadFlags())
            {
                open = _state.IgnoreCase == outer.IgnoreCase ? "(?:" : _state.IgnoreCase ? "(?i:" : "(?-i:";
            }
            else
            {
                _out.Append(_state.IgnoreCase == outer.IgnoreCase ? string.Empty : _state.IgnoreCase ? "(?i)" : "(?-i)");
                _item = -1;
                return;
            }
        }

        _groups.Push((outer, start));
        _out.Append(open);
        _item = -1;
    }

    /// <summary>Reads flags; tells whether a group begins behind them.</summary>
    private bool ReadFlags()
    {
        bool on = true;
        while (true)
        {
            int c = Next();
            switch (c)
            {
                case '-':
                    on = false;
                    break;
                case 'i':
                    _state = _state with { IgnoreCase = on };
                    break;
                case 'm':
                    _state = _state with { MultiLine = on };
                    break;
                case 's':
                    _state = _state with { DotAll = on };
                    break;
                case 'x':
                    _state = _state with { Extended = on };
                    break;
                case 'U':
                    _state = _state with { SwapGreed = on };
                    break;
                case 'R':
                    _state = _state with { Crlf = on };
                    break;
                case 'u':
                    _state = _state with { Unicode = on };
                    break;
                case ':':
                    return true;
                case ')':
                    return false;
                default:
                    throw new RegexSpellingException(RegexSpellingException.Foreign);
            }
        }
    }

    private void CloseGroup()
    {
        if (!_groups.TryPop(out (State State, int Start) group))
        {
            throw new RegexSpellingException(RegexSpellingException.Foreign);
        }

        _state = group.State;
        _item = group.Start;
        _isSimple = true;
        _out.Append(')');
    }

    private void Repeat(int c)
    {
        if (_item < 0)
        {
            throw new RegexSpellingException(RegexSpellingException.Foreign);
        }

        var repeat = new StringBuilder().Append((char)c);
        while (c == '{' && repeat[^1] != '}')
        {
            repeat.Append(Peek is >= '0' and <= '9' or ',' or '}'
                ? (char)Next()
                : throw new RegexSpellingException(RegexSpellingException.Foreign));
        }

        bool lazy = TryTake('?') ^ _state.SwapGreed;
        if (!_isSimple)
        {
            _out.Insert(_item, "(?:").Append(')');
        }

        _out.Append(repeat).Append(lazy ? "?" : string.Empty);
        _isSimple = false;
    }

    private void Literal(int c)
    {
        RequireFold(c);
        if (c < 0x80)
        {
            Item(char.IsAsciiLetterOrDigit((char)c) ? ((char)c).ToString() : $"\\x{c:X2}", isSimple: true);
        }
        else if (_options.IsUtf)
        {
            Item($"\\x{{{c:X}}}", isSimple: true);
        }
        else
        {
            Item(string.Concat(Encoding.UTF8.GetBytes(new Rune(c).ToString()).Select(static b => $"\\x{b:X2}")), isSimple: false);
        }
    }

    /// <summary>Any case of a letter goes beyond ASCII under Unicode, and not for bytes.</summary>
    private void RequireFold(int c)
    {
        if (_state is { IgnoreCase: true, Unicode: true } && Matters && !_options.IsUtf && (c >= 0x80 || char.IsAsciiLetter((char)c)))
        {
            throw new RegexSpellingException(RegexSpellingException.NeedsUtf);
        }
    }

    private string LineStart() => !_state.MultiLine ? "\\A"
        : _state.Crlf ? "(?<![^\\r\\n])(?!(?<=\\r)\\n)"
        : Terminator is { } t ? $"(?<![^{t}])"
        : _options.EndsInNewline ? "(?<![^\\n])"
        : "(?m:^)";

    private string LineEnd() => !_state.MultiLine ? (_options.EndsInNewline ? "\\z" : "$")
        : _state.Crlf ? "(?![^\\r\\n])(?!(?<=\\r)\\n)"
        : Terminator is { } t ? $"(?![^{t}])"
        : "(?m:$)";

    private string Dot()
    {
        RequireWhole();
        return _state.DotAll ? "(?s:.)" : _state.Crlf ? "[^\\r\\n]" : Terminator is { } t ? $"[^{t}]" : ".";
    }

    private string? Terminator => _options.LineTerminator is not { } t ? null
        : t < 0x80 || !_options.IsUtf ? $"\\x{t:X2}"
        : throw new RegexSpellingException("a line terminator that is no character has no spelling in UTF-8");

    /// <summary>The construct stands for other bytes under Unicode than without.</summary>
    private void RequireSame()
    {
        if (Matters && _state.Unicode != _options.IsUtf)
        {
            throw new RegexSpellingException(_state.Unicode ? RegexSpellingException.NeedsUtf : RegexSpellingException.Mixed);
        }
    }

    /// <summary>The construct stands for any character or any byte; with whole characters alone, for a character without Unicode too.</summary>
    private void RequireWhole()
    {
        if (!_options.Utf8 || _state.Unicode)
        {
            RequireSame();
        }
        else if (Matters && !_options.IsUtf)
        {
            throw new RegexSpellingException(RegexSpellingException.NeedsUtf);
        }
    }

    private void ReadEscape()
    {
        int c = Next();
        switch (c)
        {
            case 'A' or 'z':
                Item($"\\{(char)c}", isSimple: false);
                break;
            case 'b' or 'B' or '<' or '>':
                Item(Boundary(c), isSimple: false);
                break;
            case 'd' or 'D' or 'w' or 'W' or 's' or 'S':
                Item(Perl(c, inClass: false), isSimple: true);
                break;
            case 'p' or 'P':
                Item(Property(c), isSimple: true);
                break;
            default:
                int value = EscapedCharacter(c, out bool isByte);
                if (isByte && value >= 0x80)
                {
                    Item(Byte(value), isSimple: true);
                }
                else
                {
                    Literal(value);
                }

                break;
        }
    }

    private string Byte(int value) => !_options.IsUtf
        ? $"\\x{value:X2}"
        : throw new RegexSpellingException(RegexSpellingException.Mixed);

    private string Boundary(int c)
    {
        string kind = c is '<' ? "start" : c is '>' ? "end" : string.Empty;
        if (c == 'b' && TryTake('{'))
        {
            var name = new StringBuilder();
            while (Next() is var next && next != '}')
            {
                name.Append((char)next);
            }

            kind = name.ToString();
        }

        if (_state.Unicode)
        {
            RequireSame();
        }

        bool ascii = !_state.Unicode && _options.IsUtf;
        string word = ascii ? WordAscii : "\\w";
        return (kind, c) switch
        {
            ("start", _) => $"(?<!{word})(?={word})",
            ("end", _) => $"(?<={word})(?!{word})",
            ("start-half", _) => $"(?<!{word})",
            ("end-half", _) => $"(?!{word})",
            (_, 'b') when ascii => $"(?:(?<!{word})(?={word})|(?<={word})(?!{word}))",
            (_, 'B') when ascii => $"(?:(?<!{word})(?!{word})|(?<={word})(?={word}))",
            ("", _) => $"\\{(char)c}",
            _ => throw new RegexSpellingException(RegexSpellingException.Foreign),
        };
    }

    private string Perl(int c, bool inClass)
    {
        if (!_options.IsUtf || _state.Unicode)
        {
            if (_state.Unicode || char.IsAsciiLetterUpper((char)c))
            {
                RequireSame();
            }

            return $"\\{(char)c}";
        }

        string ranges = c switch
        {
            'd' => "0-9",
            'w' => "0-9A-Za-z_",
            's' => "\\t-\\r ",
            _ => throw new RegexSpellingException(RegexSpellingException.Mixed),
        };
        return inClass ? ranges : $"[{ranges}]";
    }

    private string Property(int c)
    {
        RequireSame();
        string name = new Rune(Next()).ToString();
        if (name == "{")
        {
            var text = new StringBuilder();
            while (Next() is var next && next != '}')
            {
                text.Append((char)next);
            }

            name = text.ToString();
        }

        string spelt = RegexRustProperties.Spell(name);
        return _state.IgnoreCase && spelt is "Lu" or "Ll" or "Lt"
            ? throw new RegexSpellingException("any case of a property is another set than PCRE's")
            : $"\\{(char)c}{{{spelt}}}";
    }

    private int EscapedCharacter(int c, out bool isByte)
    {
        isByte = c == 'x' && !_state.Unicode;
        return c switch
        {
            'a' => 7,
            't' => '\t',
            'n' => '\n',
            'v' => 11,
            'f' => 12,
            'r' => '\r',
            'x' => Hexadecimal(2),
            'u' => Hexadecimal(4),
            'U' => Hexadecimal(8),
            < 0x80 when !char.IsAsciiLetterOrDigit((char)c) => c,
            _ => throw new RegexSpellingException(RegexSpellingException.Foreign),
        };
    }

    private int Hexadecimal(int digits)
    {
        var text = new StringBuilder();
        if (TryTake('{'))
        {
            while (Next() is var next && next != '}')
            {
                text.Append((char)next);
            }
        }
        else
        {
            while (text.Length < digits)
            {
                text.Append((char)Next());
            }
        }

        return int.TryParse(text.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int value) && Rune.IsValid(value)
            ? value
            : throw new RegexSpellingException(RegexSpellingException.Foreign);
    }

    private string ReadClass()
    {
        var text = new StringBuilder("[");
        if (TryTake('^'))
        {
            RequireWhole();
            text.Append('^');
        }

        ReadClassItems(text);
        return text.Append(']').ToString();
    }

    private void ReadClassItems(StringBuilder text)
    {
        bool first = true;
        while (true)
        {
            int c = Next();
            if (c == ']' && !first)
            {
                return;
            }

            first = false;
            if (_state.Extended && char.IsWhiteSpace((char)c))
            {
                continue;
            }

            if (c is '&' or '-' or '~' && Peek == c)
            {
                throw new RegexSpellingException("a class made of two classes has no spelling in PCRE");
            }

            if (c == '[' && TryTake(':'))
            {
                text.Append(Posix());
                continue;
            }

            if (c == '[')
            {
                if (TryTake('^'))
                {
                    throw new RegexSpellingException("a class made of two classes has no spelling in PCRE");
                }

                ReadClassItems(text);
                continue;
            }

            if (c == '\\' && Peek is 'd' or 'D' or 'w' or 'W' or 's' or 'S')
            {
                text.Append(Perl(Next(), inClass: true));
                continue;
            }

            if (c == '\\' && Peek is 'p' or 'P')
            {
                text.Append(Property(Next()));
                continue;
            }

            text.Append(ClassCharacter(c));
            if (_at + 1 < _pattern.Length && _pattern[_at].Value == '-' && _pattern[_at + 1].Value is not (']' or '-'))
            {
                _at++;
                text.Append('-').Append(ClassCharacter(Next()));
            }
        }
    }

    private string ClassCharacter(int c)
    {
        bool isByte = false;
        int value = c == '\\' ? EscapedCharacter(Next(), out isByte) : c;
        RequireFold(value);
        return value < 0x80 ? $"\\x{value:X2}"
            : isByte ? Byte(value)
            : _options.IsUtf ? $"\\x{{{value:X}}}"
            : throw new RegexSpellingException(RegexSpellingException.NeedsUtf);
    }

    private string Posix()
    {
        bool negated = TryTake('^');
        var name = new StringBuilder();
        while (Next() is var next && next != ':')
        {
            name.Append((char)next);
        }

        if (!TryTake(']'))
        {
            throw new RegexSpellingException(RegexSpellingException.Foreign);
        }

        if (negated)
        {
            RequireWhole();
            return !_options.IsUtf ? $"[:^{name}:]" : throw new RegexSpellingException(RegexSpellingException.Mixed);
        }

        return name.ToString() switch
        {
            "alnum" => "0-9A-Za-z",
            "alpha" => "A-Za-z",
            "ascii" => "\\x00-\\x7F",
            "blank" => "\\t ",
            "cntrl" => "\\x00-\\x1F\\x7F",
            "digit" => "0-9",
            "graph" => "!-~",
            "lower" => "a-z",
            "print" => " -~",
            "punct" => "!-\\/:-@\\[-`{-~",
            "space" => "\\t-\\r ",
            "upper" => "A-Z",
            "word" => "0-9A-Za-z_",
            "xdigit" => "0-9A-Fa-f",
            _ => throw new RegexSpellingException(RegexSpellingException.Foreign),
        };
    }

    private readonly record struct State(
        bool IgnoreCase, bool MultiLine, bool DotAll, bool Extended, bool SwapGreed, bool Crlf, bool Unicode);
}
