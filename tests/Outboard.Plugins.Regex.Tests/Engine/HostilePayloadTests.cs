using System.Text;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Regex.Tests.Oracle;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Tests.Engine;

/// <summary>Payloads at every limit: all bytes, lengths about powers of two and beyond 64 KiB, floods of matches.</summary>
public sealed class HostilePayloadTests
{
    [Fact]
    public void EveryByteValueIsFoundWhereItStands()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(static b => (byte)b)];
        foreach (string width in DeviceBench.Widths)
        {
            using var bench = new DeviceBench(width);
            bench.SetRules(
            [
                .. Enumerable.Range(0, 256).Select(static b => RegexRule.FromText(b, $"\\x{b:x2}")),
                RegexRule.FromText(256, "[\\x00-\\xff]{256}"),
                RegexRule.FromText(257, "^.*$", RegexRuleFlags.DotAll),
                RegexRule.FromText(258, "\\x00\\x01"),
                RegexRule.FromText(259, "\\xfe\\xff$"),
            ]);
            List<(int Rule, int Start, int End)> found = bench.Search(all);
            Assert.Equal(Enumerable.Range(0, 256).Select(static b => (b, b, b + 1)), found.Where(static m => m.Rule < 256));
            Assert.Equal([(256, 0, 256), (257, 0, 256), (258, 0, 2), (259, 254, 256)], found.Where(static m => m.Rule >= 256));
            byte[] backwards = [.. all.Reverse()];
            Assert.Equal(
                Enumerable.Range(0, 256).Select(static at => (255 - at, at, at + 1)),
                bench.Search(backwards).Where(static m => m.Rule < 256));
        }
    }

    /// <summary>What stands first, last and across every seam is found, at every width and however the chain is cut.</summary>
    [Fact]
    public void LengthsAboutPowersOfTwoAndBeyond64KibibytesAreSearchedToTheLastByte()
    {
        HashSet<int> lengths = [.. Enumerable.Range(13, 130)];
        for (int power = 8; power <= 17; power++)
        {
            lengths.UnionWith(Enumerable.Range((1 << power) - 2, 5));
        }

        foreach (string width in DeviceBench.Widths)
        {
            using var bench = new DeviceBench(width + ",payload_max=262144");
            List<RegexRule> rules =
            [
                RegexRule.FromText(1, "needle"), RegexRule.FromText(2, "n[a-z]+e$"), RegexRule.FromText(3, "^ne{2}dle"),
                RegexRule.FromText(4, "[^.]{6}$"), RegexRule.FromText(5, "NEEDLE", RegexRuleFlags.Caseless),
            ];
            if (DeviceBench.Can(RegexCapabilities.LookAround | RegexCapabilities.BackReferences))
            {
                rules.Add(RegexRule.FromText(6, "(?<=n)(e)\\1(?=dle)"));
            }

            bench.SetRules(rules);
            foreach (int length in lengths)
            {
                var payload = new byte[length];
                payload.AsSpan().Fill((byte)'.');
                "needle"u8.CopyTo(payload);
                "needle"u8.CopyTo(payload.AsSpan(length - 6));
                int last = length - 6;
                List<(int, int, int)> expected =
                [
                    (1, 0, 6), (3, 0, 6), (5, 0, 6), (1, last, length), (2, last, length), (4, last, length), (5, last, length),
                ];
                if (rules.Count > 5)
                {
                    expected.Insert(3, (6, 1, 3));
                    expected.Add((6, last + 1, last + 3));
                }

                Assert.Equal(expected, bench.Search(payload));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(4095)]
    [InlineData(65535)]
    public void AFloodOfMatchesIsCutAtTheCapAndCounted(int cap)
    {
        const int Length = 70_000;
        byte[] payload = Encoding.ASCII.GetBytes(new string('a', Length));
        foreach (RegexConfigurationFlags mode in (RegexConfigurationFlags[])[RegexConfigurationFlags.None, RegexConfigurationFlags.MatchAsEnd])
        {
            using var bench = new DeviceBench(string.Empty, mode, matchesMax: cap, ops: 1);
            foreach (string pattern in (string[])["a", "[ab]", "(?:a|b)"])
            {
                bench.SetRules(RegexRule.FromText(1, pattern));
                List<(int, int, int)> found = bench.Search(payload);
                bool asEnd = mode == RegexConfigurationFlags.MatchAsEnd;
                Assert.Equal(Enumerable.Range(0, cap).Select(at => (1, asEnd ? 0 : at, at + 1)), found);
                Assert.Equal(Length, bench.ActualMatchCount);
                Assert.Equal(RegexResponseFlags.MatchesExceeded, bench.ResponseFlags);
            }
        }
    }

    [Fact]
    public void AFloodOfManyRulesKeepsTheFirstMatchesOfAll()
    {
        using var bench = new DeviceBench(matchesMax: 100);
        bench.SetRules([.. Enumerable.Range(0, 50).Select(static i => RegexRule.FromText(i, i % 2 == 0 ? "aa" : "[ab]a"))]);
        List<(int Rule, int Start, int End)> found = bench.Search(Encoding.ASCII.GetBytes(new string('a', 4000)));
        Assert.Equal(Enumerable.Range(0, 100).Select(static i => (i % 50, i / 50 * 2, (i / 50 * 2) + 2)), found);
        Assert.Equal(50 * 2000, bench.ActualMatchCount);
    }

    [Fact]
    public void EveryCutOfAChainGivesTheMatchesOfThePiece()
    {
        using var bench = new DeviceBench();
        bench.SetRules(RegexRule.FromText(1, "needle"), RegexRule.FromText(2, "[a-z]+\\d"), RegexRule.FromText(3, "^xx.*9$", RegexRuleFlags.DotAll));
        byte[] payload = "xx needle7\nneedle 9"u8.ToArray();
        List<(int, int, int)> expected = bench.Search(payload);
        Assert.Equal(4, expected.Count);
        for (int first = 0; first <= payload.Length; first++)
        {
            for (int second = first; second <= payload.Length; second++)
            {
                Mbuf head = bench.Packet(payload.AsSpan(0, first));
                Assert.True(head.TryChain(bench.Packet(payload.AsSpan(first, second - first))));
                Assert.True(head.TryChain(bench.Packet(payload.AsSpan(second))));
                Assert.True(bench.Ops.TryAlloc(out RegexOp op));
                op.Mbuf = head;
                Assert.Equal(1, bench.Device.EnqueueBurst(0, [op]));
                Assert.Equal(expected, DeviceBench.Read(bench.Collect(1)[0]));
                op.FreeWithBuffers();
            }
        }
    }

    [Fact]
    public void APayloadBeyondTheLimitIsRefusedAndOneAtTheLimitIsSearched()
    {
        using var bench = new DeviceBench(",payload_max=65536");
        bench.SetRules(RegexRule.FromText(1, "a$"));
        var payload = new byte[65537];
        payload[65535] = (byte)'a';
        Assert.Equal([(1, 65535, 65536)], bench.Search(payload.AsSpan(0, 65536)));
        RegexOp op = bench.Op(payload);
        Assert.Equal(0, bench.Device.EnqueueBurst(0, [op]));
        Assert.Equal(EnqueueRejection.InvalidArguments, bench.Device.GetRejection(0));
        op.FreeWithBuffers();
    }

    /// <summary>Payloads that are not the UTF-8 that a rule expects give no match inside a character, and no error.</summary>
    [Fact]
    public void BytesThatAreNotUtf8DoNoHarm()
    {
        Assert.SkipUnless(
            DeviceBench.DeviceInfo.RuleFlags.HasFlag(RegexRuleFlags.Utf), "the device does not take rules in UTF-8");
        using var bench = new DeviceBench();
        const RegexRuleFlags Utf = RegexRuleFlags.Utf;
        bench.SetRules(
            RegexRule.FromText(1, "a.c", Utf), RegexRule.FromText(2, "\\x{e9}", Utf), RegexRule.FromText(3, "[^a]c", Utf),
            RegexRule.FromText(4, "needle", Utf), RegexRule.FromText(5, "\\W+z", Utf));
        var random = new Random(FuzzSettings.Seed);
        for (int i = 0; i < 3000; i++)
        {
            byte[] payload = new byte[random.Next(0, 60)];
            random.NextBytes(payload);
            foreach ((_, int start, int end) in bench.Search(payload))
            {
                Assert.True(start >= 0 && start < end && end <= payload.Length);
            }

            payload = [.. payload, .. "\n needle"u8];
            Assert.Contains((4, payload.Length - 6, payload.Length), bench.Search(payload));
        }
    }
}
