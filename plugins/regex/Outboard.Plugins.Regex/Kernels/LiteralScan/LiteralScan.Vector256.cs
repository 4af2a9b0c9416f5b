using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.LiteralScan;

/// <summary>
/// Few windows: 32 positions a step; for each byte of the window two shuffles look up the buckets of its nibbles, and
/// the AND over the window leaves the buckets of which every byte fits. Many windows: 8 positions a step; a shuffle spreads
/// the overlapping windows over the lanes, they are hashed together, and one gather fetches their words of the bitmap. What is left
/// of the payload is copied to a zeroed block, so no byte behind it is read.
/// </summary>
internal readonly struct LiteralScanVector256 : ILiteralScan
{
    private const int Step = 32;
    private const int HashStep = 8;

    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "nibble-x32+hash-x8";

    public static bool IsSupported => Avx2.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Scan(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits) =>
        table.PreferHash ? ScanHashes(table, data, ref position, hits)
        : table.GroupCount == 1 ? ScanNibbles(table, data, ref position, hits)
        : ScanGroups(table, data, ref position, hits);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ScanNibbles(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits)
    {
        Vector256<byte> low0 = Load(table.LowNibbles, 0);
        Vector256<byte> low1 = Load(table.LowNibbles, 1);
        Vector256<byte> low2 = Load(table.LowNibbles, 2);
        Vector256<byte> low3 = Load(table.LowNibbles, 3);
        Vector256<byte> high0 = Load(table.HighNibbles, 0);
        Vector256<byte> high1 = Load(table.HighNibbles, 1);
        Vector256<byte> high2 = Load(table.HighNibbles, 2);
        Vector256<byte> high3 = Load(table.HighNibbles, 3);
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

            Vector256<byte> found = Buckets(low0, high0, Vector256.LoadUnsafe(ref block, at))
                & Buckets(low1, high1, Vector256.LoadUnsafe(ref block, at + 1))
                & Buckets(low2, high2, Vector256.LoadUnsafe(ref block, at + 2))
                & Buckets(low3, high3, Vector256.LoadUnsafe(ref block, at + 3));
            ulong bits = ~(ulong)Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits();
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
        Vector256<byte> nibble = Vector256.Create((byte)15);
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

            Vector256<byte> b0 = Vector256.LoadUnsafe(ref block, at);
            Vector256<byte> b1 = Vector256.LoadUnsafe(ref block, at + 1);
            Vector256<byte> b2 = Vector256.LoadUnsafe(ref block, at + 2);
            Vector256<byte> b3 = Vector256.LoadUnsafe(ref block, at + 3);
            Vector256<byte> l0 = b0 & nibble;
            Vector256<byte> l1 = b1 & nibble;
            Vector256<byte> l2 = b2 & nibble;
            Vector256<byte> l3 = b3 & nibble;
            Vector256<byte> h0 = (b0.AsUInt16() >>> 4).AsByte() & nibble;
            Vector256<byte> h1 = (b1.AsUInt16() >>> 4).AsByte() & nibble;
            Vector256<byte> h2 = (b2.AsUInt16() >>> 4).AsByte() & nibble;
            Vector256<byte> h3 = (b3.AsUInt16() >>> 4).AsByte() & nibble;
            Vector256<byte> found = Vector256<byte>.Zero;
            for (nuint t = 0; t < tables; t += 4 * LiteralTable.TableLength)
            {
                found |= Avx2.Shuffle(Vector256.LoadUnsafe(ref low, t), l0) & Avx2.Shuffle(Vector256.LoadUnsafe(ref high, t), h0)
                    & Avx2.Shuffle(Vector256.LoadUnsafe(ref low, t + LiteralTable.TableLength), l1)
                    & Avx2.Shuffle(Vector256.LoadUnsafe(ref high, t + LiteralTable.TableLength), h1)
                    & Avx2.Shuffle(Vector256.LoadUnsafe(ref low, t + 2 * LiteralTable.TableLength), l2)
                    & Avx2.Shuffle(Vector256.LoadUnsafe(ref high, t + 2 * LiteralTable.TableLength), h2)
                    & Avx2.Shuffle(Vector256.LoadUnsafe(ref low, t + 3 * LiteralTable.TableLength), l3)
                    & Avx2.Shuffle(Vector256.LoadUnsafe(ref high, t + 3 * LiteralTable.TableLength), h3);
            }

            ulong bits = ~(ulong)Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits();
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
        Vector256<byte> spread = Vector256.Create(
            (byte)0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6,
            4, 5, 6, 7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10);
        Vector256<uint> fold = Vector256.Create(table.Fold);
        Vector256<uint> multiplier = Vector256.Create(0x9E37_79B1u);
        Vector128<uint> shift = Vector128.CreateScalar((uint)table.HashShift);
        ref uint bitmap = ref MemoryMarshal.GetArrayDataReference(table.Bitmap);
        while (i < windows && count <= hits.Length - HashStep)
        {
            scoped ref byte block = ref bytes;
            nuint at = (nuint)i;
            if (data.Length - i < 16)
            {
                tail.Clear();
                data[i..].CopyTo(tail);
                block = ref MemoryMarshal.GetReference(tail);
                at = 0;
            }

            Vector128<byte> here = Vector128.LoadUnsafe(ref block, at);
            Vector256<uint> window = Avx2.Shuffle(Vector256.Create(here, here), spread).AsUInt32() & fold;
            Vector256<uint> hash = Avx2.ShiftRightLogical(Avx2.MultiplyLow(window, multiplier), shift);
            Vector256<uint> word = Gather(ref bitmap, hash >>> 5);
            Vector256<uint> hit = Avx2.ShiftLeftLogicalVariable(
                word, Vector256.Create(31u) - (hash & Vector256.Create(31u)));
            uint bits = hit.ExtractMostSignificantBits();
            bits &= windows - i >= HashStep ? 255u : (1u << (windows - i)) - 1;
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
    private static Vector256<byte> Buckets(Vector256<byte> low, Vector256<byte> high, Vector256<byte> block)
    {
        Vector256<byte> nibble = Vector256.Create((byte)15);
        Vector256<byte> upper = (block.AsUInt16() >>> 4).AsByte() & nibble;
        return Avx2.Shuffle(low, block & nibble) & Avx2.Shuffle(high, upper);
    }

    private static Vector256<byte> Load(byte[] nibbles, int k) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(nibbles), (nuint)(k * LiteralTable.TableLength));
}
