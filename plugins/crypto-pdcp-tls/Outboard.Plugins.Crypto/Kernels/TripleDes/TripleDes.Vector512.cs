using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.TripleDes;

/// <summary>64 blocks byte by byte: a register holds the same byte of every block, and S-boxes are looked up inside registers.</summary>
/// <remarks>
/// A byte of the right half and its neighbours give the six bits of two S-boxes by shifts.
/// An S-box of 64 bytes is one register, so one VPERMB looks 64 blocks up; there is a table for each byte of the function's output,
/// with P done in it. Its index is six bits wide, whatever stands above them.
/// </remarks>
internal readonly unsafe struct TripleDesVector512 : ITripleDesKernel
{
    // The two transpositions, of bytes in words over registers and of bits in bytes over registers, go by these widths.
    private const ulong Nibbles = 0x0F0F0F0F_0F0F0F0F;
    private const ulong Pairs = 0x33333333_33333333;
    private const ulong Singles = 0x55555555_55555555;

    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "3des-vpermb-x64";

    public static bool IsSupported => Avx512Vbmi.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Lanes => 64;

    // The transposition of bytes makes neighbours in a word of the blocks that are a register apart, so keys lie like that too.
    public static void SetKey(byte* keys, ulong lanes, byte* key)
    {
        Vector512<byte> mask = Vector512<byte>.Zero;
        byte* bytes = (byte*)&mask;
        for (int lane = 0; lane < Lanes; lane++)
        {
            bytes[(8 * (lane % 8)) + (lane / 8)] = (byte)(0 - ((lanes >> lane) & 1));
        }

        for (int i = 0; i < DesKeySchedule.Length; i++)
        {
            byte* row = keys + (i * Lanes);
            Vector512.ConditionalSelect(mask, Vector512.Create(key[i]), Vector512.Load(row)).Store(row);
        }
    }

    public static void Blocks(byte* keys, ulong* blocks, bool decrypt, byte* work)
    {
        Vector512<ulong> b0 = Vector512.Load(blocks + 0);
        Vector512<ulong> b1 = Vector512.Load(blocks + 8);
        Vector512<ulong> b2 = Vector512.Load(blocks + 16);
        Vector512<ulong> b3 = Vector512.Load(blocks + 24);
        Vector512<ulong> b4 = Vector512.Load(blocks + 32);
        Vector512<ulong> b5 = Vector512.Load(blocks + 40);
        Vector512<ulong> b6 = Vector512.Load(blocks + 48);
        Vector512<ulong> b7 = Vector512.Load(blocks + 56);
        TransposeBytes(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        TransposeBits(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);

        // IP: the left half has the even bits of the bytes, the last of them first, the right half the odd ones.
        Vector512<ulong> l0 = b6, l1 = b4, l2 = b2, l3 = b0, r0 = b7, r1 = b5, r2 = b3, r3 = b1;
        byte* tables = DesLookups.Wide;
        int step = decrypt ? -8 * Lanes : 8 * Lanes;
        byte* key = decrypt ? keys + ((DesKeySchedule.Length - 8) * Lanes) : keys;
        for (int des = 0; des < 3; des++)
        {
            for (int i = 0; i < 8; i++)
            {
                Round(ref l0, ref l1, ref l2, ref l3, r0, r1, r2, r3, key, tables);
                key += step;
                Round(ref r0, ref r1, ref r2, ref r3, l0, l1, l2, l3, key, tables);
                key += step;
            }

            // The last round of a DES does not exchange the halves, which the loop above would have to.
            (l0, l1, l2, l3, r0, r1, r2, r3) = (r0, r1, r2, r3, l0, l1, l2, l3);
        }

        (b6, b4, b2, b0, b7, b5, b3, b1) = (l0, l1, l2, l3, r0, r1, r2, r3);
        TransposeBits(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        TransposeBytes(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        b0.Store(blocks + 0);
        b1.Store(blocks + 8);
        b2.Store(blocks + 16);
        b3.Store(blocks + 24);
        b4.Store(blocks + 32);
        b5.Store(blocks + 40);
        b6.Store(blocks + 48);
        b7.Store(blocks + 56);
    }

    // l ^= f(r, key) (FIPS 46-3, the cipher function): E by shifts, eight S-boxes, P in the tables.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        ref Vector512<ulong> l0, ref Vector512<ulong> l1, ref Vector512<ulong> l2, ref Vector512<ulong> l3, Vector512<ulong> r0, Vector512<ulong> r1, Vector512<ulong> r2, Vector512<ulong> r3, byte* key, byte* tables)
    {
        Box(Even(r3, r0), key + (0 * Lanes), tables + (0 * DesLookups.BoxLength), ref l0, ref l1, ref l2, ref l3);
        Box(Odd(r0, r1), key + (1 * Lanes), tables + (1 * DesLookups.BoxLength), ref l0, ref l1, ref l2, ref l3);
        Box(Even(r0, r1), key + (2 * Lanes), tables + (2 * DesLookups.BoxLength), ref l0, ref l1, ref l2, ref l3);
        Box(Odd(r1, r2), key + (3 * Lanes), tables + (3 * DesLookups.BoxLength), ref l0, ref l1, ref l2, ref l3);
        Box(Even(r1, r2), key + (4 * Lanes), tables + (4 * DesLookups.BoxLength), ref l0, ref l1, ref l2, ref l3);
        Box(Odd(r2, r3), key + (5 * Lanes), tables + (5 * DesLookups.BoxLength), ref l0, ref l1, ref l2, ref l3);
        Box(Even(r2, r3), key + (6 * Lanes), tables + (6 * DesLookups.BoxLength), ref l0, ref l1, ref l2, ref l3);
        Box(Odd(r3, r0), key + (7 * Lanes), tables + (7 * DesLookups.BoxLength), ref l0, ref l1, ref l2, ref l3);
    }

    // The last bit of the byte before, and the first five of this one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Even(Vector512<ulong> before, Vector512<ulong> here) =>
        Vector512.ConditionalSelect(Vector512.Create((byte)0x20).AsUInt64(), before << 5, here >> 3);

    // The last five bits of this byte, and the first one of the next.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Odd(Vector512<ulong> here, Vector512<ulong> next) =>
        Vector512.ConditionalSelect(Vector512.Create((byte)0x01).AsUInt64(), next >> 7, here << 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Box(Vector512<ulong> bits, byte* key, byte* table, ref Vector512<ulong> l0, ref Vector512<ulong> l1, ref Vector512<ulong> l2, ref Vector512<ulong> l3)
    {
        Vector512<byte> index = bits.AsByte() ^ Vector512.Load(key);
        l0 ^= Avx512Vbmi.PermuteVar64x8(Vector512.Load(table), index).AsUInt64();
        l1 ^= Avx512Vbmi.PermuteVar64x8(Vector512.Load(table + 64), index).AsUInt64();
        l2 ^= Avx512Vbmi.PermuteVar64x8(Vector512.Load(table + 128), index).AsUInt64();
        l3 ^= Avx512Vbmi.PermuteVar64x8(Vector512.Load(table + 192), index).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBytes(
        ref Vector512<ulong> b0,
        ref Vector512<ulong> b1,
        ref Vector512<ulong> b2,
        ref Vector512<ulong> b3,
        ref Vector512<ulong> b4,
        ref Vector512<ulong> b5,
        ref Vector512<ulong> b6,
        ref Vector512<ulong> b7)
    {
        Swap(ref b0, ref b1, 8, 0x00FF00FF_00FF00FF);
        Swap(ref b2, ref b3, 8, 0x00FF00FF_00FF00FF);
        Swap(ref b4, ref b5, 8, 0x00FF00FF_00FF00FF);
        Swap(ref b6, ref b7, 8, 0x00FF00FF_00FF00FF);
        Swap(ref b0, ref b2, 16, 0x0000FFFF_0000FFFF);
        Swap(ref b1, ref b3, 16, 0x0000FFFF_0000FFFF);
        Swap(ref b4, ref b6, 16, 0x0000FFFF_0000FFFF);
        Swap(ref b5, ref b7, 16, 0x0000FFFF_0000FFFF);
        Swap(ref b0, ref b4, 32, 0x00000000_FFFFFFFF);
        Swap(ref b1, ref b5, 32, 0x00000000_FFFFFFFF);
        Swap(ref b2, ref b6, 32, 0x00000000_FFFFFFFF);
        Swap(ref b3, ref b7, 32, 0x00000000_FFFFFFFF);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBits(
        ref Vector512<ulong> b0,
        ref Vector512<ulong> b1,
        ref Vector512<ulong> b2,
        ref Vector512<ulong> b3,
        ref Vector512<ulong> b4,
        ref Vector512<ulong> b5,
        ref Vector512<ulong> b6,
        ref Vector512<ulong> b7)
    {
        Swap(ref b0, ref b1, 1, Singles);
        Swap(ref b2, ref b3, 1, Singles);
        Swap(ref b4, ref b5, 1, Singles);
        Swap(ref b6, ref b7, 1, Singles);
        Swap(ref b0, ref b2, 2, Pairs);
        Swap(ref b1, ref b3, 2, Pairs);
        Swap(ref b4, ref b6, 2, Pairs);
        Swap(ref b5, ref b7, 2, Pairs);
        Swap(ref b0, ref b4, 4, Nibbles);
        Swap(ref b1, ref b5, 4, Nibbles);
        Swap(ref b2, ref b6, 4, Nibbles);
        Swap(ref b3, ref b7, 4, Nibbles);
    }

    // Exchanges the upper elements of one register with the lower ones of another.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Swap(ref Vector512<ulong> low, ref Vector512<ulong> high, int width, ulong mask)
    {
        Vector512<ulong> changed = ((low >> width) ^ high) & Vector512.Create(mask);
        high ^= changed;
        low ^= changed << width;
    }
}
