using BenchmarkDotNet.Attributes;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.AesGcm;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Benchmarks.Crypto;

/// <summary>One kernel at a time over one buffer, in place. Bytes are the parameter: divide to get bytes a second.</summary>
[MemoryDiagnoser]
public unsafe class CryptoKernelBenchmarks
{
    private readonly SecureMemory _keys = new(AesKey.Size, 1);
    private readonly byte[] _state = new byte[64];
    private byte[] _data = [];
    private AesKey* _key;

    [Params(64, 256, 1408, 16384)]
    public int Length { get; set; }

    [Params(16, 32)]
    public int KeyLength { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _keys.TryTake(out byte* slot);
        _key = (AesKey*)slot;
        AesKeySchedule.Expand(ref *_key, new byte[KeyLength]);
        _data = GC.AllocateArray<byte>(Length, pinned: true);
    }

    [GlobalCleanup]
    public void Cleanup() => _keys.Return((byte*)_key);

    [Benchmark]
    public void CtrScalar() => Ctr<AesCtrScalar>();

    [Benchmark]
    public void Ctr128() => Ctr<AesCtrVector128>();

    [Benchmark]
    public void Ctr256() => Ctr<AesCtrVector256>();

    [Benchmark]
    public void Ctr512() => Ctr<AesCtrVector512>();

    [Benchmark]
    public void Ctr256Emitted() => Ctr<AesCtrEmitted256>();

    [Benchmark]
    public void Ctr512Emitted() => Ctr<AesCtrEmitted512>();

    [Benchmark]
    public void GhashScalar() => Ghash<GhashScalar>();

    [Benchmark]
    public void Ghash128() => Ghash<GhashVector128>();

    [Benchmark]
    public void Ghash256() => Ghash<GhashVector256>();

    [Benchmark]
    public void Ghash512() => Ghash<GhashVector512>();

    [Benchmark]
    public void GcmScalar() => Gcm<AesGcmScalar>();

    [Benchmark]
    public void Gcm128() => Gcm<AesGcmVector128>();

    [Benchmark]
    public void Gcm256() => Gcm<AesGcmVector256>();

    [Benchmark]
    public void Gcm512() => Gcm<AesGcmVector512>();

    [Benchmark]
    public void Gcm256Emitted() => Gcm<AesGcmEmitted256>();

    [Benchmark]
    public void Gcm512Emitted() => Gcm<AesGcmEmitted512>();

    private void Ctr<TKernel>()
        where TKernel : struct, IAesCtrKernel =>
        TKernel.Apply(ref *_key, ref _state[0], ref _data[0], ref _data[0], (nuint)Length);

    private void Ghash<TKernel>()
        where TKernel : struct, IGhashKernel =>
        TKernel.Update(ref *_key, ref _state[0], ref _data[0], (nuint)Length / 16);

    private void Gcm<TKernel>()
        where TKernel : struct, IAesGcmKernel =>
        TKernel.Encrypt(ref *_key, ref _state[0], ref _state[16], ref _data[0], ref _data[0], (nuint)Length / 16);
}
