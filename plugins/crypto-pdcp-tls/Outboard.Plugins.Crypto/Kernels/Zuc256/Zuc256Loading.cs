using Outboard.Plugins.Crypto.Kernels.Zuc;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc256;

/// <summary>ZUC with a 256-bit key and a 128-bit IV: 48 rounds before the first word.</summary>
/// <remarks>
/// Source: An Addendum to the ZUC-256 Stream Cipher (2021), 2: cell i is a byte of key, seven bits of constant and two bytes more: key
/// bytes 16 + i and 24 + i in cells 0 to 6, IV bytes i - 7 and i + 1 in cells 7 to 14, key bytes 23 and 31 in cell 15.
/// </remarks>
internal unsafe struct Zuc256Loading : IZucVariant
{
    public static int Rounds => 48;

    private static ReadOnlySpan<byte> Constants =>
    [
        0b1100100, 0b1000011, 0b1111011, 0b0101010, 0b0010001, 0b0000101, 0b1010001, 0b1000010,
        0b0011010, 0b0110001, 0b0011000, 0b1100110, 0b0010100, 0b0101110, 0b0000001, 0b1011100,
    ];

    public static void ExpandKey(ReadOnlySpan<byte> key, uint* cells)
    {
        for (int i = 0; i < 16; i++)
        {
            cells[i] = ((uint)key[i] << 23) | ((uint)Constants[i] << 16);
        }

        for (int i = 0; i < 7; i++)
        {
            cells[i] |= ((uint)key[16 + i] << 8) | key[24 + i];
        }

        cells[15] |= ((uint)key[23] << 8) | key[31];
    }

    public static void Load<TLanes>(uint* keyCells, byte* iv, uint* cells)
        where TLanes : struct, ISimdKernel
    {
        for (int i = 0; i < 16; i++)
        {
            cells[i] = keyCells[i];
        }

        for (int i = 0; i < 8; i++)
        {
            cells[7 + i] |= ((uint)iv[i] << 8) | iv[8 + i];
        }
    }
}
