using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>GCM with emitted vector AES and VPCLMULQDQ, both on 512-bit registers, in two passes over a cached piece.</summary>
internal readonly struct AesGcmEmitted512 : IAesGcmKernel
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "vaes-zmm emitted+vpclmul-zmm";

    public static bool IsSupported => AesCtrEmitted512.IsSupported && GhashVector512.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Encrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount) =>
        TwoPass<AesCtrEmitted512, GhashVector512>.Encrypt(ref key, ref counter, ref hash, ref source, ref destination, blockCount);

    public static void Decrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount) =>
        TwoPass<AesCtrEmitted512, GhashVector512>.Decrypt(ref key, ref counter, ref hash, ref source, ref destination, blockCount);

    public static void Hash(ref AesKey key, ref byte hash, ref byte data, nuint blockCount) =>
        GhashVector512.Update(ref key, ref hash, ref data, blockCount);

    public static void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length) =>
        AesCtrEmitted512.Apply32(ref key, ref counter, ref source, ref destination, length);
}

/// <summary>GCM with emitted vector AES and VPCLMULQDQ, both on 256-bit registers, in two passes over a cached piece.</summary>
internal readonly struct AesGcmEmitted256 : IAesGcmKernel
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "vaes-ymm emitted+vpclmul-ymm";

    public static bool IsSupported => AesCtrEmitted256.IsSupported && GhashVector256.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Encrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount) =>
        TwoPass<AesCtrEmitted256, GhashVector256>.Encrypt(ref key, ref counter, ref hash, ref source, ref destination, blockCount);

    public static void Decrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount) =>
        TwoPass<AesCtrEmitted256, GhashVector256>.Decrypt(ref key, ref counter, ref hash, ref source, ref destination, blockCount);

    public static void Hash(ref AesKey key, ref byte hash, ref byte data, nuint blockCount) =>
        GhashVector256.Update(ref key, ref hash, ref data, blockCount);

    public static void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length) =>
        AesCtrEmitted256.Apply32(ref key, ref counter, ref source, ref destination, length);
}

/// <summary>The emitted functions of GCM.</summary>
internal static class EmittedGcm
{
    /// <summary>Does a whole burst in 512-bit registers.</summary>
    public static EmittedFunction Burst512 { get; } = new("aes-gcm 512", assembler => GcmBurst.Write(assembler, 512));

    /// <summary>Does a whole burst in 256-bit registers.</summary>
    public static EmittedFunction Burst256 { get; } = new("aes-gcm 256", assembler => GcmBurst.Write(assembler, 256));
}
