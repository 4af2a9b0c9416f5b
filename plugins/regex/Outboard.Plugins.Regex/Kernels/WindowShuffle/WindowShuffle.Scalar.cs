using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.WindowShuffle;

/// <summary>
/// found(i) = sets0[d(i)] AND sets1[d(i+1)] AND sets2[d(i+2)] AND sets3[d(i+3)], all buckets of all groups at once; a position is written
/// where that is not empty. Two positions a step, without a branch on what they hold.
/// </summary>
internal readonly struct WindowShuffleScalar : IWindowShuffle
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "bucket-tables-x2";

    public static bool IsSupported => true;

    public static bool IsAccelerated => IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Scan(ShuffleTables tables, ReadOnlySpan<byte> data, ref int position, Span<int> candidates)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        ref int list = ref MemoryMarshal.GetReference(candidates);
        ref uint sets = ref MemoryMarshal.GetArrayDataReference(tables.Sets);
        int last = data.Length - tables.WindowMin;
        int room = candidates.Length - 2;
        int count = 0;
        int i = position;
        for (; i <= data.Length - ShuffleTables.WindowMax - 1 && count <= room; i += 2)
        {
            ref byte at = ref Unsafe.Add(ref bytes, i);
            uint b1 = Unsafe.Add(ref at, 1);
            uint b2 = Unsafe.Add(ref at, 2);
            uint b3 = Unsafe.Add(ref at, 3);
            uint first = Unsafe.Add(ref sets, (uint)at) & Unsafe.Add(ref sets, 256 + b1)
                & Unsafe.Add(ref sets, 512 + b2) & Unsafe.Add(ref sets, 768 + b3);
            uint second = Unsafe.Add(ref sets, b1) & Unsafe.Add(ref sets, 256 + b2)
                & Unsafe.Add(ref sets, 512 + b3) & Unsafe.Add(ref sets, 768 + (uint)Unsafe.Add(ref at, 4));
            Unsafe.Add(ref list, count) = i;
            count += first != 0 ? 1 : 0;
            Unsafe.Add(ref list, count) = i + 1;
            count += second != 0 ? 1 : 0;
        }

        for (; i <= last && count <= room; i++)
        {
            ulong window = LiteralBytes.Read(ref bytes, i, data.Length);
            uint found = Unsafe.Add(ref sets, (uint)(byte)window) & Unsafe.Add(ref sets, 256 + (uint)(byte)(window >> 8))
                & Unsafe.Add(ref sets, 512 + (uint)(byte)(window >> 16)) & Unsafe.Add(ref sets, 768 + (uint)(byte)(window >> 24));
            Unsafe.Add(ref list, count) = i;
            count += found != 0 ? 1 : 0;
        }

        position = i;
        return count;
    }
}
