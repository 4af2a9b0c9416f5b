using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>GCM over the bit-plane cipher and the integer GHASH.</summary>
internal readonly struct AesGcmScalar : IAesGcmKernel
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "bitsliced+integer";

    public static bool IsSupported => AesCtrScalar.IsSupported && GhashScalar.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Encrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount) =>
        TwoPass<AesCtrScalar, GhashScalar>.Encrypt(ref key, ref counter, ref hash, ref source, ref destination, blockCount);

    public static void Decrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount) =>
        TwoPass<AesCtrScalar, GhashScalar>.Decrypt(ref key, ref counter, ref hash, ref source, ref destination, blockCount);

    public static void Hash(ref AesKey key, ref byte hash, ref byte data, nuint blockCount) =>
        GhashScalar.Update(ref key, ref hash, ref data, blockCount);

    public static void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length) =>
        AesCtrScalar.Apply32(ref key, ref counter, ref source, ref destination, length);
}
