using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>destination = source ^ keystream for the short ends of a message, in general-purpose registers.</summary>
internal static class KeystreamXor
{
    public static void Apply(ref byte source, ref byte destination, ref byte keystream, nuint length)
    {
        nuint i = 0;
        for (; length - i >= 8; i += 8)
        {
            ulong x = Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref source, i))
                ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref keystream, i));
            Unsafe.WriteUnaligned(ref Unsafe.AddByteOffset(ref destination, i), x);
        }

        if (length - i >= 4)
        {
            uint x = Unsafe.ReadUnaligned<uint>(ref Unsafe.AddByteOffset(ref source, i))
                ^ Unsafe.ReadUnaligned<uint>(ref Unsafe.AddByteOffset(ref keystream, i));
            Unsafe.WriteUnaligned(ref Unsafe.AddByteOffset(ref destination, i), x);
            i += 4;
        }

        for (; i < length; i++)
        {
            Unsafe.AddByteOffset(ref destination, i) =
                (byte)(Unsafe.AddByteOffset(ref source, i) ^ Unsafe.AddByteOffset(ref keystream, i));
        }
    }
}

/// <summary>Eight blocks of keystream on the stack.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct KeystreamBuffer
{
    private byte _first;

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ref byte First => ref _first;
}
