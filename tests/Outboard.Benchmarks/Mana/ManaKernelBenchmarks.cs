using BenchmarkDotNet.Attributes;
using Outboard.Plugins.Mana.Kernels.Checksum;
using Outboard.Plugins.Mana.Kernels.Toeplitz;

namespace Outboard.Benchmarks.Mana;

/// <summary>The adapter's kernels alone, every width side by side.</summary>
public class ManaKernelBenchmarks
{
    private readonly byte[] _data = new byte[9000];
    private readonly uint[] _words = new uint[ToeplitzKey.WordMax * ToeplitzKey.Lanes];
    private readonly uint[] _hashes = new uint[ToeplitzKey.Lanes];
    private readonly ToeplitzKey _key = new(new byte[ToeplitzKey.ByteCount]);

    [Params(30, 1460)]
    public int Length { get; set; }

    [Benchmark(Baseline = true)]
    public ulong ChecksumScalar() => Sum<ChecksumScalar>();

    [Benchmark]
    public ulong Checksum128() => Sum<ChecksumVector128>();

    [Benchmark]
    public ulong Checksum256() => Sum<ChecksumVector256>();

    [Benchmark]
    public ulong Checksum512() => Sum<ChecksumVector512>();

    [Benchmark]
    public uint ToeplitzScalarOf32() => Hash<ToeplitzScalar>();

    [Benchmark]
    public uint Toeplitz128Of32() => Hash<ToeplitzVector128>();

    [Benchmark]
    public uint Toeplitz256Of32() => Hash<ToeplitzVector256>();

    [Benchmark]
    public uint Toeplitz512Of32() => Hash<ToeplitzVector512>();

    private ulong Sum<TKernel>()
        where TKernel : struct, IChecksumKernel => TKernel.Sum(ref _data[0], (nuint)Length);

    /// <summary>32 IPv4 tuples with ports: three words each.</summary>
    private uint Hash<TKernel>()
        where TKernel : struct, IToeplitzKernel
    {
        TKernel.Hash(_key, ref _words[0], 3, ToeplitzKey.Lanes, ref _hashes[0]);
        return _hashes[0];
    }
}
