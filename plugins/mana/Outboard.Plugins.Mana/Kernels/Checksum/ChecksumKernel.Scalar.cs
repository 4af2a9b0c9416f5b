using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Kernels.Checksum;

/// <summary>Eight bytes an addition, with end-around carry; no vector registers.</summary>
internal readonly struct ChecksumScalar : IChecksumKernel
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "word64";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    public static ulong Sum(ref readonly byte data, nuint length)
    {
        ref byte d = ref Unsafe.AsRef(in data);
        ulong sum = 0;
        nuint i = 0;
        for (; length - i >= sizeof(ulong); i += sizeof(ulong))
        {
            sum = ChecksumMath.Add(sum, Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref d, i)));
        }

        return ChecksumMath.Add(sum, ChecksumMath.Tail(ref Unsafe.AddByteOffset(ref d, i), length - i));
    }
}
