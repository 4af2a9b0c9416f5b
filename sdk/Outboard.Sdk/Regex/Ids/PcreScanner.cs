namespace Outboard.Regex.Ids;

/// <summary>Goes through a pattern piece by piece, as far as carets, dollars and groups need it.</summary>
internal ref struct PcreScanner(string pattern)
{
    private readonly ReadOnlySpan<char> _pattern = pattern;

    /// <summary>Where the current piece begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where the next one begins.</summary>
    public int End { get; private set; }

    /// <summary>What the current piece is.</summary>
    public PcreTokenKind Kind { get; private set; }

    /// <summary>The current piece.</summary>
    public readonly ReadOnlySpan<char> Text => _pattern[Start..End];

    /// <summary>What follows the current piece.</summary>
    public readonly char Next => End < _pattern.Length ? _pattern[End] : '\0';

    /// <summary>Whether what follows lets the current piece be left out.</summary>
    public readonly bool IsOptional => Next is '?' or '*' || _pattern[End..].StartsWith("{0") || _pattern[End..].StartsWith("{,");

    /// <summary>Goes on.</summary>
    /// <returns>Whether there is another piece.</returns>
    public bool TryRead()
    {
        Start = End;
        if (Start >= _pattern.Length)
        {
            return false;
        }

        End = Start + 1;
        Kind = _pattern[Start] switch
        {
            '\\' => ReadEscape(),
            '[' => ReadClass(),
            '(' => ReadOpen(),
            ')' => PcreTokenKind.Close,
            '|' => PcreTokenKind.Bar,
            '^' => PcreTokenKind.Caret,
            '$' => PcreTokenKind.Dollar,
            '*' or '+' or '?' => PcreTokenKind.Repeat,
            '{' => ReadBrace(),
            _ => PcreTokenKind.Other,
        };
        return true;
    }

    private PcreTokenKind ReadEscape()
    {
        if (Next == 'Q')
        {
            int close = _pattern[End..].IndexOf("\\E", StringComparison.Ordinal);
            End = close < 0 ? _pattern.Length : End + close + 2;
            return PcreTokenKind.Other;
        }

        char letter = Next;
        End = Math.Min(End + 1, _pattern.Length);
        if (letter is 'x' or 'p' or 'P' or 'o' or 'g' or 'k' or 'N' && Next == '{')
        {
            int close = _pattern[End..].IndexOf('}');
            End = close < 0 ? _pattern.Length : End + close + 1;
        }
        else if (letter == 'x')
        {
            Skip(2, static c => char.IsAsciiHexDigit(c));
        }
        else if (char.IsAsciiDigit(letter))
        {
            Skip(2, static c => char.IsAsciiDigit(c));
        }
        else if (letter is 'c' or 'p' or 'P')
        {
            Skip(1, static _ => true);
        }

        return PcreTokenKind.Escape;
    }

    private void Skip(int max, Func<char, bool> belongs)
    {
        for (int i = 0; i < max && End < _pattern.Length && belongs(_pattern[End]); i++)
        {
            End++;
        }
    }

    // {n}, {n,} and {n,m} repeat what is before them; any other brace stands for itself.
    private PcreTokenKind ReadBrace()
    {
        int length = _pattern[End..].IndexOfAnyExcept("0123456789,");
        if (length > 0 && _pattern[End + length] == '}')
        {
            End += length + 1;
            return PcreTokenKind.Repeat;
        }

        return PcreTokenKind.Other;
    }

    private PcreTokenKind ReadClass()
    {
        int at = End;
        at += at < _pattern.Length && _pattern[at] == '^' ? 1 : 0;
        at += at < _pattern.Length && _pattern[at] == ']' ? 1 : 0;
        while (at < _pattern.Length && _pattern[at] != ']')
        {
            int posix = _pattern[at] == '[' && at + 1 < _pattern.Length && _pattern[at + 1] is ':' or '.' or '='
                ? _pattern[(at + 2)..].IndexOf($"{_pattern[at + 1]}]", StringComparison.Ordinal)
                : -1;
            at += posix >= 0 ? posix + 4 : _pattern[at] == '\\' ? 2 : 1;
        }

        End = Math.Min(at + 1, _pattern.Length);
        return PcreTokenKind.Other;
    }

    private PcreTokenKind ReadOpen()
    {
        if (Next == '*')
        {
            return PcreTokenKind.OpenOdd;
        }

        if (Next != '?')
        {
            return PcreTokenKind.Open;
        }

        ReadOnlySpan<char> rest = _pattern[(End + 1)..];
        if (rest.IsEmpty)
        {
            return PcreTokenKind.OpenOdd;
        }

        if (rest[0] is '=' or '!')
        {
            End += 2;
            return PcreTokenKind.OpenLook;
        }

        if (rest[0] is ':' or '>')
        {
            End += 2;
            return PcreTokenKind.Open;
        }

        if (rest.StartsWith("P="))
        {
            int end = rest.IndexOf(')');
            End = end < 0 ? _pattern.Length : End + 1 + end + 1;
            return PcreTokenKind.Reference;
        }

        int name = rest.StartsWith("P<") ? 2 : rest[0] is '\'' ? 1 : rest[0] is '<' && !rest.StartsWith("<=") && !rest.StartsWith("<!") ? 1 : 0;
        if (name != 0)
        {
            int close = rest[name..].IndexOfAny('>', '\'');
            End += 1 + (close < 0 ? rest.Length : name + close + 1);
            return close < 0 ? PcreTokenKind.OpenOdd : PcreTokenKind.Open;
        }

        int letters = rest.IndexOfAnyExcept("imsxnUJ-^");
        if (letters > 0 && rest[letters] is ')' or ':')
        {
            End += letters + 2;
            return rest[letters] == ')' ? PcreTokenKind.Options : PcreTokenKind.Open;
        }

        return PcreTokenKind.OpenOdd;
    }
}
