using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>One lane's state among those of all lanes, and the padding behind a message.</summary>
internal static unsafe class HashColumn<TKernel>
    where TKernel : struct, IHashKernel
{
    /// <summary>Bytes of the states of all lanes.</summary>
    public static int StatesLength => TKernel.StateWords * TKernel.WordLength * TKernel.Lanes;

    /// <summary>Bytes of one state.</summary>
    public static int ColumnLength => TKernel.StateWords * TKernel.WordLength;

    /// <summary>Bytes of the message length at the end of the last block (FIPS 180-4 5.1).</summary>
    public static int LengthField => 2 * TKernel.WordLength;

    /// <summary>Bytes that padding adds at least: a one bit in a byte of its own, and the length.</summary>
    public static int PaddingMin => 1 + LengthField;

    /// <summary>Puts a state into a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(byte* states, int lane, byte* state)
    {
        if (TKernel.WordLength == sizeof(uint))
        {
            Set((uint*)states + lane, (uint*)state);
        }
        else
        {
            Set((ulong*)states + lane, (ulong*)state);
        }
    }

    /// <summary>Writes a lane's state as a digest is written, big-endian and whole.</summary>
    /// <param name="states">The states.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="digest"><see cref="ColumnLength"/> bytes; a shorter digest is the first of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Get(byte* states, int lane, byte* digest)
    {
        if (TKernel.WordLength == sizeof(uint))
        {
            Get((uint*)states + lane, (uint*)digest);
        }
        else
        {
            Get((ulong*)states + lane, (ulong*)digest);
        }
    }

    /// <summary>Pads the end of a message to whole blocks (FIPS 180-4 5.1).</summary>
    /// <param name="blocks">The last bytes of the message, and zeros behind them to the end of the blocks.</param>
    /// <param name="used">How many bytes those are.</param>
    /// <param name="hashed">Bytes hashed in all, with what came before.</param>
    /// <returns>The blocks, at least one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Pad(byte* blocks, int used, ulong hashed)
    {
        uint count = (uint)(used + PaddingMin + TKernel.BlockLength - 1) / (uint)TKernel.BlockLength;
        blocks[used] = 0x80;
        *(ulong*)(blocks + ((int)count * TKernel.BlockLength) - sizeof(ulong)) = BinaryPrimitives.ReverseEndianness(hashed << 3);
        return count;
    }

    /// <summary>Makes the one block of the outer hash of an HMAC, and puts the state behind its key into the lane.</summary>
    /// <param name="states">The states.</param>
    /// <param name="inner">Where the state of the inner hash is: the states, or others laid out as they are.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="outer">The state behind the outer key.</param>
    /// <param name="block">Room for the block.</param>
    /// <param name="digestLength">Bytes of the inner digest.</param>
    public static void TurnOuter(byte* states, byte* inner, int lane, byte* outer, byte* block, int digestLength)
    {
        Get(inner, lane, block);
        new Span<byte>(block + digestLength, TKernel.BlockLength - digestLength).Clear();
        Pad(block, digestLength, (ulong)(TKernel.BlockLength + digestLength));
        Set(states, lane, outer);
    }

    /// <summary>Lets lanes without a message read what one with a message reads.</summary>
    /// <param name="lanes">Where each lane reads.</param>
    /// <param name="live">The lanes with a message, a bit each; at least one.</param>
    public static void FillIdle(byte** lanes, ulong live)
    {
        byte* readable = lanes[BitOperations.TrailingZeroCount(live)];
        for (ulong idle = ~live & ((1UL << TKernel.Lanes) - 1); idle != 0; idle &= idle - 1)
        {
            lanes[BitOperations.TrailingZeroCount(idle)] = readable;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set<T>(T* column, T* state)
        where T : unmanaged
    {
        column[0] = state[0];
        column[TKernel.Lanes] = state[1];
        column[2 * TKernel.Lanes] = state[2];
        column[3 * TKernel.Lanes] = state[3];
        column[4 * TKernel.Lanes] = state[4];
        if (TKernel.StateWords == 8)
        {
            column[5 * TKernel.Lanes] = state[5];
            column[6 * TKernel.Lanes] = state[6];
            column[7 * TKernel.Lanes] = state[7];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Get(uint* column, uint* digest)
    {
        digest[0] = BinaryPrimitives.ReverseEndianness(column[0]);
        digest[1] = BinaryPrimitives.ReverseEndianness(column[TKernel.Lanes]);
        digest[2] = BinaryPrimitives.ReverseEndianness(column[2 * TKernel.Lanes]);
        digest[3] = BinaryPrimitives.ReverseEndianness(column[3 * TKernel.Lanes]);
        digest[4] = BinaryPrimitives.ReverseEndianness(column[4 * TKernel.Lanes]);
        if (TKernel.StateWords == 8)
        {
            digest[5] = BinaryPrimitives.ReverseEndianness(column[5 * TKernel.Lanes]);
            digest[6] = BinaryPrimitives.ReverseEndianness(column[6 * TKernel.Lanes]);
            digest[7] = BinaryPrimitives.ReverseEndianness(column[7 * TKernel.Lanes]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Get(ulong* column, ulong* digest)
    {
        digest[0] = BinaryPrimitives.ReverseEndianness(column[0]);
        digest[1] = BinaryPrimitives.ReverseEndianness(column[TKernel.Lanes]);
        digest[2] = BinaryPrimitives.ReverseEndianness(column[2 * TKernel.Lanes]);
        digest[3] = BinaryPrimitives.ReverseEndianness(column[3 * TKernel.Lanes]);
        digest[4] = BinaryPrimitives.ReverseEndianness(column[4 * TKernel.Lanes]);
        if (TKernel.StateWords == 8)
        {
            digest[5] = BinaryPrimitives.ReverseEndianness(column[5 * TKernel.Lanes]);
            digest[6] = BinaryPrimitives.ReverseEndianness(column[6 * TKernel.Lanes]);
            digest[7] = BinaryPrimitives.ReverseEndianness(column[7 * TKernel.Lanes]);
        }
    }
}
