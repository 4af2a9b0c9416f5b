using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.WindowHash;

/// <summary>
/// 16 positions a step: their windows are hashed together, two gathers (there is none of 512 bits) fetch the words of the bitmap, and the
/// positions that pass are compressed into the list without a branch. Bytes behind the end are not loaded.
/// </summary>
internal readonly struct WindowHashVector512 : IWindowHash
{
    private const int Lanes = 16;
    private const int BlockLength = 64;

    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "hash-bitmap-x16";

    public static bool IsSupported => Avx512Vbmi.IsSupported;

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
    private static unsafe int Scan<TStride>(
        WindowTable table, ReadOnlySpan<byte> data, ref int position, Span<int> candidates)
        where TStride : struct, IStride
    {
        Vector512<uint> foldLow = Vector512.Create((uint)table.Fold);
        Vector512<uint> foldHigh = Vector512.Create((uint)(table.Fold >> 32));
        Vector512<byte> low = Spread(TStride.Value, 0);
        Vector512<byte> high = Spread(TStride.Value, 4);
        Vector512<int> steps = Vector512<int>.Indices * TStride.Value;
        Vector128<uint> wordShift = Vector128.CreateScalar((uint)table.WordShift);
        Vector512<uint> five = Vector512.Create(31u);
        ref int list = ref MemoryMarshal.GetReference(candidates);
        int length = data.Length;
        int end = length - table.WindowLength + 1;
        int count = 0;
        int i = position;
        fixed (byte* bytes = data)
        fixed (uint* bitmap = table.Bitmap)
        {
            for (; i < end && count <= candidates.Length - Lanes; i += Lanes * TStride.Value)
            {
                Vector512<byte> block = Load(bytes, i, length);
                Vector512<uint> first = block.AsUInt32();
                Vector512<uint> second;
                if (TStride.Value == 4)
                {
                    second = Load(bytes, i + 4, length).AsUInt32();
                }
                else
                {
                    first = Avx512Vbmi.PermuteVar64x8(block, low).AsUInt32();
                    second = Avx512Vbmi.PermuteVar64x8(block, high).AsUInt32();
                }

                Vector512<uint> hash = (first & foldLow) * Vector512.Create(WindowTable.MultiplierLow)
                    + (second & foldHigh) * Vector512.Create(WindowTable.MultiplierHigh);
                hash ^= hash >>> WindowTable.MixShift;

                // SAFETY: the shift leaves as many bits as the bitmap has words, and the bitmap is pinned.
                Vector512<int> word = Avx512F.ShiftRightLogical(hash, wordShift).AsInt32();
                Vector512<uint> words = Vector512.Create(
                    Avx2.GatherVector256(bitmap, word.GetLower(), sizeof(uint)),
                    Avx2.GatherVector256(bitmap, word.GetUpper(), sizeof(uint)));
                Vector512<uint> both = Avx512F.ShiftRightLogicalVariable(words, hash & five)
                    & Avx512F.ShiftRightLogicalVariable(words, (hash >>> 5) & five) & Vector512<uint>.One;
                Vector512<int> positions = steps + Vector512.Create(i);
                Vector512<int> passed = Vector512.Equals(both, Vector512<uint>.One).AsInt32()
                    & Vector512.LessThan(positions, Vector512.Create(end));
                Avx512F.Compress(Vector512<int>.Zero, passed, positions).StoreUnsafe(ref list, (nuint)count);
                count += BitOperations.PopCount(passed.ExtractMostSignificantBits());
            }
        }

        position = i;
        return count;
    }

    /// <summary>Up to 64 bytes; those behind the end are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<byte> Load(byte* bytes, int at, int length)
    {
        if (at <= length - BlockLength)
        {
            return Vector512.Load(bytes + at);
        }

        // SAFETY: lanes that the mask leaves out are not read; the caller has pinned the payload.
        Vector512<byte> mask = Vector512.LessThan(
            Vector512<byte>.Indices, Vector512.Create((byte)Math.Max(length - at, 0)));
        return Avx512BW.MaskLoad(bytes + at, mask, Vector512<byte>.Zero);
    }

    /// <summary>The bytes of windows at a stride, four to a lane.</summary>
    private static Vector512<byte> Spread(int stride, int offset)
    {
        Vector512<uint> lane = Vector512<uint>.Indices * (uint)stride + Vector512.Create((uint)offset);
        return (lane * 0x0101_0101u + Vector512.Create(0x0302_0100u)).AsByte();
    }
}
