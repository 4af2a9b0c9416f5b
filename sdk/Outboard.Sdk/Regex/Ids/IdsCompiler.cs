using System.Globalization;
using System.Text;

namespace Outboard.Regex.Ids;

/// <summary>Makes plans of rules, and the patterns that they share.</summary>
internal sealed class IdsCompiler
{
    // Shorter ones, and runs of one byte, are in most packets: they are looked for when all else of their rule is there.
    private const int SearchedLengthMin = 4;
    private const int HeadLengthMin = 3;

    private readonly List<RegexRule> _patterns = [];
    private readonly Dictionary<(IdsBuffer Buffer, RegexRuleFlags Flags, string Pattern), int> _ids = [];

    /// <summary>The patterns, by id.</summary>
    public IReadOnlyList<RegexRule> Patterns => _patterns;

    /// <summary>Makes a plan.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="omission">Why there is none.</param>
    public bool TryCompile(IdsRule rule, out IdsPlan? plan, out string omission)
    {
        try
        {
            plan = Compile(rule);
            omission = string.Empty;
            return true;
        }
        catch (FormatException e)
        {
            plan = null;
            omission = e.Message;
            return false;
        }
    }

    private IdsPlan Compile(IdsRule rule)
    {
        var restrictions = new List<string>();
        JudgeOptions(rule, restrictions);
        IdsPlan plan = CompileHeader(rule, restrictions);

        // Everything is made first and given ids last: what fails on the way leaves no pattern behind.
        var wanted = new List<(IdsStep Step, IdsBuffer Buffer, string Pattern, RegexRuleFlags Flags)>();
        var buffers = new List<(IdsBuffer Buffer, List<IdsStep> Steps)>();
        foreach (IdsItem item in rule.Items)
        {
            IdsBuffer buffer = FindBuffer(item, restrictions);
            if (!buffers.Exists(entry => entry.Buffer == buffer))
            {
                buffers.Add((buffer, []));
            }

            List<IdsStep> steps = buffers.Find(entry => entry.Buffer == buffer).Steps;
            steps.Add(item switch
            {
                IdsContent content => CompileContent(content, steps),
                IdsPcre pcre => CompilePcre(pcre, steps, buffer, wanted),
                IdsTest test => CompileTest(test, steps),
                _ => throw new FormatException("not known"),
            });
        }

        List<(IdsBuffer Buffer, IdsStep Step)> searched = ChooseContents(buffers, wanted.Exists(entry => entry.Step.IsPositive));
        (bool request, bool response) = FindSide(rule, buffers.Exists(static entry => entry.Buffer != IdsBuffer.Payload));
        var needed = new HashSet<int>();
        var unwanted = new HashSet<int>();
        foreach ((IdsBuffer buffer, IdsStep step) in searched)
        {
            needed.Add(Share(buffer, step.IsCaseless ? RegexRuleFlags.Caseless : RegexRuleFlags.None, IdsLiteral.ToPattern(step.Literal)));
        }

        var numbered = new Dictionary<IdsStep, IdsStep>(ReferenceEqualityComparer.Instance);
        foreach ((IdsStep step, IdsBuffer buffer, string pattern, RegexRuleFlags flags) in wanted)
        {
            int id = Share(buffer, flags, pattern);
            (step.IsPositive ? needed : unwanted).Add(id);
            numbered.Add(step, step with { PatternId = id });
        }

        return plan with
        {
            NeedsRequest = request,
            NeedsResponse = response,
            Buffers = [.. buffers.Select(entry => new IdsBufferPlan(entry.Buffer, [.. entry.Steps.Select(step => numbered.GetValueOrDefault(step, step))]))],
            Needed = [.. needed.Order()],
            Unwanted = [.. unwanted.Order()],
            Restrictions = [.. restrictions.Distinct(StringComparer.Ordinal)],
        };
    }

    private static void JudgeOptions(IdsRule rule, List<string> restrictions)
    {
        if (rule.Action is "pass" or "log" or "activate" or "dynamic" or "config")
        {
            throw new FormatException($"{rule.Action}: the action is no alert");
        }

        if (rule.Sid == 0)
        {
            throw new FormatException("sid: the rule has none");
        }

        foreach (IdsOption option in rule.Options)
        {
            IdsKeywords.Judge(option, out string? restriction, out string? omission);
            if (omission is not null)
            {
                throw new FormatException(omission);
            }

            if (restriction is not null)
            {
                restrictions.Add(restriction);
            }
        }
    }

