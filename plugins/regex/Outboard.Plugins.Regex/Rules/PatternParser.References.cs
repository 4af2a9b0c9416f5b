namespace Outboard.Plugins.Regex.Rules;

internal sealed partial class PatternParser
{
    /// <summary>PCRE2's limit of group numbers.</summary>
    private const int GroupMax = 65535;

    /// <summary>Digits after a backslash that give more than this are no number to PCRE2.</summary>
    private const int NumberMax = int.MaxValue / 10 - 1;

    /// <summary>\1, \g1, \g{...}, \k...; null when the escape is none of them.</summary>
    private PatternNode? ReadBackReference(int start, byte c, RuleOptions options)
    {
        switch (c)
        {
            case >= (byte)'1' and <= (byte)'9':
                return ReadNumber(start, c) is { } number ? Reference(number, null, options, start) : null;
            case (byte)'g':
                return ReadGroupEscape(start, options);
            case (byte)'k':
                char close = Peek(2) switch { '{' => '}', '<' => '>', '\'' => '\'', _ => '\0' };
                return close != '\0'
                    ? Reference(0, ReadName(start + 3, close), options, start)
                    : throw Syntax(start, "\\k must be followed by a name in braces, angle brackets or quotes");
            default:
                return null;
        }
    }

    private ReferenceNode Reference(int group, string? name, RuleOptions options, int offset)
    {
        if (_ucp && !_utf && options.HasFlag(RuleOptions.Caseless))
        {
            throw Unsupported(
                offset, "a caseless back reference is not offered with Unicode properties in bytes; add the UTF flag, or drop one of them");
        }

        var reference = new ReferenceNode(group, name, options.HasFlag(RuleOptions.Caseless), offset, _open);
        _facts.References.Add(reference);
        return reference;
    }

    /// <summary>
    /// \1 to \9, \8x, \9x and any number up to the count of groups so far are back references; the rest is octal
    /// (pcre2pattern, "Non-printing characters").
    /// </summary>
    private int? ReadNumber(int start, byte first)
    {
        long number = 0;
        int i = start + 1;
        while (i < _pattern.Length && _pattern[i] is >= (byte)'0' and <= (byte)'9')
        {
            number = Math.Min(number * 10 + (_pattern[i++] - '0'), int.MaxValue);
        }

        if (number > NumberMax || (number >= 10 && first < '8' && number > _captureCount))
        {
            return null;
        }

        if (number > GroupMax)
        {
            throw Syntax(start, $"the number after \\ is too big; at most {GroupMax} is allowed");
        }

        _at = i;
        return (int)number;
    }

    private ReferenceNode ReadGroupEscape(int start, RuleOptions options)
    {
        switch (Peek(2))
        {
            case '<' or '\'':
                throw Unsupported(start, "subroutine calls are not offered; write the group out, or use \\g{...} for a back reference");
            case '{' when TryReadGroupNumber(start, start + 3, out int braced, out int end):
                if (end >= _pattern.Length || _pattern[end] != '}')
                {
                    throw Syntax(start, "the number after \\g{ must end with }");
                }

                _at = end + 1;
                return Reference(braced, null, options, start);
            case '{':
                return Reference(0, ReadName(start + 3, '}'), options, start);
            default:
                if (!TryReadGroupNumber(start, start + 2, out int number, out int after))
                {
                    throw Syntax(start, "\\g must be followed by a number, or a name or number in braces");
                }

                _at = after;
                return Reference(number, null, options, start);
        }
    }

    /// <summary>A number, or one counted from here with a sign; false when there are no digits.</summary>
    private bool TryReadGroupNumber(int start, int at, out int number, out int end)
    {
        int sign = at < _pattern.Length && _pattern[at] is (byte)'+' or (byte)'-' ? _pattern[at++] : 0;
        int digits = at;
        number = 0;
        while (at < _pattern.Length && _pattern[at] is >= (byte)'0' and <= (byte)'9')
        {
            number = number * 10 + (_pattern[at++] - '0');
            if (number > GroupMax)
            {
                throw Syntax(start, $"the group number is too big; at most {GroupMax} is allowed");
            }
        }

        end = at;
        if (at == digits)
        {
            return false;
        }

        if (number == 0 && sign != 0)
        {
            throw Syntax(start, "a relative group number must not be zero");
        }

        number = sign switch
        {
            '+' => _captureCount + number,
            '-' => _captureCount - number + 1,
            _ => number,
        };
        return number is > 0 and <= GroupMax
            ? true
            : throw Syntax(start, "the back reference names a group that does not exist; groups count from 1");
    }
}
