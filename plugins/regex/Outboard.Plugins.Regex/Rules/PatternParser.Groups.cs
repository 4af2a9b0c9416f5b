using System.Text;

namespace Outboard.Plugins.Regex.Rules;

internal sealed partial class PatternParser
{
    private void ParseParenthesis(ref RuleOptions options, List<PatternNode> items)
    {
        int start = _at;
        if (Peek(1) == '*')
        {
            throw Peek(2) is >= 'A' and <= 'Z' or >= 'a' and <= 'z' or ':'
                ? Unsupported(start, "verbs and options in (*...) are not offered; set options by rule flags or (?...)")
                : Syntax(start + 1, "the quantifier does not follow a repeatable item");
        }

        if (Peek(1) != '?')
        {
            _at++;
            if (!options.HasFlag(RuleOptions.NoAutoCapture))
            {
                _captureCount++;
            }

            items.Add(ParseGroup(start, options, options));
            return;
        }

        switch (Peek(2))
        {
            case -1:
                throw Syntax(_pattern.Length, "missing closing parenthesis");
            case '#':
                SkipComment();
                return;
            case ':':
                _at += 3;
                items.Add(ParseGroup(start, options, options));
                return;
            case '|':
                _at += 3;
                items.Add(ParseGroup(start, options, options, branchReset: true));
                return;
            case '=' or '!':
                throw Unsupported(start, "look-ahead is not offered; \\b, \\B, ^, $, \\A, \\z and \\Z are");
            case '<' when Peek(3) is '=' or '!':
                throw Unsupported(start, "look-behind is not offered; \\b, \\B, ^, $, \\A, \\z and \\Z are");
            case '*':
                throw Unsupported(start, "look-around is not offered");
            case '>':
                throw Unsupported(start, "atomic groups are not offered; (?:...) is");
            case '(':
                throw Unsupported(start, "conditional groups are not offered; alternation is");
            case 'R' or '&' or (>= '0' and <= '9'):
            case '+' or '-' when Peek(3) is >= '0' and <= '9':
                throw Unsupported(start, "recursion and subroutine calls are not offered; write the group out");
            case 'C':
                throw Unsupported(start, "callouts are not offered");
            case '<':
                ParseNamedGroup(3, '>', options, items);
                return;
            case '\'':
                ParseNamedGroup(3, '\'', options, items);
                return;
            case 'P' when Peek(3) == '<':
                ParseNamedGroup(4, '>', options, items);
                return;
            case 'P' when Peek(3) == '=':
                throw Unsupported(start, "back references are not offered");
            case 'P' when Peek(3) == '>':
                throw Unsupported(start, "recursion and subroutine calls are not offered; write the group out");
            case 'P':
                throw Syntax(start + 3, "(?P must be followed by <name>");
            default:
                ParseOptionSetting(start, ref options, items);
                return;
        }
    }

    /// <summary>The body of a group whose head has been read; the inside may have other options than the quantifier after it.</summary>
    private PatternNode ParseGroup(int start, RuleOptions inside, RuleOptions outside, bool branchReset = false)
    {
        if (++_depth > NestingMax)
        {
            throw new PatternException(
                PatternRefusal.TooLarge,
                start,
                $"parentheses are nested too deeply; at most {NestingMax} levels are allowed");
        }

        _branchResetDepth += branchReset ? 1 : 0;
        PatternNode body = ParseAlternatives(inside, branchReset);
        _branchResetDepth -= branchReset ? 1 : 0;
        if (AtEnd)
        {
            throw Syntax(_pattern.Length, "missing closing parenthesis");
        }

        _at++;
        _depth--;
        return Quantified(body, outside);
    }

    private void SkipComment()
    {
        int close = Array.IndexOf(_pattern, (byte)')', _at);
        if (close < 0)
        {
            throw Syntax(_pattern.Length, "missing ) after (?# comment");
        }

        _at = close + 1;
    }

