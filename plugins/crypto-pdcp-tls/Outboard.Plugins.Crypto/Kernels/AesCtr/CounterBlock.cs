using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>Arithmetic on a counter block in memory. Counters are not secret, so branches on them are allowed.</summary>
internal static class CounterBlock
{
    /// <summary>How many blocks can be counted before the low 64 bits wrap; 0 stands for 2^64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong BlocksBeforeWrap(ref byte counter) => 0 - Low(ref counter);

    public static void Advance(ref byte counter, ulong blockCount)
    {
        ulong low = Low(ref counter);
        ulong sum = low + blockCount;
        if (sum < low)
        {
            ulong high = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref counter)) + 1;
            Unsafe.WriteUnaligned(ref counter, BinaryPrimitives.ReverseEndianness(high));
        }

        Unsafe.WriteUnaligned(ref Unsafe.Add(ref counter, 8), BinaryPrimitives.ReverseEndianness(sum));
    }

    public static void Advance32(ref byte counter, uint blockCount)
    {
        ref byte last = ref Unsafe.Add(ref counter, 12);
        uint sum = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(ref last)) + blockCount;
        Unsafe.WriteUnaligned(ref last, BinaryPrimitives.ReverseEndianness(sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Low(ref byte counter) =>
        BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref counter, 8)));
}
