using System.Text;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Regex;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.Simd;

public sealed class RegexSimdDeviceTests : IDisposable
{
    private readonly DriverRegistry _registry = new(new SimdPolicy());
    private readonly MbufPool _mbufs = new(new MbufPoolOptions { Name = "regex_tests", Count = 1023 });
    private readonly RegexOpPool _ops = new(new RegexOpPoolOptions { Name = "regex_ops", Count = 511, MatchesMax = 16 });

    public RegexSimdDeviceTests() => _registry.Register(new RegexPlugin(), "Outboard.Plugins.Regex", "test");

    public static TheoryData<string> Widths =>
        [.. Engine.ScannerFactory.Widths.Select(static w => $",simd={(int)w}")];

    [Theory]
    [MemberData(nameof(Widths))]
    public void MatchesComeBackWithStartAndLengthInEnqueueOrder(string arguments)
    {
        using RegexDevice device = Open(
            "regex_simd0" + arguments,
            RegexRule.FromText(7, "needle"),
            RegexRule.FromText(3, "n[a-z]+e\\b", RegexRuleFlags.Caseless),
            RegexRule.FromText(9, "^GET (\\S+)"));
        string[] payloads = ["GET /needle here", "", "nothing", "NEEDLE needle"];
        RegexOp[] sent = [.. payloads.Select(p => Op(Encoding.Latin1.GetBytes(p)))];
        Assert.Equal(4, device.EnqueueBurst(0, sent));
        Assert.Equal(4, device.GetInFlightCount(0));
        var back = new RegexOp[8];
        Assert.Equal(4, device.DequeueBurst(0, back));
        Assert.Equal(sent, back[..4]);
        Assert.All(back[..4], op => Assert.Equal(OpStatus.Success, op.Status));
        Assert.Equal(
            [new RegexMatch(9, 0, 11, 0), new RegexMatch(3, 5, 6, 0), new RegexMatch(7, 5, 6, 0)], back[0].Matches.ToArray());
        Assert.Empty(back[1].Matches.ToArray());
        Assert.Empty(back[2].Matches.ToArray());
        Assert.Equal(
            [new RegexMatch(3, 0, 6, 0), new RegexMatch(3, 7, 6, 0), new RegexMatch(7, 7, 6, 0)], back[3].Matches.ToArray());
        Free(back[..4]);
        device.Stop();
    }

    [Fact]
    public void AChainIsSearchedAsOnePayload()
    {
        using RegexDevice device = Open("regex_simd0", RegexRule.FromText(1, "needle"), RegexRule.FromText(2, "a[^z]*z$"));
        Assert.True(_mbufs.TryAlloc(out Mbuf head));
        Append(head, "xxa nee"u8);
        foreach (string part in new[] { "d", "", "le ..", "z" })
        {
            Assert.True(_mbufs.TryAlloc(out Mbuf next));
            Append(next, Encoding.Latin1.GetBytes(part));
            Assert.True(head.TryChain(next));
        }

        RegexOp op = Op(head);
        op.PayloadOffset = 2;
        RegexOp done = Run(device, op);
        Assert.Equal([new RegexMatch(2, 0, 12, 0), new RegexMatch(1, 2, 6, 0)], done.Matches.ToArray());
        op.FreeWithBuffers();
    }

    [Fact]
    public void OffsetAndLengthCutThePayload()
    {
        using RegexDevice device = Open("regex_simd0", RegexRule.FromText(1, "^b+$"));
        RegexOp op = Op("abbbc"u8);
        op.PayloadOffset = 1;
        op.PayloadLength = 3;
        Assert.Equal([new RegexMatch(1, 0, 3, 0)], Run(device, op).Matches.ToArray());
        op.FreeWithBuffers();
    }

    [Fact]
    public void RoomThatIsTooSmallIsSaidAndMatchesAreCounted()
    {
        using RegexDevice device = Open("regex_simd0", RegexRule.FromText(1, "a"));
        RegexOp op = Op(Encoding.ASCII.GetBytes(new string('a', 100)));
        Run(device, op);
        Assert.Equal(16, op.Matches.Length);
        Assert.Equal(100, op.ActualMatchCount);
        Assert.Equal(RegexResponseFlags.MatchesExceeded, op.ResponseFlags);
        Assert.Equal(15, op.Matches[^1].Start);
        op.FreeWithBuffers();
    }

