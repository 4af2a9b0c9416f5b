namespace Outboard.Plugins.Regex.Rules;

internal sealed partial class PatternParser
{
    /// <summary>PCRE2's limit of a number in braces.</summary>
    private const int RepeatMax = 65535;

    /// <summary>Reads the quantifier after an item, if there is one; a second one is refused where an item is expected.</summary>
    private PatternNode Quantified(PatternNode item, RuleOptions options)
    {
        if (!TryReadQuantifier(options, out int min, out int? max))
        {
            return item;
        }

        if (item is AssertionNode && max is null)
        {
            // An assertion that held once holds again: PCRE2 tries it once more than it must.
            max = min + 1;
        }

        bool greedy = !options.HasFlag(RuleOptions.Ungreedy);
        SkipBeforeQuantifier(options);
        switch (_quoting ? -1 : Peek(0))
        {
            case '?':
                _at++;
                greedy = !greedy;
                break;
            case '+':
                _at++;
                return new AtomicNode(new RepeatNode(item, min, max, Greedy: true));
        }

        return new RepeatNode(item, min, max, greedy);
    }

    private bool TryReadQuantifier(RuleOptions options, out int min, out int? max)
    {
        SkipBeforeQuantifier(options);
        min = 0;
        max = null;
        if (AtEnd || _quoting)
        {
            return false;
        }

        switch (_pattern[_at])
        {
            case (byte)'*':
                _at++;
                return true;
            case (byte)'+':
                _at++;
                min = 1;
                return true;
            case (byte)'?':
                _at++;
                max = 1;
                return true;
            case (byte)'{' when TryReadBounds(_at, out int end, out min, out max):
                _at = end;
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// {n} {n,} {n,m} at a position; anything else in braces is literal text, {,m} included (as PCRE2 before 10.43).
    /// </summary>
    private bool TryReadBounds(int at, out int end, out int min, out int? max)
    {
        end = at;
        min = 0;
        max = null;
        int i = at + 1;
        int digits = i;
        while (i < _pattern.Length && _pattern[i] is >= (byte)'0' and <= (byte)'9')
        {
            i++;
        }

        int minEnd = i;
        if (minEnd == digits || i >= _pattern.Length)
        {
            return false;
        }

        int maxStart = -1;
        if (_pattern[i] == ',')
        {
            maxStart = ++i;
            while (i < _pattern.Length && _pattern[i] is >= (byte)'0' and <= (byte)'9')
            {
                i++;
            }
        }

        if (i >= _pattern.Length || _pattern[i] != '}')
        {
            return false;
        }

        end = i + 1;
        min = ReadRepeatNumber(digits, minEnd);
        if (maxStart < 0)
        {
            max = min;
        }
        else if (maxStart < i)
        {
            max = ReadRepeatNumber(maxStart, i);
        }

        if (max < min)
        {
            throw Syntax(at, "the numbers in the quantifier are out of order");
        }

        return true;
    }

    private int ReadRepeatNumber(int start, int end)
    {
        int value = 0;
        for (int i = start; i < end; i++)
        {
            value = value * 10 + (_pattern[i] - '0');
            if (value > RepeatMax)
            {
                throw Syntax(start, $"the number in the quantifier is too big; at most {RepeatMax} is allowed");
            }
        }

        return value;
    }
}
