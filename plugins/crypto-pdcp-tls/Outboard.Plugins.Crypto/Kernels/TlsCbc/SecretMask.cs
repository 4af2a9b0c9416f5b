using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Crypto.Kernels.TlsCbc;

/// <summary>Decisions over secret numbers as masks of all ones or all zeros: additions, shifts and logic only.</summary>
internal static class SecretMask
{
    /// <summary>All ones where a number is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong IsZero(ulong value) => ((value | (0 - value)) >> 63) - 1;

    /// <summary>All ones where a number is not negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong IsNotNegative(long value) => ~(ulong)(value >> 63);

    /// <summary>The first bytes of a little-endian word: all of them from 8 on, none up to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong FirstBytes(long count)
    {
        count &= ~(count >> 63);
        long above = count - 8;
        count = 8 + (above & (above >> 63));

        // Shifted twice by half, since a shift by 64 is one by 0.
        int half = (int)count * 4;
        return ~(ulong.MaxValue << half << half);
    }

    /// <summary>One word where the mask has ones, the other where it has zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Choose(ulong mask, ulong ones, ulong zeros) => zeros ^ (mask & (ones ^ zeros));
}
