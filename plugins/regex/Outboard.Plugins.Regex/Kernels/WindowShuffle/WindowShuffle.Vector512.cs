using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.WindowShuffle;

/// <summary>
/// 64 positions a step. One permutation over two registers looks up the buckets of a byte by its low seven bits, so ASCII, both
/// cases included, is told apart exactly and no byte is split or folded. One and two groups keep their tables in registers, four read
/// them each step. The last step loads only the bytes that are there.
/// </summary>
internal readonly struct WindowShuffleVector512 : IWindowShuffle
{
    private const int Step = 64;

    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "seven-bit-x64";

    public static bool IsSupported => Avx512Vbmi2.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Scan(ShuffleTables tables, ReadOnlySpan<byte> data, ref int position, Span<int> candidates) =>
        tables.GroupCount switch
        {
            1 => ScanOne(tables, data, ref position, candidates),
            2 => ScanTwo(tables, data, ref position, candidates),
            _ => ScanMany(tables, data, ref position, candidates),
        };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int ScanOne(ShuffleTables tables, ReadOnlySpan<byte> data, ref int position, Span<int> candidates)
    {
        ref byte seven = ref MemoryMarshal.GetArrayDataReference(tables.Seven);
        Vector512<byte> a0 = Vector512.LoadUnsafe(ref seven);
        Vector512<byte> b0 = Vector512.LoadUnsafe(ref seven, 64);
        Vector512<byte> a1 = Vector512.LoadUnsafe(ref seven, 128);
        Vector512<byte> b1 = Vector512.LoadUnsafe(ref seven, 192);
        Vector512<byte> a2 = Vector512.LoadUnsafe(ref seven, 256);
        Vector512<byte> b2 = Vector512.LoadUnsafe(ref seven, 320);
        Vector512<byte> a3 = Vector512.LoadUnsafe(ref seven, 384);
        Vector512<byte> b3 = Vector512.LoadUnsafe(ref seven, 448);
        ref int list = ref MemoryMarshal.GetReference(candidates);
        int length = data.Length;
        int end = length - tables.WindowMin + 1;
        int room = candidates.Length - Step;
        int count = 0;
        int i = position;
        fixed (byte* bytes = data)
        {
            for (; i <= length - Step - 3 && count <= room; i += Step)
            {
                Vector512<byte> found = Avx512Vbmi.PermuteVar64x8x2(a0, Vector512.Load(bytes + i), b0)
                    & Avx512Vbmi.PermuteVar64x8x2(a1, Vector512.Load(bytes + i + 1), b1)
                    & Avx512Vbmi.PermuteVar64x8x2(a2, Vector512.Load(bytes + i + 2), b2)
                    & Avx512Vbmi.PermuteVar64x8x2(a3, Vector512.Load(bytes + i + 3), b3);
                Vector512<byte> passed = ~Vector512.Equals(found, Vector512<byte>.Zero);
                ulong bits = passed.ExtractMostSignificantBits();
                if (bits != 0)
                {
                    count = Compress(ref list, count, i, passed, bits);
                }
            }

            for (; i < end && count <= room; i += Step)
            {
                Vector512<byte> found = Avx512Vbmi.PermuteVar64x8x2(a0, LoadPart(bytes, i, length), b0)
                    & Avx512Vbmi.PermuteVar64x8x2(a1, LoadPart(bytes, i + 1, length), b1)
                    & Avx512Vbmi.PermuteVar64x8x2(a2, LoadPart(bytes, i + 2, length), b2)
                    & Avx512Vbmi.PermuteVar64x8x2(a3, LoadPart(bytes, i + 3, length), b3);
                count = Write(ref list, count, i, Found(found, end - i));
            }
        }

        position = i;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int ScanTwo(ShuffleTables tables, ReadOnlySpan<byte> data, ref int position, Span<int> candidates)
    {
        ref byte seven = ref MemoryMarshal.GetArrayDataReference(tables.Seven);
        Vector512<byte> a0 = Vector512.LoadUnsafe(ref seven);
        Vector512<byte> b0 = Vector512.LoadUnsafe(ref seven, 64);
        Vector512<byte> a1 = Vector512.LoadUnsafe(ref seven, 128);
        Vector512<byte> b1 = Vector512.LoadUnsafe(ref seven, 192);
        Vector512<byte> a2 = Vector512.LoadUnsafe(ref seven, 256);
        Vector512<byte> b2 = Vector512.LoadUnsafe(ref seven, 320);
        Vector512<byte> a3 = Vector512.LoadUnsafe(ref seven, 384);
        Vector512<byte> b3 = Vector512.LoadUnsafe(ref seven, 448);
        Vector512<byte> c0 = Vector512.LoadUnsafe(ref seven, 512);
        Vector512<byte> d0 = Vector512.LoadUnsafe(ref seven, 576);
        Vector512<byte> c1 = Vector512.LoadUnsafe(ref seven, 640);
        Vector512<byte> d1 = Vector512.LoadUnsafe(ref seven, 704);
        Vector512<byte> c2 = Vector512.LoadUnsafe(ref seven, 768);
        Vector512<byte> d2 = Vector512.LoadUnsafe(ref seven, 832);
        Vector512<byte> c3 = Vector512.LoadUnsafe(ref seven, 896);
        Vector512<byte> d3 = Vector512.LoadUnsafe(ref seven, 960);
        ref int list = ref MemoryMarshal.GetReference(candidates);
        int length = data.Length;
        int end = length - tables.WindowMin + 1;
        int room = candidates.Length - Step;
        int count = 0;
        int i = position;
        fixed (byte* bytes = data)
        {
            for (; i <= length - Step - 3 && count <= room; i += Step)
            {
                Vector512<byte> t0 = Vector512.Load(bytes + i);
                Vector512<byte> t1 = Vector512.Load(bytes + i + 1);
                Vector512<byte> t2 = Vector512.Load(bytes + i + 2);
                Vector512<byte> t3 = Vector512.Load(bytes + i + 3);
                Vector512<byte> found =
                    (Avx512Vbmi.PermuteVar64x8x2(a0, t0, b0) & Avx512Vbmi.PermuteVar64x8x2(a1, t1, b1)
                        & Avx512Vbmi.PermuteVar64x8x2(a2, t2, b2) & Avx512Vbmi.PermuteVar64x8x2(a3, t3, b3))
                    | (Avx512Vbmi.PermuteVar64x8x2(c0, t0, d0) & Avx512Vbmi.PermuteVar64x8x2(c1, t1, d1)
                        & Avx512Vbmi.PermuteVar64x8x2(c2, t2, d2) & Avx512Vbmi.PermuteVar64x8x2(c3, t3, d3));
                Vector512<byte> passed = ~Vector512.Equals(found, Vector512<byte>.Zero);
                ulong bits = passed.ExtractMostSignificantBits();
                if (bits != 0)
                {
                    count = Compress(ref list, count, i, passed, bits);
                }
            }

            for (; i < end && count <= room; i += Step)
            {
                count = Write(ref list, count, i, FindPart(ref seven, 2, bytes, i, length, end));
            }
        }

        position = i;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int ScanMany(ShuffleTables tables, ReadOnlySpan<byte> data, ref int position, Span<int> candidates)
    {
        ref byte seven = ref MemoryMarshal.GetArrayDataReference(tables.Seven);
        int groups = tables.GroupCount;
        ref int list = ref MemoryMarshal.GetReference(candidates);
        int length = data.Length;
        int end = length - tables.WindowMin + 1;
        int room = candidates.Length - Step;
        int count = 0;
        int i = position;
        fixed (byte* bytes = data)
        {
            for (; i <= length - Step - 3 && count <= room; i += Step)
            {
                Vector512<byte> found = Find(
                    ref seven,
                    groups,
                    Vector512.Load(bytes + i),
                    Vector512.Load(bytes + i + 1),
                    Vector512.Load(bytes + i + 2),
                    Vector512.Load(bytes + i + 3));
                Vector512<byte> passed = ~Vector512.Equals(found, Vector512<byte>.Zero);
                ulong bits = passed.ExtractMostSignificantBits();
                if (bits != 0)
                {
                    count = Compress(ref list, count, i, passed, bits);
                }
            }

            for (; i < end && count <= room; i += Step)
            {
                count = Write(ref list, count, i, FindPart(ref seven, groups, bytes, i, length, end));
            }
        }

        position = i;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Find(
        ref byte seven, int groups, Vector512<byte> t0, Vector512<byte> t1, Vector512<byte> t2, Vector512<byte> t3)
    {
        Vector512<byte> found = Vector512<byte>.Zero;
        nuint tables = (nuint)(groups * ShuffleTables.WindowMax * ShuffleTables.SevenLength);
        for (nuint t = 0; t < tables; t += ShuffleTables.WindowMax * ShuffleTables.SevenLength)
        {
            found |= Lookup(ref seven, t, t0) & Lookup(ref seven, t + 128, t1)
                & Lookup(ref seven, t + 256, t2) & Lookup(ref seven, t + 384, t3);
        }

        return found;
    }

    private static unsafe ulong FindPart(ref byte seven, int groups, byte* bytes, int i, int length, int end) =>
        Found(
            Find(
                ref seven,
                groups,
                LoadPart(bytes, i, length),
                LoadPart(bytes, i + 1, length),
                LoadPart(bytes, i + 2, length),
                LoadPart(bytes, i + 3, length)),
            end - i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Lookup(ref byte seven, nuint table, Vector512<byte> index) =>
        Avx512Vbmi.PermuteVar64x8x2(Vector512.LoadUnsafe(ref seven, table), index, Vector512.LoadUnsafe(ref seven, table + 64));

    /// <summary>Up to 64 bytes; those behind the end are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<byte> LoadPart(byte* bytes, int at, int length)
    {
        // SAFETY: lanes that the mask leaves out are not read; the caller has pinned the payload.
        Vector512<byte> mask = Vector512.LessThan(
            Vector512<byte>.Indices, Vector512.Create((byte)Math.Clamp(length - at, 0, Step)));
        return Avx512BW.MaskLoad(bytes + at, mask, Vector512<byte>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Found(Vector512<byte> found, int positions)
    {
        ulong bits = ~(ulong)Vector512.Equals(found, Vector512<byte>.Zero).ExtractMostSignificantBits();
        return positions >= Step ? bits : bits & (1UL << positions) - 1;
    }

    /// <summary>Writes up to sixteen positions without a branch on how many there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Compress(ref int list, int count, int position, Vector512<byte> passed, ulong bits)
    {
        int total = BitOperations.PopCount(bits);
        if (total > Vector512<int>.Count)
        {
            return Write(ref list, count, position, bits);
        }

        Vector512<byte> offsets = Avx512Vbmi2.Compress(Vector512<byte>.Zero, passed, Vector512<byte>.Indices);
        (Avx512F.ConvertToVector512Int32(offsets.GetLower().GetLower()) + Vector512.Create(position)).StoreUnsafe(ref list, (nuint)count);
        return count + total;
    }

    private static int Write(ref int list, int count, int position, ulong bits)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            Unsafe.Add(ref list, count++) = position + BitOperations.TrailingZeroCount(bits);
        }

        return count;
    }
}
