using System.Text;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Regex.Tests.Oracle;
using Outboard.Regex;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.Engine;

/// <summary>What goes wrong with DPDK's regexdev and its drivers, each once, where it must not go wrong here.</summary>
public sealed class RegexdevDefectTests
{
    /// <summary>rte_regexdev_get_dev_id gives the first device whose name is another.</summary>
    [Fact]
    public void ADeviceOpenedByNameIsTheOneOfThatName()
    {
        DriverRegistry registry = NewRegistry();
        RegexDevice[] devices = [.. Enumerable.Range(0, 4).Select(i => registry.OpenRegex($"regex_simd{i}"))];
        for (int i = 0; i < devices.Length; i++)
        {
            Assert.Equal($"regex_simd{i}", devices[i].Name);
            Assert.Equal($"regex_simd{i}", devices[i].Info.Name);
            Assert.Contains($"regex_simd{i}", Assert.Throws<ArgumentException>(() => registry.OpenRegex($"regex_simd{i}")).Message, StringComparison.Ordinal);
        }

        Assert.Contains("regex_simd", Assert.Throws<ArgumentException>(() => registry.OpenRegex("regex_other0")).Message, StringComparison.Ordinal);
        Array.ForEach(devices, static device => device.Dispose());
    }

    /// <summary>nb_rules_per_group 0 is documented as "as many as the device can" and refused.</summary>
    [Fact]
    public void ZeroRulesPerGroupMeansAsManyAsTheDeviceCan()
    {
        using RegexDevice device = NewRegistry().OpenRegex("regex_simd0");
        device.Configure(new RegexConfiguration { RulesPerGroupMax = 0 });
        Assert.Equal(device.Info.RulesPerGroupMax, device.Configuration.RulesPerGroupMax);
        device.Configure(new RegexConfiguration { RulesPerGroupMax = 2 });
        device.AddRules([RegexRule.FromText(1, "a"), RegexRule.FromText(2, "b"), RegexRule.FromText(3, "c")]);
        Assert.Contains("RulesPerGroupMax is 2", Assert.Throws<ArgumentException>(device.CompileAndActivate).Message, StringComparison.Ordinal);
    }

