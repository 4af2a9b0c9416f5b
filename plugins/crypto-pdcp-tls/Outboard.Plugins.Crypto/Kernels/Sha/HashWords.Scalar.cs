using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>One lane of 32-bit words, in general registers.</summary>
internal readonly unsafe struct Words32Scalar : IHashWords<uint>
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "scalar";

    public static bool IsSupported => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Broadcast(byte* word) => *(uint*)word;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Add(uint left, uint right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Add(uint a, uint b, uint c, uint d) => a + b + c + d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Add(uint a, uint b, uint c, uint d, uint e) => a + b + c + d + e;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Xor(uint a, uint b, uint c) => a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Xor(uint a, uint b, uint c, uint d) => a ^ b ^ c ^ d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Choose(uint mask, uint ones, uint zeros) => zeros ^ (mask & (ones ^ zeros));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Majority(uint a, uint b, uint c) => (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateRight(uint value, [ConstantExpected] byte amount) => BitOperations.RotateRight(value, amount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ShiftRight(uint value, [ConstantExpected] byte amount) => value >> amount;

    public static void LoadBlock(byte** lanes, nuint offset, uint* words)
    {
        var block = (uint*)(lanes[0] + offset);
        for (int t = 0; t < 16; t++)
        {
            words[t] = BinaryPrimitives.ReverseEndianness(block[t]);
        }
    }
}

/// <summary>One lane of 64-bit words, in general registers.</summary>
internal readonly unsafe struct Words64Scalar : IHashWords<ulong>
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "scalar";

    public static bool IsSupported => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Broadcast(byte* word) => *(ulong*)word;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong left, ulong right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong a, ulong b, ulong c, ulong d) => a + b + c + d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong a, ulong b, ulong c, ulong d, ulong e) => a + b + c + d + e;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Xor(ulong a, ulong b, ulong c) => a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Xor(ulong a, ulong b, ulong c, ulong d) => a ^ b ^ c ^ d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Choose(ulong mask, ulong ones, ulong zeros) => zeros ^ (mask & (ones ^ zeros));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Majority(ulong a, ulong b, ulong c) => (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RotateRight(ulong value, [ConstantExpected] byte amount) => BitOperations.RotateRight(value, amount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ShiftRight(ulong value, [ConstantExpected] byte amount) => value >> amount;

    public static void LoadBlock(byte** lanes, nuint offset, ulong* words)
    {
        var block = (ulong*)(lanes[0] + offset);
        for (int t = 0; t < 16; t++)
        {
            words[t] = BinaryPrimitives.ReverseEndianness(block[t]);
        }
    }
}
