using System.Runtime.Intrinsics;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Sha;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.TlsCbc;

/// <summary>Takes apart the fragments of TLS 1.1, TLS 1.2 and DTLS records that were CBC decrypted (RFC 5246 6.2.3.2), in constant time.</summary>
/// <remarks>
/// The contract. <see cref="CryptoJob.Source"/>: the decrypted fragment without its explicit IV, <c>content | MAC | padding | padding
/// length</c>, of 0 to 2^24 whole bytes; only read. <see cref="CryptoJob.Aad"/>: 13 bytes, sequence number, type, version and length; the
/// two of the length are not read. <see cref="CryptoJob.Key"/>: of HMAC with SHA-1, SHA-256 or SHA-384, expanded by this unit as by the
/// unit of that HMAC. <see cref="CryptoJob.Code"/>: bytes 0 to 3 become the length of the content, little-endian, or 0; byte 4 becomes
/// 0xFF where every byte of the padding is its length and the MAC is right, and 0x00 otherwise; the rest becomes 0. Nothing tells a wrong
/// padding from a wrong MAC. The direction of a job is not looked at.
/// <para>
/// Why the time says nothing of the secrets, which are the bytes of the fragment and with them the padding, the length of the content,
/// the block in which the MAC's input ends and the place of the MAC. (1) Loop bounds, branches and addresses come of the public
/// length alone: the bytes of every fragment of one length are read and written in one order. (2) The padding is compared over the last
/// 256 bytes, or all there are, with masks that take away what is before it. (3) Hashing always goes to the block that would be the last
/// without padding, at least as far as with any; each block that may be the last is made by masks of the public bytes at its place, the
/// one bit and the length, and the state behind each is kept by a mask where it was the last: the work that Lucky Thirteen (AlFardan and
/// Paterson, 2013) measured does not vary. (4) The MAC is moved to a fixed place by eight steps, each of which all bytes make or do not
/// make by a mask. (5) One mask of padding and MAC is the only thing written. (6) Masks come of additions, shifts and logic
/// (<see cref="SecretMask"/>), which take the same time for all operands on the processors that have these widths; neither a comparison
/// nor a conditional expression is there for the compiler to make a branch of.
/// </para>
/// </remarks>
/// <typeparam name="TKernel">The kernel.</typeparam>
/// <typeparam name="TSingle">The kernel of a single lane, for keys and for single messages.</typeparam>
internal sealed unsafe class TlsCbcUnit<TKernel, TSingle>(KernelChoice choice, HashVariant variant) : CryptoUnit(choice)
    where TKernel : struct, IMaskedHashKernel
    where TSingle : struct, IMaskedHashKernel
{
    public override int KeyLength => HmacKey<TSingle>.Length;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => HmacKey<TSingle>.Expand(key, variant, expanded);

    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        if (count == 1)
        {
            TlsCbcLanes<TSingle>.Compute(jobs, count, variant, scratch);
        }
        else
        {
            TlsCbcLanes<TKernel>.Compute(jobs, count, variant, scratch);
        }
    }

    public override string? SelfTest(UnitSelfTest test) => TlsCbcAnswers.Check(this, test, variant);
}

/// <summary>The table of the openers of TLS CBC fragments.</summary>
internal static class TlsCbcUnit
{
    /// <summary>Chooses the kernel for one hash, and makes its unit, <c>tls-cbc-hmac-</c> and the hash.</summary>
    /// <param name="selector">The widths allowed.</param>
    /// <param name="emit">Whether emitted kernels may be chosen; there are none.</param>
    /// <param name="variant">SHA-1, SHA-256 or SHA-384.</param>
    public static CryptoUnit Build(SimdSelector selector, bool emit, HashVariant variant) =>
        variant.DigestLength switch
        {
            20 => Choose<
                Sha1Kernel<Vector512<uint>, Words32Vector512>,
                Sha1Kernel<Vector256<uint>, Words32Vector256>,
                Sha1Kernel<Vector128<uint>, Words32Vector128>,
                Sha1Kernel<uint, Words32Scalar>>(selector, emit, variant),
            32 => Choose<
                Sha2Kernel<Sha256Functions, Vector512<uint>, Words32Vector512>,
                Sha2Kernel<Sha256Functions, Vector256<uint>, Words32Vector256>,
                Sha2Kernel<Sha256Functions, Vector128<uint>, Words32Vector128>,
                Sha2Kernel<Sha256Functions, uint, Words32Scalar>>(selector, emit, variant),
            48 => Choose<
                Sha2Kernel<Sha512Functions, Vector512<ulong>, Words64Vector512>,
                Sha2Kernel<Sha512Functions, Vector256<ulong>, Words64Vector256>,
                Sha2Kernel<Sha512Functions, Vector128<ulong>, Words64Vector128>,
                Sha2Kernel<Sha512Functions, ulong, Words64Scalar>>(selector, emit, variant),
            _ => throw new ArgumentException($"no TLS suite has HMAC with {variant.Name}", nameof(variant)),
        };

    private static CryptoUnit Choose<T512, T256, T128, TScalar>(SimdSelector selector, bool emit, HashVariant variant)
        where T512 : struct, IMaskedHashKernel
        where T256 : struct, IMaskedHashKernel
        where T128 : struct, IMaskedHashKernel
        where TScalar : struct, IMaskedHashKernel =>
        UnitRow.Choose(
            selector,
            emit,
            "tls-cbc-hmac-" + variant.Name,
            UnitRow.Of<T512>(choice => new TlsCbcUnit<T512, TScalar>(choice, variant)),
            UnitRow.Of<T256>(choice => new TlsCbcUnit<T256, TScalar>(choice, variant)),
            UnitRow.Of<T128>(choice => new TlsCbcUnit<T128, TScalar>(choice, variant)),
            UnitRow.Of<TScalar>(choice => new TlsCbcUnit<TScalar, TScalar>(choice, variant)));
}
