using Outboard.Mbufs;
using Outboard.Plugins;
using Outboard.Plugins.Regex;
using Outboard.Regex;
using Outboard.Simd;

namespace Outboard.Benchmarks.Regex;

/// <summary>A started device, and a corpus as ops that wait to be enqueued.</summary>
internal sealed class RegexBench : IDisposable
{
    public const int Burst = 32;

    private readonly MbufPool _mbufs;
    private readonly RegexOpPool _pool;
    private readonly RegexOp[] _back = new RegexOp[Burst];

    public RegexBench(IReadOnlyList<RegexRule> rules, IReadOnlyList<byte[]> payloads, int width, RegexConfigurationFlags mode)
    {
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(new RegexPlugin(), "Outboard.Plugins.Regex", "benchmark");
        Device = registry.OpenRegex($"regex_simd0,simd={width}");
        Device.Configure(new RegexConfiguration { Flags = mode, MatchesMax = 254 });
        Device.AddRules(rules);
        Device.CompileAndActivate();
        Device.Start();
        _mbufs = new MbufPool(new MbufPoolOptions { Count = payloads.Count + 1, CacheSize = 0, DataRoomSize = 128 + payloads.Max(static p => p.Length) });
        _pool = new RegexOpPool(new RegexOpPoolOptions { Count = payloads.Count + 1, CacheSize = 0, MatchesMax = 254 });
        Ops = new RegexOp[payloads.Count];
        if (!_pool.TryAllocBulk(Ops))
        {
            throw new InvalidOperationException("The op pool is too small.");
        }

        for (int i = 0; i < Ops.Length; i++)
        {
            if (!_mbufs.TryAlloc(out Mbuf mbuf) || !mbuf.TryAppend(payloads[i].Length, out Span<byte> room))
            {
                throw new InvalidOperationException("The packet pool is too small.");
            }

            payloads[i].CopyTo(room);
            Ops[i].Mbuf = mbuf;
            ByteCount += payloads[i].Length;
        }
    }

    public RegexDevice Device { get; }

    public RegexOp[] Ops { get; }

    public long ByteCount { get; }

    /// <summary>Searches a range of the corpus in bursts; returns the count of matches.</summary>
    public long Search(int start, int count)
    {
        long matches = 0;
        for (int at = start; at < start + count; at += Burst)
        {
            int sent = Device.EnqueueBurst(0, Ops.AsSpan(at, Math.Min(Burst, start + count - at)));
            int done = Device.DequeueBurst(0, _back);
            for (int i = 0; i < done; i++)
            {
                matches += _back[i].ActualMatchCount;
            }

            if (done != sent)
            {
                throw new InvalidOperationException("The device kept an op.");
            }
        }

        return matches;
    }

    public void Dispose()
    {
        foreach (RegexOp op in Ops)
        {
            op.FreeWithBuffers();
        }

        Device.Dispose();
        _pool.Dispose();
        _mbufs.Dispose();
    }
}