    [Fact]
    public void StopOnMatchAndHighPriorityGiveOneMatch()
    {
        using RegexDevice device = Open("regex_simd0", RegexRule.FromText(5, "a+"), RegexRule.FromText(2, "b"));
        RegexOp op = Op("xaaab b"u8);
        op.RequestFlags = RegexRequestFlags.StopOnMatch;
        Assert.Equal([new RegexMatch(5, 1, 3, 0)], Run(device, op).Matches.ToArray());
        Assert.Equal(RegexResponseFlags.None, op.ResponseFlags);
        op.RequestFlags = RegexRequestFlags.HighPriority;
        Assert.Equal([new RegexMatch(2, 4, 1, 0)], Run(device, op).Matches.ToArray());
        Assert.Equal(1, op.ActualMatchCount);
        op.FreeWithBuffers();
    }

    [Fact]
    public void GroupZeroIsSearchedUnlessGroupsAreNamed()
    {
        using RegexDevice device = Open(
            "regex_simd0",
            new RegexConfiguration { GroupCount = 3 },
            RegexRule.FromText(1, "a"),
            RegexRule.FromText(1, "b", groupId: 1),
            RegexRule.FromText(4, "c", groupId: 2));
        RegexOp op = Op("abc"u8);
        Assert.Equal([new RegexMatch(1, 0, 1, 0)], Run(device, op).Matches.ToArray());
        op.SetGroup(3, 1);
        Assert.Equal([new RegexMatch(1, 1, 1, 1)], Run(device, op).Matches.ToArray());
        op.SetGroup(0, 2);
        Assert.Equal([new RegexMatch(1, 1, 1, 1), new RegexMatch(4, 2, 1, 2)], Run(device, op).Matches.ToArray());
        op.SetGroup(1, 3);
        Assert.Equal(0, device.EnqueueBurst(0, [op]));
        Assert.Equal(EnqueueRejection.InvalidSession, device.GetRejection(0));
        Assert.Equal(OpStatus.InvalidSession, op.Status);
        op.FreeWithBuffers();
    }

    [Fact]
    public void BadArgumentsStopTheBurstWithTheReason()
    {
        using RegexDevice device = Open("regex_simd0,payload_max=64", RegexRule.FromText(1, "a"));
        RegexOp good = Op("a"u8);
        RegexOp beyond = Op("a"u8);
        beyond.PayloadOffset = 2;
        RegexOp tooLong = Op(new byte[65]);
        Assert.True(_ops.TryAlloc(out RegexOp noPacket));
        foreach (RegexOp bad in new[] { beyond, tooLong, noPacket })
        {
            Assert.Equal(1, device.EnqueueBurst(0, [good, bad, good]));
            Assert.Equal(EnqueueRejection.InvalidArguments, device.GetRejection(0));
            Assert.Equal(OpStatus.InvalidArguments, bad.Status);
            Assert.Equal(1, device.DequeueBurst(0, new RegexOp[4]));
        }

        Assert.Equal(3UL, device.Statistics.EnqueueErrorCount);
        good.FreeWithBuffers();
        beyond.FreeWithBuffers();
        tooLong.FreeWithBuffers();
        noPacket.Free();
    }

    [Fact]
    public void AFullQueueTakesAPrefix()
    {
        using RegexDevice device = Open("regex_simd0", RegexRule.FromText(1, "a"));
        device.Stop();
        device.ConfigureQueuePair(0, new QueuePairOptions<RegexOp> { DescriptorCount = 4 });
        device.Start();
        RegexOp[] ops = [.. Enumerable.Range(0, 6).Select(_ => Op("a"u8))];
        Assert.Equal(4, device.EnqueueBurst(0, ops));
        Assert.Equal(EnqueueRejection.QueueFull, device.GetRejection(0));
        Assert.Equal(3, device.DequeueBurst(0, new RegexOp[3]));
        Assert.Equal(2, device.EnqueueBurst(0, ops.AsSpan(4)));
        Assert.Equal(3, device.DequeueBurst(0, new RegexOp[8]));
        Free(ops);
    }

