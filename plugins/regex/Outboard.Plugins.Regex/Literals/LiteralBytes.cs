using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>Reads of a payload that may begin close to its end.</summary>
internal static class LiteralBytes
{
    /// <summary>The eight bytes from a position on, little-endian; those behind the end are zero and are not read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ref byte bytes, int position, int length) =>
        length - position >= sizeof(ulong)
            ? Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, position))
            : ReadEnd(ref bytes, position, length);

    private static ulong ReadEnd(ref byte bytes, int position, int length)
    {
        if (length >= sizeof(ulong))
        {
            return Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, length - sizeof(ulong)))
                >> 8 * (sizeof(ulong) - (length - position));
        }

        ulong value = 0;
        for (int i = length - 1; i >= position; i--)
        {
            value = value << 8 | Unsafe.Add(ref bytes, i);
        }

        return value;
    }
}
