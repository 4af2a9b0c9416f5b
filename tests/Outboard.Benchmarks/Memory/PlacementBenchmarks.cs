using BenchmarkDotNet.Attributes;
using Outboard.Memory;

namespace Outboard.Benchmarks.Memory;

/// <summary>
/// What placement is worth: the time to touch three lines of each of some buffers in turn, as forwarding does (header, its second line,
/// first packet line), for strides that use all cache sets and ones that use few. Time is for one buffer.
/// </summary>
[MemoryDiagnoser]
public unsafe class PlacementBenchmarks
{
    private Mempool _pool = null!;
    private nint[] _objects = null!;
    private int _next;

    /// <summary>Buffers in flight.</summary>
    [Params(512, 1024, 4096)]
    public int Count { get; set; }

    /// <summary>Object size and layout.</summary>
    [Params("2048 packed", "2048 spread", "2304 packed", "2368 spread", "2368 a page")]
    public string Placement { get; set; } = "2048 packed";

    /// <summary>Makes the pool.</summary>
    [GlobalSetup]
    public void Setup()
    {
        string[] parts = Placement.Split(' ', 2);
        _pool = new Mempool(new MempoolOptions
        {
            ObjectCount = 4096,
            ObjectSize = int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture),
            CacheSize = 0,
            Layout = parts[1] switch
            {
                "packed" => MempoolLayout.Packed,
                "spread" => MempoolLayout.Spread,
                _ => MempoolLayout.Page,
            },
        });
        _objects = [.. Enumerable.Range(0, Count).Select(_pool.ObjectAt)];
    }

    /// <summary>Closes the pool.</summary>
    [GlobalCleanup]
    public void Cleanup() => _pool.Dispose();

    /// <summary>Touches the next 512 buffers of the round.</summary>
    [Benchmark(OperationsPerInvoke = 512)]
    public int Touch()
    {
        int sum = 0;
        for (int i = 0; i < 512; i++)
        {
            byte* item = (byte*)_objects[_next];
            sum += ++item[64] + ++item[128] + ++item[320];
            _next = _next + 1 == Count ? 0 : _next + 1;
        }

        return sum;
    }
}
