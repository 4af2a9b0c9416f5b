using BenchmarkDotNet.Attributes;
using Outboard.Mbufs;
using Outboard.Memory;

namespace Outboard.Benchmarks.Memory;

/// <summary>What a packet costs from alloc to free; time is for a burst of 32.</summary>
[MemoryDiagnoser]
public class MbufBenchmarks
{
    private readonly Mbuf[] _burst = new Mbuf[32];
    private MbufPool _pool = null!;
    private MempoolCache _cache = null!;
    private Mbuf _source;

    /// <summary>Makes the pool.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _pool = new MbufPool(new MbufPoolOptions { Count = 8191 });
        _cache = _pool.Mempool.CreateCache("bench");
        _ = _pool.TryAlloc(out _source, _cache);
        _ = _source.TryAppend(1420, out _);
    }

    /// <summary>Closes the pool.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _source.Free(_cache);
        _pool.Dispose();
    }

    /// <summary>Alloc and free of the burst.</summary>
    [Benchmark(Baseline = true)]
    public void AllocFreeBulk()
    {
        _ = _pool.TryAllocBulk(_burst, _cache);
        MbufPool.FreeBulk(_burst, _cache);
    }

    /// <summary>The same one by one.</summary>
    [Benchmark]
    public void AllocFreeSingle()
    {
        for (int i = 0; i < _burst.Length; i++)
        {
            _ = _pool.TryAlloc(out _burst[i], _cache);
        }

        foreach (Mbuf mbuf in _burst)
        {
            mbuf.Free(_cache);
        }
    }

    /// <summary>With 64 bytes appended, 14 put in front and taken away.</summary>
    [Benchmark]
    public void AllocFillFree()
    {
        _ = _pool.TryAllocBulk(_burst, _cache);
        foreach (Mbuf mbuf in _burst)
        {
            _ = mbuf.TryAppend(64, out Span<byte> data);
            data[0] = 1;
            _ = mbuf.TryPrepend(14, out _);
            _ = mbuf.TryAdjust(14);
        }

        MbufPool.FreeBulk(_burst, _cache);
    }

    /// <summary>32 clones of one packet, freed in bulk.</summary>
    [Benchmark]
    public void CloneFree()
    {
        for (int i = 0; i < _burst.Length; i++)
        {
            _ = _source.TryClone(_pool, out _burst[i]);
        }

        // Clones come from the thread's cache, so they go back to it.
        MbufPool.FreeBulk(_burst);
    }
}
