using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.TripleDes;

/// <summary>64 blocks bit by bit: a word holds the same bit of every block, and a permutation is a choice of words.</summary>
/// <remarks>
/// An output bit of an S-box is a tree of choices: the sixteen functions of its last two input bits are the leaves, of which the box
/// picks, and four levels of bitwise choice by the other four bits follow. What is picked depends on the tables alone.
/// </remarks>
internal readonly unsafe struct TripleDesScalar : ITripleDesKernel
{
    private const int HalfBits = 32;

    // For each S-box, output bit and leaf: the function of the last two input bits that stands there.
    private static readonly byte[] s_leaves = MakeLeaves();

    // For each S-box and output bit: the bit of the half that it changes.
    private static readonly byte[] s_targets =
        [.. Enumerable.Range(0, HalfBits).Select(i => (byte)DesTables.Target(i / 4, i % 4))];

    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "3des-bitsliced-x64";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    public static int Lanes => 64;

    public static void SetKey(byte* keys, ulong lanes, byte* key)
    {
        ulong* plane = (ulong*)keys;
        for (int i = 0; i < DesKeySchedule.Length; i++)
        {
            for (int bit = 5; bit >= 0; bit--)
            {
                ulong value = 0 - (((ulong)key[i] >> bit) & 1);
                *plane = (*plane & ~lanes) | (value & lanes);
                plane++;
            }
        }
    }

    public static void Blocks(byte* keys, ulong* blocks, bool decrypt, byte* work)
    {
        ulong* left = (ulong*)work;
        ulong* right = left + HalfBits;
        ulong* functions = right + HalfBits;
        Transpose(blocks);
        for (int i = 0; i < HalfBits; i++)
        {
            left[i] = blocks[Initial(i)];
            right[i] = blocks[Initial(i) + 1];
        }

        const int RoundBits = 48;
        ulong* key = (ulong*)keys + (decrypt ? (DesKeySchedule.RoundCount - 1) * RoundBits : 0);
        int step = decrypt ? -RoundBits : RoundBits;
        for (int round = 0; round < DesKeySchedule.RoundCount; round++)
        {
            Round(left, right, key, functions);
            key += step;

            // The halves change places after every round but the last of each DES, so that they stay there once in sixteen.
            if (round % 16 != 15)
            {
                ulong* other = left;
                left = right;
                right = other;
            }
        }

        for (int i = 0; i < HalfBits; i++)
        {
            blocks[Initial(i)] = left[i];
            blocks[Initial(i) + 1] = right[i];
        }

        Transpose(blocks);
    }

    // IP: bit i of the left half is bit 2, 4, 6 or 8 of a byte, from the last byte to the first; the right half's is the one before
    // it. A word's bit of the same byte is counted from its low end.
    private static int Initial(int bit) => (8 * (7 - (bit % 8))) + 6 - (2 * (bit / 8));

    private static void Round(ulong* left, ulong* right, ulong* key, ulong* functions)
    {
        ref byte leaf = ref s_leaves[0];
        for (int box = 0; box < 8; box++)
        {
            // E: six bits in a row, the first and last shared with the neighbours.
            int first = 4 * box;
            ulong b1 = right[(first + 31) % HalfBits] ^ key[0];
            ulong b2 = right[first] ^ key[1];
            ulong b3 = right[first + 1] ^ key[2];
            ulong b4 = right[first + 2] ^ key[3];
            ulong b5 = right[first + 3] ^ key[4];
            ulong b6 = right[(first + 4) % HalfBits] ^ key[5];
            key += 6;

            // Function f has bit 0 of f where b5 b6 is 00, bit 1 where it is 01, and so on.
            ulong only0 = ~b5 & ~b6, only1 = ~b5 & b6, only2 = b5 & ~b6, only3 = b5 & b6;
            for (ulong f = 0; f < 16; f++)
            {
                functions[f] = (only0 & (0 - (f & 1))) | (only1 & (0 - ((f >> 1) & 1)))
                    | (only2 & (0 - ((f >> 2) & 1))) | (only3 & (0 - (f >> 3)));
            }

            for (int bit = 0; bit < 4; bit++)
            {
                ulong low = Quarter(functions, ref leaf, b2, b3, b4);
                leaf = ref Unsafe.Add(ref leaf, 8);
                ulong high = Quarter(functions, ref leaf, b2, b3, b4);
                leaf = ref Unsafe.Add(ref leaf, 8);
                left[s_targets[first + bit]] ^= Choose(b1, high, low);
            }
        }
    }

    private static ulong Quarter(ulong* functions, ref byte leaf, ulong b2, ulong b3, ulong b4)
    {
        ulong Pair(ref byte at, int i) => Choose(
            b4,
            functions[Unsafe.Add(ref at, i + 1)],
            functions[Unsafe.Add(ref at, i)]);
        return Choose(
            b2,
            Choose(b3, Pair(ref leaf, 6), Pair(ref leaf, 4)),
            Choose(b3, Pair(ref leaf, 2), Pair(ref leaf, 0)));
    }

    private static ulong Choose(ulong by, ulong one, ulong zero) => zero ^ (by & (zero ^ one));

    // A matrix of 64 by 64 bits, by swapping ever smaller squares.
    private static void Transpose(ulong* rows)
    {
        ulong mask = 0x00000000_FFFFFFFF;
        for (int width = 32; width != 0; width >>= 1)
        {
            for (int i = 0; i < 64; i = (i + width + 1) & ~width)
            {
                ulong swapped = ((rows[i] >> width) ^ rows[i + width]) & mask;
                rows[i + width] ^= swapped;
                rows[i] ^= swapped << width;
            }

            mask ^= mask << (width >> 1);
        }
    }

    private static byte[] MakeLeaves()
    {
        byte[] leaves = new byte[8 * 4 * 16];
        for (int i = 0; i < leaves.Length; i++)
        {
            int box = i / 64, bit = i / 16 % 4, leaf = i % 16;
            for (int last = 0; last < 4; last++)
            {
                leaves[i] |= (byte)(((DesTables.Select(box, (4 * leaf) + last) >> (3 - bit)) & 1) << last);
            }
        }

        return leaves;
    }
}
