using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.WindowHash;

/// <summary>
/// Four positions a step without a branch on what they hold: each is written to the list, and the list grows when the bitmap has both
/// bits of its hash.
/// </summary>
internal readonly struct WindowHashScalar : IWindowHash
{
    private const int Unroll = 4;

    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "hash-bitmap-x4";

    public static bool IsSupported => true;

    public static bool IsAccelerated => IsSupported;

    public static int Scan(
        WindowTable table, int stride, ReadOnlySpan<byte> data, ref int position, Span<int> candidates) =>
        stride switch
        {
            4 => Scan<Stride4>(table, data, ref position, candidates),
            2 => Scan<Stride2>(table, data, ref position, candidates),
            _ => Scan<Stride1>(table, data, ref position, candidates),
        };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Scan<TStride>(WindowTable table, ReadOnlySpan<byte> data, ref int position, Span<int> candidates)
        where TStride : struct, IStride
    {
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        ref int list = ref MemoryMarshal.GetReference(candidates);
        int last = data.Length - table.WindowLength;
        int room = candidates.Length - Unroll;
        int count = 0;
        int i = position;

        // Eight bytes are read at each position while there are eight.
        int wide = data.Length - sizeof(ulong) - (Unroll - 1) * TStride.Value;
        for (; i <= wide && count <= room; i += Unroll * TStride.Value)
        {
            ref byte at = ref Unsafe.Add(ref bytes, i);
            Unsafe.Add(ref list, count) = i;
            count += Test(table, ref at);
            Unsafe.Add(ref list, count) = i + TStride.Value;
            count += Test(table, ref Unsafe.Add(ref at, TStride.Value));
            Unsafe.Add(ref list, count) = i + 2 * TStride.Value;
            count += Test(table, ref Unsafe.Add(ref at, 2 * TStride.Value));
            Unsafe.Add(ref list, count) = i + 3 * TStride.Value;
            count += Test(table, ref Unsafe.Add(ref at, 3 * TStride.Value));
        }

        for (; i <= last && count <= room; i += TStride.Value)
        {
            Unsafe.Add(ref list, count) = i;
            count += table.Test(table.Hash(LiteralBytes.Read(ref bytes, i, data.Length)));
        }

        position = i;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Test(WindowTable table, ref byte at) => table.Test(table.Hash(Unsafe.ReadUnaligned<ulong>(ref at)));
}
