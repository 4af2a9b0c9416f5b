using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Kernels.Ghash;

namespace Outboard.Plugins.Crypto.Keys;

/// <summary>The powers of the hash key H = E(0) that the GHASH kernels aggregate over.</summary>
/// <remarks>
/// An element is held as a 128-bit number, low half first, made by reversing the sixteen bytes of the block; bit i of
/// that number is then the coefficient of x^(127-i). The product of two such numbers carries one factor of x too
/// many, so every power is stored divided by x, and the kernels need no shift (Gueron and Kounavis, Intel carry-less multiplication, 2014).
/// </remarks>
internal static class HashKeyPowers
{
    public static void Derive(ref AesKey key, ReadOnlySpan<byte> hashKey)
    {
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(hashKey);
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(hashKey[8..]);

        // Divided by x: a shift to the left in this bit order; the bit that falls out is 1, and 1 / x = x^127 + x^6 + x + 1.
        ulong carry = (ulong)((long)high >> 63);
        high = ((high << 1) | (low >> 63)) ^ (carry & 0xC200000000000000);
        low = (low << 1) ^ (carry & 1);

        ulong powerHigh = high, powerLow = low;
        ref ulong table = ref Unsafe.As<byte, ulong>(ref key.HashPowers);
        for (int i = AesKey.HashPowerCount - 1; ; i--)
        {
            Unsafe.Add(ref table, 2 * i) = powerLow;
            Unsafe.Add(ref table, (2 * i) + 1) = powerHigh;
            if (i == 0)
            {
                break;
            }

            GhashScalar.Multiply(ref powerHigh, ref powerLow, high, low);
        }
    }

    /// <summary>Keeps the two halves of each power of a step of eight registers added up: those of one register as low halves, of the next as high ones.</summary>
    /// <param name="key">Has its powers.</param>
    /// <param name="lanes">Blocks of a register.</param>
    public static void Fold(ref AesKey key, int lanes)
    {
        int count = 8 * lanes;
        ref ulong power = ref Unsafe.As<byte, ulong>(ref AesKey.PowersFrom(ref key, count));
        for (int i = 0; i < count; i++)
        {
            int register = i / lanes, block = (register / 2 * lanes) + (i % lanes);
            Unsafe.Add(ref key.FoldedPowers, (2 * block) + (register % 2)) = Unsafe.Add(ref power, 2 * i) ^ Unsafe.Add(ref power, (2 * i) + 1);
        }
    }
}
