using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.WindowShuffle;

/// <summary>
/// 32 positions a step: two shuffles a byte of the window look up the buckets of its nibbles, and the AND leaves the buckets
/// that allow all. One group keeps its tables in registers; several read them each step. The last whole step overlaps the one before;
/// the few positions behind it, and payloads shorter than a step, are done one by one.
/// </summary>
internal readonly struct WindowShuffleVector256 : IWindowShuffle
{
    private const int Step = 32;
    private const uint AllPositions = 0xFFFF_FFFF;

    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "nibble-x32";

    public static bool IsSupported => Avx2.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Scan(ShuffleTables tables, ReadOnlySpan<byte> data, ref int position, Span<int> candidates)
    {
        int count = 0;
        if (position <= data.Length - ShuffleTables.WindowMax && data.Length >= Step + ShuffleTables.WindowMax - 1)
        {
            count = tables.GroupCount == 1
                ? ScanOne(tables, data, ref position, candidates)
                : ScanMany(tables, data, ref position, candidates);
            if (position <= data.Length - ShuffleTables.WindowMax)
            {
                return count;
            }
        }

        return position > data.Length - tables.WindowMin || count > candidates.Length - Step
            ? count
            : count + WindowShuffleScalar.Scan(tables, data, ref position, candidates[count..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ScanOne(ShuffleTables tables, ReadOnlySpan<byte> data, ref int position, Span<int> candidates)
    {
        Vector256<byte> low0 = Load(tables.LowNibbles, 0);
        Vector256<byte> low1 = Load(tables.LowNibbles, 1);
        Vector256<byte> low2 = Load(tables.LowNibbles, 2);
        Vector256<byte> low3 = Load(tables.LowNibbles, 3);
        Vector256<byte> high0 = Load(tables.HighNibbles, 0);
        Vector256<byte> high1 = Load(tables.HighNibbles, 1);
        Vector256<byte> high2 = Load(tables.HighNibbles, 2);
        Vector256<byte> high3 = Load(tables.HighNibbles, 3);
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        ref int list = ref MemoryMarshal.GetReference(candidates);
        int end = data.Length - ShuffleTables.WindowMax + 1;
        int room = candidates.Length - Step;
        int count = 0;
        int i = position;
        while (i < end && count <= room)
        {
            int at = Math.Min(i, end - Step);
            Vector256<byte> found = Buckets(low0, high0, Vector256.LoadUnsafe(ref bytes, (nuint)at))
                & Buckets(low1, high1, Vector256.LoadUnsafe(ref bytes, (nuint)at + 1))
                & Buckets(low2, high2, Vector256.LoadUnsafe(ref bytes, (nuint)at + 2))
                & Buckets(low3, high3, Vector256.LoadUnsafe(ref bytes, (nuint)at + 3));
            uint bits = ~Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits() & AllPositions << i - at;
            for (; bits != 0; bits &= bits - 1)
            {
                Unsafe.Add(ref list, count++) = at + BitOperations.TrailingZeroCount(bits);
            }

            i = at + Step;
        }

        position = i;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ScanMany(ShuffleTables tables, ReadOnlySpan<byte> data, ref int position, Span<int> candidates)
    {
        int groups = tables.GroupCount;
        Vector256<byte> nibble = Vector256.Create((byte)15);
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        ref int list = ref MemoryMarshal.GetReference(candidates);
        int end = data.Length - ShuffleTables.WindowMax + 1;
        int room = candidates.Length - Step;
        int count = 0;
        int i = position;
        while (i < end && count <= room)
        {
            int at = Math.Min(i, end - Step);
            Vector256<byte> found = Vector256<byte>.Zero;
            for (int table = 0; table < groups * ShuffleTables.WindowMax; table += ShuffleTables.WindowMax)
            {
                Vector256<byte> group = Vector256<byte>.AllBitsSet;
                for (int k = 0; k < ShuffleTables.WindowMax; k++)
                {
                    Vector256<byte> block = Vector256.LoadUnsafe(ref bytes, (nuint)(at + k));
                    group &= Avx2.Shuffle(Load(tables.LowNibbles, table + k), block & nibble)
                        & Avx2.Shuffle(Load(tables.HighNibbles, table + k), (block.AsUInt16() >>> 4).AsByte() & nibble);
                }

                found |= group;
            }

            uint bits = ~Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits() & AllPositions << i - at;
            for (; bits != 0; bits &= bits - 1)
            {
                Unsafe.Add(ref list, count++) = at + BitOperations.TrailingZeroCount(bits);
            }

            i = at + Step;
        }

        position = i;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Buckets(Vector256<byte> low, Vector256<byte> high, Vector256<byte> block)
    {
        Vector256<byte> nibble = Vector256.Create((byte)15);
        return Avx2.Shuffle(low, block & nibble) & Avx2.Shuffle(high, (block.AsUInt16() >>> 4).AsByte() & nibble);
    }

    /// <summary>One nibble table, in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Load(byte[] table, int index) =>
        Vector256.Create(Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(table), (nuint)(index * ShuffleTables.NibbleLength)));
}
