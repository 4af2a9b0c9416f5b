using System.Text;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins;
using Outboard.Regex;

namespace Outboard.Conformance;

/// <summary>The checks that a regex device must pass.</summary>
public sealed partial class RegexConformance : OffloadConformance<RegexDevice, RegexOp>
{
    /// <summary>The rule that ops look for: a literal, which every device has.</summary>
    private const int NeedleRule = 7;
    private const string Needle = "needle";

    /// <summary>Creates the suite.</summary>
    /// <param name="registry">The drivers.</param>
    /// <param name="specifier">The device.</param>
    public RegexConformance(DriverRegistry registry, string specifier)
        : base(registry, specifier)
    {
    }

    private protected override IReadOnlyList<ConformanceCheck> ClassChecks =>
    [
        new("refused-rule", "A rule that cannot be compiled is named with its position; the rules in force stay.", CheckRefusedRule),
        new("match-order", "Matches come by start, then by rule.", CheckMatchOrder),
        new("match-cap", "Matches beyond the cap are counted and flagged.", CheckMatchCap),
        new("chained-payload", "A payload in a chain has the matches of the same bytes in one piece.", CheckChained),
        new("payload-range", "Only the payload that the op names is searched.", CheckPayloadRange),
        new("groups", "An op searches the groups that it names.", CheckGroups),
        new("request-flags", "Stop on match and high priority give one match, the right one.", CheckRequestFlags),
        new("export-import", "An exported database gives the same matches; a damaged one is refused.", CheckExportImport),
        new("remove-rule", "A removed rule matches no more once the rules are compiled.", CheckRemoveRule),
        .. LanguageChecks,
        .. ModeChecks,
        .. StreamChecks,
        .. ChangeChecks,
    ];

    private protected override void Configure(RegexDevice device, int queuePairCount) =>
        device.Configure(new RegexConfiguration { QueuePairCount = queuePairCount, MatchesMax = Math.Min(8, device.Info.MatchesMax) });

    private protected override object Prepare(RegexDevice device)
    {
        device.AddRules([RegexRule.FromText(NeedleRule, Needle), RegexRule.FromText(8, "never there")]);
        device.CompileAndActivate();
        return device;
    }

    private protected override ConformanceWork<RegexOp> CreateWork(RegexDevice device, object prepared, int count) =>
        new Work(device, count);

    private void CheckRefusedRule()
    {
        using RegexDevice device = Open(Specifier);
        Configure(device, 1);
        Prepare(device);
        device.AddRules([RegexRule.FromText(11, "ab(cd")]);
        try
        {
            device.CompileAndActivate();
        }
        catch (RegexRuleException e)
        {
            Expect.Equal(1, e.Errors.Count, "refused rules");
            Expect.Equal(11, e.Errors[0].RuleId, "the refused rule's id");
            Expect.That(e.Errors[0].Offset is >= 2 and <= 5, $"the position is {e.Errors[0].Offset}, not the parenthesis or the end.");
            Expect.That(e.Errors[0].Reason.Length != 0, "the reason is empty.");
            Expect.That(device.RemoveRule(11), "the refused rule was not there to be removed.");
            device.CompileAndActivate();
            device.Start();
            Expect.Equal("7@2+6", Search(device, "..needle.."), "matches after the refusal");
            return;
        }

        throw new ConformanceException("a rule with an open parenthesis was accepted.");
    }

    private void CheckMatchOrder() => WithRules(
        [(3, "bc"), (2, "abc"), (1, "c"), (9, "abc")],
        device => Expect.Equal("2@1+3 9@1+3 3@2+2 1@3+1", Search(device, "-abc-"), "matches"));

    private void CheckMatchCap() => WithRules([(1, "x")], device =>
    {
        int cap = device.Configuration.MatchesMax;
        using var ops = new RegexOpPool(new RegexOpPoolOptions { Name = "cap", Count = 4, MatchesMax = 64 });
        using var mbufs = new MbufPool(new MbufPoolOptions { Name = "cap", Count = 4 });
        RegexOp op = Run(device, ops, mbufs, new string('x', cap + 5), _ => { });
        Expect.Equal(cap, op.Matches.Length, "matches reported");
        Expect.Equal(cap + 5, op.ActualMatchCount, "matches counted");
        Expect.That(op.ResponseFlags.HasFlag(RegexResponseFlags.MatchesExceeded), $"the flags are {op.ResponseFlags}.");
        op.FreeWithBuffers();
        using var small = new RegexOpPool(new RegexOpPoolOptions { Name = "small", Count = 4, MatchesMax = 2 });
        op = Run(device, small, mbufs, "xxx", _ => { });
        Expect.Equal(2, op.Matches.Length, "matches reported by an op with room for 2");
        Expect.Equal(3, op.ActualMatchCount, "matches counted by an op with room for 2");
        op.FreeWithBuffers();
    });

