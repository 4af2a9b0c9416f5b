using System.Text;
using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Plugins;
using Outboard.Regex;
using Outboard.Regex.Driver;

namespace Outboard.Testing.NullDevices;

/// <summary>Finds literals the plain way.</summary>
internal sealed class NullRegexDriver(DriverContext context) : RegexDriver
{
    private const string Magic = "null-regex-1\n";
    private RegexConfiguration _configuration = new();
    private IReadOnlyList<RegexRule> _rules = [];

    public override RegexDeviceInfo Info { get; } = new()
    {
        Name = context.DeviceName,
        Driver = context.DriverName,
        Backend = "null",
        Kernels = NullPlugin.Kernels,
        QueuePairMax = 4,
        DescriptorMax = 4096,
        MatchesMax = 254,
        PayloadLengthMax = 65535,
        SegmentsMax = 1,
        RulesPerGroupMax = 100,
        GroupsMax = 8,
        Capabilities = RegexCapabilities.RuntimeCompilation,
        RuleFlags = RegexRuleFlags.None,
    };

    public override void Configure(RegexConfiguration configuration)
    {
        _configuration = configuration;
        _rules = [];
    }

    public override void CompileAndActivate(IReadOnlyList<RegexRule> rules)
    {
        RegexRuleError[] errors = [.. rules
            .Select(rule => (rule, at: rule.Pattern.Span.IndexOfAny("()[]{}*+?.^$|\\"u8)))
            .Where(found => found.at >= 0)
            .Select(found => new RegexRuleError(
                found.rule.Id, found.rule.GroupId, found.at, "not a literal; only literals are accepted"))];
        if (errors.Length != 0)
        {
            throw new RegexRuleException(Info.Name, errors);
        }

        _rules = rules;
    }

    public override byte[] ExportDatabase()
    {
        string text = string.Concat(_rules.Select(r => $"{r.GroupId}:{r.Id}:{Convert.ToHexString(r.Pattern.Span)}\n"));
        return Encoding.ASCII.GetBytes($"{Magic}{text.GetHashCode(StringComparison.Ordinal) & 0}{Sum(text):x8}\n{text}");
    }

    public override IReadOnlyList<RegexRule> ImportDatabase(ReadOnlyMemory<byte> database)
    {
        string all = Encoding.Latin1.GetString(database.Span);
        int start = Magic.Length + 10;
        if (all.Length < start || !all.StartsWith(Magic, StringComparison.Ordinal)
            || all[(Magic.Length + 1)..(start - 1)] != $"{Sum(all[start..]):x8}" || all[Magic.Length] != '0' || all[start - 1] != '\n')
        {
            throw new FormatException($"{Info.Name}: not a database of this device.");
        }

        _rules = [.. all[start..].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')).Select(
            part => new RegexRule(int.Parse(part[1]), Convert.FromHexString(part[2]), RegexRuleFlags.None, ushort.Parse(part[0])))];
        return _rules;
    }

    public override IReadOnlyList<RegexRuleReport> ExplainRules() =>
        [.. _rules.Select(rule => new RegexRuleReport(rule.Id, rule.GroupId, "plain", "none", "a null device"))];

    public override OffloadQueuePair<RegexOp> CreateQueuePair(int index, QueuePairOptions<RegexOp> options) =>
        new QueuePair(this, options.DescriptorCount);

    public override void Start()
    {
    }

    public override void Stop()
    {
    }

    private static uint Sum(string text) => text.Aggregate(2166136261u, (sum, c) => (sum ^ c) * 16777619);

    private sealed class QueuePair(NullRegexDriver driver, int descriptorCount) : NullQueuePair<RegexOp>(descriptorCount)
    {
        private readonly RegexMatch[] _found = new RegexMatch[1024];

        protected override OpStatus Process(RegexOp op)
        {
            if (op.Mbuf.IsNull || op.PayloadOffset > op.Mbuf.DataLength)
            {
                return OpStatus.InvalidArguments;
            }

            ReadOnlySpan<byte> payload = op.Mbuf.Data[op.PayloadOffset..];
            payload = op.PayloadLength < 0 ? payload : payload[..Math.Min(payload.Length, op.PayloadLength)];
            int count = Find(op, payload);
            _found.AsSpan(0, count).Sort(static (x, y) =>
                x.Start != y.Start ? x.Start.CompareTo(y.Start) : x.RuleId.CompareTo(y.RuleId));
            int wanted = count;
            if ((op.RequestFlags & RegexRequestFlags.HighPriority) != 0 && count > 1)
            {
                int best = 0;
                for (int i = 1; i < count; i++)
                {
                    best = _found[i].RuleId < _found[best].RuleId ? i : best;
                }

                _found[0] = _found[best];
                wanted = 1;
            }
            else if ((op.RequestFlags & RegexRequestFlags.StopOnMatch) != 0)
            {
                wanted = Math.Min(1, count);
            }

            Span<RegexMatch> room = op.GetMatchBuffer();
            int written = Math.Min(wanted, Math.Min(room.Length, driver._configuration.MatchesMax));
            _found.AsSpan(0, written).CopyTo(room);
            op.SetResult(
                OpStatus.Success, written, wanted,
                written < wanted ? RegexResponseFlags.MatchesExceeded : RegexResponseFlags.None);
            return OpStatus.Success;
        }

        private int Find(RegexOp op, ReadOnlySpan<byte> payload)
        {
            IReadOnlyList<RegexRule> rules = driver._rules;
            int count = 0;
            for (int i = 0; i < rules.Count; i++)
            {
                RegexRule rule = rules[i];
                if (!Wants(op, rule.GroupId))
                {
                    continue;
                }

                int at = 0;
                int next;
                while ((next = payload[at..].IndexOf(rule.Pattern.Span)) >= 0 && count < _found.Length)
                {
                    _found[count++] = new RegexMatch(rule.Id, at + next, rule.Pattern.Length, rule.GroupId);
                    at += next + rule.Pattern.Length;
                }
            }

            return count;
        }

        private static bool Wants(RegexOp op, ushort group)
        {
            int valid = (int)op.RequestFlags & 0xF;
            if (valid == 0)
            {
                return group == 0;
            }

            for (int slot = 0; slot < 4; slot++)
            {
                if ((valid >> slot & 1) != 0 && op.GetGroup(slot) == group)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
