using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.LiteralScan;

/// <summary>Tests the hash of every window against the bitmap, one position at a time.</summary>
internal readonly struct LiteralScanScalar : ILiteralScan
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "hash-bitmap-x1";

    public static bool IsSupported => true;

    public static bool IsAccelerated => IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Scan(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        int windows = data.Length - table.WindowLength + 1;
        int count = 0;
        int i = position;

        // Four bytes are read where there are four; the last windows of a shorter kind are read exactly.
        for (; i < data.Length - 3 && count < hits.Length; i++)
        {
            hits[count] = i;
            count += table.MayHold(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, i))) ? 1 : 0;
        }

        for (; i < windows && count < hits.Length; i++)
        {
            hits[count] = i;
            count += table.MayHold(LiteralTable.ReadWindow(ref Unsafe.Add(ref bytes, i), table.WindowLength)) ? 1 : 0;
        }

        position = i;
        return count;
    }
}