    private void ParseNamedGroup(int skip, char close, RuleOptions options, List<PatternNode> items)
    {
        const int NameLengthMax = 32;
        int start = _at;
        int nameStart = _at + skip;
        int i = nameStart;
        while (i < _pattern.Length && ByteSet.Word.Contains(_pattern[i]))
        {
            i++;
        }

        if (i == nameStart)
        {
            throw Syntax(nameStart, "a group name is expected");
        }

        if (_pattern[nameStart] is >= (byte)'0' and <= (byte)'9')
        {
            throw Syntax(nameStart, "a group name must not start with a digit");
        }

        if (i - nameStart > NameLengthMax)
        {
            throw Syntax(nameStart, $"the group name is too long; at most {NameLengthMax} bytes are allowed");
        }

        if (i >= _pattern.Length || _pattern[i] != close)
        {
            throw Syntax(i, $"the group name must end with {close}");
        }

        string name = Encoding.ASCII.GetString(_pattern, nameStart, i - nameStart);
        if (!_names.Add(name) && !options.HasFlag(RuleOptions.DuplicateNames) && _branchResetDepth == 0)
        {
            throw Syntax(nameStart, $"two groups have the name '{name}' and duplicate names are not switched on");
        }

        _captureCount++;
        _at = i + 1;
        items.Add(ParseGroup(start, options, options));
    }

    /// <summary>(?flags), (?flags:...), (?^flags), (?flags-flags).</summary>
    private void ParseOptionSetting(int start, ref RuleOptions options, List<PatternNode> items)
    {
        const RuleOptions Resettable = RuleOptions.Caseless | RuleOptions.Multiline | RuleOptions.DotAll
            | RuleOptions.Extended | RuleOptions.ExtendedMore | RuleOptions.NoAutoCapture;
        RuleOptions set = options;
        bool clearing = false;
        bool hyphenAllowed = true;
        _at += 2;
        if (Peek(0) == '^')
        {
            set &= ~Resettable;
            hyphenAllowed = false;
            _at++;
        }

        while (true)
        {
            if (AtEnd)
            {
                throw Syntax(_pattern.Length, "missing closing parenthesis");
            }

            byte c = _pattern[_at];
            if (c is (byte)')' or (byte)':')
            {
                break;
            }

            if (c == '-')
            {
                if (!hyphenAllowed)
                {
                    throw Syntax(_at, "invalid hyphen in option setting");
                }

                clearing = true;
                hyphenAllowed = false;
                _at++;
                continue;
            }

            RuleOptions flag = ReadOptionLetter(c);
            if (flag.HasFlag(RuleOptions.Extended))
            {
                // x and xx are two values of one setting.
                set &= ~RuleOptions.ExtendedMore;
            }

            set = clearing ? set & ~flag : set | flag;
        }

        if (_pattern[_at++] == ':')
        {
            items.Add(ParseGroup(start, set, options));
            return;
        }

        options = set;
    }

    private RuleOptions ReadOptionLetter(byte c)
    {
        switch (c)
        {
            case (byte)'i':
                _at++;
                return RuleOptions.Caseless;
            case (byte)'m':
                _at++;
                return RuleOptions.Multiline;
            case (byte)'s':
                _at++;
                return RuleOptions.DotAll;
            case (byte)'n':
                _at++;
                return RuleOptions.NoAutoCapture;
            case (byte)'U':
                _at++;
                return RuleOptions.Ungreedy;
            case (byte)'J':
                _at++;
                return RuleOptions.DuplicateNames;
            case (byte)'x' when Peek(1) == 'x':
                _at += 2;
                return RuleOptions.Extended | RuleOptions.ExtendedMore;
            case (byte)'x':
                _at++;
                return RuleOptions.Extended;
            default:
                throw Syntax(_at, "unrecognized character after (? or (?-; the options are i m s x xx n U J");
        }
    }
}
