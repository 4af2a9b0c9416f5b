using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.LiteralScan;

/// <summary>Tests the hash of every window against the bitmap, one position at a time.</summary>
internal readonly struct LiteralScanScalar : ILiteralScan
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "hashed-window-bitmap";

    public static bool IsSupported => true;

    public static bool IsAccelerated => IsSupported;

    public static int Scan(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        ref ulong bitmap = ref MemoryMarshal.GetArrayDataReference(table.Bitmap);
        uint fold = table.Fold;
        int shift = table.HashShift;
        int last = data.Length - table.WindowLength;
        int count = 0;
        int i = position;
        if (table.WindowLength == 4)
        {
            for (; i <= last && count < hits.Length; i++)
            {
                uint window = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, i));
                uint hash = (window & fold) * 0x9E37_79B1u >> shift;
                hits[count] = i;
                count += (int)(Unsafe.Add(ref bitmap, hash >> 6) >> (int)(hash & 63) & 1);
            }
        }
        else
        {
            for (; i <= last && count < hits.Length; i++)
            {
                uint window = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref bytes, i));
                uint hash = (window & fold) * 0x9E37_79B1u >> shift;
                hits[count] = i;
                count += (int)(Unsafe.Add(ref bitmap, hash >> 6) >> (int)(hash & 63) & 1);
            }
        }

        position = i;
        return count;
    }
}
