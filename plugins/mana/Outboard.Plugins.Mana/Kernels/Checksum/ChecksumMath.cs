using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Mana.Kernels.Checksum;

/// <summary>Adding and folding of ones'-complement sums.</summary>
internal static class ChecksumMath
{
    /// <summary>Adds with end-around carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong a, ulong b)
    {
        ulong sum = a + b;
        return sum + (sum < a ? 1UL : 0);
    }

    /// <summary>
    /// Folds to 16 bits in memory order: what a checksum field that makes the whole valid adds up to.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Fold(ulong sum)
    {
        // Two adds of 32-bit halves leave at most 33 bits, two more of 16-bit halves at most 17, and one the rest.
        sum = (sum & 0xFFFFFFFF) + (sum >> 32);
        sum = (sum & 0xFFFFFFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>A 16-bit number as it adds to a sum in memory order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong BigEndian(uint value) => ((value & 0xFF) << 8) | ((value >> 8) & 0xFF);

    /// <summary>The last zero to fifteen bytes of a vector kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Tail(ref readonly byte data, nuint length)
    {
        ref byte d = ref Unsafe.AsRef(in data);
        ulong sum = 0;
        nuint i = 0;
        if ((length & 8) != 0)
        {
            ulong word = Unsafe.ReadUnaligned<ulong>(ref d);
            sum = (word & 0xFFFFFFFF) + (word >> 32);
            i = 8;
        }

        if ((length & 4) != 0)
        {
            sum += Unsafe.ReadUnaligned<uint>(ref Unsafe.AddByteOffset(ref d, i));
            i += 4;
        }

        if ((length & 2) != 0)
        {
            sum += Unsafe.ReadUnaligned<ushort>(ref Unsafe.AddByteOffset(ref d, i));
            i += 2;
        }

        if ((length & 1) != 0)
        {
            sum += Unsafe.AddByteOffset(ref d, i);
        }

        return sum;
    }
}
