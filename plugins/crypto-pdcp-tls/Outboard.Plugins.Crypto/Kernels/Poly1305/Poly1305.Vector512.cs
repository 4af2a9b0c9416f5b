using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Poly1305;

/// <summary>Sixteen lanes in two 512-bit registers.</summary>
internal readonly unsafe struct Poly1305Vector512 : IPoly1305Vector
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "poly1305-zmm-x16";

    public static bool IsSupported => Avx512F.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Columns => 8;

    public static void Steps(byte** addresses, nuint blocks, ulong* h, ulong* r, byte* staging)
    {
        Vector512<ulong> a0 = Row(h, 0);
        Vector512<ulong> a1 = Row(h, 1);
        Vector512<ulong> a2 = Row(h, 2);
        Vector512<ulong> a3 = Row(h, 3);
        Vector512<ulong> a4 = Row(h, 4);
        Vector512<ulong> b0 = Row(h, 5);
        Vector512<ulong> b1 = Row(h, 6);
        Vector512<ulong> b2 = Row(h, 7);
        Vector512<ulong> b3 = Row(h, 8);
        Vector512<ulong> b4 = Row(h, 9);
        ulong* second = r + (IPoly1305Vector.FactorCount * Columns);
        nuint offset = 0;
        while (blocks != 0)
        {
            int count = blocks >= 4 ? 4 : 1;
            if (count == 4)
            {
                GatherMany(addresses, offset, staging);
                GatherMany(addresses + Columns, offset, staging + 128);
            }
            else
            {
                GatherOne(addresses, offset, staging);
                GatherOne(addresses + Columns, offset, staging + 128);
            }

            byte* staged = staging;
            for (int i = 0; i < count; i++)
            {
                ulong* at = (ulong*)staged;
                Absorb(ref a0, ref a1, ref a2, ref a3, ref a4, Row(at, 0), Row(at, 1), r);
                Absorb(ref b0, ref b1, ref b2, ref b3, ref b4, Row(at, 2), Row(at, 3), second);
                staged += 256;
            }

            offset += (nuint)count * Poly1305State.BlockLength;
            blocks -= (nuint)count;
        }

        a0.Store(h + (0 * Columns));
        a1.Store(h + (1 * Columns));
        a2.Store(h + (2 * Columns));
        a3.Store(h + (3 * Columns));
        a4.Store(h + (4 * Columns));
        b0.Store(h + (5 * Columns));
        b1.Store(h + (6 * Columns));
        b2.Store(h + (7 * Columns));
        b3.Store(h + (8 * Columns));
        b4.Store(h + (9 * Columns));
    }

    public static void Stride(byte* data, nuint steps, ulong* h, ulong* r)
    {
        Vector512<ulong> a0 = Row(h, 0);
        Vector512<ulong> a1 = Row(h, 1);
        Vector512<ulong> a2 = Row(h, 2);
        Vector512<ulong> a3 = Row(h, 3);
        Vector512<ulong> a4 = Row(h, 4);
        Vector512<ulong> b0 = Row(h, 5);
        Vector512<ulong> b1 = Row(h, 6);
        Vector512<ulong> b2 = Row(h, 7);
        Vector512<ulong> b3 = Row(h, 8);
        Vector512<ulong> b4 = Row(h, 9);
        ulong* second = r + (IPoly1305Vector.FactorCount * Columns);
        for (; steps != 0; steps--)
        {
            Vector512<ulong> aLeft = Row((ulong*)data, 0);
            Vector512<ulong> aRight = Row((ulong*)data, 1);
            Absorb(
                ref a0,
                ref a1,
                ref a2,
                ref a3,
                ref a4,
                Avx512F.UnpackLow(aLeft, aRight),
                Avx512F.UnpackHigh(aLeft, aRight),
                r);
            Vector512<ulong> bLeft = Row((ulong*)data, 2);
            Vector512<ulong> bRight = Row((ulong*)data, 3);
            Absorb(
                ref b0,
                ref b1,
                ref b2,
                ref b3,
                ref b4,
                Avx512F.UnpackLow(bLeft, bRight),
                Avx512F.UnpackHigh(bLeft, bRight),
                second);
            data += 256;
        }

        a0.Store(h + (0 * Columns));
        a1.Store(h + (1 * Columns));
        a2.Store(h + (2 * Columns));
        a3.Store(h + (3 * Columns));
        a4.Store(h + (4 * Columns));
        b0.Store(h + (5 * Columns));
        b1.Store(h + (6 * Columns));
        b2.Store(h + (7 * Columns));
        b3.Store(h + (8 * Columns));
        b4.Store(h + (9 * Columns));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Row(ulong* rows, int row) => Vector512.Load(rows + (row * Columns));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Times(Vector512<ulong> limb, ulong* r, int row) => Avx512F.Multiply(limb.AsUInt32(), Row(r, row).AsUInt32());

    // Rows 5 to 8 of r are five times rows 1 to 4: a product of limbs i and j with i + j >= 5 comes back at i + j - 5 times 5.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Absorb(
        ref Vector512<ulong> h0, ref Vector512<ulong> h1, ref Vector512<ulong> h2, ref Vector512<ulong> h3, ref Vector512<ulong> h4, Vector512<ulong> low, Vector512<ulong> high, ulong* r)
    {
        Vector512<ulong> mask = Vector512.Create((1UL << 26) - 1);
        h0 += low & mask;
        h1 += (low >> 26) & mask;
        h2 += ((low >> 52) | (high << 12)) & mask;
        h3 += (high >> 14) & mask;
        h4 += (high >> 40) | Vector512.Create(1UL << 24);

        Vector512<ulong> d0 = Times(h0, r, 0) + Times(h1, r, 8) + Times(h2, r, 7) + Times(h3, r, 6) + Times(h4, r, 5);
        Vector512<ulong> d1 = Times(h0, r, 1) + Times(h1, r, 0) + Times(h2, r, 8) + Times(h3, r, 7) + Times(h4, r, 6);
        Vector512<ulong> d2 = Times(h0, r, 2) + Times(h1, r, 1) + Times(h2, r, 0) + Times(h3, r, 8) + Times(h4, r, 7);
        Vector512<ulong> d3 = Times(h0, r, 3) + Times(h1, r, 2) + Times(h2, r, 1) + Times(h3, r, 0) + Times(h4, r, 8);
        Vector512<ulong> d4 = Times(h0, r, 4) + Times(h1, r, 3) + Times(h2, r, 2) + Times(h3, r, 1) + Times(h4, r, 0);

        d4 += d3 >> 26;
        d1 += d0 >> 26;
        d3 &= mask;
        d0 &= mask;
        Vector512<ulong> back = d4 >> 26;
        d2 += d1 >> 26;
        h4 = d4 & mask;
        h1 = d1 & mask;
        d0 += back + (back << 2);
        d3 += d2 >> 26;
        h2 = d2 & mask;
        h1 += d0 >> 26;
        h0 = d0 & mask;
        h4 += d3 >> 26;
        h3 = d3 & mask;
    }

    // The next four blocks of one register's lanes: first halves and second halves of a block in a row each.
    private static void GatherMany(byte** addresses, nuint offset, byte* staging)
    {
        Vector512<ulong> l0 = Vector512.Load((ulong*)(addresses[0] + offset));
        Vector512<ulong> l1 = Vector512.Load((ulong*)(addresses[1] + offset));
        Vector512<ulong> l2 = Vector512.Load((ulong*)(addresses[2] + offset));
        Vector512<ulong> l3 = Vector512.Load((ulong*)(addresses[3] + offset));
        Vector512<ulong> l4 = Vector512.Load((ulong*)(addresses[4] + offset));
        Vector512<ulong> l5 = Vector512.Load((ulong*)(addresses[5] + offset));
        Vector512<ulong> l6 = Vector512.Load((ulong*)(addresses[6] + offset));
        Vector512<ulong> l7 = Vector512.Load((ulong*)(addresses[7] + offset));
        StoreMany(Avx512F.UnpackLow(l0, l1), Avx512F.UnpackLow(l2, l3), Avx512F.UnpackLow(l4, l5), Avx512F.UnpackLow(l6, l7), staging);
        StoreMany(Avx512F.UnpackHigh(l0, l1), Avx512F.UnpackHigh(l2, l3), Avx512F.UnpackHigh(l4, l5), Avx512F.UnpackHigh(l6, l7), staging + 64);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreMany(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d, byte* staging)
    {
        Vector512<ulong> ab = Avx512F.Shuffle4x128(a, b, 0x44);
        Vector512<ulong> cd = Avx512F.Shuffle4x128(c, d, 0x44);
        Vector512<ulong> abHigh = Avx512F.Shuffle4x128(a, b, 0xEE);
        Vector512<ulong> cdHigh = Avx512F.Shuffle4x128(c, d, 0xEE);
        Avx512F.Shuffle4x128(ab, cd, 0x88).Store((ulong*)staging);
        Avx512F.Shuffle4x128(ab, cd, 0xDD).Store((ulong*)(staging + 256));
        Avx512F.Shuffle4x128(abHigh, cdHigh, 0x88).Store((ulong*)(staging + 512));
        Avx512F.Shuffle4x128(abHigh, cdHigh, 0xDD).Store((ulong*)(staging + 768));
    }

    private static void GatherOne(byte** addresses, nuint offset, byte* staging)
    {
        Vector128<ulong> l0 = Vector128.Load((ulong*)(addresses[0] + offset));
        Vector128<ulong> l1 = Vector128.Load((ulong*)(addresses[1] + offset));
        Vector128<ulong> l2 = Vector128.Load((ulong*)(addresses[2] + offset));
        Vector128<ulong> l3 = Vector128.Load((ulong*)(addresses[3] + offset));
        Vector128<ulong> l4 = Vector128.Load((ulong*)(addresses[4] + offset));
        Vector128<ulong> l5 = Vector128.Load((ulong*)(addresses[5] + offset));
        Vector128<ulong> l6 = Vector128.Load((ulong*)(addresses[6] + offset));
        Vector128<ulong> l7 = Vector128.Load((ulong*)(addresses[7] + offset));
        Vector512.Create(
            Vector256.Create(Sse2.UnpackLow(l0, l1), Sse2.UnpackLow(l2, l3)),
            Vector256.Create(Sse2.UnpackLow(l4, l5), Sse2.UnpackLow(l6, l7))).Store((ulong*)staging);
        Vector512.Create(
            Vector256.Create(Sse2.UnpackHigh(l0, l1), Sse2.UnpackHigh(l2, l3)),
            Vector256.Create(Sse2.UnpackHigh(l4, l5), Sse2.UnpackHigh(l6, l7))).Store((ulong*)(staging + 64));
    }
}
