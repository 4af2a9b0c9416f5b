using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Ghash;

/// <summary>GHASH a block at a time with integer multiplications whose operands have holes, so that no carry meets a bit that counts.</summary>
/// <remarks>
/// A 64-bit operand is split into four with every fourth bit set; at most 16 products meet in one position of the low
/// half, and their count needs five bits only at the topmost position, where the fifth falls out. The high half comes from the
/// product of the reversed operands. Multiplication takes the same time for all values on the processors .NET runs on.
/// </remarks>
internal readonly struct GhashScalar : IGhashKernel
{
    private const ulong Every4 = 0x1111111111111111;

    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "integer";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    public static void Update(ref AesKey key, ref byte hash, ref byte data, nuint blockCount)
    {
        ref ulong power = ref Unsafe.As<byte, ulong>(ref AesKey.PowersFrom(ref key, 1));
        ulong keyLow = power, keyHigh = Unsafe.Add(ref power, 1);
        ulong high = ReadBigEndian(ref hash, 0), low = ReadBigEndian(ref hash, 8);
        for (nuint i = 0; i < blockCount; i++)
        {
            high ^= ReadBigEndian(ref data, 16 * i);
            low ^= ReadBigEndian(ref data, (16 * i) + 8);
            Multiply(ref high, ref low, keyHigh, keyLow);
        }

        Unsafe.WriteUnaligned(ref hash, BinaryPrimitives.ReverseEndianness(high));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref hash, 8), BinaryPrimitives.ReverseEndianness(low));
    }

    /// <summary>a = a . b, where b carries the division by x that <see cref="HashKeyPowers"/> describes.</summary>
    public static void Multiply(ref ulong high, ref ulong low, ulong keyHigh, ulong keyLow)
    {
        // Karatsuba over the halves: 256 bits in w3..w0.
        CarrylessMultiply(low, keyLow, out ulong w1, out ulong w0);
        CarrylessMultiply(high, keyHigh, out ulong w3, out ulong w2);
        CarrylessMultiply(low ^ high, keyLow ^ keyHigh, out ulong middleHigh, out ulong middleLow);
        middleLow ^= w0 ^ w2;
        middleHigh ^= w1 ^ w3;
        w1 ^= middleLow;
        w2 ^= middleHigh;

        // Bit n of the product is x^(255-n): words 0 and 1 fold upward with x^128 = x^7 + x^2 + x + 1.
        w2 ^= w0 ^ (w0 >> 1) ^ (w0 >> 2) ^ (w0 >> 7);
        w1 ^= (w0 << 63) ^ (w0 << 62) ^ (w0 << 57);
        w3 ^= w1 ^ (w1 >> 1) ^ (w1 >> 2) ^ (w1 >> 7);
        w2 ^= (w1 << 63) ^ (w1 << 62) ^ (w1 << 57);
        high = w3;
        low = w2;
    }

    private static void CarrylessMultiply(ulong a, ulong b, out ulong high, out ulong low)
    {
        low = LowProduct(a, b);
        high = ReverseBits(LowProduct(ReverseBits(a), ReverseBits(b))) >> 1;
    }

    private static ulong LowProduct(ulong a, ulong b)
    {
        ulong a0 = a & Every4, a1 = a & (Every4 << 1), a2 = a & (Every4 << 2), a3 = a & (Every4 << 3);
        ulong b0 = b & Every4, b1 = b & (Every4 << 1), b2 = b & (Every4 << 2), b3 = b & (Every4 << 3);
        ulong r0 = (a0 * b0) ^ (a1 * b3) ^ (a2 * b2) ^ (a3 * b1);
        ulong r1 = (a0 * b1) ^ (a1 * b0) ^ (a2 * b3) ^ (a3 * b2);
        ulong r2 = (a0 * b2) ^ (a1 * b1) ^ (a2 * b0) ^ (a3 * b3);
        ulong r3 = (a0 * b3) ^ (a1 * b2) ^ (a2 * b1) ^ (a3 * b0);
        return (r0 & Every4) | (r1 & (Every4 << 1)) | (r2 & (Every4 << 2)) | (r3 & (Every4 << 3));
    }

    private static ulong ReverseBits(ulong x)
    {
        x = ((x >> 1) & 0x5555555555555555) | ((x & 0x5555555555555555) << 1);
        x = ((x >> 2) & 0x3333333333333333) | ((x & 0x3333333333333333) << 2);
        x = ((x >> 4) & 0x0F0F0F0F0F0F0F0F) | ((x & 0x0F0F0F0F0F0F0F0F) << 4);
        return BinaryPrimitives.ReverseEndianness(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadBigEndian(ref byte source, nuint offset) =>
        BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref source, offset)));
}
