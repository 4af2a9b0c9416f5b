using Outboard.Mbufs;
using Outboard.Plugins.Regex.OpenCL;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Tests.OpenCL;

/// <summary>A started regex device with pools of its own.</summary>
internal sealed class OpenCLTestDevice : IDisposable
{
    public const int OpMax = 1023;

    private readonly MbufPool _mbufs = new(new MbufPoolOptions { Name = "opencl_tests", Count = 2047, DataRoomSize = 8192 });
    private readonly RegexOpPool _ops = new(new RegexOpPoolOptions { Name = "opencl_ops", Count = OpMax, MatchesMax = 64 });

    public OpenCLTestDevice(
        string specifier, IEnumerable<RegexRule> rules, RegexConfigurationFlags flags = RegexConfigurationFlags.None, OpenCLTuning? tuning = null)
    {
        Device = OpenCLRegexPlugin.Registry(tuning).OpenRegex(specifier);
        Device.Configure(new RegexConfiguration { Flags = flags, GroupCount = 4, MatchesMax = 64 });
        Device.AddRules(rules);
        Device.CompileAndActivate();
        Device.Start();
    }

    public RegexDevice Device { get; }

    public RegexOp Op(ReadOnlySpan<byte> payload)
    {
        Assert.True(_mbufs.TryAlloc(out Mbuf mbuf));
        Assert.True(mbuf.TryAppend(payload.Length, out Span<byte> added));
        payload.CopyTo(added);
        Assert.True(_ops.TryAlloc(out RegexOp op));
        op.Mbuf = mbuf;
        return op;
    }

    /// <summary>Sends ops and takes them back, in order.</summary>
    public void Run(RegexOp[] ops, int burst = 64)
    {
        int sent = 0, done = 0;
        var back = new RegexOp[ops.Length];
        long start = Environment.TickCount64;
        while (done < ops.Length)
        {
            sent += Device.EnqueueBurst(0, ops.AsSpan(sent, Math.Min(burst, ops.Length - sent)));
            done += Device.DequeueBurst(0, back.AsSpan(done));
            Assert.True(Environment.TickCount64 - start < 60_000, $"{done} of {ops.Length} ops came back");
        }

        Assert.Equal(ops, back);
    }

    /// <summary>What a device says of payloads, one line each.</summary>
    public List<string> Results(IEnumerable<byte[]> payloads, Action<RegexOp, int>? ask = null)
    {
        List<string> results = [];
        foreach (byte[][] some in payloads.Chunk(OpMax))
        {
            RegexOp[] ops = [.. some.Select(payload => Op(payload))];
            for (int i = 0; i < ops.Length; i++)
            {
                ask?.Invoke(ops[i], i);
            }

            Run(ops);
            results.AddRange(ops.Select(Describe));
            Array.ForEach(ops, static op => op.FreeWithBuffers());
        }

        return results;
    }

    public ulong Counter(string name) => Device.GetExtendedStatistics().Single(s => s.Name == name).Value;

    public void Dispose()
    {
        Device.Dispose();
        _ops.Dispose();
        _mbufs.Dispose();
    }

    private static string Describe(RegexOp op) =>
        $"{op.Status} {op.ActualMatchCount} {op.ResponseFlags}: {string.Join(' ', op.Matches.ToArray().Select(static m => $"{m.GroupId}/{m.RuleId}@{m.Start}+{m.Length}"))}";
}
