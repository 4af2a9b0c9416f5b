using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>Sixteen lanes of 32-bit words.</summary>
internal readonly unsafe struct Words32Vector512 : IHashWords<Vector512<uint>>
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "avx512-x16";

    public static bool IsSupported => Avx512BW.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Broadcast(byte* word) => Vector512.Create(*(uint*)word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> left, Vector512<uint> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d) => a + b + c + d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d, Vector512<uint> e) => a + b + c + d + e;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
        Avx512F.TernaryLogic(a, b, c, Ternary.Xor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d) =>
        Avx512F.TernaryLogic(a, b, c, Ternary.Xor) ^ d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Choose(Vector512<uint> mask, Vector512<uint> ones, Vector512<uint> zeros) =>
        Avx512F.TernaryLogic(mask, ones, zeros, Ternary.Choose);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Majority(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
        Avx512F.TernaryLogic(a, b, c, Ternary.Majority);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> RotateRight(Vector512<uint> value, [ConstantExpected] byte amount) => Avx512F.RotateRight(value, amount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ShiftRight(Vector512<uint> value, [ConstantExpected] byte amount) => value >>> amount;

    public static void LoadBlock(byte** lanes, nuint offset, Vector512<uint>* words)
    {
        Vector512<byte> reverse = Vector512.Create(ByteOrder.Reverse32);
        for (int row = 0; row < 16; row += 4)
        {
            Vector512<uint> r0 = Avx512BW.Shuffle(Vector512.Load(lanes[row] + offset), reverse).AsUInt32();
            Vector512<uint> r1 = Avx512BW.Shuffle(Vector512.Load(lanes[row + 1] + offset), reverse).AsUInt32();
            Vector512<uint> r2 = Avx512BW.Shuffle(Vector512.Load(lanes[row + 2] + offset), reverse).AsUInt32();
            Vector512<uint> r3 = Avx512BW.Shuffle(Vector512.Load(lanes[row + 3] + offset), reverse).AsUInt32();

            Vector512<ulong> low01 = Avx512F.UnpackLow(r0, r1).AsUInt64(), high01 = Avx512F.UnpackHigh(r0, r1).AsUInt64();
            Vector512<ulong> low23 = Avx512F.UnpackLow(r2, r3).AsUInt64(), high23 = Avx512F.UnpackHigh(r2, r3).AsUInt64();

            // Quarter j of each has words 4j + 0, 1, 2, 3 of these four rows.
            words[row] = Avx512F.UnpackLow(low01, low23).AsUInt32();
            words[row + 1] = Avx512F.UnpackHigh(low01, low23).AsUInt32();
            words[row + 2] = Avx512F.UnpackLow(high01, high23).AsUInt32();
            words[row + 3] = Avx512F.UnpackHigh(high01, high23).AsUInt32();
        }

        for (int i = 0; i < 4; i++)
        {
            Quarters.Turn(
                ref Unsafe.As<Vector512<uint>, Vector512<ulong>>(ref words[i]),
                ref Unsafe.As<Vector512<uint>, Vector512<ulong>>(ref words[i + 4]),
                ref Unsafe.As<Vector512<uint>, Vector512<ulong>>(ref words[i + 8]),
                ref Unsafe.As<Vector512<uint>, Vector512<ulong>>(ref words[i + 12]));
        }
    }
}

/// <summary>Eight lanes of 64-bit words.</summary>
internal readonly unsafe struct Words64Vector512 : IHashWords<Vector512<ulong>>
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "avx512-x8";

    public static bool IsSupported => Avx512BW.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Broadcast(byte* word) => Vector512.Create(*(ulong*)word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Add(Vector512<ulong> left, Vector512<ulong> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Add(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d) => a + b + c + d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Add(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d, Vector512<ulong> e) => a + b + c + d + e;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) =>
        Avx512F.TernaryLogic(a, b, c, Ternary.Xor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d) =>
        Avx512F.TernaryLogic(a, b, c, Ternary.Xor) ^ d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Choose(Vector512<ulong> mask, Vector512<ulong> ones, Vector512<ulong> zeros) =>
        Avx512F.TernaryLogic(mask, ones, zeros, Ternary.Choose);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Majority(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) =>
        Avx512F.TernaryLogic(a, b, c, Ternary.Majority);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> RotateRight(Vector512<ulong> value, [ConstantExpected] byte amount) => Avx512F.RotateRight(value, amount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> ShiftRight(Vector512<ulong> value, [ConstantExpected] byte amount) => value >>> amount;

    public static void LoadBlock(byte** lanes, nuint offset, Vector512<ulong>* words)
    {
        Vector512<byte> reverse = Vector512.Create(ByteOrder.Reverse64);
        for (int half = 0; half < 2; half++, offset += 64, words += 8)
        {
            for (int row = 0; row < 8; row += 2)
            {
                Vector512<ulong> r0 = Avx512BW.Shuffle(Vector512.Load(lanes[row] + offset), reverse).AsUInt64();
                Vector512<ulong> r1 = Avx512BW.Shuffle(Vector512.Load(lanes[row + 1] + offset), reverse).AsUInt64();

                // Quarter j of each has words 2j + 0, 1 of these two rows.
                words[row] = Avx512F.UnpackLow(r0, r1);
                words[row + 1] = Avx512F.UnpackHigh(r0, r1);
            }

            Quarters.Turn(ref words[0], ref words[2], ref words[4], ref words[6]);
            Quarters.Turn(ref words[1], ref words[3], ref words[5], ref words[7]);
        }
    }
}

/// <summary>Turns four registers of four quarters each.</summary>
file static class Quarters
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn(ref Vector512<ulong> r0, ref Vector512<ulong> r1, ref Vector512<ulong> r2, ref Vector512<ulong> r3)
    {
        Vector512<ulong> low01 = Avx512F.Shuffle4x128(r0, r1, 0x44), high01 = Avx512F.Shuffle4x128(r0, r1, 0xEE);
        Vector512<ulong> low23 = Avx512F.Shuffle4x128(r2, r3, 0x44), high23 = Avx512F.Shuffle4x128(r2, r3, 0xEE);
        r0 = Avx512F.Shuffle4x128(low01, low23, 0x88);
        r1 = Avx512F.Shuffle4x128(low01, low23, 0xDD);
        r2 = Avx512F.Shuffle4x128(high01, high23, 0x88);
        r3 = Avx512F.Shuffle4x128(high01, high23, 0xDD);
    }
}
