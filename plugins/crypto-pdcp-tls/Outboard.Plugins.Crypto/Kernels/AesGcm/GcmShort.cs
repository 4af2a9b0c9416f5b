using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>A whole short GCM message in one piece: one call of the cipher makes tag mask and keystream, one call hashes everything.</summary>
/// <remarks>
/// Piece by piece a 64-byte message costs two turns through the cipher and four through the hash, each as long as its latency.
/// Measured on Zen 5 with 256-bit kernels and 12 bytes of associated data, see docs/performance.md.
/// </remarks>
internal static class GcmShort<TKernel>
    where TKernel : struct, IAesGcmKernel
{
    /// <summary>Most bytes of data: eight blocks go through the cipher together, and the first makes the tag mask.</summary>
    public const int DataLengthMax = 112;

    /// <summary>Most bytes of associated data.</summary>
    public const int AssociatedLengthMax = 64;

    /// <summary>Encrypts or decrypts with a 12-byte nonce and writes all sixteen bytes of the tag, which is over the ciphertext either way.</summary>
    [SkipLocalsInit]
    public static void Apply(
        ref AesKey key,
        bool encrypt,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> associated,
        ref byte source,
        ref byte destination,
        int length,
        ref byte tag)
    {
        Unsafe.SkipInit(out GcmWorkspace work);
        ref byte keystream = ref work.Keystream;
        ref byte hashed = ref work.Hashed;
        nonce[..12].CopyTo(MemoryMarshal.CreateSpan(ref work.Counter, 12));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref work.Counter, 12), BinaryPrimitives.ReverseEndianness(1));
        int streamLength = 16 + length;
        Unsafe.InitBlockUnaligned(ref keystream, 0, 128);
        TKernel.Apply(ref key, ref work.Counter, ref keystream, ref keystream, (nuint)streamLength);

        Unsafe.InitBlockUnaligned(ref hashed, 0, GcmWorkspace.HashedLength);
        associated.CopyTo(MemoryMarshal.CreateSpan(ref hashed, AssociatedLengthMax));
        int at = (associated.Length + 15) & ~15;
        ref byte ciphertext = ref Unsafe.Add(ref hashed, at);
        if (!encrypt)
        {
            Unsafe.CopyBlockUnaligned(ref ciphertext, ref source, (uint)length);
        }

        KeystreamXor.Apply(ref source, ref destination, ref Unsafe.Add(ref keystream, 16), (nuint)length);
        if (encrypt)
        {
            Unsafe.CopyBlockUnaligned(ref ciphertext, ref destination, (uint)length);
        }

        at += (length + 15) & ~15;
        Unsafe.WriteUnaligned(
            ref Unsafe.Add(ref hashed, at), BinaryPrimitives.ReverseEndianness((ulong)associated.Length * 8));
        Unsafe.WriteUnaligned(
            ref Unsafe.Add(ref hashed, at + 8), BinaryPrimitives.ReverseEndianness((ulong)length * 8));
        Unsafe.InitBlockUnaligned(ref work.Hash, 0, 16);
        TKernel.Hash(ref key, ref work.Hash, ref hashed, (nuint)(at + 16) / 16);
        KeystreamXor.Apply(ref work.Hash, ref tag, ref keystream, 16);
    }
}