    /// <summary>nb_max_matches 0 is documented as allowed and refused without a word; here the range is in the message.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void AMatchLimitOutsideTheRangeIsRefusedWithTheRange(int matchesMax)
    {
        using RegexDevice device = NewRegistry().OpenRegex("regex_simd0");
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(
            () => device.Configure(new RegexConfiguration { MatchesMax = matchesMax }));
        Assert.Contains("MatchesMax from 1 to 65535", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Asking for the number of xstats names, or for one by name alone, is refused though documented.</summary>
    [Fact]
    public void EveryExtendedStatisticIsFoundByNameAndById()
    {
        using var bench = new DeviceBench();
        bench.SetRules(RegexRule.FromText(1, "needle"));
        bench.Search("needle"u8);
        IReadOnlyList<ExtendedStatistic> all = bench.Device.GetExtendedStatistics();
        Assert.NotEmpty(all);
        for (int id = 0; id < all.Count; id++)
        {
            Assert.Equal(id, all[id].Id);
            Assert.Equal(all[id], Assert.Single(all, s => s.Name == all[id].Name));
        }

        Assert.Equal(1UL, Assert.Single(all, static s => s.Name == "q0_matches").Value);
    }

    /// <summary>A device registered again keeps 0x01 bytes and old data.</summary>
    [Fact]
    public void ADeviceOpenedAgainKnowsNothingOfItsFormerLife()
    {
        DriverRegistry registry = NewRegistry();
        for (int life = 0; life < 3; life++)
        {
            using RegexDevice device = registry.OpenRegex("regex_simd0");
            Assert.Equal(DeviceState.Opened, device.State);
            Assert.Equal(default, device.Statistics);
            device.Configure(new RegexConfiguration());
            Assert.Empty(device.ExplainRules());
            device.AddRules([RegexRule.FromText(life, "a")]);
            device.CompileAndActivate();
            Assert.Equal([life], device.ExplainRules().Select(static r => r.RuleId));
        }
    }

    /// <summary>rte_regexdev_rule_db_update takes 32 bits of count and hands its drivers 16.</summary>
    [Fact]
    public void MoreThan65536RulesInOneUpdateAreAllInForce()
    {
        const int Count = 66_000;
        using var bench = new DeviceBench(matchesMax: 16);
        bench.SetRules([.. Enumerable.Range(0, Count).Select(static i => RegexRule.FromText(i, $"rule{i:d6}"))]);
        Assert.Equal(Count, bench.Device.ExplainRules().Count);
        foreach (int rule in (int[])[0, 463, 464, 65_535, 65_536, Count - 1])
        {
            Assert.Equal([(rule, 1, 11)], bench.Search(Encoding.ASCII.GetBytes($".rule{rule:d6}")));
        }
    }

    /// <summary>Ids of queue pairs lose bits on their way through calls of different widths.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(256)]
    [InlineData(65_536)]
    public void AQueuePairThatIsNotThereIsNotTakenForAnother(int index)
    {
        using var bench = new DeviceBench();
        Assert.ThrowsAny<Exception>(() => bench.Device.EnqueueBurst(index, []));
        Assert.ThrowsAny<Exception>(() => bench.Device.DequeueBurst(index, []));
        bench.Device.Stop();
        Assert.Throws<ArgumentOutOfRangeException>(
            () => bench.Device.ConfigureQueuePair(index, new QueuePairOptions<RegexOp>()));
    }

    /// <summary>mlx5 writes results into whatever ops the caller passes to dequeue, so that op and mbuf part.</summary>
    [Fact]
    public void ADequeueGivesTheOpsThatWereEnqueuedWithTheirMbufs()
    {
        using var bench = new DeviceBench();
        bench.SetRules(RegexRule.FromText(1, "x+"));
        RegexOp[] ops = [.. Enumerable.Range(0, 40).Select(i => bench.Op(Encoding.ASCII.GetBytes(new string('x', i + 1))))];
        Mbuf[] mbufs = [.. ops.Select(static op => op.Mbuf)];
        for (int i = 0; i < ops.Length; i++)
        {
            ops[i].UserData = (ulong)i + 1000;
        }

        for (int round = 0; round < 5; round++)
        {
            for (int sent = 0; sent < ops.Length;)
            {
                sent += bench.Device.EnqueueBurst(0, ops.AsSpan(sent, Math.Min(7, ops.Length - sent)));
            }

            // What the caller passes in its span must not matter.
            var back = new RegexOp[ops.Length];
            Array.Fill(back, ops[^1]);
            for (int done = 0; done < back.Length;)
            {
                done += bench.Device.DequeueBurst(0, back.AsSpan(done, Math.Min(3, back.Length - done)));
            }

            for (int i = 0; i < back.Length; i++)
            {
                Assert.Equal((ops[i], mbufs[i], (ulong)i + 1000), (back[i], back[i].Mbuf, back[i].UserData));
                Assert.Equal([new RegexMatch(1, 0, i + 1, 0)], back[i].Matches.ToArray());
            }
        }

        Array.ForEach(ops, static op => op.FreeWithBuffers());
    }

    /// <summary>test-regex never starts its devices, and bursts work all the same on some of them.</summary>
    [Fact]
    public void ADeviceMustBeStartedBeforeItMovesOps()
    {
        using var bench = new DeviceBench();
        bench.SetRules(RegexRule.FromText(1, "a"));
        bench.Device.Stop();
        RegexOp op = bench.Op("a"u8);
        Assert.Equal(0, bench.Device.EnqueueBurst(0, [op]));
        Assert.Equal(EnqueueRejection.NotStarted, bench.Device.GetRejection(0));
        Assert.Equal(0, bench.Device.DequeueBurst(0, new RegexOp[1]));
        op.FreeWithBuffers();
        bench.Device.Start();
        Assert.Equal([(1, 0, 1)], bench.Search("a"u8));
    }

    /// <summary>A match count has 16 bits in the op and 8 in test-regex; the devices stop at 254.</summary>
    [Theory]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(300)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(100_000)]
    public void MatchesAreCountedBeyondEightAndSixteenBits(int count)
    {
        using var bench = new DeviceBench(matchesMax: 65_535, ops: 1);
        bench.SetRules(RegexRule.FromText(1, "a"));
        List<(int, int, int)> found = bench.Search(Encoding.ASCII.GetBytes(new string('a', count)));
        Assert.Equal(count, bench.ActualMatchCount);
        Assert.Equal(Math.Min(count, 65_535), found.Count);
        Assert.Equal(count > 65_535, bench.ResponseFlags.HasFlag(RegexResponseFlags.MatchesExceeded));
    }

    /// <summary>A match has 16 bits each for its start and its length.</summary>
    [Fact]
    public void AMatchBeyond64KibibytesHasItsStartAndLength()
    {
        using var bench = new DeviceBench(",payload_max=262144");
        bench.SetRules(RegexRule.FromText(1, "needle"), RegexRule.FromText(2, "b.*e$", RegexRuleFlags.DotAll));
        byte[] payload = new byte[200_006];
        payload[5] = (byte)'b';
        "needle"u8.CopyTo(payload.AsSpan(200_000));
        Assert.Equal([(2, 5, 200_006), (1, 200_000, 200_006)], bench.Search(payload));
    }

    /// <summary>A match has 20 bits for its rule and 12 for its group.</summary>
    [Fact]
    public void RuleAndGroupIdsKeepAllTheirBits()
    {
        using var bench = new DeviceBench(groups: 65_536);
        bench.SetRules(
            RegexRule.FromText(int.MaxValue, "a", groupId: 65_535), RegexRule.FromText(1 << 20, "a", groupId: 4096),
            RegexRule.FromText(0, "a", groupId: 4095));
        RegexOp op = bench.Op("a"u8);
        op.SetGroup(0, 65_535);
        op.SetGroup(1, 4096);
        Assert.Equal(1, bench.Device.EnqueueBurst(0, [op]));
        bench.Collect(1);
        Assert.Equal([new RegexMatch(1 << 20, 0, 1, 4096), new RegexMatch(int.MaxValue, 0, 1, 65_535)], op.Matches.ToArray());
        op.FreeWithBuffers();
    }

    /// <summary>Prefix limit and resource limit share a bit.</summary>
    [Fact]
    public void EveryResponseFlagHasABitOfItsOwn()
    {
        RegexResponseFlags[] flags = [.. Enum.GetValues<RegexResponseFlags>().Where(static f => f != RegexResponseFlags.None)];
        Assert.All(flags, static f => Assert.True(int.IsPow2((int)f)));
        Assert.Equal(flags.Length, flags.Distinct().Count());
    }

    /// <summary>A refused update says a number of rules and an errno.</summary>
    [Fact]
    public void EveryRefusedRuleIsNamedWithPlaceAndReason()
    {
        using var bench = new DeviceBench(groups: 3);
        bench.SetRules(RegexRule.FromText(1, "old"));
        IReadOnlyList<RegexRuleError> errors = bench.TrySetRules(
            RegexRule.FromText(5, "fine"), RegexRule.FromText(6, "ab(c"), RegexRule.FromText(7, "[z-a]", groupId: 2), RegexRule.FromText(8, "*a"));
        Assert.Equal([(6, 0), (8, 0), (7, 2)], errors.OrderBy(static e => e.GroupId).ThenBy(static e => e.RuleId).Select(static e => (e.RuleId, (int)e.GroupId)));
        Assert.All(errors, static e => Assert.True(e.Reason.Length > 10 && e.Offset >= 0));
        Assert.Equal(3, errors.Select(static e => e.Reason).Distinct().Count());
        Assert.Equal([(1, 0, 3)], bench.Search("old fine"u8));
    }

    /// <summary>Flags that a device does not have are passed on to it, or refused without their names.</summary>
    [Fact]
    public void AFlagThatTheDeviceDoesNotHaveIsNamed()
    {
        using var bench = new DeviceBench();
        ArgumentException e = Assert.Throws<ArgumentException>(
            () => bench.Device.AddRules([RegexRule.FromText(3, "a", (RegexRuleFlags)(1 << 30))]));
        Assert.Contains("rule 3", e.Message, StringComparison.Ordinal);
        Assert.Contains("Caseless", e.Message, StringComparison.Ordinal);
    }

    /// <summary>cn9k reads the first segment of a chain only.</summary>
    [Fact]
    public void EverySegmentOfAChainIsSearched()
    {
        using var bench = new DeviceBench();
        bench.SetRules(RegexRule.FromText(1, "[0-9]{3}"));
        byte[] payload = new byte[5 * DeviceBench.SegmentLength];
        List<(int, int, int)> expected = [];
        for (int segment = 0; segment < 5; segment++)
        {
            int at = (segment * DeviceBench.SegmentLength) + (segment == 0 ? 0 : -1);
            "123"u8.CopyTo(payload.AsSpan(at));
            expected.Add((1, at, at + 3));
        }

        Assert.Equal(expected, bench.Search(payload));
    }

    /// <summary>No call tells what a rule costs or how often it matched.</summary>
    [Fact]
    public void EachRuleHasItsOwnCounters()
    {
        DeviceBench bench;
        try
        {
            bench = new DeviceBench(",rule_stats=on");
        }
        catch (ArgumentException)
        {
            Assert.Skip("the device has no argument rule_stats");
            return;
        }

        using (bench)
        {
            bench.SetRules(RegexRule.FromText(7, "needle"), RegexRule.FromText(8, "x[0-9]+"));
            bench.Search("needle x1 needle"u8);
            bench.Search("needle x22"u8);
            ExtendedStatistic[] all = [.. bench.Device.GetExtendedStatistics().Where(static s => s.Name.Contains("rule", StringComparison.Ordinal))];
            Assert.Contains(all, static s => s.Name.Contains("_7_", StringComparison.Ordinal) && s.Value == 3);
            Assert.Contains(all, static s => s.Name.Contains("_8_", StringComparison.Ordinal) && s.Value == 2);
        }
    }

    private static DriverRegistry NewRegistry()
    {
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(new RegexPlugin(), "Outboard.Plugins.Regex", "test");
        return registry;
    }
}
