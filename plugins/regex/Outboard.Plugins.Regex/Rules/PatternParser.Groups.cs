using System.Text;

namespace Outboard.Plugins.Regex.Rules;

internal sealed partial class PatternParser
{
    private void ParseParenthesis(ref RuleOptions options, List<PatternNode> items)
    {
        int start = _at;
        if (Peek(1) == '*')
        {
            ParseStarred(start, options, items);
            return;
        }

        if (Peek(1) != '?')
        {
            _at++;
            int index = options.HasFlag(RuleOptions.NoAutoCapture) ? 0 : ++_captureCount;
            items.Add(ParseGroup(start, options, options, index));
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
                _facts.HasBranchReset = true;
                items.Add(ParseGroup(start, options, options, branchReset: true));
                return;
            case '>':
                _at += 3;
                items.Add(ParseGroup(start, options, options, wrap: static body => new AtomicNode(body)));
                return;
            case '=' or '!' or '*':
                _at += 3;
                items.Add(ParseLook(start, options, behind: false, _pattern[start + 2]));
                return;
            case '<' when Peek(3) is '=' or '!' or '*':
                _at += 4;
                items.Add(ParseLook(start, options, behind: true, _pattern[start + 3]));
                return;
            case '(':
                throw Unsupported(start, "conditional groups are not offered; alternation and look-around are");
            case 'R' or '&' or (>= '0' and <= '9'):
            case '+' or '-' when Peek(3) is >= '0' and <= '9':
                throw Unsupported(start, "recursion and subroutine calls are not offered; write the group out");
            case 'C':
                throw Unsupported(start, "callouts are not offered; leave them out");
            case '<' or '\'':
                ParseNamedGroup(3, Peek(2) == '<' ? '>' : '\'', options, items);
                return;
            case 'P':
                ParsePythonGroup(start, options, items);
                return;
            default:
                ParseOptionSetting(start, ref options, items);
                return;
        }
    }

    /// <summary>(?P&lt;name&gt;...) and (?P=name).</summary>
    private void ParsePythonGroup(int start, RuleOptions options, List<PatternNode> items)
    {
        switch (Peek(3))
        {
            case '<':
                ParseNamedGroup(4, '>', options, items);
                return;
            case '=':
                string name = ReadName(start + 4, ')');
                items.Add(Quantified(Reference(0, name, options, start), options));
                return;
            case '>':
                throw Unsupported(start, "recursion and subroutine calls are not offered; write the group out");
            case -1:
                throw Syntax(_pattern.Length, "missing closing parenthesis");
            default:
                throw Syntax(start + 3, "(?P must be followed by <name> or =name");
        }
    }

    /// <summary>(*name:...): look-around and atomic groups by their long names, and the verbs.</summary>
    private void ParseStarred(int start, RuleOptions options, List<PatternNode> items)
    {
        if (Peek(2) is -1 or ')')
        {
            throw Syntax(start + 1, "the quantifier does not follow a repeatable item");
        }

        int end = start + 2;
        while (end < _pattern.Length && ByteSet.Word.Contains(_pattern[end]))
        {
            end++;
        }

        string name = Encoding.ASCII.GetString(_pattern, start + 2, end - start - 2);
        if (Peek(2) is >= 'a' and <= 'z')
        {
            if (end >= _pattern.Length || _pattern[end] != ':')
            {
                throw Syntax(end, "the name of an assertion must end with a colon");
            }

            _at = end + 1;
            items.Add(ParseNamedAssertion(start, name, options));
            return;
        }

        int close = Array.IndexOf(_pattern, (byte)')', end);
        if (close < 0 || _pattern[end] is not ((byte)':' or (byte)')'))
        {
            throw Syntax(start, "the verb has no closing parenthesis, or a wrong character in its name");
        }

        switch (name)
        {
            case "F" or "FAIL":
                if (close - end > VerbArgumentMax)
                {
                    throw Syntax(end, $"the name after the verb is too long; at most {VerbArgumentMax - 1} bytes are allowed");
                }

                items.Add(FailNode.Instance);
                _at = close + 1;
                return;
            case "ACCEPT" or "COMMIT" or "PRUNE" or "SKIP" or "THEN" or "MARK" or "":
                throw Unsupported(
                    start, $"the backtracking verb (*{name}) is not offered; (*FAIL), atomic groups and look-around are");
            default:
                throw Syntax(
                    start, $"(*{name}) is not a verb; settings such as (*UTF) and (*UCP) stand at the start of the pattern only");
        }
    }

    private PatternNode ParseNamedAssertion(int start, string name, RuleOptions options)
    {
        switch (name)
        {
            case "atomic":
                return ParseGroup(start, options, options, wrap: static body => new AtomicNode(body));
            case "pla" or "positive_lookahead":
                return ParseLook(start, options, behind: false, (byte)'=');
            case "nla" or "negative_lookahead":
                return ParseLook(start, options, behind: false, (byte)'!');
            case "plb" or "positive_lookbehind":
                return ParseLook(start, options, behind: true, (byte)'=');
            case "nlb" or "negative_lookbehind":
                return ParseLook(start, options, behind: true, (byte)'!');
            case "napla" or "non_atomic_positive_lookahead":
                return ParseLook(start, options, behind: false, (byte)'*');
            case "naplb" or "non_atomic_positive_lookbehind":
                return ParseLook(start, options, behind: true, (byte)'*');
            case "sr" or "script_run" or "asr" or "atomic_script_run":
                throw Unsupported(start, "script runs are not offered; \\p{Script_Extensions=...} is");
            default:
                throw Syntax(
                    start, $"(*{name}: is not known; known are atomic, pla, nla, plb, nlb, napla, naplb and their long forms");
        }
    }