    private static IdsPlan CompileHeader(IdsRule rule, List<string> restrictions)
    {
        IdsProtocols protocols = rule.Protocol switch
        {
            "ip" or "ip4" or "ip6" or "ipv4" or "ipv6" or "pkthdr" or "any" or "file" => IdsProtocols.Any,
            "tcp" or "tcp-pkt" or "tcp-stream" => IdsProtocols.Tcp,
            "udp" => IdsProtocols.Udp,
            "icmp" or "icmpv4" or "icmpv6" => IdsProtocols.Icmp,
            "http" or "http1" or "tls" or "ssl" or "ssh" or "smtp" or "ftp" or "ftp-data" or "smb" or "imap" or "pop3" or "rdp" or "rfb" or "mqtt"
                or "telnet" or "dcerpc" or "modbus" or "dnp3" or "irc" => IdsProtocols.Tcp,
            "dhcp" or "tftp" or "snmp" or "ntp" or "ike" or "quic" => IdsProtocols.Udp,
            "dns" or "sip" or "krb5" or "nfs" => IdsProtocols.Tcp | IdsProtocols.Udp,
            _ => throw new FormatException($"{rule.Protocol}: the protocol is not known"),
        };
        if (rule.Protocol is not ("ip" or "any" or "tcp" or "tcp-pkt" or "udp" or "icmp"))
        {
            restrictions.Add($"{rule.Protocol}: only the transport is looked at, not the protocol above it");
        }

        if (rule.Source != "any" || rule.Destination != "any")
        {
            restrictions.Add("addresses: not looked at");
        }

        bool isKnown = IdsPorts.TryParse(rule.SourcePorts, out IdsPorts? source) & IdsPorts.TryParse(rule.DestinationPorts, out IdsPorts? destination);
        if (!isKnown)
        {
            restrictions.Add("ports: a variable or a list with one is taken as any");
        }

        return new IdsPlan(rule)
        {
            Protocols = protocols,
            SourcePorts = source,
            DestinationPorts = destination,
            IsBothWays = rule.Direction == "<>",
            Buffers = [],
            Needed = [],
            Unwanted = [],
            Restrictions = [],
        };
    }

    private static IdsBuffer FindBuffer(IdsItem item, List<string> restrictions)
    {
        if (!IdsBufferNames.TryFind(item.BufferName, out IdsBuffer buffer))
        {
            throw new FormatException($"{item.BufferName}: a buffer that only an engine's own parsers fill");
        }

        if (buffer != IdsBuffer.Payload)
        {
            restrictions.Add($"{item.BufferName}: raw, in a packet that begins the HTTP message; nothing is decoded or put together");
        }

        return buffer;
    }

    // Which half of a conversation the rule is about, where its buffers can tell the halves apart.
    private static (bool Request, bool Response) FindSide(IdsRule rule, bool hasHttp)
    {
        string[] words = [.. rule.Options.Where(option => option.Name == "flow").SelectMany(option => option.Value.Split(',', StringSplitOptions.TrimEntries))];
        return (hasHttp && (words.Contains("to_server") || words.Contains("from_client")),
            hasHttp && (words.Contains("to_client") || words.Contains("from_server")));
    }

    private static IdsStep CompileContent(IdsContent content, List<IdsStep> steps)
    {
        int length = content.Bytes.Length;
        if (content.Variable is not null)
        {
            throw new FormatException("byte_extract: a position is a variable");
        }

        if (content.Offset < 0)
        {
            throw new FormatException("offset: it is negative");
        }

        if (content.Depth < length || content.Within < length)
        {
            throw new FormatException("depth, within: shorter than the content");
        }

        if (content.IsRelative && (content.Offset is not null || content.Depth is not null || content.IsAtStart))
        {
            throw new FormatException("distance, within: together with offset, depth or startswith");
        }

        if (content.IsRelative)
        {
            MarkNeeded(steps);
        }

        int low = content.Offset ?? 0;
        int high = content.Depth is { } depth ? low + depth : int.MaxValue;
        return new IdsStep(content.IsNegated ? IdsStepKind.NotContent : IdsStepKind.Content)
        {
            Literal = content.IsCaseless ? IdsLiteral.Fold(content.Bytes.Span) : content.Bytes.ToArray(),
            IsCaseless = content.IsCaseless,
            IsRelative = content.IsRelative,
            Low = low,
            High = content.IsAtStart ? Math.Min(high, length) : high,
            Distance = content.Distance ?? 0,
            Within = content.Within ?? int.MaxValue,
            IsAtEnd = content.IsAtEnd,
        };
    }

