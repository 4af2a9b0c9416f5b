using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Crypto.Kernels.AesCmac;

/// <summary>Copies a part of a block without a call and without touching what is beside it.</summary>
internal static unsafe class ShortCopy
{
    /// <summary>Copies 0 to 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(byte* to, byte* from, int length)
    {
        if (length >= 8)
        {
            // Two copies that overlap.
            ulong low = *(ulong*)from, high = *(ulong*)(from + length - 8);
            *(ulong*)to = low;
            *(ulong*)(to + length - 8) = high;
        }
        else if (length >= 4)
        {
            uint low = *(uint*)from, high = *(uint*)(from + length - 4);
            *(uint*)to = low;
            *(uint*)(to + length - 4) = high;
        }
        else
        {
            for (int i = 0; i < length; i++)
            {
                to[i] = from[i];
            }
        }
    }
}