    private PatternNode ParseLook(int start, RuleOptions options, bool behind, byte kind)
    {
        _lookDepth++;
        return ParseGroup(
            start,
            options,
            options,
            wrap: body =>
            {
                _lookDepth--;
                return new AssertionNode(body, behind, Negative: kind == '!', Atomic: kind != '*', start);
            });
    }

    /// <summary>
    /// The body of a group whose head has been read, with an index when it captures; the inside may have other options than the
    /// quantifier after it.
    /// </summary>
    private PatternNode ParseGroup(
        int start,
        RuleOptions inside,
        RuleOptions outside,
        int index = 0,
        bool branchReset = false,
        Func<PatternNode, PatternNode>? wrap = null)
    {
        if (++_depth > NestingMax)
        {
            throw new PatternException(
                PatternRefusal.TooLarge,
                start,
                $"parentheses are nested too deeply; at most {NestingMax} levels are allowed");
        }

        OpenGroup? outer = _open;
        if (index > 0)
        {
            _open = new OpenGroup(index, outer);
        }

        PatternNode body = ParseAlternatives(inside, branchReset);
        _open = outer;
        if (AtEnd)
        {
            throw Syntax(_pattern.Length, "missing closing parenthesis");
        }

        _at++;
        _depth--;
        if (index > 0)
        {
            var capture = new CaptureNode(index, body);
            _facts.Groups.TryAdd(index, capture);
            body = capture;
        }

        return Quantified(wrap is null ? body : wrap(body), outside);
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
        int start = _at;
        string name = ReadName(_at + skip, close);
        int index = ++_captureCount;
        if (!_facts.Names.TryGetValue(name, out SortedSet<int>? groups))
        {
            if (_facts.Names.Count == ParseFacts.NameMax)
            {
                throw Syntax(start, $"too many named groups; at most {ParseFacts.NameMax} are allowed");
            }

            _facts.Names.Add(name, groups = []);
        }

        if (groups.Count > 0 && !groups.Contains(index) && !options.HasFlag(RuleOptions.DuplicateNames))
        {
            throw Syntax(start + skip, $"two groups have the name '{name}' and duplicate names are not switched on");
        }

        if (_facts.NameOfGroup.TryGetValue(index, out string? other) && other != name)
        {
            throw Syntax(start + skip, $"group {index} is named '{name}' here and '{other}' before; one number has one name");
        }

        groups.Add(index);
        _facts.NameOfGroup[index] = name;
        items.Add(ParseGroup(start, options, options, index));
    }

    /// <summary>Reads a group's name and what closes it; the position then stands behind both.</summary>
    private string ReadName(int nameStart, char close)
    {
        const int NameLengthMax = 32;
        int end = nameStart;
        if (nameStart < _pattern.Length && IsDigitAt(nameStart))
        {
            throw Syntax(nameStart, "a group name must not start with a digit");
        }

        while (end < _pattern.Length && NameCharacterLength(end) is > 0 and int length)
        {
            end += length;
        }

        if (end == nameStart)
        {
            throw Syntax(nameStart, "a group name is expected");
        }

        if (end - nameStart > NameLengthMax)
        {
            throw Syntax(nameStart, $"the group name is too long; at most {NameLengthMax} bytes are allowed");
        }

        if (end >= _pattern.Length || _pattern[end] != close)
        {
            throw Syntax(end, $"the group name must end with {close}");
        }

        _at = end + 1;
        return Encoding.Latin1.GetString(_pattern, nameStart, end - nameStart);
    }

    private bool IsDigitAt(int offset) =>
        _pattern[offset] < 0x80
            ? ByteSet.Digits.Contains(_pattern[offset])
            : _utf && CharacterClasses.UnicodeDigit.Contains(CharacterAt(offset, out _));

    /// <summary>Bytes of the name character at an offset: ASCII's letters, digits and underscore, in UTF-8 text Unicode's; 0 for any other.</summary>
    private int NameCharacterLength(int offset)
    {
        if (_pattern[offset] < 0x80 || !_utf)
        {
            return ByteSet.Word.Contains(_pattern[offset]) ? 1 : 0;
        }

        int codePoint = CharacterAt(offset, out int length);
        return CharacterClasses.UnicodeLetter.Contains(codePoint) || CharacterClasses.UnicodeDigit.Contains(codePoint) ? length : 0;
    }

    private int CharacterAt(int offset, out int length)
    {
        Rune.DecodeFromUtf8(_pattern.AsSpan(offset), out Rune rune, out length);
        return rune.Value;
    }

    /// <summary>(?flags), (?flags:...), (?^flags), (?flags-flags).</summary>
    private void ParseOptionSetting(int start, ref RuleOptions options, List<PatternNode> items)
    {
        const RuleOptions Resettable = RuleOptions.Caseless | RuleOptions.Multiline | RuleOptions.DotAll
            | RuleOptions.Extended | RuleOptions.ExtendedMore | RuleOptions.NoAutoCapture;
        RuleOptions set = RuleOptions.None;
        RuleOptions unset = RuleOptions.None;
        RuleOptions kept = options;
        bool clearing = false;
        bool hyphenAllowed = true;
        _at += 2;
        if (Peek(0) == '^')
        {
            kept &= ~Resettable;
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
            set |= clearing ? RuleOptions.None : flag;
            unset |= clearing ? flag : RuleOptions.None;
        }

        if ((set & (RuleOptions.Extended | RuleOptions.ExtendedMore)) == RuleOptions.Extended || unset.HasFlag(RuleOptions.Extended))
        {
            // x and xx are two values of one setting.
            unset |= RuleOptions.ExtendedMore;
        }

        RuleOptions inside = (kept | set) & ~unset;
        if (_pattern[_at++] == ':')
        {
            items.Add(ParseGroup(start, inside, options));
            return;
        }

        options = inside;
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