    [Theory]
    [InlineData(RegexConfigurationFlags.MatchAsEnd, "0:2 0:3 0:4")]
    [InlineData(RegexConfigurationFlags.MatchAll, "0:2 0:3 0:4 1:1 1:2 1:3")]
    public void EndsAndAllAreConfigurations(RegexConfigurationFlags flags, string expected)
    {
        using RegexDevice device = Open(
            "regex_simd0", new RegexConfiguration { Flags = flags }, RegexRule.FromText(1, "a?b+"));
        RegexOp op = Op("abbb"u8);
        List<string> found = [];
        foreach (RegexMatch match in Run(device, op).Matches)
        {
            found.Add($"{match.Start}:{match.Length}");
        }

        Assert.StartsWith(expected, string.Join(' ', found), StringComparison.Ordinal);
        op.FreeWithBuffers();
    }

    [Fact]
    public void ARefusedRuleIsNamedAndTheOldRulesStay()
    {
        using RegexDevice device = Open("regex_simd0", RegexRule.FromText(1, "a"));
        device.AddRules([RegexRule.FromText(12, "ab(?R)"), RegexRule.FromText(13, "x)")]);
        RegexRuleException refusal = Assert.Throws<RegexRuleException>(device.CompileAndActivate);
        Assert.Equal([(12, 2), (13, 1)], refusal.Errors.Select(static e => (e.RuleId, e.Offset)));
        RegexOp op = Op("abc"u8);
        Assert.Equal([new RegexMatch(1, 0, 1, 0)], Run(device, op).Matches.ToArray());
        op.FreeWithBuffers();
    }

    [Fact]
    public void RulesChangeWhileBurstsRunAndNoOpSeesAMixture()
    {
        using RegexDevice device = Open("regex_simd0", RegexRule.FromText(1, "old"), RegexRule.FromText(2, "same"));
        var stop = new CancellationTokenSource();
        var failures = new List<string>();
        var poller = new Thread(() =>
        {
            RegexOp op = Op("old same new"u8);
            while (!stop.IsCancellationRequested)
            {
                string ids = string.Join(',', Run(device, op).Matches.ToArray().Select(static m => m.RuleId));
                if (ids is not ("1,2" or "2,3"))
                {
                    failures.Add(ids);
                    break;
                }
            }

            op.FreeWithBuffers();
        });
        poller.Start();
        for (int i = 0; i < 100; i++)
        {
            device.RemoveRule(i % 2 == 0 ? 1 : 3);
            device.AddRules([i % 2 == 0 ? RegexRule.FromText(3, "new") : RegexRule.FromText(1, "old")]);
            device.CompileAndActivate();
        }

        stop.Cancel();
        poller.Join();
        Assert.Empty(failures);
    }

