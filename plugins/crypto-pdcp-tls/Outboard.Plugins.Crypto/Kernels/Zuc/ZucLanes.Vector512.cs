using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>Sixteen lanes: S0 by VBMI look-ups, S1 as two GFNI affine maps around the inversion of AES.</summary>
internal unsafe struct ZucVector512 : IZucLanes<Vector512<uint>>
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "gfni-vbmi-x16";

    public static bool IsSupported => Avx512Vbmi.IsSupported && Gfni.V512.IsSupported && Pclmulqdq.V512.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> All(uint word) => Vector512.Create(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> a, Vector512<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Subtract(Vector512<uint> a, Vector512<uint> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Min(Vector512<uint> a, Vector512<uint> b) => Avx512F.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> And(Vector512<uint> a, Vector512<uint> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) => Avx512F.TernaryLogic(a, b, c, 0x96);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> OrAnd(Vector512<uint> a, Vector512<uint> b, Vector512<uint> mask) =>
        Avx512F.TernaryLogic(a, b, mask, 0xA8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Select(Vector512<uint> mask, Vector512<uint> a, Vector512<uint> b) =>
        Avx512F.TernaryLogic(mask, a, b, 0xCA);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ShiftLeft(Vector512<uint> a, int count) => a << count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ShiftRight(Vector512<uint> a, int count) => a >>> count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> RotateLeft(Vector512<uint> a, [ConstantExpected] byte count) => Avx512F.RotateLeft(a, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Substitute(ref Vector512<uint> r1, ref Vector512<uint> r2)
    {
        Vector512<uint> mask = Vector512.Create(0xFF00FF00);
        r1 = Select(mask, S0(r1.AsByte()), S1(r1.AsByte()));
        r2 = Select(mask, S0(r2.AsByte()), S1(r2.AsByte()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> S0(Vector512<byte> x)
    {
        Vector512<byte> low = Avx512Vbmi.PermuteVar64x8x2(ZucTables.S0Quarter0, x, ZucTables.S0Quarter1);
        Vector512<byte> high = Avx512Vbmi.PermuteVar64x8x2(ZucTables.S0Quarter2, x, ZucTables.S0Quarter3);
        return Avx512BW.BlendVariable(low, high, Vector512.LessThan(x.AsSByte(), Vector512<sbyte>.Zero).AsByte()).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> S1(Vector512<byte> x)
    {
        x = Gfni.V512.GaloisFieldAffineTransform(x, Vector512.Create(ZucTables.ToAes).AsByte(), 0);
        return Gfni.V512.GaloisFieldAffineTransformInverse(x, Vector512.Create(ZucTables.FromInverse).AsByte(), ZucTables.S1Added).AsUInt32();
    }

    public static void Transpose(uint* source, int sourceStride, uint* target, int targetStride)
    {
        // Four rows that end in the same quarter, four times; then the quarters.
        for (int group = 0; group < 4; group++)
        {
            uint* row = source + (group * 4 * sourceStride);
            Vector512<uint> a = Vector512.Load(row), b = Vector512.Load(row + sourceStride);
            Vector512<uint> c = Vector512.Load(row + (2 * sourceStride)), d = Vector512.Load(row + (3 * sourceStride));
            Vector512<ulong> ab0 = Avx512F.UnpackLow(a, b).AsUInt64(), ab1 = Avx512F.UnpackHigh(a, b).AsUInt64();
            Vector512<ulong> cd0 = Avx512F.UnpackLow(c, d).AsUInt64(), cd1 = Avx512F.UnpackHigh(c, d).AsUInt64();
            uint* to = target + (group * 4 * targetStride);
            Avx512F.UnpackLow(ab0, cd0).AsUInt32().Store(to);
            Avx512F.UnpackHigh(ab0, cd0).AsUInt32().Store(to + targetStride);
            Avx512F.UnpackLow(ab1, cd1).AsUInt32().Store(to + (2 * targetStride));
            Avx512F.UnpackHigh(ab1, cd1).AsUInt32().Store(to + (3 * targetStride));
        }

        for (int column = 0; column < 4; column++)
        {
            uint* row = target + (column * targetStride);
            Vector512<uint> a = Vector512.Load(row), b = Vector512.Load(row + (4 * targetStride));
            Vector512<uint> c = Vector512.Load(row + (8 * targetStride)), d = Vector512.Load(row + (12 * targetStride));
            Vector512<uint> ab0 = Avx512F.Shuffle4x128(a, b, 0x88), ab1 = Avx512F.Shuffle4x128(a, b, 0xDD);
            Vector512<uint> cd0 = Avx512F.Shuffle4x128(c, d, 0x88), cd1 = Avx512F.Shuffle4x128(c, d, 0xDD);
            Avx512F.Shuffle4x128(ab0, cd0, 0x88).Store(row);
            Avx512F.Shuffle4x128(ab1, cd1, 0x88).Store(row + (4 * targetStride));
            Avx512F.Shuffle4x128(ab0, cd0, 0xDD).Store(row + (8 * targetStride));
            Avx512F.Shuffle4x128(ab1, cd1, 0xDD).Store(row + (12 * targetStride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void XorBlock(byte* source, uint* words, byte* target)
    {
        Vector512<byte> order = Vector512.Create(
            0x0405060700010203UL, 0x0C0D0E0F08090A0B, 0x0405060700010203, 0x0C0D0E0F08090A0B,
            0x0405060700010203, 0x0C0D0E0F08090A0B, 0x0405060700010203, 0x0C0D0E0F08090A0B).AsByte();
        (Avx512BW.Shuffle(Vector512.Load(words).AsByte(), order) ^ Vector512.Load(source)).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Digest(byte* message, uint* words, byte* sum)
    {
        Vector512<ulong> bits = Gfni.V512.GaloisFieldAffineTransform(
            Vector512.Load(message), Vector512.Create(ZucVector128.ReverseBitsMatrix).AsByte(), 0).AsUInt64();
        Vector512<ulong> even = bits & Vector512.Create(0xFFFFFFFFUL), odd = bits >>> 32;
        Vector512<ulong> evenWords = Avx512F.Shuffle(Vector512.Load(words), 0xB1).AsUInt64();
        Vector512<ulong> oddWords = Avx512F.Shuffle(Vector512.Load(words + 1), 0xB1).AsUInt64();
        (Vector512.Load(sum).AsUInt64()
            ^ Pclmulqdq.V512.CarrylessMultiply(even, evenWords, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(even, evenWords, 0x11)
            ^ Pclmulqdq.V512.CarrylessMultiply(odd, oddWords, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(odd, oddWords, 0x11)).AsByte().Store(sum);
    }
}
