using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Crypto.Engine;

/// <summary>Compares codes in a time that depends on their length alone.</summary>
internal static unsafe class ConstantTime
{
    /// <summary>Whether two codes of the same length are the same: every byte is looked at, and one number is judged at the end.</summary>
    /// <remarks>Eight bytes at a time; the framework's comparison goes byte by byte in unoptimised code, which is most of the work on a short packet.</remarks>
    public static bool Equal(byte* left, byte* right, int length)
    {
        ulong difference = 0;
        int i = 0;
        for (; i <= length - 8; i += 8)
        {
            difference |= Unsafe.ReadUnaligned<ulong>(left + i) ^ Unsafe.ReadUnaligned<ulong>(right + i);
        }

        for (; i < length; i++)
        {
            difference |= (uint)(left[i] ^ right[i]);
        }

        return difference == 0;
    }

    /// <inheritdoc cref="Equal(byte*, byte*, int)"/>
    public static bool Equal(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        // Lengths are public.
        if (left.Length != right.Length)
        {
            return false;
        }

        fixed (byte* a = left, b = right)
        {
            return Equal(a, b, left.Length);
        }
    }
}
