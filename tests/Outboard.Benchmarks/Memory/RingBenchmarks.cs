using BenchmarkDotNet.Attributes;
using Outboard.Memory;

namespace Outboard.Benchmarks.Memory;

/// <summary>Enqueue and dequeue of a burst on one thread; time is for the whole burst.</summary>
[MemoryDiagnoser]
public class RingBenchmarks
{
    private Ring<nint> _ring = null!;
    private nint[] _items = null!;

    /// <summary>Elements a burst.</summary>
    [Params(1, 8, 32, 256)]
    public int Bulk { get; set; }

    /// <summary>The mode of both sides.</summary>
    [Params(RingSync.SingleThread, RingSync.MultiThread, RingSync.Relaxed, RingSync.Serialized)]
    public RingSync Sync { get; set; }

    /// <summary>Makes the ring.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _ring = new Ring<nint>(new RingOptions { Size = 4096, ExactSize = false, Producer = Sync, Consumer = Sync });
        _items = new nint[Bulk];
    }

    /// <summary>Frees the ring.</summary>
    [GlobalCleanup]
    public void Cleanup() => _ring.Dispose();

    /// <summary>All or none.</summary>
    [Benchmark]
    public int BulkBoth() => _ring.EnqueueBulk(_items) + _ring.DequeueBulk(_items);

    /// <summary>As many as there are.</summary>
    [Benchmark]
    public int BurstBoth() => _ring.EnqueueBurst(_items) + _ring.DequeueBurst(_items);
}
