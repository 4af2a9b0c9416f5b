using BenchmarkDotNet.Attributes;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.AesGcm;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Benchmarks.Crypto;

/// <summary>One kernel at a time over one buffer, in place. Bytes are the parameter: divide to get bytes a second.</summary>
[MemoryDiagnoser]
public unsafe class CryptoKernelBenchmarks
{
    private readonly SecureMemory _keys = new(AesKey.Size, 1);
    private readonly Burst _ctr256 = new(AesCtrUnit.Build(At(SimdWidth.V256), emit: true));
    private readonly Burst _ctr512 = new(AesCtrUnit.Build(At(SimdWidth.V512), emit: true));
    private readonly Burst _gcm256 = new(AesGcmUnit.Build(At(SimdWidth.V256), emit: true));
    private readonly Burst _gcm512 = new(AesGcmUnit.Build(At(SimdWidth.V512), emit: true));
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
        foreach (Burst burst in (Burst[])[_ctr256, _ctr512, _gcm256, _gcm512])
        {
            burst.SetKey(new byte[KeyLength]);
        }
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
    public void Ctr256Emitted() => _ctr256.Run(_data);

    [Benchmark]
    public void Ctr512Emitted() => _ctr512.Run(_data);

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
    public void Gcm256Emitted() => _gcm256.Run(_data);

    [Benchmark]
    public void Gcm512Emitted() => _gcm512.Run(_data);

    private void Ctr<TKernel>()
        where TKernel : struct, IAesCtrKernel =>
        TKernel.Apply(ref *_key, ref _state[0], ref _data[0], ref _data[0], (nuint)Length);

    private void Ghash<TKernel>()
        where TKernel : struct, IGhashKernel =>
        TKernel.Update(ref *_key, ref _state[0], ref _data[0], (nuint)Length / 16);

    private void Gcm<TKernel>()
        where TKernel : struct, IAesGcmKernel =>
        TKernel.Encrypt(ref *_key, ref _state[0], ref _state[16], ref _data[0], ref _data[0], (nuint)Length / 16);

    private static SimdSelector At(SimdWidth width) => new(new SimdPolicy(), exact: width);

    /// <summary>A unit that is given bursts of one message.</summary>
    private sealed class Burst(CryptoUnit unit)
    {
        private readonly SecureMemory _keys = new(AesKey.Size, 1);
        private readonly byte[] _room = GC.AllocateArray<byte>(CryptoUnit.ScratchLength + CryptoJob.CodeRoom, pinned: true);
        private byte* _key;

        public void SetKey(byte[] key)
        {
            if (_key is null)
            {
                _keys.TryTake(out _key);
            }

            unit.ExpandKey(key, _key);
        }

        public void Run(byte[] data)
        {
            fixed (byte* message = data, room = _room)
            {
                // The IV is what lies in the room for the code.
                byte* code = room + CryptoUnit.ScratchLength;
                var job = new CryptoJob
                {
                    Key = _key,
                    Source = message,
                    Destination = message,
                    BitLength = (nuint)data.Length * 8,
                    Iv = code,
                    IvLength = 12,
                    Aad = code,
                    Code = code,
                    CodeLength = 16,
                    Encrypt = true,
                };
                unit.Run(&job, 1, room);
            }
        }
    }
}
