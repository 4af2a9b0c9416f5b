using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>The end of a message that is not a whole block.</summary>
internal static unsafe class ZucTail
{
    /// <summary>target = source ^ keystream for some bits, most significant first; what stands in the last byte behind them stays.</summary>
    /// <param name="source">The bits.</param>
    /// <param name="words">The keystream, a word for each 32 bits begun.</param>
    /// <param name="target">The source itself, or apart from it.</param>
    /// <param name="bitLength">0 to 511.</param>
    public static void Xor(byte* source, uint* words, byte* target, nuint bitLength)
    {
        for (; bitLength >= 32; bitLength -= 32)
        {
            Unsafe.WriteUnaligned(target, Unsafe.ReadUnaligned<uint>(source) ^ BinaryPrimitives.ReverseEndianness(*words++));
            source += 4;
            target += 4;
        }

        uint word = bitLength == 0 ? 0 : *words;
        for (; bitLength >= 8; bitLength -= 8)
        {
            *target++ = (byte)(*source++ ^ (word >> 24));
            word <<= 8;
        }

        if (bitLength != 0)
        {
            uint kept = 0xFFu >> (int)bitLength;
            *target = (byte)((*target & kept) | ((*source ^ (word >> 24)) & ~kept));
        }
    }
}
