using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>Eight lanes of 32-bit words.</summary>
internal readonly unsafe struct Words32Vector256 : IHashWords<Vector256<uint>>
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "ymm-x8";

    public static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Broadcast(byte* word) => Vector256.Create(*(uint*)word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> left, Vector256<uint> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) => a + b + c + d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d, Vector256<uint> e) => a + b + c + d + e;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Xor(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, Ternary.Xor) : a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Xor(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, Ternary.Xor) ^ d : a ^ b ^ c ^ d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Choose(Vector256<uint> mask, Vector256<uint> ones, Vector256<uint> zeros) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(mask, ones, zeros, Ternary.Choose) : zeros ^ (mask & (ones ^ zeros));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Majority(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, Ternary.Majority) : (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateRight(Vector256<uint> value, [ConstantExpected] byte amount) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(value, amount) : (value >>> amount) | (value << (32 - amount));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> ShiftRight(Vector256<uint> value, [ConstantExpected] byte amount) => value >>> amount;

    public static void LoadBlock(byte** lanes, nuint offset, Vector256<uint>* words)
    {
        Vector256<byte> reverse = Vector256.Create(ByteOrder.Reverse32);
        for (int half = 0; half < 2; half++, offset += 32, words += 8)
        {
            for (int row = 0; row < 8; row += 4)
            {
                Vector256<uint> r0 = Avx2.Shuffle(Vector256.Load(lanes[row] + offset), reverse).AsUInt32();
                Vector256<uint> r1 = Avx2.Shuffle(Vector256.Load(lanes[row + 1] + offset), reverse).AsUInt32();
                Vector256<uint> r2 = Avx2.Shuffle(Vector256.Load(lanes[row + 2] + offset), reverse).AsUInt32();
                Vector256<uint> r3 = Avx2.Shuffle(Vector256.Load(lanes[row + 3] + offset), reverse).AsUInt32();
                Vector256<ulong> low01 = Avx2.UnpackLow(r0, r1).AsUInt64(), high01 = Avx2.UnpackHigh(r0, r1).AsUInt64();
                Vector256<ulong> low23 = Avx2.UnpackLow(r2, r3).AsUInt64(), high23 = Avx2.UnpackHigh(r2, r3).AsUInt64();

                // Half j of each has words 4j + 0, 1, 2, 3 of these four rows.
                words[row] = Avx2.UnpackLow(low01, low23).AsUInt32();
                words[row + 1] = Avx2.UnpackHigh(low01, low23).AsUInt32();
                words[row + 2] = Avx2.UnpackLow(high01, high23).AsUInt32();
                words[row + 3] = Avx2.UnpackHigh(high01, high23).AsUInt32();
            }

            for (int i = 0; i < 4; i++)
            {
                Vector256<uint> upper = words[i], lower = words[i + 4];
                words[i] = Avx2.Permute2x128(upper, lower, 0x20);
                words[i + 4] = Avx2.Permute2x128(upper, lower, 0x31);
            }
        }
    }
}

/// <summary>Four lanes of 64-bit words.</summary>
internal readonly unsafe struct Words64Vector256 : IHashWords<Vector256<ulong>>
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "ymm-x4";

    public static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Broadcast(byte* word) => Vector256.Create(*(ulong*)word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Add(Vector256<ulong> left, Vector256<ulong> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Add(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c, Vector256<ulong> d) => a + b + c + d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Add(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c, Vector256<ulong> d, Vector256<ulong> e) => a + b + c + d + e;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Xor(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, Ternary.Xor) : a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Xor(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c, Vector256<ulong> d) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, Ternary.Xor) ^ d : a ^ b ^ c ^ d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Choose(Vector256<ulong> mask, Vector256<ulong> ones, Vector256<ulong> zeros) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(mask, ones, zeros, Ternary.Choose) : zeros ^ (mask & (ones ^ zeros));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Majority(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, Ternary.Majority) : (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> RotateRight(Vector256<ulong> value, [ConstantExpected] byte amount) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(value, amount) : (value >>> amount) | (value << (64 - amount));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> ShiftRight(Vector256<ulong> value, [ConstantExpected] byte amount) => value >>> amount;

    public static void LoadBlock(byte** lanes, nuint offset, Vector256<ulong>* words)
    {
        Vector256<byte> reverse = Vector256.Create(ByteOrder.Reverse64);
        for (int part = 0; part < 4; part++, offset += 32, words += 4)
        {
            Vector256<ulong> r0 = Avx2.Shuffle(Vector256.Load(lanes[0] + offset), reverse).AsUInt64();
            Vector256<ulong> r1 = Avx2.Shuffle(Vector256.Load(lanes[1] + offset), reverse).AsUInt64();
            Vector256<ulong> r2 = Avx2.Shuffle(Vector256.Load(lanes[2] + offset), reverse).AsUInt64();
            Vector256<ulong> r3 = Avx2.Shuffle(Vector256.Load(lanes[3] + offset), reverse).AsUInt64();
            Vector256<ulong> low01 = Avx2.UnpackLow(r0, r1), high01 = Avx2.UnpackHigh(r0, r1);
            Vector256<ulong> low23 = Avx2.UnpackLow(r2, r3), high23 = Avx2.UnpackHigh(r2, r3);
            words[0] = Avx2.Permute2x128(low01, low23, 0x20);
            words[1] = Avx2.Permute2x128(high01, high23, 0x20);
            words[2] = Avx2.Permute2x128(low01, low23, 0x31);
            words[3] = Avx2.Permute2x128(high01, high23, 0x31);
        }
    }
}
