using Outboard.Devices;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Tests.Engine;

/// <summary>A flow cut into buffers in any way has the matches of the flow in one piece, in offsets from its start, each once.</summary>
public sealed class StreamDifferentialTests(ITestOutputHelper output)
{
    private const int Patterns = 700;
    private const int DifferencesShown = 12;

    public static TheoryData<RegexConfigurationFlags> Modes =>
        [RegexConfigurationFlags.None, RegexConfigurationFlags.MatchAsEnd, RegexConfigurationFlags.MatchAll];

    [Theory]
    [MemberData(nameof(Modes))]
    public void AnySplitGivesTheAnswerOfTheWhole(RegexConfigurationFlags mode)
    {
        SkipUnlessOffered();
        RegexDeviceInfo info = DeviceBench.DeviceInfo;
        var random = new Random(FuzzSettings.Seed + 50 + (int)mode);
        var patterns = new PatternWriter(random, info.Capabilities, info.RuleFlags);
        var payloads = new PayloadWriter(random);
        using var whole = new DeviceBench(string.Empty, mode);
        using var parts = new DeviceBench(string.Empty, mode | RegexConfigurationFlags.CrossBufferScan);
        List<string> differences = [];
        int compared = 0;
        for (int i = 0; i < Patterns * FuzzSettings.Times && differences.Count < DifferencesShown; i++)
        {
            WrittenPattern pattern = patterns.Write();
            if (whole.TrySetRules(pattern.Rule()).Count != 0)
            {
                continue;
            }

            PatternNode root = PatternParser.Parse(pattern.Bytes, pattern.EngineOptions);
            byte[] payload = payloads.Write(root, pattern.IsUtf, 40);
            foreach (int[] cuts in Cuts(random, payload.Length))
            {
                if (Differs(pattern, payload, cuts, mode, whole, parts, out string expected, out string found) is not { } differs)
                {
                    continue;
                }

                compared++;
                if (differs)
                {
                    (WrittenPattern small, byte[] bytes) = Shrinker.Shrink(
                        pattern, payload, (p, data) => Differs(p, data, cuts, mode, whole, parts, out _, out _) == true);
                    Differs(small, bytes, cuts, mode, whole, parts, out expected, out found);
                    differences.Add($"{small} on {Shrinker.Show(bytes)} cut at {string.Join(' ', cuts)}: expected {expected}, found {found}");
                    break;
                }
            }
        }

        output.WriteLine($"{mode}: {compared} splits compared");
        Assert.True(differences.Count == 0, string.Join("\n", differences));
        Assert.True(compared > Patterns);
    }

    [Fact]
    public void StreamsThatTakeTurnsDoNotMix()
    {
        SkipUnlessOffered();
        using var whole = new DeviceBench();
        using var parts = new DeviceBench(string.Empty, RegexConfigurationFlags.CrossBufferScan);
        RegexRule[] rules = [RegexRule.FromText(1, "ab+c"), RegexRule.FromText(2, "needle"), RegexRule.FromText(3, "[0-9]{3,}"), RegexRule.FromText(4, "^a.*z$")];
        whole.SetRules(rules);
        parts.SetRules(rules);
        var random = new Random(FuzzSettings.Seed);
        var payloads = new PayloadWriter(random);
        nint[] streams = [.. Enumerable.Range(0, 6).Select(_ => parts.Device.CreateStream())];
        for (int round = 0; round < 60 * FuzzSettings.Times; round++)
        {
            byte[][] flows = [.. streams.Select(_ => (byte[])[.. "ab"u8, .. payloads.Write(null, false), .. "bbcneedle123456z"u8])];
            var at = new int[streams.Length];
            List<(int, int, int)>[] found = [.. streams.Select(static _ => new List<(int, int, int)>())];
            List<(int Stream, int Base, RegexOp Op)> burst = [];
            while (Enumerable.Range(0, streams.Length).Any(s => at[s] >= 0))
            {
                int stream = random.Next(streams.Length);
                if (at[stream] < 0)
                {
                    continue;
                }

                int length = Math.Min(random.Next(0, 9), flows[stream].Length - at[stream]);
                RegexOp op = parts.Op(flows[stream].AsSpan(at[stream], length));
                op.Stream = streams[stream];
                burst.Add((stream, at[stream], op));
                at[stream] += length;
                if (at[stream] == flows[stream].Length)
                {
                    op.RequestFlags |= RegexRequestFlags.EndOfStream;
                    at[stream] = -1;
                }

                if (burst.Count == 32 || at.All(static a => a < 0))
                {
                    Send(parts, burst, found);
                }
            }

            for (int stream = 0; stream < streams.Length; stream++)
            {
                found[stream].Sort();
                List<(int, int, int)> expected = whole.Search(flows[stream]);
                expected.Sort();
                Assert.Equal(expected, found[stream]);
            }
        }
    }

