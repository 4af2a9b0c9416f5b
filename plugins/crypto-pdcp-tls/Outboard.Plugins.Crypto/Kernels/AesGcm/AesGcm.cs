using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>The bulk of AES-GCM (SP 800-38D 7): GCTR and GHASH of the ciphertext in one go, over whole blocks.</summary>
/// <remarks>
/// Source and destination are the same bytes or do not touch. The counter and the hash are sixteen bytes each in the order of
/// the standard, read and written. <see cref="GcmJob{TKernel}"/> makes a whole message out of these.
/// </remarks>
internal interface IAesGcmKernel : ISimdKernel
{
    static abstract void Encrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount);

    static abstract void Decrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount);

    /// <summary>GHASH alone, for the IV, the associated data and the ends.</summary>
    static abstract void Hash(ref AesKey key, ref byte hash, ref byte data, nuint blockCount);

    /// <summary>GCTR alone, any length, for the ends and the tag mask.</summary>
    static abstract void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length);
}
