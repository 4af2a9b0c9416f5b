using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.WindowHash;

/// <summary>
/// Four positions a step: they are hashed together and tested one by one, because this width has no shift by lane. The last positions, where
/// the loads would reach behind the end, are done by the scalar kernel.
/// </summary>
internal readonly struct WindowHashVector128 : IWindowHash
{
    private const int Lanes = 4;

    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "hash-x4-bitmap";

    public static bool IsSupported => Sse41.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Scan(
        WindowTable table, int stride, ReadOnlySpan<byte> data, ref int position, Span<int> candidates)
    {
        int count = stride switch
        {
            4 => Scan<Stride4>(table, data, ref position, candidates),
            2 => Scan<Stride2>(table, data, ref position, candidates),
            _ => Scan<Stride1>(table, data, ref position, candidates),
        };
        return count > candidates.Length - Lanes
            ? count
            : count + WindowHashScalar.Scan(table, stride, data, ref position, candidates[count..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Scan<TStride>(WindowTable table, ReadOnlySpan<byte> data, ref int position, Span<int> candidates)
        where TStride : struct, IStride
    {
        Vector128<uint> foldLow = Vector128.Create((uint)table.Fold);
        Vector128<uint> foldHigh = Vector128.Create((uint)(table.Fold >> 32));
        Vector128<byte> spread = (Vector128<uint>.Indices * (uint)TStride.Value * 0x0101_0101u + Vector128.Create(0x0302_0100u)).AsByte();
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        ref int list = ref MemoryMarshal.GetReference(candidates);
        int end = data.Length - Vector128<byte>.Count - Lanes + 1;
        int room = candidates.Length - Lanes;
        int count = 0;
        int i = position;
        for (; i < end && count <= room; i += Lanes * TStride.Value)
        {
            Vector128<uint> first = Ssse3.Shuffle(Vector128.LoadUnsafe(ref bytes, (nuint)i), spread).AsUInt32();
            Vector128<uint> second = Ssse3.Shuffle(Vector128.LoadUnsafe(ref bytes, (nuint)i + Lanes), spread).AsUInt32();
            Vector128<uint> hash = (first & foldLow) * Vector128.Create(WindowTable.MultiplierLow)
                + (second & foldHigh) * Vector128.Create(WindowTable.MultiplierHigh);
            hash ^= hash >>> WindowTable.MixShift;
            Unsafe.Add(ref list, count) = i;
            count += table.Test(hash[0]);
            Unsafe.Add(ref list, count) = i + TStride.Value;
            count += table.Test(hash[1]);
            Unsafe.Add(ref list, count) = i + 2 * TStride.Value;
            count += table.Test(hash[2]);
            Unsafe.Add(ref list, count) = i + 3 * TStride.Value;
            count += table.Test(hash[3]);
        }

        position = i;
        return count;
    }
}
