using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.WindowHash;

/// <summary>
/// Eight positions a step: their windows are hashed together and a gather fetches the words of the bitmap. The last positions, where the
/// loads would reach behind the end, are done one by one.
/// </summary>
internal readonly struct WindowHashVector256 : IWindowHash
{
    private const int Lanes = 8;

    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "hash-bitmap-x8";

    public static bool IsSupported => Avx2.IsSupported;

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
    private static unsafe int Scan<TStride>(
        WindowTable table, ReadOnlySpan<byte> data, ref int position, Span<int> candidates)
        where TStride : struct, IStride
    {
        Vector256<uint> foldLow = Vector256.Create((uint)table.Fold);
        Vector256<uint> foldHigh = Vector256.Create((uint)(table.Fold >> 32));
        Vector256<byte> spread = Spread(TStride.Value);
        Vector128<uint> wordShift = Vector128.CreateScalar((uint)table.WordShift);
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        Vector256<uint> five = Vector256.Create(31u);
        ref int list = ref MemoryMarshal.GetReference(candidates);

        // The upper half of the second four bytes reaches furthest.
        int end = data.Length - 16 - 4 - 4 * TStride.Value + 1;
        int count = 0;
        int i = position;
        fixed (uint* bitmap = table.Bitmap)
        {
            for (; i < end && count <= candidates.Length - Lanes; i += Lanes * TStride.Value)
            {
                Vector256<uint> first = Windows(ref bytes, (nuint)i, 4 * TStride.Value, spread);
                Vector256<uint> second = Windows(ref bytes, (nuint)i + 4, 4 * TStride.Value, spread);
                Vector256<uint> hash = (first & foldLow) * Vector256.Create(WindowTable.MultiplierLow)
                    + (second & foldHigh) * Vector256.Create(WindowTable.MultiplierHigh);
                hash ^= hash >>> WindowTable.MixShift;

                // SAFETY: the shift leaves as many bits as the bitmap has words, and the bitmap is pinned.
                Vector256<uint> words = Avx2.GatherVector256(
                    bitmap, Avx2.ShiftRightLogical(hash, wordShift).AsInt32(), sizeof(uint));
                Vector256<uint> both = Avx2.ShiftRightLogicalVariable(words, hash & five)
                    & Avx2.ShiftRightLogicalVariable(words, (hash >>> 5) & five) & Vector256<uint>.One;
                uint passed = Vector256.Equals(both, Vector256<uint>.One).ExtractMostSignificantBits();
                for (; passed != 0; passed &= passed - 1)
                {
                    Unsafe.Add(ref list, count++) = i + BitOperations.TrailingZeroCount(passed) * TStride.Value;
                }
            }
        }

        position = i;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Windows(ref byte bytes, nuint at, int half, Vector256<byte> spread) =>
        Avx2.Shuffle(
            Vector256.Create(Vector128.LoadUnsafe(ref bytes, at), Vector128.LoadUnsafe(ref bytes, at + (nuint)half)), spread).AsUInt32();

    /// <summary>The bytes of windows at a stride, four to a lane, four lanes to a half.</summary>
    private static Vector256<byte> Spread(int stride)
    {
        Vector256<uint> lane = (Vector256<uint>.Indices & Vector256.Create(3u)) * (uint)stride;
        return (lane * 0x0101_0101u + Vector256.Create(0x0302_0100u)).AsByte();
    }
}
