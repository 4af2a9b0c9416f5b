using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>Eight lanes: S0 by shuffles over its 4-bit boxes, S1 by GFNI or, where that is absent, by the S-box of AES-NI.</summary>
internal unsafe struct ZucVector256 : IZucLanes<Vector256<uint>>
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => Gfni.V256.IsSupported ? "gfni-x8" : "avx2-aesni-x8";

    public static bool IsSupported => Avx2.IsSupported && ZucVector128.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> All(uint word) => Vector256.Create(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> a, Vector256<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Subtract(Vector256<uint> a, Vector256<uint> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Min(Vector256<uint> a, Vector256<uint> b) => Avx2.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> And(Vector256<uint> a, Vector256<uint> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Xor(Vector256<uint> a, Vector256<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Xor(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, 0x96) : a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> OrAnd(Vector256<uint> a, Vector256<uint> b, Vector256<uint> mask) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, mask, 0xA8) : (a | b) & mask;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Select(Vector256<uint> mask, Vector256<uint> a, Vector256<uint> b) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(mask, a, b, 0xCA) : ((a ^ b) & mask) ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> ShiftLeft(Vector256<uint> a, int count) => a << count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> ShiftRight(Vector256<uint> a, int count) => a >>> count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateLeft(Vector256<uint> a, [ConstantExpected] byte count) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(a, count) : (a << count) | (a >>> (32 - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Substitute(ref Vector256<uint> r1, ref Vector256<uint> r2)
    {
        // The bytes of one S-box side by side, so that each is computed once.
        Vector256<uint> mask = Vector256.Create(0xFF00FF00);
        Vector256<uint> s0 = S0(Select(mask, r1, r2 >>> 8).AsByte()), s1 = S1(Select(mask, r1 << 8, r2).AsByte());
        r1 = Select(mask, s0, s1 >>> 8);
        r2 = Select(mask, s0 << 8, s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> S0(Vector256<byte> x)
    {
        Vector256<byte> nibble = Vector256.Create((byte)15);
        Vector256<byte> low = x & nibble;
        Vector256<byte> high = ((x.AsUInt32() >>> 4).AsByte() & nibble) ^ Avx2.Shuffle(ZucTables.Round1, low);
        low ^= Avx2.Shuffle(ZucTables.Round2, high);
        return (high + high ^ Avx2.Shuffle(ZucTables.Round3, low)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> S1(Vector256<byte> x)
    {
        if (Gfni.V256.IsSupported)
        {
            x = Gfni.V256.GaloisFieldAffineTransform(x, Vector256.Create(ZucTables.ToAes).AsByte(), 0);
            return Gfni.V256.GaloisFieldAffineTransformInverse(x, Vector256.Create(ZucTables.FromInverse).AsByte(), ZucTables.S1Added).AsUInt32();
        }

        return Vector256.Create(ZucVector128.S1(x.GetLower()), ZucVector128.S1(x.GetUpper()));
    }

    public static void Transpose(uint* source, int sourceStride, uint* target, int targetStride)
    {
        for (int group = 0; group < 2; group++)
        {
            uint* row = source + (group * 4 * sourceStride);
            Vector256<uint> a = Vector256.Load(row), b = Vector256.Load(row + sourceStride);
            Vector256<uint> c = Vector256.Load(row + (2 * sourceStride)), d = Vector256.Load(row + (3 * sourceStride));
            Vector256<ulong> ab0 = Avx2.UnpackLow(a, b).AsUInt64(), ab1 = Avx2.UnpackHigh(a, b).AsUInt64();
            Vector256<ulong> cd0 = Avx2.UnpackLow(c, d).AsUInt64(), cd1 = Avx2.UnpackHigh(c, d).AsUInt64();
            uint* to = target + (group * 4);
            Halves(Avx2.UnpackLow(ab0, cd0).AsUInt32(), to, targetStride);
            Halves(Avx2.UnpackHigh(ab0, cd0).AsUInt32(), to + targetStride, targetStride);
            Halves(Avx2.UnpackLow(ab1, cd1).AsUInt32(), to + (2 * targetStride), targetStride);
            Halves(Avx2.UnpackHigh(ab1, cd1).AsUInt32(), to + (3 * targetStride), targetStride);
        }
    }

    // Four words of one column, and of the column four further on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves(Vector256<uint> columns, uint* target, int targetStride)
    {
        columns.GetLower().Store(target);
        columns.GetUpper().Store(target + (4 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void XorBlock(byte* source, uint* words, byte* target)
    {
        Vector256<byte> order = Vector256.Create(0x0405060700010203UL, 0x0C0D0E0F08090A0B, 0x0405060700010203, 0x0C0D0E0F08090A0B).AsByte();
        Vector256<byte> first = Avx2.Shuffle(Vector256.Load(words).AsByte(), order) ^ Vector256.Load(source);
        Vector256<byte> second = Avx2.Shuffle(Vector256.Load(words + 8).AsByte(), order) ^ Vector256.Load(source + 32);
        first.Store(target);
        second.Store(target + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Digest(byte* message, uint* words, byte* sum)
    {
        if (!Pclmulqdq.V256.IsSupported)
        {
            ZucVector128.Digest(message, words, sum);
            return;
        }

        (Vector256.Load(sum).AsUInt64() ^ Products(message, words) ^ Products(message + 32, words + 8)).AsByte().Store(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Products(byte* message, uint* words)
    {
        Vector256<ulong> bits = ReverseBits(Vector256.Load(message)).AsUInt64();
        Vector256<ulong> even = bits & Vector256.Create(0xFFFFFFFFUL), odd = bits >>> 32;
        Vector256<ulong> evenWords = Avx2.Shuffle(Vector256.Load(words), 0xB1).AsUInt64();
        Vector256<ulong> oddWords = Avx2.Shuffle(Vector256.Load(words + 1), 0xB1).AsUInt64();
        return Pclmulqdq.V256.CarrylessMultiply(even, evenWords, 0x00) ^ Pclmulqdq.V256.CarrylessMultiply(even, evenWords, 0x11)
            ^ Pclmulqdq.V256.CarrylessMultiply(odd, oddWords, 0x00) ^ Pclmulqdq.V256.CarrylessMultiply(odd, oddWords, 0x11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> ReverseBits(Vector256<byte> x)
    {
        if (Gfni.V256.IsSupported)
        {
            return Gfni.V256.GaloisFieldAffineTransform(x, Vector256.Create(ZucVector128.ReverseBitsMatrix).AsByte(), 0);
        }

        Vector256<byte> nibble = Vector256.Create((byte)15);
        return Avx2.Shuffle(ZucTables.ReversedNibbles << 4, x & nibble)
            | Avx2.Shuffle(ZucTables.ReversedNibbles, (x.AsUInt32() >>> 4).AsByte() & nibble);
    }
}
