using System.Globalization;
using System.Text;
using Outboard.Mbufs;
using Outboard.Regex;

namespace Outboard.Conformance;

/// <summary>The checks of what is reported: ends, every match, and matches of flows.</summary>
public sealed partial class RegexConformance
{
    private const string Flow = "xab needle abab\nneedle 123 baab";

    private static readonly RegexRule[] s_flowRules =
    [
        RegexRule.FromText(1, "needle"), RegexRule.FromText(2, "ab"), RegexRule.FromText(3, "12345"), RegexRule.FromText(4, "xab n"),
    ];

    private IReadOnlyList<ConformanceCheck> ModeChecks =>
    [
        new("match-as-end", "Under match-as-end every end is reported once.", CheckMatchAsEnd),
        new("match-all", "Under match-all every start is reported with every end.", CheckMatchAll),
    ];

    private IReadOnlyList<ConformanceCheck> StreamChecks =>
    [
        new("cross-buffer", "A flow cut anywhere has the matches of the flow in one piece, each once.", CheckCrossBuffer),
        new("end-of-stream", "The end of a stream reports what was held back, and the stream starts over.", CheckEndOfStream),
        new("streams-in-turn", "Streams that take turns do not mix, and a released one is gone.", CheckStreamsInTurn),
    ];

    private void CheckMatchAsEnd() => WithMode(
        RegexConfigurationFlags.MatchAsEnd,
        RegexCapabilities.MatchAsEnd,
        [RegexRule.FromText(1, "ab+"), RegexRule.FromText(2, "a|bb")],
        device => Expect.Equal("2@0+2 1@0+3 1@0+4 2@0+4", ByEnd(Search(device, "-abb")), "ends of two rules"));

    private void CheckMatchAll() => WithMode(
        RegexConfigurationFlags.MatchAll,
        RegexCapabilities.MatchAll,
        [RegexRule.FromText(1, "a+b?")],
        device => Expect.Equal("1@0+1 1@0+2 1@0+3 1@1+1 1@1+2", Search(device, "aab"), "every match"));

    private void CheckCrossBuffer()
    {
        string whole = string.Empty;
        WithMode(
            RegexConfigurationFlags.CrossBufferScan, RegexCapabilities.CrossBuffer, s_flowRules, device => whole = Search(device, Flow));
        Expect.That(whole.Length != 0, "the flow in one piece, without a stream, has no matches.");
        WithMode(RegexConfigurationFlags.CrossBufferScan, RegexCapabilities.CrossBuffer, s_flowRules, device =>
        {
            for (int first = 0; first <= Flow.Length; first++)
            {
                for (int second = first; second <= Flow.Length; second += 3)
                {
                    Expect.Equal(whole, SearchFlow(device, first, second), $"matches of a flow cut at {first} and {second}");
                }
            }

            Expect.Equal(whole, SearchFlow(device, [.. Enumerable.Range(1, Flow.Length - 1)]), "matches of a flow byte by byte");
        });
    }

    private void CheckEndOfStream() => WithMode(
        RegexConfigurationFlags.CrossBufferScan,
        RegexCapabilities.CrossBuffer,
        [RegexRule.FromText(1, "a+"), RegexRule.FromText(2, "^b")],
        device =>
        {
            nint stream = device.CreateStream();
            for (int round = 0; round < 3; round++)
            {
                Expect.Equal("2@0+1", Search(device, "b-", op => op.Stream = stream), "matches that no byte can change");
                Expect.Equal(string.Empty, Search(device, "aa", op => op.Stream = stream), "matches that more bytes can change");
                Expect.Equal("1@-2+3", Search(device, "a", op =>
                {
                    op.Stream = stream;
                    op.RequestFlags |= RegexRequestFlags.EndOfStream;
                }), "matches at the end of the stream");
            }

            device.ReleaseStream(stream);
            Expect.Throws<ArgumentException>(() => device.ReleaseStream(stream), "a stream released twice");
        });

    private void CheckStreamsInTurn() => WithMode(
        RegexConfigurationFlags.CrossBufferScan,
        RegexCapabilities.CrossBuffer,
        [RegexRule.FromText(1, "needle")],
        device =>
        {
            nint one = device.CreateStream();
            nint other = device.CreateStream();
            Expect.Equal(string.Empty, Search(device, "nee", op => op.Stream = one), "matches of half a needle");
            Expect.Equal(string.Empty, Search(device, "dle", op => op.Stream = other), "matches of the other half in another stream");
            Expect.Equal(string.Empty, Search(device, "dle"), "matches of the other half without a stream");
            Expect.Equal("1@-3+6", Search(device, "dle", op => op.Stream = one), "matches of the other half in the same stream");
            Expect.Equal(string.Empty, Search(device, "nee", op => op.Stream = one), "matches of half a needle again");
            device.ReleaseStream(one);
            one = device.CreateStream();
            Expect.Equal(string.Empty, Search(device, "dle", op => op.Stream = one), "matches of the other half in a new stream");
        });

    /// <summary>Ends in order, and rules in order at each; all starts are 0, so the class promises no more.</summary>
    private static string ByEnd(string matches) => string.Join(
        ' ', matches.Split(' ').OrderBy(static m => int.Parse(m.AsSpan(m.IndexOf('+') + 1), CultureInfo.InvariantCulture)).ThenBy(static m => m[0]));

    /// <summary>The matches of the flow, cut into buffers, in offsets from its start.</summary>
    private static string SearchFlow(RegexDevice device, params int[] cuts)
    {
        nint stream = device.CreateStream();
        List<RegexMatch> all = [];
        int from = 0;
        using var ops = new RegexOpPool(new RegexOpPoolOptions { Name = "flow", Count = 4, MatchesMax = 64 });
        using var mbufs = new MbufPool(new MbufPoolOptions { Name = "flow", Count = 8 });
        for (int i = 0; i <= cuts.Length; i++)
        {
            int to = i == cuts.Length ? Flow.Length : cuts[i];
            RegexOp op = Run(device, ops, mbufs, Encoding.Latin1.GetBytes(Flow[from..to]), asked =>
            {
                asked.Stream = stream;
                asked.RequestFlags |= i == cuts.Length ? RegexRequestFlags.EndOfStream : RegexRequestFlags.None;
            });
            foreach (RegexMatch match in op.Matches)
            {
                all.Add(match with { Start = match.Start + from });
            }

            op.FreeWithBuffers();
            from = to;
        }

        device.ReleaseStream(stream);
        return Write([.. all.OrderBy(static m => m.Start).ThenBy(static m => m.RuleId)]);
    }

    private void WithMode(
        RegexConfigurationFlags mode, RegexCapabilities capability, IEnumerable<RegexRule> rules, Action<RegexDevice> body)
    {
        using RegexDevice device = Open(Specifier);
        Expect.Offered(device.Info.Capabilities.HasFlag(capability), capability.ToString());
        device.Configure(new RegexConfiguration { Flags = mode, MatchesMax = Math.Min(64, device.Info.MatchesMax) });
        device.AddRules(rules);
        device.CompileAndActivate();
        device.Start();
        body(device);
        Expect.Equal(0ul, device.Statistics.DequeueErrorCount, "DequeueErrorCount");
    }
}