    [Fact]
    public void AMatchThatIsHeldBackIsAnnounced()
    {
        SkipUnlessOffered();
        using var bench = new DeviceBench(string.Empty, RegexConfigurationFlags.CrossBufferScan);
        bench.SetRules(RegexRule.FromText(1, "needle"));
        nint stream = bench.Device.CreateStream();
        Assert.Empty(bench.Search("..nee"u8, op => op.Stream = stream));
        Assert.True(bench.ResponseFlags.HasFlag(RegexResponseFlags.PartialAtEnd), $"{bench.ResponseFlags}");
        Assert.Equal([(1, -3, 3)], bench.Search("dle.."u8, op => op.Stream = stream));
        Assert.True(bench.ResponseFlags.HasFlag(RegexResponseFlags.PartialAtStart), $"{bench.ResponseFlags}");
        Assert.False(bench.ResponseFlags.HasFlag(RegexResponseFlags.PartialAtEnd), $"{bench.ResponseFlags}");
    }

    [Fact]
    public void TheEndOfAStreamReportsWhatMoreBytesCouldHaveChangedAndStartsOver()
    {
        SkipUnlessOffered();
        using var bench = new DeviceBench(string.Empty, RegexConfigurationFlags.CrossBufferScan);
        bench.SetRules(RegexRule.FromText(1, "a+"), RegexRule.FromText(2, "^b"), RegexRule.FromText(3, "a$"));
        nint stream = bench.Device.CreateStream();
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal([(2, 0, 1)], bench.Search("b-"u8, op => op.Stream = stream));
            Assert.Empty(bench.Search("aa"u8, op => op.Stream = stream));
            List<(int, int, int)> last = bench.Search("a"u8, op =>
            {
                op.Stream = stream;
                op.RequestFlags |= RegexRequestFlags.EndOfStream;
            });
            Assert.Equal([(1, -2, 1), (3, 0, 1)], last);
            Assert.Equal(RegexResponseFlags.None, bench.ResponseFlags & RegexResponseFlags.PartialAtEnd);
        }
    }

    [Fact]
    public void AnEmptyLastBufferEndsTheStream()
    {
        SkipUnlessOffered();
        using var bench = new DeviceBench(string.Empty, RegexConfigurationFlags.CrossBufferScan);
        bench.SetRules(RegexRule.FromText(1, "a+"));
        nint stream = bench.Device.CreateStream();
        Assert.Empty(bench.Search("xaa"u8, op => op.Stream = stream));
        Assert.Equal([(1, -2, 0)], bench.Search([], op =>
        {
            op.Stream = stream;
            op.RequestFlags |= RegexRequestFlags.EndOfStream;
        }));
    }

    [Fact]
    public void AStreamReleasedIsRefusedAndANewOneKnowsNothingOfIt()
    {
        SkipUnlessOffered();
        using var bench = new DeviceBench(string.Empty, RegexConfigurationFlags.CrossBufferScan);
        bench.SetRules(RegexRule.FromText(1, "needle"));
        for (int round = 0; round < 100; round++)
        {
            nint stream = bench.Device.CreateStream();
            Assert.Empty(bench.Search("nee"u8, op => op.Stream = stream));
            bench.Device.ReleaseStream(stream);
            RegexOp stale = bench.Op("dle"u8);
            stale.Stream = stream;
            if (bench.Device.EnqueueBurst(0, [stale]) == 1)
            {
                Assert.NotEqual(OpStatus.Success, bench.Collect(1)[0].Status);
            }

            stale.FreeWithBuffers();
            Assert.Throws<ArgumentException>(() => bench.Device.ReleaseStream(stream));
            nint next = bench.Device.CreateStream();
            Assert.Empty(bench.Search("dle"u8, op => op.Stream = next));
            bench.Device.ReleaseStream(next);
        }
    }

    [Fact]
    public void RulesExchangedBetweenBuffersHoldForTheBuffersBehind()
    {
        SkipUnlessOffered();
        using var bench = new DeviceBench(string.Empty, RegexConfigurationFlags.CrossBufferScan);
        nint stream = bench.Device.CreateStream();
        for (int round = 0; round < 50; round++)
        {
            bench.SetRules(RegexRule.FromText(1, "old"), RegexRule.FromText(2, "same"));
            Assert.Equal([(1, 1, 4), (2, 5, 9)], bench.Search(" old same new "u8, op => op.Stream = stream));
            bench.SetRules(RegexRule.FromText(3, "new"), RegexRule.FromText(2, "same"));
            Assert.Equal([(2, 5, 9), (3, 10, 13)], bench.Search(" old same new "u8, op => op.Stream = stream));
        }
    }

    [Fact]
    public void OffsetsOfAFlowReachBeyondWhatAPayloadCanHold()
    {
        SkipUnlessOffered();
        using var bench = new DeviceBench(string.Empty, RegexConfigurationFlags.CrossBufferScan);
        bench.SetRules(RegexRule.FromText(1, "needle"), RegexRule.FromText(2, "^first"));
        nint stream = bench.Device.CreateStream();
        byte[] filler = new byte[60_000];
        Assert.Equal([(2, 0, 5)], bench.Search("first-"u8, op => op.Stream = stream));
        for (int i = 0; i < 80; i++)
        {
            Assert.Empty(bench.Search(filler, op => op.Stream = stream));
            Assert.Empty(bench.Search("first need"u8, op => op.Stream = stream));
            Assert.Equal([(1, -4, 2)], bench.Search("le"u8, op => op.Stream = stream));
        }
    }

    private static void SkipUnlessOffered() => Assert.SkipUnless(
        DeviceBench.Can(RegexCapabilities.CrossBuffer), "the device does not offer streams: CrossBuffer is not among its capabilities");

    /// <summary>Every single cut, byte by byte, and a few cuts at random with empty buffers among them.</summary>
    private static IEnumerable<int[]> Cuts(Random random, int length)
    {
        for (int at = 0; at <= length; at++)
        {
            yield return [at];
        }

        yield return [.. Enumerable.Range(1, Math.Max(0, length - 1))];
        for (int n = 0; n < 4; n++)
        {
            int[] cuts = [.. Enumerable.Range(0, random.Next(2, 7)).Select(_ => random.Next(length + 1))];
            Array.Sort(cuts);
            yield return cuts;
        }
    }

    /// <summary>Whether the parts disagree with the whole, or null where one of them met a limit or refuses the pattern.</summary>
    private static bool? Differs(
        WrittenPattern pattern,
        byte[] payload,
        int[] cuts,
        RegexConfigurationFlags mode,
        DeviceBench whole,
        DeviceBench parts,
        out string expected,
        out string found)
    {
        (expected, found) = (string.Empty, string.Empty);
        if (whole.TrySetRules(pattern.Rule()).Count != 0 || parts.TrySetRules(pattern.Rule()).Count != 0)
        {
            return null;
        }

        List<(int, int Start, int End)> right = whole.Search(payload);
        RegexResponseFlags flags = whole.ResponseFlags;
        List<(int, int Start, int End)> seen = [];
        nint stream = parts.Device.CreateStream();
        int from = 0;
        for (int i = 0; i <= cuts.Length; i++)
        {
            int to = i == cuts.Length ? payload.Length : Math.Clamp(cuts[i], from, payload.Length);
            foreach ((int rule, int start, int end) in parts.Search(payload.AsSpan(from, to - from), op =>
            {
                op.Stream = stream;
                op.RequestFlags |= i == cuts.Length ? RegexRequestFlags.EndOfStream : RegexRequestFlags.None;
            }))
            {
                bool endOnly = mode.HasFlag(RegexConfigurationFlags.MatchAsEnd);
                seen.Add((rule, endOnly ? start : start + from, end + from));
            }

            flags |= parts.ResponseFlags;
            from = to;
        }

        parts.Device.ReleaseStream(stream);
        if ((flags & (RegexResponseFlags.ResourceExceeded | RegexResponseFlags.MatchesExceeded)) != 0)
        {
            return null;
        }

        expected = string.Join(' ', right.Order().Select(static m => (m.Start, m.End)));
        found = string.Join(' ', seen.Order().Select(static m => (m.Start, m.End)));
        return expected != found;
    }

    private static void Send(DeviceBench bench, List<(int Stream, int Base, RegexOp Op)> burst, List<(int, int, int)>[] found)
    {
        Assert.Equal(burst.Count, bench.Device.EnqueueBurst(0, [.. burst.Select(static b => b.Op)]));
        RegexOp[] back = bench.Collect(burst.Count);
        for (int i = 0; i < back.Length; i++)
        {
            Assert.Equal(burst[i].Op, back[i]);
            (int stream, int from, _) = burst[i];
            found[stream].AddRange(DeviceBench.Read(back[i]).Select(m => (m.Rule, m.Start + from, m.End + from)));
            back[i].FreeWithBuffers();
        }

        burst.Clear();
    }
}
