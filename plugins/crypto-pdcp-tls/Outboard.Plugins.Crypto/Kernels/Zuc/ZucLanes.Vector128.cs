using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>Four lanes: S0 by shuffles over its 4-bit boxes, S1 by GFNI or, where that is absent, by the S-box of AES-NI.</summary>
internal unsafe struct ZucVector128 : IZucLanes<Vector128<uint>>
{
    /// <summary>The GFNI matrix that turns the bits of a byte round.</summary>
    public const ulong ReverseBitsMatrix = 0x8040201008040201;

    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => Gfni.IsSupported ? "gfni-x4" : "aesni-x4";

    public static bool IsSupported => Sse41.IsSupported && Aes.IsSupported && Pclmulqdq.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Count => 4;

    /// <summary>Shuffle that turns the bytes of each word round.</summary>
    public static Vector128<byte> SwapWords
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> All(uint word) => Vector128.Create(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> a, Vector128<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Subtract(Vector128<uint> a, Vector128<uint> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Min(Vector128<uint> a, Vector128<uint> b) => Sse41.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> And(Vector128<uint> a, Vector128<uint> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> a, Vector128<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, 0x96) : a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> OrAnd(Vector128<uint> a, Vector128<uint> b, Vector128<uint> mask) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, mask, 0xA8) : (a | b) & mask;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Select(Vector128<uint> mask, Vector128<uint> a, Vector128<uint> b) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(mask, a, b, 0xCA) : ((a ^ b) & mask) ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShiftLeft(Vector128<uint> a, int count) => a << count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShiftRight(Vector128<uint> a, int count) => a >>> count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateLeft(Vector128<uint> a, [ConstantExpected] byte count) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(a, count) : (a << count) | (a >>> (32 - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Substitute(ref Vector128<uint> r1, ref Vector128<uint> r2)
    {
        // The bytes of one S-box side by side, so that each is computed once.
        Vector128<uint> mask = Vector128.Create(0xFF00FF00);
        Vector128<uint> s0 = S0(Select(mask, r1, r2 >>> 8).AsByte()), s1 = S1(Select(mask, r1 << 8, r2).AsByte());
        r1 = Select(mask, s0, s1 >>> 8);
        r2 = Select(mask, s0 << 8, s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> S0(Vector128<byte> x)
    {
        Vector128<byte> nibble = Vector128.Create((byte)15);
        Vector128<byte> low = x & nibble;
        Vector128<byte> high = ((x.AsUInt32() >>> 4).AsByte() & nibble) ^ Ssse3.Shuffle(ZucTables.Round1.GetLower(), low);
        low ^= Ssse3.Shuffle(ZucTables.Round2.GetLower(), high);
        return (high + high ^ Ssse3.Shuffle(ZucTables.Round3.GetLower(), low)).AsUInt32();
    }

    /// <summary>S1 on all bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> S1(Vector128<byte> x)
    {
        if (Gfni.IsSupported)
        {
            x = Gfni.GaloisFieldAffineTransform(x, Vector128.Create(ZucTables.ToAes).AsByte(), 0);
            return Gfni.GaloisFieldAffineTransformInverse(x, Vector128.Create(ZucTables.FromInverse).AsByte(), ZucTables.S1Added).AsUInt32();
        }

        // AESENCLAST with a zero key is ShiftRows and the S-box; the bytes are moved back before it.
        Vector128<byte> nibble = Vector128.Create((byte)15);
        x = Ssse3.Shuffle(ZucTables.ToAesLow.GetLower(), x & nibble) ^ Ssse3.Shuffle(ZucTables.ToAesHigh.GetLower(), (x.AsUInt32() >>> 4).AsByte() & nibble);
        x = Ssse3.Shuffle(x, Vector128.Create((byte)0, 13, 10, 7, 4, 1, 14, 11, 8, 5, 2, 15, 12, 9, 6, 3));
        x = Aes.EncryptLast(x, Vector128<byte>.Zero);
        return (Ssse3.Shuffle(ZucTables.FromAesLow.GetLower(), x & nibble)
            ^ Ssse3.Shuffle(ZucTables.FromAesHigh.GetLower(), (x.AsUInt32() >>> 4).AsByte() & nibble)).AsUInt32();
    }

    public static void Transpose(uint* source, int sourceStride, uint* target, int targetStride)
    {
        Vector128<uint> a = Vector128.Load(source), b = Vector128.Load(source + sourceStride);
        Vector128<uint> c = Vector128.Load(source + (2 * sourceStride)), d = Vector128.Load(source + (3 * sourceStride));
        Vector128<ulong> ab0 = Sse2.UnpackLow(a, b).AsUInt64(), ab1 = Sse2.UnpackHigh(a, b).AsUInt64();
        Vector128<ulong> cd0 = Sse2.UnpackLow(c, d).AsUInt64(), cd1 = Sse2.UnpackHigh(c, d).AsUInt64();
        Sse2.UnpackLow(ab0, cd0).AsUInt32().Store(target);
        Sse2.UnpackHigh(ab0, cd0).AsUInt32().Store(target + targetStride);
        Sse2.UnpackLow(ab1, cd1).AsUInt32().Store(target + (2 * targetStride));
        Sse2.UnpackHigh(ab1, cd1).AsUInt32().Store(target + (3 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void XorBlock(byte* source, uint* words, byte* target)
    {
        Vector128<byte> order = SwapWords;
        Vector128<byte> a = Ssse3.Shuffle(Vector128.Load(words).AsByte(), order) ^ Vector128.Load(source);
        Vector128<byte> b = Ssse3.Shuffle(Vector128.Load(words + 4).AsByte(), order) ^ Vector128.Load(source + 16);
        Vector128<byte> c = Ssse3.Shuffle(Vector128.Load(words + 8).AsByte(), order) ^ Vector128.Load(source + 32);
        Vector128<byte> d = Ssse3.Shuffle(Vector128.Load(words + 12).AsByte(), order) ^ Vector128.Load(source + 48);
        a.Store(target);
        b.Store(target + 16);
        c.Store(target + 32);
        d.Store(target + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Digest(byte* message, uint* words, byte* sum) =>
        (Vector128.Load(sum).AsUInt64()
            ^ Products(message, words) ^ Products(message + 16, words + 4)
            ^ Products(message + 32, words + 8) ^ Products(message + 48, words + 12)).AsByte().Store(sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Products(byte* message, uint* words)
    {
        Vector128<ulong> bits = ReverseBits(Vector128.Load(message)).AsUInt64();
        Vector128<ulong> even = bits & Vector128.Create(0xFFFFFFFFUL), odd = bits >>> 32;
        Vector128<ulong> evenWords = Sse2.Shuffle(Vector128.Load(words), 0xB1).AsUInt64();
        Vector128<ulong> oddWords = Sse2.Shuffle(Vector128.Load(words + 1), 0xB1).AsUInt64();
        return Pclmulqdq.CarrylessMultiply(even, evenWords, 0x00) ^ Pclmulqdq.CarrylessMultiply(even, evenWords, 0x11)
            ^ Pclmulqdq.CarrylessMultiply(odd, oddWords, 0x00) ^ Pclmulqdq.CarrylessMultiply(odd, oddWords, 0x11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> ReverseBits(Vector128<byte> x)
    {
        if (Gfni.IsSupported)
        {
            return Gfni.GaloisFieldAffineTransform(x, Vector128.Create(ReverseBitsMatrix).AsByte(), 0);
        }

        Vector128<byte> nibble = Vector128.Create((byte)15);
        return Ssse3.Shuffle(ZucTables.ReversedNibbles.GetLower() << 4, x & nibble)
            | Ssse3.Shuffle(ZucTables.ReversedNibbles.GetLower(), (x.AsUInt32() >>> 4).AsByte() & nibble);
    }
}
