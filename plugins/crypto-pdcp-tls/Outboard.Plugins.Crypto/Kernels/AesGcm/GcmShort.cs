using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>A whole short GCM message in one piece: one call of the cipher makes tag mask and ciphertext, one call hashes everything.</summary>
/// <remarks>
/// Piece by piece such a message costs two turns through the cipher and three through the hash, each as long as its latency. Here it
/// is copied behind a block of zeros, which the cipher turns into the tag mask; the mask is set aside and the associated data is
/// put in its place, so that data, ciphertext and lengths stand in a row and their products are reduced once.
/// </remarks>
internal static class GcmShort<TKernel>
    where TKernel : struct, IAesGcmKernel
{
    /// <summary>Most bytes of data: with associated data and lengths it is what one aggregation of the widest hash takes.</summary>
    public const int DataLengthMax = GcmWorkspace.DataLengthMax;

    /// <summary>Most bytes of associated data.</summary>
    public const int AssociatedLengthMax = GcmWorkspace.MessageOffset;

    /// <summary>Encrypts or decrypts from a counter block on and writes all sixteen bytes of the tag, which is over the ciphertext either way.</summary>
    [SkipLocalsInit]
    public static void Apply(
        ref AesKey key,
        bool encrypt,
        ref byte counter,
        ReadOnlySpan<byte> associated,
        ref byte source,
        ref byte destination,
        int length,
        ref byte tag)
    {
        Unsafe.SkipInit(out GcmWorkspace work);
        Unsafe.CopyBlockUnaligned(ref work.Counter, ref counter, 16);
        Unsafe.CopyBlockUnaligned(ref work.Message, ref source, (uint)length);
        if (!encrypt)
        {
            Hash(ref key, ref work, associated, length);
        }

        Clear(ref work.Mask);
        TKernel.Apply(ref key, ref work.Counter, ref work.Mask, ref work.Mask, 16 + (nuint)length);
        Unsafe.CopyBlockUnaligned(ref work.Counter, ref work.Mask, 16);
        Unsafe.CopyBlockUnaligned(ref destination, ref work.Message, (uint)length);
        if (encrypt)
        {
            Hash(ref key, ref work, associated, length);
        }

        KeystreamXor.Apply(ref work.Hash, ref tag, ref work.Counter, 16);
    }

    private static void Hash(ref AesKey key, ref GcmWorkspace work, ReadOnlySpan<byte> associated, int length)
    {
        // The padding of either part first, whole blocks at a time: what is written after it stays.
        int before = (associated.Length + 15) & ~15, behind = (length + 15) & ~15;
        ref byte first = ref Unsafe.Add(ref work.First, GcmWorkspace.MessageOffset - before);
        if (before != 0)
        {
            Clear(ref work.Mask);
            associated.CopyTo(MemoryMarshal.CreateSpan(ref first, before));
        }

        if (length != behind)
        {
            Unsafe.InitBlockUnaligned(ref Unsafe.Add(ref work.Message, length), 0, (uint)(behind - length));
        }

        ref byte lengths = ref Unsafe.Add(ref work.Message, behind);
        Unsafe.WriteUnaligned(ref lengths, BinaryPrimitives.ReverseEndianness((ulong)associated.Length * 8));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref lengths, 8), BinaryPrimitives.ReverseEndianness((ulong)length * 8));
        Clear(ref work.Hash);
        TKernel.Hash(ref key, ref work.Hash, ref first, (nuint)(before + behind + 16) / 16);
    }

    private static void Clear(ref byte block)
    {
        Unsafe.WriteUnaligned(ref block, 0UL);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, 8), 0UL);
    }
}
