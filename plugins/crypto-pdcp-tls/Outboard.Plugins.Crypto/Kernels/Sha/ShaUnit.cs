using System.Runtime.Intrinsics;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>The table of the hashes of FIPS 180-4 and of their HMACs (RFC 2104).</summary>
/// <remarks>
/// A job's message has whole bytes, and its <see cref="CryptoJob.Aad"/> is hashed as if it stood before it. The code is the digest,
/// whole. Keys of any length up to 1024 bytes.
/// </remarks>
internal static class ShaUnit
{
    /// <summary>Chooses the kernel of one hash, and makes its unit.</summary>
    /// <param name="selector">The widths allowed.</param>
    /// <param name="emit">Whether emitted kernels may be chosen; there are none.</param>
    /// <param name="variant">The hash.</param>
    /// <param name="isKeyed">Whether it is the HMAC.</param>
    public static CryptoUnit Build(SimdSelector selector, bool emit, HashVariant variant, bool isKeyed) =>
        variant.DigestLength switch
        {
            20 => Choose<
                Sha1PairKernel<Vector512<uint>, Words32Vector512>,
                Sha1Kernel<Vector512<uint>, Words32Vector512>,
                Sha1PairKernel<Vector256<uint>, Words32Vector256>,
                Sha1Kernel<Vector256<uint>, Words32Vector256>,
                Sha1PairKernel<Vector128<uint>, Words32Vector128>,
                Sha1Kernel<Vector128<uint>, Words32Vector128>,
                Sha1Kernel<uint, Words32Scalar>>(selector, emit, variant, isKeyed),
            28 or 32 => Choose<
                Sha2PairKernel<Sha256Functions, Vector512<uint>, Words32Vector512>,
                Sha2Kernel<Sha256Functions, Vector512<uint>, Words32Vector512>,
                Sha2PairKernel<Sha256Functions, Vector256<uint>, Words32Vector256>,
                Sha2Kernel<Sha256Functions, Vector256<uint>, Words32Vector256>,
                Sha2PairKernel<Sha256Functions, Vector128<uint>, Words32Vector128>,
                Sha2Kernel<Sha256Functions, Vector128<uint>, Words32Vector128>,
                Sha2Kernel<Sha256Functions, uint, Words32Scalar>>(selector, emit, variant, isKeyed),
            _ => Choose<
                Sha2PairKernel<Sha512Functions, Vector512<ulong>, Words64Vector512>,
                Sha2Kernel<Sha512Functions, Vector512<ulong>, Words64Vector512>,
                Sha2PairKernel<Sha512Functions, Vector256<ulong>, Words64Vector256>,
                Sha2Kernel<Sha512Functions, Vector256<ulong>, Words64Vector256>,
                Sha2PairKernel<Sha512Functions, Vector128<ulong>, Words64Vector128>,
                Sha2Kernel<Sha512Functions, Vector128<ulong>, Words64Vector128>,
                Sha2Kernel<Sha512Functions, ulong, Words64Scalar>>(selector, emit, variant, isKeyed),
        };

    private static CryptoUnit Choose<TPair512, T512, TPair256, T256, TPair128, T128, TScalar>(SimdSelector selector, bool emit, HashVariant variant, bool isKeyed)
        where TPair512 : struct, IHashKernel
        where T512 : struct, IHashKernel
        where TPair256 : struct, IHashKernel
        where T256 : struct, IHashKernel
        where TPair128 : struct, IHashKernel
        where T128 : struct, IHashKernel
        where TScalar : struct, IHashKernel =>
        UnitRow.Choose(
            selector,
            emit,
            isKeyed ? "hmac-" + variant.Name : variant.Name,
            UnitRow.Of<T512>(choice => new HashUnit<TPair512, T512, TScalar>(choice, variant, isKeyed)),
            UnitRow.Of<T256>(choice => new HashUnit<TPair256, T256, TScalar>(choice, variant, isKeyed)),
            UnitRow.Of<T128>(choice => new HashUnit<TPair128, T128, TScalar>(choice, variant, isKeyed)),
            UnitRow.Of<TScalar>(choice => new HashUnit<TScalar, TScalar, TScalar>(choice, variant, isKeyed)));
}
