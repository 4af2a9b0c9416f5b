using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>The end of a message, where there are no masked loads and stores.</summary>
internal static unsafe class Uea2Tail
{
    /// <summary>As <see cref="ISnow3gLanes{TVector}.XorTail"/>, in words of 64 and 32 bits and bytes.</summary>
    public static void Xor(byte* destination, byte* source, byte* keystream, nuint bitLength)
    {
        nuint whole = bitLength / 8, i = 0;
        for (; i + 8 <= whole; i += 8)
        {
            Unsafe.WriteUnaligned(
                destination + i, Unsafe.ReadUnaligned<ulong>(source + i) ^ Unsafe.ReadUnaligned<ulong>(keystream + i));
        }

        if (i + 4 <= whole)
        {
            Unsafe.WriteUnaligned(
                destination + i, Unsafe.ReadUnaligned<uint>(source + i) ^ Unsafe.ReadUnaligned<uint>(keystream + i));
            i += 4;
        }

        for (; i < whole; i++)
        {
            destination[i] = (byte)(source[i] ^ keystream[i]);
        }

        int bits = (int)(bitLength % 8);
        if (bits != 0)
        {
            int mask = 0xFF00 >> bits;
            destination[i] = (byte)((destination[i] & ~mask) | ((source[i] ^ keystream[i]) & mask));
        }
    }
}
