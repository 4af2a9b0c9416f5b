using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.TripleDes;

/// <summary>32 blocks byte by byte: a register holds the same byte of every block, and S-boxes are looked up inside registers.</summary>
/// <remarks>
/// A byte of the right half and its neighbours give the six bits of two S-boxes by shifts.
/// An S-box is four registers of sixteen bytes: the index moves each out of or into the range that PSHUFB answers with other than
/// zero. A second lookup puts the four bits where P wants them.
/// </remarks>
internal readonly unsafe struct TripleDesVector256 : ITripleDesKernel
{
    // The two transpositions, of bytes in words over registers and of bits in bytes over registers, go by these widths.
    private const ulong Nibbles = 0x0F0F0F0F_0F0F0F0F;
    private const ulong Pairs = 0x33333333_33333333;
    private const ulong Singles = 0x55555555_55555555;

    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "3des-pshufb-x32";

    public static bool IsSupported => Avx2.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Lanes => 32;

    // The transposition of bytes makes neighbours in a word of the blocks that are a register apart, so keys lie like that too.
    public static void SetKey(byte* keys, ulong lanes, byte* key)
    {
        Vector256<byte> mask = Vector256<byte>.Zero;
        byte* bytes = (byte*)&mask;
        for (int lane = 0; lane < Lanes; lane++)
        {
            bytes[(8 * (lane % 4)) + (lane / 4)] = (byte)(0 - ((lanes >> lane) & 1));
        }

        for (int i = 0; i < DesKeySchedule.Length; i++)
        {
            byte* row = keys + (i * Lanes);
            Vector256.ConditionalSelect(mask, Vector256.Create(key[i]), Vector256.Load(row)).Store(row);
        }
    }

    public static void Blocks(byte* keys, ulong* blocks, bool decrypt, byte* work)
    {
        Vector256<ulong> b0 = Vector256.Load(blocks + 0);
        Vector256<ulong> b1 = Vector256.Load(blocks + 4);
        Vector256<ulong> b2 = Vector256.Load(blocks + 8);
        Vector256<ulong> b3 = Vector256.Load(blocks + 12);
        Vector256<ulong> b4 = Vector256.Load(blocks + 16);
        Vector256<ulong> b5 = Vector256.Load(blocks + 20);
        Vector256<ulong> b6 = Vector256.Load(blocks + 24);
        Vector256<ulong> b7 = Vector256.Load(blocks + 28);
        TransposeBytes(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        TransposeBits(ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);

        // IP: the left half has the even bits of the bytes, the last of them first, the right half the odd ones.
        Vector256<ulong> l0 = b6, l1 = b4, l2 = b2, l3 = b0, r0 = b7, r1 = b5, r2 = b3, r3 = b1;
        byte* tables = DesLookups.Narrow;
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
        b1.Store(blocks + 4);
        b2.Store(blocks + 8);
        b3.Store(blocks + 12);
        b4.Store(blocks + 16);
        b5.Store(blocks + 20);
        b6.Store(blocks + 24);
        b7.Store(blocks + 28);
    }

    // l ^= f(r, key) (FIPS 46-3, the cipher function): E by shifts, eight S-boxes, P in the tables.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        ref Vector256<ulong> l0, ref Vector256<ulong> l1, ref Vector256<ulong> l2, ref Vector256<ulong> l3, Vector256<ulong> r0, Vector256<ulong> r1, Vector256<ulong> r2, Vector256<ulong> r3, byte* key, byte* tables)
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
    private static Vector256<ulong> Even(Vector256<ulong> before, Vector256<ulong> here) =>
        Vector256.ConditionalSelect(Vector256.Create((byte)0x20).AsUInt64(), before << 5, here >> 3);

    // The last five bits of this byte, and the first one of the next.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Odd(Vector256<ulong> here, Vector256<ulong> next) =>
        Vector256.ConditionalSelect(Vector256.Create((byte)0x01).AsUInt64(), next >> 7, here << 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Box(Vector256<ulong> bits, byte* key, byte* table, ref Vector256<ulong> l0, ref Vector256<ulong> l1, ref Vector256<ulong> l2, ref Vector256<ulong> l3)
    {
        Vector256<byte> index = (bits.AsByte() ^ Vector256.Load(key)) & Vector256.Create((byte)0x3F);
        Vector256<byte> output = Part(index, table, 0) | Part(index, table, 1) | Part(index, table, 2) | Part(index, table, 3);
        l0 ^= Avx2.Shuffle(Vector256.Load(table + 128), output).AsUInt64();
        l1 ^= Avx2.Shuffle(Vector256.Load(table + 160), output).AsUInt64();
        l2 ^= Avx2.Shuffle(Vector256.Load(table + 192), output).AsUInt64();
        l3 ^= Avx2.Shuffle(Vector256.Load(table + 224), output).AsUInt64();
    }

    // What a quarter of an S-box says: above 15 the sum has its highest bit set and the answer is 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Part(Vector256<byte> index, byte* table, int part)
    {
        Vector256<byte> within = index ^ Vector256.Create((byte)(16 * part));
        return Avx2.Shuffle(Vector256.Load(table + (32 * part)), Avx2.AddSaturate(within, Vector256.Create((byte)0x70)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBytes(
        ref Vector256<ulong> b0,
        ref Vector256<ulong> b1,
        ref Vector256<ulong> b2,
        ref Vector256<ulong> b3,
        ref Vector256<ulong> b4,
        ref Vector256<ulong> b5,
        ref Vector256<ulong> b6,
        ref Vector256<ulong> b7)
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
        ref Vector256<ulong> b0,
        ref Vector256<ulong> b1,
        ref Vector256<ulong> b2,
        ref Vector256<ulong> b3,
        ref Vector256<ulong> b4,
        ref Vector256<ulong> b5,
        ref Vector256<ulong> b6,
        ref Vector256<ulong> b7)
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
    private static void Swap(ref Vector256<ulong> low, ref Vector256<ulong> high, int width, ulong mask)
    {
        Vector256<ulong> changed = ((low >> width) ^ high) & Vector256.Create(mask);
        high ^= changed;
        low ^= changed << width;
    }
}
