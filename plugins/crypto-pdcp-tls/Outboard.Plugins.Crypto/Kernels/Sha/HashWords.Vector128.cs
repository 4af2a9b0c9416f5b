using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>Four lanes of 32-bit words.</summary>
internal readonly unsafe struct Words32Vector128 : IHashWords<Vector128<uint>>
{
    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "xmm-x4";

    public static bool IsSupported => Ssse3.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Broadcast(byte* word) => Vector128.Create(*(uint*)word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> left, Vector128<uint> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d) => a + b + c + d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d, Vector128<uint> e) => a + b + c + d + e;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, Ternary.Xor) : a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, Ternary.Xor) ^ d : a ^ b ^ c ^ d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Choose(Vector128<uint> mask, Vector128<uint> ones, Vector128<uint> zeros) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(mask, ones, zeros, Ternary.Choose) : zeros ^ (mask & (ones ^ zeros));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Majority(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, Ternary.Majority) : (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateRight(Vector128<uint> value, [ConstantExpected] byte amount) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(value, amount) : (value >>> amount) | (value << (32 - amount));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShiftRight(Vector128<uint> value, [ConstantExpected] byte amount) => value >>> amount;

    public static void LoadBlock(byte** lanes, nuint offset, Vector128<uint>* words)
    {
        for (int part = 0; part < 4; part++, offset += 16, words += 4)
        {
            Vector128<uint> r0 = Ssse3.Shuffle(Vector128.Load(lanes[0] + offset), ByteOrder.Reverse32).AsUInt32();
            Vector128<uint> r1 = Ssse3.Shuffle(Vector128.Load(lanes[1] + offset), ByteOrder.Reverse32).AsUInt32();
            Vector128<uint> r2 = Ssse3.Shuffle(Vector128.Load(lanes[2] + offset), ByteOrder.Reverse32).AsUInt32();
            Vector128<uint> r3 = Ssse3.Shuffle(Vector128.Load(lanes[3] + offset), ByteOrder.Reverse32).AsUInt32();
            Vector128<ulong> low01 = Sse2.UnpackLow(r0, r1).AsUInt64(), high01 = Sse2.UnpackHigh(r0, r1).AsUInt64();
            Vector128<ulong> low23 = Sse2.UnpackLow(r2, r3).AsUInt64(), high23 = Sse2.UnpackHigh(r2, r3).AsUInt64();
            words[0] = Sse2.UnpackLow(low01, low23).AsUInt32();
            words[1] = Sse2.UnpackHigh(low01, low23).AsUInt32();
            words[2] = Sse2.UnpackLow(high01, high23).AsUInt32();
            words[3] = Sse2.UnpackHigh(high01, high23).AsUInt32();
        }
    }
}

/// <summary>Two lanes of 64-bit words.</summary>
internal readonly unsafe struct Words64Vector128 : IHashWords<Vector128<ulong>>
{
    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "xmm-x2";

    public static bool IsSupported => Ssse3.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Broadcast(byte* word) => Vector128.Create(*(ulong*)word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Add(Vector128<ulong> left, Vector128<ulong> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Add(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c, Vector128<ulong> d) => a + b + c + d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Add(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c, Vector128<ulong> d, Vector128<ulong> e) => a + b + c + d + e;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Xor(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, Ternary.Xor) : a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Xor(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c, Vector128<ulong> d) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, Ternary.Xor) ^ d : a ^ b ^ c ^ d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Choose(Vector128<ulong> mask, Vector128<ulong> ones, Vector128<ulong> zeros) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(mask, ones, zeros, Ternary.Choose) : zeros ^ (mask & (ones ^ zeros));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Majority(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, Ternary.Majority) : (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> RotateRight(Vector128<ulong> value, [ConstantExpected] byte amount) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(value, amount) : (value >>> amount) | (value << (64 - amount));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> ShiftRight(Vector128<ulong> value, [ConstantExpected] byte amount) => value >>> amount;

    public static void LoadBlock(byte** lanes, nuint offset, Vector128<ulong>* words)
    {
        for (int part = 0; part < 8; part++, offset += 16, words += 2)
        {
            Vector128<ulong> r0 = Ssse3.Shuffle(Vector128.Load(lanes[0] + offset), ByteOrder.Reverse64).AsUInt64();
            Vector128<ulong> r1 = Ssse3.Shuffle(Vector128.Load(lanes[1] + offset), ByteOrder.Reverse64).AsUInt64();
            words[0] = Sse2.UnpackLow(r0, r1);
            words[1] = Sse2.UnpackHigh(r0, r1);
        }
    }
}
