using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.ByteScan;

/// <summary>One table look-up a byte.</summary>
internal readonly struct ByteScanScalar : IByteScan
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "byte-table";

    public static bool IsSupported => true;

    public static bool IsAccelerated => IsSupported;

    public static int IndexOf(ByteScanSet set, ReadOnlySpan<byte> data, int start)
    {
        ref byte member = ref MemoryMarshal.GetArrayDataReference(set.Member);
        for (int i = start; i < data.Length; i++)
        {
            if (Unsafe.Add(ref member, data[i]) != 0)
            {
                return i;
            }
        }

        return -1;
    }
}
