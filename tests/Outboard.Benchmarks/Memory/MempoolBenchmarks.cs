using BenchmarkDotNet.Attributes;
using Outboard.Memory;

namespace Outboard.Benchmarks.Memory;

/// <summary>Get and put of a burst, by the ways into a pool; time is for the whole burst.</summary>
[MemoryDiagnoser]
public class MempoolBenchmarks
{
    private Mempool _pool = null!;
    private MempoolCache _cache = null!;
    private nint[] _items = null!;

    /// <summary>Objects a burst.</summary>
    [Params(1, 8, 32, 256)]
    public int Bulk { get; set; }

    /// <summary>Objects that a thread keeps.</summary>
    [Params(0, 512)]
    public int CacheSize { get; set; }

    /// <summary>What is checked; the price of the checks beside none.</summary>
    [Params(MempoolDebugChecks.None, MempoolDebugChecks.All)]
    public MempoolDebugChecks Checks { get; set; }

    /// <summary>Makes the pool.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _pool = new Mempool(new MempoolOptions
        {
            ObjectCount = 16383,
            ObjectSize = 64,
            CacheSize = CacheSize,
            DebugChecks = Checks,
        });
        _cache = _pool.CreateCache("bench");
        _items = new nint[Bulk];
    }

    /// <summary>Closes the pool.</summary>
    [GlobalCleanup]
    public void Cleanup() => _pool.Dispose();

    /// <summary>Through a cache in hand.</summary>
    [Benchmark(Baseline = true)]
    public void ExplicitCache()
    {
        _ = _cache.TryGetBulk(_items);
        _cache.PutBulk(_items);
    }

    /// <summary>Through the thread's cache, looked up twice.</summary>
    [Benchmark]
    public void ThreadCache()
    {
        _ = _pool.TryGetBulk(_items);
        _pool.PutBulk(_items);
    }
}
