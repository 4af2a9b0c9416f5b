using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>A GCM message of any number of pieces (SP 800-38D 7.1, 7.2): Start, Associate*, (Encrypt* or Decrypt*), Finish.</summary>
/// <remarks>Pieces may end anywhere: a block that is cut keeps its keystream and its ciphertext in the state.</remarks>
internal static class GcmMessage<TKernel>
    where TKernel : struct, IAesGcmKernel
{
    /// <summary>Most bytes of one message: 2^39 - 256 bits (SP 800-38D 5.2.1.1).</summary>
    public const ulong DataLengthMax = (1UL << 36) - 32;

    /// <summary>Begins a message with an IV of one byte or more. Twelve bytes are the counter block but for its count; others are hashed.</summary>
    public static void Start(ref AesKey key, ref GcmState state, ReadOnlySpan<byte> iv)
    {
        state = default;
        if (iv.Length == 12)
        {
            iv.CopyTo(MemoryMarshal.CreateSpan(ref state.Counter, 12));
            Unsafe.Add(ref state.Counter, 15) = 1;
        }
        else
        {
            ref byte first = ref MemoryMarshal.GetReference(iv);
            nuint whole = (nuint)iv.Length / 16;
            TKernel.Hash(ref key, ref state.Counter, ref first, whole);
            int rest = iv.Length % 16;
            if (rest != 0)
            {
                iv[^rest..].CopyTo(MemoryMarshal.CreateSpan(ref state.Block, 16));
                TKernel.Hash(ref key, ref state.Counter, ref state.Block, 1);
            }

            Unsafe.WriteUnaligned(ref state.Block, 0UL);
            Unsafe.WriteUnaligned(
                ref Unsafe.Add(ref state.Block, 8), BinaryPrimitives.ReverseEndianness((ulong)iv.Length * 8));
            TKernel.Hash(ref key, ref state.Counter, ref state.Block, 1);
        }

        TakeMask(ref key, ref state);
    }

    /// <summary>Absorbs associated data; every call before the first byte of the message.</summary>
    public static void Associate(ref AesKey key, ref GcmState state, ref byte data, nuint length)
    {
        state.AssociatedLength += length;
        Absorb(ref key, ref state, ref data, length);
    }

    public static void Encrypt(ref AesKey key, ref GcmState state, ref byte source, ref byte destination, nuint length)
    {
        BeginData(ref key, ref state);
        state.DataLength += length;
        nuint i = 0;
        if (state.Pending != 0)
        {
            i = Math.Min(length, (nuint)(16 - state.Pending));
            ref byte block = ref Unsafe.Add(ref state.Block, state.Pending);
            KeystreamXor.Apply(ref source, ref destination, ref Unsafe.Add(ref state.Keystream, state.Pending), i);
            Unsafe.CopyBlockUnaligned(ref block, ref destination, (uint)i);
            ClosePending(ref key, ref state, i);
        }

        nuint blocks = (length - i) / 16;
        if (blocks != 0)
        {
            TKernel.Encrypt(
                ref key,
                ref state.Counter,
                ref state.Hash,
                ref Unsafe.AddByteOffset(ref source, i),
                ref Unsafe.AddByteOffset(ref destination, i),
                blocks);
            i += blocks * 16;
        }

        if (i < length)
        {
            OpenPending(ref key, ref state);
            ref byte target = ref Unsafe.AddByteOffset(ref destination, i);
            KeystreamXor.Apply(ref Unsafe.AddByteOffset(ref source, i), ref target, ref state.Keystream, length - i);
            Unsafe.CopyBlockUnaligned(ref state.Block, ref target, (uint)(length - i));
            state.Pending = (int)(length - i);
        }
    }

    public static void Decrypt(ref AesKey key, ref GcmState state, ref byte source, ref byte destination, nuint length)
    {
        BeginData(ref key, ref state);
        state.DataLength += length;
        nuint i = 0;
        if (state.Pending != 0)
        {
            i = Math.Min(length, (nuint)(16 - state.Pending));
            Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref state.Block, state.Pending), ref source, (uint)i);
            KeystreamXor.Apply(ref source, ref destination, ref Unsafe.Add(ref state.Keystream, state.Pending), i);
            ClosePending(ref key, ref state, i);
        }

        nuint blocks = (length - i) / 16;
        if (blocks != 0)
        {
            TKernel.Decrypt(
                ref key,
                ref state.Counter,
                ref state.Hash,
                ref Unsafe.AddByteOffset(ref source, i),
                ref Unsafe.AddByteOffset(ref destination, i),
                blocks);
            i += blocks * 16;
        }

        if (i < length)
        {
            OpenPending(ref key, ref state);
            ref byte origin = ref Unsafe.AddByteOffset(ref source, i);
            Unsafe.CopyBlockUnaligned(ref state.Block, ref origin, (uint)(length - i));
            KeystreamXor.Apply(ref origin, ref Unsafe.AddByteOffset(ref destination, i), ref state.Keystream, length - i);
            state.Pending = (int)(length - i);
        }
    }

    /// <summary>Ends the message and writes all sixteen bytes of the tag.</summary>
    public static void Finish(ref AesKey key, ref GcmState state, ref byte tag)
    {
        // The block of lengths stands behind the last block, where the keystream of that block was: both are hashed in one go.
        ref byte lengths = ref state.Keystream;
        Unsafe.WriteUnaligned(ref lengths, BinaryPrimitives.ReverseEndianness(state.AssociatedLength * 8));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref lengths, 8), BinaryPrimitives.ReverseEndianness(state.DataLength * 8));
        if (state.Pending != 0)
        {
            Unsafe.InitBlockUnaligned(ref Unsafe.Add(ref state.Block, state.Pending), 0, (uint)(16 - state.Pending));
            TKernel.Hash(ref key, ref state.Hash, ref state.Block, 2);
        }
        else
        {
            TKernel.Hash(ref key, ref state.Hash, ref lengths, 1);
        }

        KeystreamXor.Apply(ref state.Hash, ref tag, ref state.Mask, 16);
    }

    private static void TakeMask(ref AesKey key, ref GcmState state)
    {
        state.Pending = 0;
        Unsafe.InitBlockUnaligned(ref state.Mask, 0, 16);
        TKernel.Apply(ref key, ref state.Counter, ref state.Mask, ref state.Mask, 16);
    }

    private static void BeginData(ref AesKey key, ref GcmState state)
    {
        if (state.DataLength == 0)
        {
            FlushPending(ref key, ref state);
        }
    }

    private static void OpenPending(ref AesKey key, ref GcmState state)
    {
        Unsafe.InitBlockUnaligned(ref state.Keystream, 0, 16);
        TKernel.Apply(ref key, ref state.Counter, ref state.Keystream, ref state.Keystream, 16);
    }

    private static void ClosePending(ref AesKey key, ref GcmState state, nuint added)
    {
        state.Pending += (int)added;
        if (state.Pending == 16)
        {
            TKernel.Hash(ref key, ref state.Hash, ref state.Block, 1);
            state.Pending = 0;
        }
    }

    private static void Absorb(ref AesKey key, ref GcmState state, ref byte data, nuint length)
    {
        nuint i = 0;
        if (state.Pending != 0)
        {
            i = Math.Min(length, (nuint)(16 - state.Pending));
            Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref state.Block, state.Pending), ref data, (uint)i);
            ClosePending(ref key, ref state, i);
        }

        nuint blocks = (length - i) / 16;
        if (blocks != 0)
        {
            TKernel.Hash(ref key, ref state.Hash, ref Unsafe.AddByteOffset(ref data, i), blocks);
            i += blocks * 16;
        }

        if (i < length)
        {
            Unsafe.CopyBlockUnaligned(ref state.Block, ref Unsafe.AddByteOffset(ref data, i), (uint)(length - i));
            state.Pending = (int)(length - i);
        }
    }

    private static void FlushPending(ref AesKey key, ref GcmState state)
    {
        if (state.Pending != 0)
        {
            Unsafe.InitBlockUnaligned(ref Unsafe.Add(ref state.Block, state.Pending), 0, (uint)(16 - state.Pending));
            TKernel.Hash(ref key, ref state.Hash, ref state.Block, 1);
            state.Pending = 0;
        }
    }
}
