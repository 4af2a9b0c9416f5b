using System.Numerics;

namespace Outboard.Plugins.Mana.Kernels.Toeplitz;

/// <summary>A 40-byte RSS key, expanded once for the kernels.</summary>
internal sealed class ToeplitzKey
{
    public const int ByteCount = 40;

    /// <summary>Longest tuple: two IPv6 addresses and two ports.</summary>
    public const int WordMax = 9;

    /// <summary>Tuples in one call, and words in one row.</summary>
    public const int Lanes = 32;

    /// <summary>Nibbles in one word.</summary>
    public const int NibblesPerWord = 8;

    private readonly byte[] _bytes;

    public ToeplitzKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != ByteCount)
        {
            throw new ArgumentException($"An RSS key has {ByteCount} bytes, not {key.Length}.", nameof(key));
        }

        _bytes = key.ToArray();
        NibbleTables = new uint[WordMax * NibblesPerWord * 16];
        for (int nibble = 0; nibble < WordMax * NibblesPerWord; nibble++)
        {
            for (int value = 0; value < 16; value++)
            {
                uint hash = 0;
                for (int bit = 0; bit < 4; bit++)
                {
                    hash ^= (value & (8 >> bit)) != 0 ? WindowAt((nibble * 4) + bit) : 0;
                }

                NibbleTables[(nibble * 16) + value] = hash;
            }
        }

        ReversedWindows = new ulong[WordMax];
        for (int word = 0; word < WordMax; word++)
        {
            for (int bit = 0; bit < 63; bit++)
            {
                ReversedWindows[word] |= (ulong)KeyBit((word * 32) + bit) << bit;
            }
        }
    }

    /// <summary>The key as it was given.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>
    /// Sixteen hashes for each nibble of a tuple. Within a word the order is that of the packet: high nibble of the
    /// first byte, low nibble of the first byte, high nibble of the second, ...
    /// </summary>
    public uint[] NibbleTables { get; }

    /// <summary>
    /// For each word the 63 key bits that its bits can select, first bit lowest: the carry-less product of a word
    /// (first bit highest) with it holds the hash, last bit first, in bits 31 to 62.
    /// </summary>
    public ulong[] ReversedWindows { get; }

    private uint KeyBit(int position) => ((uint)_bytes[position >> 3] >> (7 - (position & 7))) & 1;

    private uint WindowAt(int position)
    {
        uint window = 0;
        for (int i = 0; i < 32; i++)
        {
            window = BitOperations.RotateLeft(window, 1) | KeyBit(position + i);
        }

        return window;
    }
}