    [Fact]
    public void AnExportedDatabaseComesBackAndADamagedOneDoesNot()
    {
        using RegexDevice device = Open("regex_simd0", RegexRule.FromText(1, "a+"), RegexRule.FromText(2, "[b-d]", RegexRuleFlags.Caseless));
        byte[] image = device.ExportRules();
        using RegexDevice other = Open("regex_simd1", RegexRule.FromText(9, "zzz"));
        other.ImportRules(image);
        RegexOp op = Op("aaD zzz"u8);
        Assert.Equal([new RegexMatch(1, 0, 2, 0), new RegexMatch(2, 2, 1, 0)], Run(other, op).Matches.ToArray());
        var random = new Random(3);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. image];
            if (i % 3 == 0)
            {
                damaged = damaged[..random.Next(damaged.Length)];
            }
            else
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            Assert.Throws<FormatException>(() => other.ImportRules(damaged));
        }

        Assert.Equal(2, Run(other, op).Matches.Length);
        op.FreeWithBuffers();
    }

    [Fact]
    public void TheReportNamesAKernelForEachOperationAndObeysTheLimit()
    {
        foreach (SimdWidth width in Engine.ScannerFactory.Widths)
        {
            using RegexDevice device = _registry.OpenRegex($"regex_simd0,max_simd={(int)width}");
            Assert.Equal(
                ["literal-shuffle", "literal-hash", "byte-scan", "automaton", "backtracking"],
                device.Info.Kernels.Select(static k => k.Operation));
            Assert.Equal(
                [width, width, width, SimdWidth.Scalar, SimdWidth.Scalar], device.Info.Kernels.Select(static k => k.Width));
        }
    }

    [Fact]
    public void UnknownArgumentsAndTooManyQueuesAreErrors()
    {
        Assert.Contains("queues", Assert.Throws<ArgumentException>(() => _registry.OpenRegex("regex_simd0,colour=red")).Message, StringComparison.Ordinal);
        using RegexDevice device = _registry.OpenRegex("regex_simd0,queues=2");
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Configure(new RegexConfiguration { QueuePairCount = 3 }));
        Assert.Throws<ArgumentException>(() => device.Configure(
            new RegexConfiguration { Flags = RegexConfigurationFlags.MatchAll | RegexConfigurationFlags.MatchAsEnd }));
    }

    [Fact]
    public void EveryRuleIsExplained()
    {
        using RegexDevice device = Open(
            "regex_simd0", RegexRule.FromText(1, "literal"), RegexRule.FromText(2, "lit.*x"), RegexRule.FromText(3, "[a-z]*lit[0-9]"),
            RegexRule.FromText(4, "^a"), RegexRule.FromText(5, "[0-9]{3}"), RegexRule.FromText(6, "a*", RegexRuleFlags.AllowEmpty));
        IReadOnlyList<RegexRuleReport> reports = device.ExplainRules();
        Assert.All(reports.Take(3), static r => Assert.Contains("windows", r.Tier, StringComparison.Ordinal));
        Assert.Equal(["payload start", "always-on", "every payload"], reports.Skip(3).Select(static r => r.Tier));
        Assert.Equal("none", reports[0].Automaton);
        Assert.Contains("DFA", reports[1].Automaton, StringComparison.Ordinal);
    }

    [Fact]
    public void CountersMove()
    {
        using RegexDevice device = Open("regex_simd0", RegexRule.FromText(1, "needle.*x"));
        RegexOp op = Op("a needle and x"u8);
        Run(device, op);
        Dictionary<string, ulong> counters = device.GetExtendedStatistics().ToDictionary(static s => s.Name, static s => s.Value);
        Assert.Equal(1UL, counters["q0_matches"]);
        Assert.Equal(1UL, counters["q0_verifications"]);
        Assert.Equal(14UL, counters["q0_payload_bytes"]);
        Assert.Equal(1UL, counters["rules"]);
        op.FreeWithBuffers();
    }

    [Fact]
    public void ABurstAllocatesNothing()
    {
        using RegexDevice device = Open("regex_simd0", RegexRule.FromText(1, "needle"), RegexRule.FromText(2, "[0-9]+x"));
        RegexOp[] ops = [.. Enumerable.Range(0, 32).Select(_ => Op("a needle 12x"u8))];
        var back = new RegexOp[32];
        Assert.True(Engine.AllocationFree.Once(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                device.EnqueueBurst(0, ops);
                device.DequeueBurst(0, back);
            }
        }));
        Free(ops);
    }

    public void Dispose()
    {
        _ops.Dispose();
        _mbufs.Dispose();
    }

    private static RegexOp Run(RegexDevice device, RegexOp op)
    {
        Assert.Equal(1, device.EnqueueBurst(0, [op]));
        var back = new RegexOp[1];
        Assert.Equal(1, device.DequeueBurst(0, back));
        Assert.Equal(OpStatus.Success, back[0].Status);
        return back[0];
    }

    private static void Append(Mbuf mbuf, ReadOnlySpan<byte> data)
    {
        Assert.True(mbuf.TryAppend(data.Length, out Span<byte> added));
        data.CopyTo(added);
    }

    private static void Free(ReadOnlySpan<RegexOp> ops)
    {
        foreach (RegexOp op in ops)
        {
            op.FreeWithBuffers();
        }
    }

    private RegexDevice Open(string specifier, params RegexRule[] rules) => Open(specifier, new RegexConfiguration(), rules);

    private RegexDevice Open(string specifier, RegexConfiguration configuration, params RegexRule[] rules)
    {
        RegexDevice device = _registry.OpenRegex(specifier);
        device.Configure(configuration);
        device.AddRules(rules);
        device.CompileAndActivate();
        device.Start();
        return device;
    }

    private RegexOp Op(ReadOnlySpan<byte> payload)
    {
        Assert.True(_mbufs.TryAlloc(out Mbuf mbuf));
        Append(mbuf, payload);
        return Op(mbuf);
    }

    private RegexOp Op(Mbuf mbuf)
    {
        Assert.True(_ops.TryAlloc(out RegexOp op));
        op.Mbuf = mbuf;
        return op;
    }
}