    private void CheckChained() => WithRules([(1, "abcdef")], device =>
    {
        Expect.Offered(device.Info.SegmentsMax >= 3, "payloads of three segments");
        const string Payload = "..abcdef..abcdef";
        for (int first = 0; first <= Payload.Length; first++)
        {
            for (int second = first; second <= Payload.Length; second += 3)
            {
                Expect.Equal("1@2+6 1@10+6", Search(device, Payload, null, first, second), $"matches with cuts at {first} and {second}");
            }
        }
    });

    private void CheckPayloadRange() => WithRules([(1, "ab")], device =>
    {
        Expect.Equal("1@1+2", Search(device, "ab-ab-ab", op => (op.PayloadOffset, op.PayloadLength) = (2, 4)), "matches of a part");
        Expect.Equal("1@0+2", Search(device, "ab-ab-ab", op => op.PayloadOffset = 6), "matches of the rest");
        Expect.Equal(string.Empty, Search(device, "ab", op => op.PayloadLength = 1), "matches of one byte");
        Expect.Equal(string.Empty, Search(device, "ab", op => op.PayloadLength = 0), "matches of nothing");
    });

    private void CheckGroups()
    {
        using RegexDevice device = Open(Specifier);
        Expect.Offered(device.Info.GroupsMax >= 3, "three groups");
        device.Configure(new RegexConfiguration { GroupCount = 3 });
        device.AddRules([RegexRule.FromText(1, "a"), RegexRule.FromText(1, "b", groupId: 1), RegexRule.FromText(1, "c", groupId: 2)]);
        device.CompileAndActivate();
        device.Start();
        Expect.Equal("1@0+1", Search(device, "abc"), "matches without a group: group 0");
        Expect.Equal("1@1+1", Search(device, "abc", op => op.SetGroup(0, 1)), "matches of group 1");
        Expect.Equal("1@0+1 1@2+1", Search(device, "abc", op =>
        {
            op.SetGroup(0, 0);
            op.SetGroup(3, 2);
        }), "matches of groups 0 and 2");
        Expect.Throws<ArgumentException>(() => device.AddRules([RegexRule.FromText(1, "d", groupId: 3)]), "a group beyond the configured");
    }

    private void CheckRequestFlags() => WithRules([(5, "ab"), (2, "cd")], device =>
    {
        Expect.Equal(
            "2@2+2", Search(device, "abcdcd", op => op.RequestFlags |= RegexRequestFlags.HighPriority), "matches with high priority");
        string first = Search(device, "abcdcd", op => op.RequestFlags |= RegexRequestFlags.StopOnMatch);
        Expect.That(first is "5@0+2" or "2@2+2" or "2@4+2", $"matches with stop on match are '{first}'; one of the three is right.");
    });

    private void CheckExportImport()
    {
        byte[] database;
        using (RegexDevice device = Open(Specifier))
        {
            Configure(device, 1);
            Prepare(device);
            database = device.ExportRules();
            Expect.That(database.Length != 0, "the exported database is empty.");
        }

        using RegexDevice other = Open(Specifier);
        Configure(other, 1);
        for (int length = 0; length < database.Length; length += 1 + (database.Length / 16))
        {
            Expect.Throws<FormatException>(() => other.ImportRules(database.AsMemory(0, length)), $"a database cut at {length}");
        }

        for (int at = 0; at < database.Length; at += 1 + (database.Length / 32))
        {
            byte[] damaged = [.. database];
            damaged[at] ^= 0x55;
            Expect.Throws<FormatException>(() => other.ImportRules(damaged), $"a database damaged at {at}");
        }

        other.ImportRules(database);
        other.Start();
        Expect.Equal("7@1+6", Search(other, ".needle"), "matches of the imported database");
        other.Stop();
        other.Configure(new RegexConfiguration { RuleDatabase = database });
        other.Start();
        Expect.Equal("7@1+6", Search(other, ".needle"), "matches of a database given at configuration");
    }