    private static void MarkNeeded(List<IdsStep> steps)
    {
        if (steps.FindLast(static step => step.IsPositive) is { } last)
        {
            last.NeedsAll = true;
        }
    }

    private static IdsStep CompilePcre(
        IdsPcre pcre, List<IdsStep> steps, IdsBuffer buffer, List<(IdsStep Step, IdsBuffer Buffer, string Pattern, RegexRuleFlags Flags)> wanted)
    {
        string pattern = Encoding.Latin1.GetString(pcre.Pattern.Span);
        RegexRuleFlags flags = pcre.Flags;
        if (pcre.IsDollarEnd && !flags.HasFlag(RegexRuleFlags.MultiLine))
        {
            pattern = PcreCarets.WithDollarAtEnd(pattern);
        }

        // With nothing before it in its buffer, "behind the last match" is the whole buffer.
        IdsStep? previous = steps.FindLast(static step => step.IsPositive);
        bool isRelative = pcre.IsRelative && previous is not null;
        var step = new IdsStep(pcre.IsNegated ? IdsStepKind.NotPattern : IdsStepKind.Pattern) { IsRelative = isRelative };
        if (isRelative)
        {
            MarkNeeded(steps);
            step = CompileRelative(pcre, previous!, step, ref pattern, ref flags);
        }

        if (pcre.IsNegated)
        {
            flags |= RegexRuleFlags.AllowEmpty;
        }

        wanted.Add((step, buffer, pattern, flags));
        return step;
    }

    // The device searches whole buffers, an engine from the last match on. What is searched for here finds no less where it must be absent,
    // and no more where it must be present: behind a content, the content's bytes become part of the pattern.
    private static IdsStep CompileRelative(IdsPcre pcre, IdsStep previous, IdsStep step, ref string pattern, ref RegexRuleFlags flags)
    {
        var carets = PcreCarets.Read(pattern, flags.HasFlag(RegexRuleFlags.Extended));
        if (!carets.IsKnown)
        {
            throw new FormatException("pcre: a relative pattern looks back, or has a ^ behind something else");
        }

        bool isAnchored = flags.HasFlag(RegexRuleFlags.Anchored) || (carets.IsAnchored && !flags.HasFlag(RegexRuleFlags.MultiLine));
        flags &= ~RegexRuleFlags.Anchored;
        if (pcre.IsNegated)
        {
            pattern = carets.AtPosition;
            return step;
        }

        string later = flags.HasFlag(RegexRuleFlags.MultiLine) ? pattern : carets.Later;
        if (previous.Kind != IdsStepKind.Content)
        {
            if (!isAnchored && carets.HasCaret)
            {
                throw new FormatException("pcre: a relative pattern with a ^ in some of its alternatives, behind another pattern");
            }

            pattern = isAnchored ? carets.AtPosition : pattern;
            return isAnchored ? step with { Head = 0 } : step;
        }

        bool isFree = !previous.IsRelative && previous is { Low: 0, High: int.MaxValue, IsAtEnd: false } && previous.Literal.Length >= HeadLengthMin;
        if (!isAnchored && !carets.HasCaret && !isFree)
        {
            return step;
        }

        if (!isAnchored && carets.HasCaret && PcreCarets.RefersToGroups(pattern))
        {
            throw new FormatException("pcre: a relative pattern with a ^ in some of its alternatives refers to its groups");
        }

        string head = Wrap(IdsLiteral.ToPattern(previous.Literal), previous.IsCaseless ? RegexRuleFlags.Caseless : RegexRuleFlags.None);
        string here = Wrap(carets.AtPosition, flags);
        pattern = isAnchored ? head + here
            : carets.HasCaret ? $"{head}(?:{here}|[\\x00-\\xff]+?{Wrap(later, flags)})"
            : $"{head}[\\x00-\\xff]*?{here}";
        flags = RegexRuleFlags.None;
        return step with { Head = previous.Literal.Length };
    }

    private static string Wrap(string pattern, RegexRuleFlags flags)
    {
        var letters = new StringBuilder();
        foreach ((RegexRuleFlags flag, char letter) in (ReadOnlySpan<(RegexRuleFlags, char)>)
            [(RegexRuleFlags.Caseless, 'i'), (RegexRuleFlags.MultiLine, 'm'), (RegexRuleFlags.DotAll, 's'), (RegexRuleFlags.Extended, 'x'), (RegexRuleFlags.Ungreedy, 'U')])
        {
            if (flags.HasFlag(flag))
            {
                letters.Append(letter);
            }
        }

        return $"(?{letters}:{pattern})";
    }

