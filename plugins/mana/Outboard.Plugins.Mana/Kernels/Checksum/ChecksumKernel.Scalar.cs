using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Kernels.Checksum;

/// <summary>Sixteen bytes a step in general registers; no vector registers.</summary>
/// <remarks>
/// Halves of 64-bit words are added to four sums of 64 bits, which hold 2^32 additions without a carry out: no step waits
/// for the carry of the one before.
/// </remarks>
internal readonly struct ChecksumScalar : IChecksumKernel
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "word64";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    public static ulong Sum(ref readonly byte data, nuint length)
    {
        ref byte d = ref Unsafe.AsRef(in data);
        ulong first = 0;
        ulong second = 0;
        ulong third = 0;
        ulong fourth = 0;
        nuint i = 0;
        for (; length - i >= 2 * sizeof(ulong); i += 2 * sizeof(ulong))
        {
            ulong low = Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref d, i));
            ulong high = Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref d, i + sizeof(ulong)));
            first += (uint)low;
            second += low >> 32;
            third += (uint)high;
            fourth += high >> 32;
        }

        return ChecksumMath.Add(
            first + second + third + fourth, ChecksumMath.Tail(ref Unsafe.AddByteOffset(ref d, i), length - i));
    }
}
