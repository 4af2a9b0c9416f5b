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
        for (int t = 0; t < TKernel.StateWords; t++)
        {
            if (TKernel.WordLength == sizeof(uint))
            {
                ((uint*)states)[(t * TKernel.Lanes) + lane] = ((uint*)state)[t];
            }
            else
            {
                ((ulong*)states)[(t * TKernel.Lanes) + lane] = ((ulong*)state)[t];
            }
        }
    }

    /// <summary>Writes a lane's state as a digest is written, big-endian and whole.</summary>
    /// <param name="states">The states.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="digest"><see cref="ColumnLength"/> bytes; a shorter digest is the first of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Get(byte* states, int lane, byte* digest)
    {
        for (int t = 0; t < TKernel.StateWords; t++)
        {
            if (TKernel.WordLength == sizeof(uint))
            {
                ((uint*)digest)[t] = BinaryPrimitives.ReverseEndianness(((uint*)states)[(t * TKernel.Lanes) + lane]);
            }
            else
            {
                ((ulong*)digest)[t] = BinaryPrimitives.ReverseEndianness(((ulong*)states)[(t * TKernel.Lanes) + lane]);
            }
        }
    }

    /// <summary>Pads the end of a message to whole blocks (FIPS 180-4 5.1).</summary>
    /// <param name="blocks">The last bytes of the message, with room for the blocks.</param>
    /// <param name="used">How many bytes those are.</param>
    /// <param name="hashed">Bytes hashed in all, with what came before.</param>
    /// <returns>The blocks, at least one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Pad(byte* blocks, int used, ulong hashed)
    {
        uint count = (uint)(used + PaddingMin + TKernel.BlockLength - 1) / (uint)TKernel.BlockLength;
        int end = (int)count * TKernel.BlockLength;
        blocks[used] = 0x80;
        new Span<byte>(blocks + used + 1, end - used - 1).Clear();
        *(ulong*)(blocks + end - sizeof(ulong)) = BinaryPrimitives.ReverseEndianness(hashed << 3);
        return count;
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
}
