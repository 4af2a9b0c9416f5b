using System.Globalization;

namespace Outboard.Regex.Ids;

/// <summary>Reads one rule, header and options.</summary>
internal sealed class IdsRuleParser
{
    private const int ItemsMax = 512;

    private readonly List<IdsOption> _options = [];
    private readonly List<IdsItem> _items = [];
    private readonly List<string> _references = [];
    private readonly List<string> _metadata = [];
    private string _buffer = string.Empty;
    private int _content = -1;
    private bool _isSticky;

    /// <summary>Reads one rule.</summary>
    /// <param name="text">The rule in one line.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="reason">Why it is none.</param>
    public static bool TryParse(string text, string place, out IdsRule? rule, out string reason)
    {
        try
        {
            rule = new IdsRuleParser().Parse(text, place);
            reason = string.Empty;
            return true;
        }
        catch (FormatException e)
        {
            rule = null;
            reason = e.Message;
            return false;
        }
    }

    private IdsRule Parse(string text, string place)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || !text.EndsWith(')'))
        {
            throw new FormatException("not a rule: its options stand in parentheses");
        }

        IdsRule rule = ParseHeader(text[..open], place);
        new IdsOptionScanner(text[(open + 1)..^1]).ReadTo(_options);

        // Snort 3 puts a buffer before its contents; elsewhere the same word stands behind the content that it is about.
        _isSticky = _options.Select(option => option.Name).FirstOrDefault(name => IdsBufferNames.IsModifier(name) || name is "content" or "pcre")
            is { } first && IdsBufferNames.IsModifier(first);
        foreach (IdsOption option in _options)
        {
            Read(option, ref rule);
            if (_items.Count > ItemsMax)
            {
                throw new FormatException($"a rule has at most {ItemsMax} contents, patterns and tests");
            }
        }

        PlaceTests();
        return rule with { Options = _options, Items = _items, References = _references, Metadata = _metadata };
    }

    // A relative test is about the buffer of the match before it, whatever names that: a word behind the match, or a flag of it.
    private void PlaceTests()
    {
        string last = string.Empty;
        for (int i = 0; i < _items.Count; i++)
        {
            if (_items[i] is not IdsTest test)
            {
                last = _items[i].BufferName;
            }
            else if (test.Option.Name == "isdataat" && test.BufferName.Length == 0 && test.Option.Value.Contains("relative", StringComparison.Ordinal))
            {
                _items[i] = test with { BufferName = last };
            }
        }
    }

    private static IdsRule ParseHeader(string header, string place)
    {
        string[] words = SplitHeader(header);
        if (words.Length is not (1 or 2 or 7))
        {
            throw new FormatException("not a rule: before the options stand action, protocol, addresses, ports, direction, addresses, ports");
        }

        var rule = new IdsRule
        {
            Place = place,
            Action = words[0],
            Protocol = words.Length > 1 ? words[1].ToLowerInvariant() : "ip",
            Options = [],
            Items = [],
        };
        if (words.Length < 7)
        {
            return rule;
        }

        return words[4] is "->" or "<>" or "=>"
            ? rule with
            {
                Source = words[2],
                SourcePorts = words[3],
                Direction = words[4] == "<>" ? "<>" : "->",
                Destination = words[5],
                DestinationPorts = words[6],
            }
            : throw new FormatException($"not a rule: '{words[4]}' is no direction; -> and <> are");
    }

    // White space within brackets belongs to a list.
    private static string[] SplitHeader(string header)
    {
        var words = new List<string>();
        int depth = 0;
        int start = -1;
        for (int i = 0; i <= header.Length; i++)
        {
            bool isGap = i == header.Length || (depth <= 0 && char.IsWhiteSpace(header[i]));
            if (isGap && start >= 0)
            {
                words.Add(header[start..i]);
                start = -1;
            }
            else if (!isGap)
            {
                start = start < 0 ? i : start;
                depth += header[i] switch { '[' => 1, ']' => -1, _ => 0 };
            }
        }

        return [.. words];
    }

    private void Read(IdsOption option, ref IdsRule rule)
    {
        string value = option.Value;
        switch (option.Name)
        {
            case "msg":
                rule = rule with { Message = IdsValue.Unquote(value) };
                break;
            case "sid":
                rule = rule with { Sid = IdsValue.ParseUnsigned(option) };
                break;
            case "gid":
                rule = rule with { Gid = IdsValue.ParseUnsigned(option) };
                break;
            case "rev":
                rule = rule with { Revision = IdsValue.ParseUnsigned(option) };
                break;
            case "priority":
                rule = rule with { Priority = (int)Math.Min(IdsValue.ParseUnsigned(option), int.MaxValue) };
                break;
            case "classtype":
                rule = rule with { ClassType = value };
                break;
            case "reference":
                _references.Add(value);
                break;
            case "metadata":
                _metadata.AddRange(value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
                break;
            default:
                ReadMatcher(option);
                break;
        }
    }

    private void ReadMatcher(IdsOption option)
    {
        switch (option.Name)
        {
            case "content" or "uricontent":
                _content = _items.Count;
                _items.Add(IdsValue.ParseContent(option.Value, option.Name == "uricontent" ? "http_uri" : _buffer, out string modifiers));
                foreach (string modifier in modifiers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    int space = modifier.AsSpan().IndexOfAny(' ', '\t');
                    Modify(new IdsOption(space < 0 ? modifier : modifier[..space], space < 0 ? string.Empty : modifier[(space + 1)..].Trim()));
                }

                break;
            case "pcre":
                _items.Add(IdsValue.ParsePcre(option.Value, _buffer));
                break;
            case "isdataat" or "bsize" or "dsize" or "urilen":
                _items.Add(new IdsTest(option.Name == "dsize" ? string.Empty : option.Name == "urilen" ? "http_uri" : _buffer, option));
                break;
            case "nocase" or "offset" or "depth" or "distance" or "within" or "startswith" or "endswith" or "fast_pattern" or "rawbytes"
                or "fast_pattern_only" or "fast_pattern_offset" or "fast_pattern_length":
                Modify(option);
                break;
            default:
                if (IdsBufferNames.IsModifier(option.Name) && !_isSticky)
                {
                    Modify(option);
                }
                else if (IdsBufferNames.IsBuffer(option) || IdsBufferNames.IsModifier(option.Name))
                {
                    _buffer = IdsBufferNames.IsPayload(option.Name) ? string.Empty : Qualify(option);
                }

                break;
        }
    }

    // A field of a buffer, as in "http_header:field host", is another buffer.
    private static string Qualify(IdsOption option) => option.Value.Length == 0 ? option.Name : $"{option.Name}:{option.Value}";

    private void Modify(IdsOption option)
    {
        if (_content < 0)
        {
            throw new FormatException($"{option.Name}: there is no content before it");
        }

        var content = (IdsContent)_items[_content];
        _items[_content] = option.Name switch
        {
            "nocase" => content with { IsCaseless = true },
            "rawbytes" => content with { IsRaw = true },
            "startswith" => content with { IsAtStart = true },
            "endswith" => content with { IsAtEnd = true },
            "fast_pattern" or "fast_pattern_only" or "fast_pattern_offset" or "fast_pattern_length" => content with { IsFastPattern = true },
            "offset" => Place(content, option, static (c, n) => c with { Offset = n }),
            "depth" => Place(content, option, static (c, n) => c with { Depth = n }),
            "distance" => Place(content, option, static (c, n) => c with { Distance = n }),
            "within" => Place(content, option, static (c, n) => c with { Within = n }),
            _ when IdsBufferNames.IsModifier(option.Name) => content with { BufferName = Qualify(option) },
            _ => throw new FormatException($"{option.Name}: not a modifier of content"),
        };
    }

    private static IdsContent Place(IdsContent content, IdsOption option, Func<IdsContent, int, IdsContent> set)
    {
        if (int.TryParse(option.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            return Math.Abs((long)number) <= IdsValue.PositionMax && (number >= 0 || option.Name is "distance" or "offset")
                ? set(content, number)
                : throw new FormatException($"{option.Name}: {number} is not a position; they reach to {IdsValue.PositionMax}");
        }

        return option.Value.Length != 0 && (char.IsAsciiLetter(option.Value[0]) || option.Value[0] == '_')
            ? content with { Variable = option.Value }
            : throw new FormatException($"{option.Name}: '{option.Value}' is no number");
    }
}
