using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.LiteralScan;

/// <summary>
/// Few windows: 64 positions a step; for each byte of the window two shuffles look up the buckets of its nibbles, and
/// the AND over the window leaves the buckets of which every byte fits. Many windows: 16 positions a step; a shuffle spreads
/// the overlapping windows over the lanes, they are hashed together, and two gathers fetch their words of the bitmap. What is left
/// of the payload is copied to a zeroed block, so no byte behind it is read.
/// </summary>
internal readonly struct LiteralScanVector512 : ILiteralScan
{
    private const int Step = 64;
    private const int HashStep = 16;

    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "nibble-x64+hash-x16";

    public static bool IsSupported => Avx512BW.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Scan(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits) =>
        table.PreferHash ? ScanHashes(table, data, ref position, hits)
        : table.GroupCount == 1 ? ScanNibbles(table, data, ref position, hits)
        : ScanGroups(table, data, ref position, hits);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ScanNibbles(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits)
    {
        Vector512<byte> low0 = Load(table.LowNibbles, 0);
        Vector512<byte> low1 = Load(table.LowNibbles, 1);
        Vector512<byte> low2 = Load(table.LowNibbles, 2);
        Vector512<byte> low3 = Load(table.LowNibbles, 3);
        Vector512<byte> high0 = Load(table.HighNibbles, 0);
        Vector512<byte> high1 = Load(table.HighNibbles, 1);
        Vector512<byte> high2 = Load(table.HighNibbles, 2);
        Vector512<byte> high3 = Load(table.HighNibbles, 3);
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        int windows = data.Length - table.WindowLength + 1;
        int count = 0;
        int i = position;
        Span<byte> tail = stackalloc byte[Step + 4];
        while (i < windows && count <= hits.Length - Step)
        {
            scoped ref byte block = ref bytes;
            nuint at = (nuint)i;
            if (data.Length - i < Step + 3)
            {
                tail.Clear();
                data[i..].CopyTo(tail);
                block = ref MemoryMarshal.GetReference(tail);
                at = 0;
            }

            Vector512<byte> found = Buckets(low0, high0, Vector512.LoadUnsafe(ref block, at))
                & Buckets(low1, high1, Vector512.LoadUnsafe(ref block, at + 1))
                & Buckets(low2, high2, Vector512.LoadUnsafe(ref block, at + 2))
                & Buckets(low3, high3, Vector512.LoadUnsafe(ref block, at + 3));
            ulong bits = ~(ulong)Vector512.Equals(found, Vector512<byte>.Zero).ExtractMostSignificantBits();
            bits &= windows - i >= Step ? ulong.MaxValue >> (64 - Step) : (1UL << (windows - i)) - 1;
            for (; bits != 0; bits &= bits - 1)
            {
                hits[count++] = i + BitOperations.TrailingZeroCount(bits);
            }

            i += Step;
        }

        position = Math.Min(i, Math.Max(windows, position));
        return count;
    }

    /// <summary>The same for more than eight buckets: the groups' tables are read for each step and their findings joined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ScanGroups(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits)
    {
        ref byte low = ref MemoryMarshal.GetArrayDataReference(table.LowNibbles);
        ref byte high = ref MemoryMarshal.GetArrayDataReference(table.HighNibbles);
        nuint tables = (nuint)table.LowNibbles.Length;
        Vector512<byte> nibble = Vector512.Create((byte)15);
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        int windows = data.Length - table.WindowLength + 1;
        int count = 0;
        int i = position;
        Span<byte> tail = stackalloc byte[Step + 4];
        while (i < windows && count <= hits.Length - Step)
        {
            scoped ref byte block = ref bytes;
            nuint at = (nuint)i;
            if (data.Length - i < Step + 3)
            {
                tail.Clear();
                data[i..].CopyTo(tail);
                block = ref MemoryMarshal.GetReference(tail);
                at = 0;
            }

            Vector512<byte> b0 = Vector512.LoadUnsafe(ref block, at);
            Vector512<byte> b1 = Vector512.LoadUnsafe(ref block, at + 1);
            Vector512<byte> b2 = Vector512.LoadUnsafe(ref block, at + 2);
            Vector512<byte> b3 = Vector512.LoadUnsafe(ref block, at + 3);
            Vector512<byte> l0 = b0 & nibble;
            Vector512<byte> l1 = b1 & nibble;
            Vector512<byte> l2 = b2 & nibble;
            Vector512<byte> l3 = b3 & nibble;
            Vector512<byte> h0 = (b0.AsUInt16() >>> 4).AsByte() & nibble;
            Vector512<byte> h1 = (b1.AsUInt16() >>> 4).AsByte() & nibble;
            Vector512<byte> h2 = (b2.AsUInt16() >>> 4).AsByte() & nibble;
            Vector512<byte> h3 = (b3.AsUInt16() >>> 4).AsByte() & nibble;
            Vector512<byte> found = Vector512<byte>.Zero;
            for (nuint t = 0; t < tables; t += 4 * LiteralTable.TableLength)
            {
                found |= Avx512BW.Shuffle(Vector512.LoadUnsafe(ref low, t), l0) & Avx512BW.Shuffle(Vector512.LoadUnsafe(ref high, t), h0)
                    & Avx512BW.Shuffle(Vector512.LoadUnsafe(ref low, t + LiteralTable.TableLength), l1)
                    & Avx512BW.Shuffle(Vector512.LoadUnsafe(ref high, t + LiteralTable.TableLength), h1)
                    & Avx512BW.Shuffle(Vector512.LoadUnsafe(ref low, t + 2 * LiteralTable.TableLength), l2)
                    & Avx512BW.Shuffle(Vector512.LoadUnsafe(ref high, t + 2 * LiteralTable.TableLength), h2)
                    & Avx512BW.Shuffle(Vector512.LoadUnsafe(ref low, t + 3 * LiteralTable.TableLength), l3)
                    & Avx512BW.Shuffle(Vector512.LoadUnsafe(ref high, t + 3 * LiteralTable.TableLength), h3);
            }

            ulong bits = ~(ulong)Vector512.Equals(found, Vector512<byte>.Zero).ExtractMostSignificantBits();
            bits &= windows - i >= Step ? ulong.MaxValue >> (64 - Step) : (1UL << (windows - i)) - 1;
            for (; bits != 0; bits &= bits - 1)
            {
                hits[count++] = i + BitOperations.TrailingZeroCount(bits);
            }

            i += Step;
        }

        position = Math.Min(i, Math.Max(windows, position));
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ScanHashes(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        int windows = data.Length - table.WindowLength + 1;
        int count = 0;
        int i = position;
        Span<byte> tail = stackalloc byte[32];
        Vector256<byte> half = Vector256.Create(
            (byte)0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6,
            4, 5, 6, 7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10);
        Vector512<byte> spread = Vector512.Create(half, half);
        Vector512<uint> fold = Vector512.Create(table.Fold);
        Vector512<uint> multiplier = Vector512.Create(0x9E37_79B1u);
        Vector128<uint> shift = Vector128.CreateScalar((uint)table.HashShift);
        ref uint bitmap = ref MemoryMarshal.GetArrayDataReference(table.Bitmap);
        while (i < windows && count <= hits.Length - HashStep)
        {
            scoped ref byte block = ref bytes;
            nuint at = (nuint)i;
            if (data.Length - i < 24)
            {
                tail.Clear();
                data[i..].CopyTo(tail);
                block = ref MemoryMarshal.GetReference(tail);
                at = 0;
            }

            Vector128<byte> first = Vector128.LoadUnsafe(ref block, at);
            Vector128<byte> second = Vector128.LoadUnsafe(ref block, at + 8);
            Vector512<byte> here = Vector512.Create(Vector256.Create(first, first), Vector256.Create(second, second));
            Vector512<uint> window = Avx512BW.Shuffle(here, spread).AsUInt32() & fold;
            Vector512<uint> hash = Avx512F.ShiftRightLogical(Avx512F.MultiplyLow(window, multiplier), shift);
            Vector512<uint> index = hash >>> 5;

            // .NET has no 512-bit gather, so two of 256 bits read the sixteen words.
            Vector512<uint> word = Vector512.Create(
                Gather(ref bitmap, index.GetLower()), Gather(ref bitmap, index.GetUpper()));
            Vector512<uint> hit = Avx512F.ShiftLeftLogicalVariable(
                word, Vector512.Create(31u) - (hash & Vector512.Create(31u)));
            uint bits = (uint)hit.ExtractMostSignificantBits();
            bits &= windows - i >= HashStep ? 0xFFFFu : (1u << (windows - i)) - 1;
            for (; bits != 0; bits &= bits - 1)
            {
                hits[count++] = i + BitOperations.TrailingZeroCount(bits);
            }

            i += HashStep;
        }

        position = Math.Min(i, Math.Max(windows, position));
        return count;
    }

    /// <summary>Eight words of the bitmap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<uint> Gather(ref uint bitmap, Vector256<uint> index)
    {
        // SAFETY: a hash has as many bits as the bitmap, so each index is inside it; the reference stays live across the
        // one instruction that reads, and the bitmap is on the pinned heap, so the address holds.
        return Avx2.GatherVector256((uint*)Unsafe.AsPointer(ref bitmap), index.AsInt32(), sizeof(uint));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Buckets(Vector512<byte> low, Vector512<byte> high, Vector512<byte> block)
    {
        Vector512<byte> nibble = Vector512.Create((byte)15);
        Vector512<byte> upper = (block.AsUInt16() >>> 4).AsByte() & nibble;
        return Avx512BW.Shuffle(low, block & nibble) & Avx512BW.Shuffle(high, upper);
    }

    private static Vector512<byte> Load(byte[] nibbles, int k) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(nibbles), (nuint)(k * LiteralTable.TableLength));
}