    private static IdsStep CompileTest(IdsTest test, List<IdsStep> steps)
    {
        if (test.Option.Name != "isdataat")
        {
            return CompileSize(test.Option);
        }

        string value = test.Option.Value;
        bool isNegated = value.StartsWith('!');
        string[] words = value[(isNegated ? 1 : 0)..].Split(',', StringSplitOptions.TrimEntries);
        bool isRelative = words.Contains("relative");
        if (words.Skip(1).Any(static word => word is not ("relative" or "rawbytes")))
        {
            throw new FormatException($"isdataat: '{value}' is not known");
        }

        if (isRelative)
        {
            MarkNeeded(steps);
        }

        return new IdsStep(IdsStepKind.DataAt) { IsRelative = isRelative, IsNegated = isNegated, Distance = ParseNumber("isdataat", words[0]) };
    }

    private static IdsStep CompileSize(IdsOption option)
    {
        string value = option.Value.Split(',')[0].Trim();
        bool isNegated = value.StartsWith('!');
        value = value[(isNegated ? 1 : 0)..].Trim();
        int between = value.IndexOf('<', 1 <= value.Length ? 1 : 0);
        (int low, int high) = value switch
        {
            _ when between > 0 && value[between..].StartsWith("<=>", StringComparison.Ordinal) => (Number(value[..between]), Number(value[(between + 3)..])),
            _ when between > 0 && value[between..].StartsWith("<>", StringComparison.Ordinal) => (Number(value[..between]) + 1, Number(value[(between + 2)..]) - 1),
            ['<', '=', ..] => (0, Number(value[2..])),
            ['>', '=', ..] => (Number(value[2..]), int.MaxValue),
            ['<', ..] => (0, Number(value[1..]) - 1),
            ['>', ..] => (Number(value[1..]) + 1, int.MaxValue),
            _ => (Number(value), Number(value)),
        };
        return new IdsStep(IdsStepKind.Size) { Low = low, High = high, IsNegated = isNegated };

        int Number(string text) => ParseNumber(option.Name, text);
    }

    private static int ParseNumber(string name, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int number)
        && number <= IdsValue.PositionMax
            ? number
            : throw new FormatException($"{name}: '{text}' is not a number from 0 to {IdsValue.PositionMax}");

    private static List<(IdsBuffer Buffer, IdsStep Step)> ChooseContents(List<(IdsBuffer Buffer, List<IdsStep> Steps)> buffers, bool hasPattern)
    {
        (IdsBuffer Buffer, IdsStep Step)[] contents =
        [
            .. buffers.SelectMany(entry => entry.Steps.Select(step => (entry.Buffer, Step: step))).Where(static pair => pair.Step.Kind == IdsStepKind.Content),
        ];
        List<(IdsBuffer Buffer, IdsStep Step)> chosen =
        [
            .. contents.Where(static pair => !IsSmall(pair.Buffer) && pair.Step.Literal.Length >= SearchedLengthMin && pair.Step.Literal.AsSpan().ContainsAnyExcept(pair.Step.Literal[0])),
        ];
        if (chosen.Count == 0 && !hasPattern)
        {
            chosen.Add(contents.Length != 0
                ? contents.OrderBy(static pair => IsSmall(pair.Buffer)).ThenByDescending(static pair => pair.Step.Literal.Length).First()
                : throw new FormatException("content, pcre: nothing that must be there"));
        }

        return chosen;
    }

    // A few bytes that are read faster than an op for them is sent.
    private static bool IsSmall(IdsBuffer buffer) => buffer is IdsBuffer.HttpMethod or IdsBuffer.HttpProtocol or IdsBuffer.HttpStatusCode
        or IdsBuffer.HttpStatusMessage or IdsBuffer.HttpContentLength or IdsBuffer.HttpConnection;

    private int Share(IdsBuffer buffer, RegexRuleFlags flags, string pattern)
    {
        if (!_ids.TryGetValue((buffer, flags, pattern), out int id))
        {
            id = _patterns.Count;
            _ids.Add((buffer, flags, pattern), id);
            _patterns.Add(new RegexRule(id, Encoding.Latin1.GetBytes(pattern), flags, (ushort)buffer));
        }

        return id;
    }
}
