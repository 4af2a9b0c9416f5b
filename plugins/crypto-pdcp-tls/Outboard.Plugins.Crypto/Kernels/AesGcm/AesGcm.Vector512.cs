using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>GCM with 512-bit registers: counters, xor and GHASH four blocks a register, the cipher by AES-NI.</summary>
/// <remarks>
/// Two passes, because a 512-bit multiplication in flight closes a port to 128-bit AES on some cores: mixed in one loop it
/// was slower than 256-bit multiplications there (0.66 against 0.47 cycles a byte on Sapphire Rapids).
/// </remarks>
internal readonly struct AesGcmVector512 : IAesGcmKernel
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "aesni-x8+vpclmul-zmm";

    public static bool IsSupported => AesCtrVector512.IsSupported && GhashVector512.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Encrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount) =>
        TwoPass<AesCtrVector512, GhashVector512>.Encrypt(ref key, ref counter, ref hash, ref source, ref destination, blockCount);

    public static void Decrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount) =>
        TwoPass<AesCtrVector512, GhashVector512>.Decrypt(ref key, ref counter, ref hash, ref source, ref destination, blockCount);

    public static void Hash(ref AesKey key, ref byte hash, ref byte data, nuint blockCount) =>
        GhashVector512.Update(ref key, ref hash, ref data, blockCount);

    public static void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length) =>
        AesCtrVector512.Apply32(ref key, ref counter, ref source, ref destination, length);
}
