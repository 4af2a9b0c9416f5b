namespace Outboard.Plugins.Regex.Rules;

/// <summary>
/// Reads the PCRE subset from bytes. Syntax and messages follow pcre2pattern(3) and the behaviour of PCRE2 10.42 in 8-bit
/// mode with the C locale's tables; what only a backtracking matcher can do is refused by name and place.
/// </summary>
internal sealed partial class PatternParser
{
    /// <summary>PCRE2's default limit of nested parentheses; it also bounds the recursion of everything that walks the tree.</summary>
    private const int NestingMax = 250;

    private const int PatternLengthMax = 65535;

    private readonly byte[] _pattern;
    private readonly bool _neverBackslashC;
    private readonly bool _dollarEndOnly;
    private readonly HashSet<string> _names = [];
    private int _at;
    private int _depth;
    private int _captureCount;
    private int _branchResetDepth;
    private bool _quoting;

    private PatternParser(ReadOnlySpan<byte> pattern, RuleOptions options)
    {
        _pattern = pattern.ToArray();
        _neverBackslashC = options.HasFlag(RuleOptions.NeverBackslashC);
        _dollarEndOnly = options.HasFlag(RuleOptions.DollarEndOnly);
    }

    private bool AtEnd => _at >= _pattern.Length;

    /// <summary>Parses a pattern.</summary>
    /// <exception cref="PatternException">The pattern is refused.</exception>
    public static PatternNode Parse(ReadOnlySpan<byte> pattern, RuleOptions options)
    {
        if (pattern.Length > PatternLengthMax)
        {
            throw new PatternException(
                PatternRefusal.TooLarge, 0, $"the pattern has {pattern.Length} bytes; at most {PatternLengthMax} are allowed");
        }

        var parser = new PatternParser(pattern, options);
        PatternNode root = parser.ParseAlternatives(options, resets: false);
        if (!parser.AtEnd)
        {
            throw parser.Syntax(parser._at, "unmatched closing parenthesis");
        }

        if (options.HasFlag(RuleOptions.Anchored))
        {
            root = new ConcatNode([new AssertNode(AssertionKind.SubjectStart), root]);
        }

        return root;
    }

    /// <summary>Reads up to a closing parenthesis or the end. Options set inside last until then, across alternatives too.</summary>
    private PatternNode ParseAlternatives(RuleOptions options, bool resets)
    {
        List<PatternNode>? branches = null;
        List<PatternNode> items = [];
        int captureBase = _captureCount;
        int captureMax = captureBase;

        while (!AtEnd)
        {
            byte c = _pattern[_at];
            if (!_quoting && c == ')')
            {
                break;
            }

            if (!_quoting && c == '|')
            {
                _at++;
                (branches ??= []).Add(Sequence(items));
                items = [];
                if (resets)
                {
                    captureMax = Math.Max(captureMax, _captureCount);
                    _captureCount = captureBase;
                }

                continue;
            }

            ParseItem(ref options, items);
        }

        if (resets)
        {
            _captureCount = Math.Max(captureMax, _captureCount);
        }

        if (branches is null)
        {
            return Sequence(items);
        }

        branches.Add(Sequence(items));
        return new AlternateNode(branches);
    }

    private static PatternNode Sequence(List<PatternNode> items) => items.Count switch
    {
        0 => EmptyNode.Instance,
        1 => items[0],
        _ => new ConcatNode(items),
    };

    private void ParseItem(ref RuleOptions options, List<PatternNode> items)
    {
        int start = _at;
        byte c = _pattern[_at];
        if (_quoting)
        {
            if (c == '\\' && Peek(1) == 'E')
            {
                _at += 2;
                _quoting = false;
                return;
            }

            _at++;
            items.Add(Quantified(Literal(c, options), options));
            return;
        }

        if (options.HasFlag(RuleOptions.Extended) && SkipIgnored())
        {
            return;
        }

        switch (c)
        {
            case (byte)'\\' when Peek(1) == 'Q':
                _at += 2;
                _quoting = true;
                return;
            case (byte)'\\' when Peek(1) == 'E':
                _at += 2;
                return;
            case (byte)'\\':
                ParseEscapeItem(options, items);
                return;
            case (byte)'(':
                ParseParenthesis(ref options, items);
                return;
            case (byte)'[':
                items.Add(Quantified(new SetNode(ParseClass(options)), options));
                return;
            case (byte)'.':
                _at++;
                ByteSet any = options.HasFlag(RuleOptions.DotAll) ? ByteSet.All : ~ByteSet.Newline;
                items.Add(Quantified(new SetNode(any), options));
                return;
            case (byte)'^':
                _at++;
                bool lines = options.HasFlag(RuleOptions.Multiline);
                items.Add(new AssertNode(lines ? AssertionKind.LineStart : AssertionKind.SubjectStart));
                return;
            case (byte)'$':
                _at++;
                items.Add(new AssertNode(Dollar(options)));
                return;
            case (byte)'*' or (byte)'+' or (byte)'?':
            case (byte)'{' when TryReadBounds(_at, out _, out _, out _):
                throw Syntax(start, "the quantifier does not follow a repeatable item");
            default:
                _at++;
                items.Add(Quantified(Literal(c, options), options));
                return;
        }
    }

    private AssertionKind Dollar(RuleOptions options) =>
        options.HasFlag(RuleOptions.Multiline) ? AssertionKind.LineEnd
        : _dollarEndOnly ? AssertionKind.SubjectEnd
        : AssertionKind.SubjectEndOrLastNewline;

    private static SetNode Literal(byte value, RuleOptions options)
    {
        ByteSet set = ByteSet.Of(value);
        return new SetNode(options.HasFlag(RuleOptions.Caseless) ? set.FoldCase() : set);
    }

    /// <summary>Skips white space and a # comment under the extended option; says whether there was any.</summary>
    private bool SkipIgnored()
    {
        int start = _at;
        while (!AtEnd)
        {
            byte c = _pattern[_at];
            if (ByteSet.Space.Contains(c))
            {
                _at++;
            }
            else if (c == '#')
            {
                while (!AtEnd && _pattern[_at] != '\n')
                {
                    _at++;
                }
            }
            else
            {
                break;
            }
        }

        return _at != start;
    }

    /// <summary>Skips what may stand between an item and its quantifier: comments, \E, \Q\E, and white space when extended.</summary>
    private void SkipBeforeQuantifier(RuleOptions options)
    {
        while (!AtEnd)
        {
            int start = _at;
            if (_quoting)
            {
                if (_pattern[_at] == '\\' && Peek(1) == 'E')
                {
                    _at += 2;
                    _quoting = false;
                    continue;
                }

                return;
            }

            if (_pattern[_at] == '\\' && Peek(1) == 'E')
            {
                _at += 2;
            }
            else if (_pattern[_at] == '\\' && Peek(1) == 'Q' && Peek(2) == '\\' && Peek(3) == 'E')
            {
                _at += 4;
            }
            else if (_pattern[_at] == '(' && Peek(1) == '?' && Peek(2) == '#')
            {
                SkipComment();
            }
            else if (options.HasFlag(RuleOptions.Extended))
            {
                SkipIgnored();
            }

            if (_at == start)
            {
                return;
            }
        }
    }

    private int Peek(int ahead) => _at + ahead < _pattern.Length ? _pattern[_at + ahead] : -1;

    private PatternException Syntax(int offset, string reason) => new(PatternRefusal.Syntax, offset, reason);

    private static PatternException Unsupported(int offset, string reason) => new(PatternRefusal.Unsupported, offset, reason);
}