    private void CheckRemoveRule()
    {
        using RegexDevice device = Open(Specifier);
        Configure(device, 1);
        Prepare(device);
        Expect.That(device.RemoveRule(NeedleRule), "the rule was not there.");
        Expect.That(!device.RemoveRule(NeedleRule), "the rule was there twice.");
        device.CompileAndActivate();
        device.Start();
        Expect.Equal(string.Empty, Search(device, ".needle"), "matches of a removed rule");
    }

    private void WithRules(IEnumerable<(int Id, string Pattern)> rules, Action<RegexDevice> body)
    {
        using RegexDevice device = Open(Specifier);
        Configure(device, 1);
        device.AddRules(rules.Select(rule => RegexRule.FromText(rule.Id, rule.Pattern)));
        device.CompileAndActivate();
        device.Start();
        body(device);
    }

    /// <summary>Searches one payload and writes its matches as <c>rule@start+length</c>.</summary>
    private static string Search(RegexDevice device, string payload, Action<RegexOp>? ask = null, params int[] cuts) =>
        Search(device, Encoding.Latin1.GetBytes(payload), ask, cuts);

    private static string Search(RegexDevice device, byte[] payload, Action<RegexOp>? ask = null, params int[] cuts)
    {
        using var ops = new RegexOpPool(new RegexOpPoolOptions { Name = "search", Count = 4, MatchesMax = 64 });
        using var mbufs = new MbufPool(new MbufPoolOptions { Name = "search", Count = cuts.Length + 8 });
        RegexOp op = Run(device, ops, mbufs, payload, ask ?? (_ => { }), cuts);
        string seen = Write(op.Matches);
        op.FreeWithBuffers();
        return seen;
    }

    private static string Write(ReadOnlySpan<RegexMatch> matches) =>
        string.Join(' ', matches.ToArray().Select(match => $"{match.RuleId}@{match.Start}+{match.Length}"));

    private static RegexOp Run(
        RegexDevice device, RegexOpPool ops, MbufPool mbufs, string payload, Action<RegexOp> ask, params int[] cuts) =>
        Run(device, ops, mbufs, Encoding.Latin1.GetBytes(payload), ask, cuts);

    private static RegexOp Run(
        RegexDevice device, RegexOpPool ops, MbufPool mbufs, byte[] payload, Action<RegexOp> ask, params int[] cuts)
    {
        Expect.That(ops.TryAlloc(out RegexOp op), "the check's op pool is empty.");
        op.Mbuf = PacketMaker.Chain(mbufs, payload, cuts);
        ask(op);
        Expect.Equal(1, device.EnqueueBurst(0, [op]), "ops taken");
        var back = new RegexOp[1];
        Collect(device, 0, back);
        Expect.Equal(OpStatus.Success, back[0].Status, "status");
        return back[0];
    }

    /// <summary>Payloads of growing length with the needle at a place that the number gives; every third one is a chain.</summary>
    private sealed class Work(RegexDevice device, int count) : ConformanceWork<RegexOp>(
        new RegexOpPool(new RegexOpPoolOptions { Name = "conformance", Count = count, MatchesMax = 8 }),
        new MbufPool(new MbufPoolOptions { Name = "conformance", Count = 2 * count }))
    {
        private readonly bool _chains = device.Info.SegmentsMax >= 2;

        public override void Verify(RegexOp op)
        {
            Expect.Equal(1, op.Matches.Length, $"matches of op {op.UserData}");
            Expect.Equal(
                new RegexMatch(NeedleRule, Position((int)op.UserData), Needle.Length, 0), op.Matches[0], $"match of op {op.UserData}");
        }

        protected override void Fill(RegexOp op, int number)
        {
            byte[] payload = new byte[Position(number) + Needle.Length + (number % 70)];
            payload.AsSpan().Fill((byte)'.');
            Encoding.ASCII.GetBytes(Needle, payload.AsSpan(Position(number)));
            op.Mbuf = _chains && number % 3 == 0 ? Chain(payload, payload.Length / 2) : Packet(payload);
        }

        protected override void Refill(RegexOp op, int number)
        {
        }

        protected override void Spoil(RegexOp op) => op.PayloadOffset = op.Mbuf.PacketLength + 1;

        private static int Position(int number) => number * 7 % 190;
    }
}
