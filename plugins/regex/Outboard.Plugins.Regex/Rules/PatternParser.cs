using System.Text;

namespace Outboard.Plugins.Regex.Rules;

/// <summary>
/// Reads PCRE patterns from bytes. Syntax and messages follow pcre2pattern(3) and the behaviour of PCRE2 10.42 in 8-bit
/// mode with the C locale's tables. Recursion, conditional groups, callouts, script runs and backtracking verbs are refused by
/// name and place.
/// </summary>
internal sealed partial class PatternParser
{
    /// <summary>PCRE2's default limit of nested parentheses; it also bounds the recursion of everything that walks the tree.</summary>
    private const int NestingMax = 250;

    private const int PatternLengthMax = 65535;

    /// <summary>PCRE2 keeps the length of a name after a verb in one byte.</summary>
    private const int VerbArgumentMax = 256;

    private readonly byte[] _pattern;
    private readonly bool _neverBackslashC;
    private readonly bool _dollarEndOnly;
    private readonly ParseFacts _facts = new();
    private readonly Dictionary<string, CodePointSet> _classes = [];
    private bool _utf;
    private bool _ucp;
    private bool _hasAnyByte;
    private int _at;
    private int _depth;
    private int _lookDepth;
    private int _captureCount;
    private OpenGroup? _open;
    private bool _quoting;

    private PatternParser(ReadOnlySpan<byte> pattern, RuleOptions options)
    {
        _pattern = pattern.ToArray();
        _neverBackslashC = options.HasFlag(RuleOptions.NeverBackslashC);
        _dollarEndOnly = options.HasFlag(RuleOptions.DollarEndOnly);
        _utf = options.HasFlag(RuleOptions.Utf);
        _ucp = options.HasFlag(RuleOptions.UnicodeProperties);
        _facts.MatchUnset = options.HasFlag(RuleOptions.MatchUnsetBackReference);
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

        return new PatternParser(pattern, options).ParseWhole(options);
    }

    private PatternNode ParseWhole(RuleOptions options)
    {
        ReadLeadingSettings(options);
        if (_utf)
        {
            RequireUtf8();
        }

        PatternNode root = ParseAlternatives(options, resets: false);
        if (!AtEnd)
        {
            throw Syntax(_at, "unmatched closing parenthesis");
        }

        _facts.GroupCount = _captureCount;
        _facts.Utf = _utf;
        _facts.UnicodeFolding = _utf || _ucp;
        root = PatternResolver.Resolve(root, _facts);
        if (_utf && (_hasAnyByte || (options.HasFlag(RuleOptions.AllowEmpty) && PatternMeasure.Of(root).Min == 0)))
        {
            // All other matches start with a whole character, and so not inside one.
            root = new ConcatNode([new AssertNode(AssertionKind.CharacterBoundary), root]);
        }

        return options.HasFlag(RuleOptions.Anchored)
            ? new ConcatNode([new AssertNode(AssertionKind.SubjectStart), root])
            : root;
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

            items.Add(Quantified(Literal(ReadCharacter(), options), options));
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
            case (byte)'[' when TryReadWordEdge(options, items):
                return;
            case (byte)'[':
                items.Add(Quantified(ParseClass(options), options));
                return;
            case (byte)'.':
                _at++;
                items.Add(Quantified(Dot(options.HasFlag(RuleOptions.DotAll)), options));
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
                items.Add(Quantified(Literal(ReadCharacter(), options), options));
                return;
        }
    }

    private AssertionKind Dollar(RuleOptions options) =>
        options.HasFlag(RuleOptions.Multiline) ? AssertionKind.LineEnd
        : _dollarEndOnly ? AssertionKind.SubjectEnd
        : AssertionKind.SubjectEndOrLastNewline;

    /// <summary>One character of a set, as the mode has it.</summary>
    private PatternNode OneOf(CodePointSet set) =>
        !_utf || set.End <= 0x80 ? new SetNode(set.ToByteSet()) : new CharacterNode(set);

    private PatternNode Dot(bool all) =>
        _utf ? new CharacterNode(all ? CodePointSet.All : CharacterClasses.NotNewline)
        : new SetNode(all ? ByteSet.All : ~ByteSet.Newline);

    private PatternNode Literal(int codePoint, RuleOptions options)
    {
        bool caseless = options.HasFlag(RuleOptions.Caseless);
        if (caseless && (_utf || _ucp))
        {
            List<(int, int)> ranges = [(codePoint, codePoint)];
            CaseFolding.AddOthers(ranges, codePoint, codePoint);
            return OneOf(CodePointSet.FromRanges(ranges));
        }

        if (codePoint > (_utf ? 0x7F : 0xFF))
        {
            return new CharacterNode(CodePointSet.Of(codePoint));
        }

        ByteSet set = ByteSet.Of((byte)codePoint);
        return new SetNode(caseless ? set.FoldCase() : set);
    }

    /// <summary>The character at the position, which then stands behind it.</summary>
    private int ReadCharacter()
    {
        if (!_utf || _pattern[_at] < 0x80)
        {
            return _pattern[_at++];
        }

        Rune.DecodeFromUtf8(_pattern.AsSpan(_at), out Rune rune, out int taken);
        _at += taken;
        return rune.Value;
    }

    private void RequireUtf8()
    {
        for (int i = 0; i < _pattern.Length;)
        {
            if (Rune.DecodeFromUtf8(_pattern.AsSpan(i), out _, out int taken) != System.Buffers.OperationStatus.Done)
            {
                throw Syntax(i, "the pattern is not valid UTF-8 here; under the UTF flag it must be");
            }

            i += taken;
        }
    }

    /// <summary>Skips white space and a # comment under the extended option; says whether there was any.</summary>
    private bool SkipIgnored()
    {
        int start = _at;
        while (!AtEnd)
        {
            if (IgnoredLength() is > 0 and int length)
            {
                _at += length;
            }
            else if (_pattern[_at] == '#')
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

    /// <summary>Bytes of the white space character at the position: ASCII's, U+0085, and in UTF-8 text U+200E, U+200F, U+2028, U+2029.</summary>
    private int IgnoredLength()
    {
        byte c = _pattern[_at];
        if (c < 0x80)
        {
            return ByteSet.Space.Contains(c) ? 1 : 0;
        }

        if (!_utf)
        {
            return c == 0x85 ? 1 : 0;
        }

        return c == 0xC2 && Peek(1) == 0x85 ? 2
            : c == 0xE2 && Peek(1) == 0x80 && Peek(2) is 0x8E or 0x8F or 0xA8 or 0xA9 ? 3
            : 0;
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

    private static PatternException Syntax(int offset, string reason) => new(PatternRefusal.Syntax, offset, reason);

    private static PatternException Unsupported(int offset, string reason) => new(PatternRefusal.Unsupported, offset, reason);
}
