using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.LiteralScan;

/// <summary>
/// Few windows: 16 positions a step; for each byte of the window two shuffles look up the buckets of its nibbles, and
/// the AND over the window leaves the buckets of which every byte fits. Many windows: 4 positions a step; a shuffle spreads
/// the overlapping windows over the lanes, they are hashed together, and each bit is fetched by itself. What is left
/// of the payload is copied to a zeroed block, so no byte behind it is read.
/// </summary>
internal readonly struct LiteralScanVector128 : ILiteralScan
{
    private const int Step = 16;
    private const int HashStep = 4;

    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "nibble-x16+hash-x4";

    public static bool IsSupported => Ssse3.IsSupported && Sse41.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Scan(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits) =>
        table.PreferHash ? ScanHashes(table, data, ref position, hits)
        : table.GroupCount == 1 ? ScanNibbles(table, data, ref position, hits)
        : ScanGroups(table, data, ref position, hits);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ScanNibbles(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits)
    {
        Vector128<byte> low0 = Load(table.LowNibbles, 0);
        Vector128<byte> low1 = Load(table.LowNibbles, 1);
        Vector128<byte> low2 = Load(table.LowNibbles, 2);
        Vector128<byte> low3 = Load(table.LowNibbles, 3);
        Vector128<byte> high0 = Load(table.HighNibbles, 0);
        Vector128<byte> high1 = Load(table.HighNibbles, 1);
        Vector128<byte> high2 = Load(table.HighNibbles, 2);
        Vector128<byte> high3 = Load(table.HighNibbles, 3);
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

            Vector128<byte> found = Buckets(low0, high0, Vector128.LoadUnsafe(ref block, at))
                & Buckets(low1, high1, Vector128.LoadUnsafe(ref block, at + 1))
                & Buckets(low2, high2, Vector128.LoadUnsafe(ref block, at + 2))
                & Buckets(low3, high3, Vector128.LoadUnsafe(ref block, at + 3));
            ulong bits = ~(ulong)Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits();
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
        Vector128<byte> nibble = Vector128.Create((byte)15);
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

            Vector128<byte> b0 = Vector128.LoadUnsafe(ref block, at);
            Vector128<byte> b1 = Vector128.LoadUnsafe(ref block, at + 1);
            Vector128<byte> b2 = Vector128.LoadUnsafe(ref block, at + 2);
            Vector128<byte> b3 = Vector128.LoadUnsafe(ref block, at + 3);
            Vector128<byte> l0 = b0 & nibble;
            Vector128<byte> l1 = b1 & nibble;
            Vector128<byte> l2 = b2 & nibble;
            Vector128<byte> l3 = b3 & nibble;
            Vector128<byte> h0 = (b0.AsUInt16() >>> 4).AsByte() & nibble;
            Vector128<byte> h1 = (b1.AsUInt16() >>> 4).AsByte() & nibble;
            Vector128<byte> h2 = (b2.AsUInt16() >>> 4).AsByte() & nibble;
            Vector128<byte> h3 = (b3.AsUInt16() >>> 4).AsByte() & nibble;
            Vector128<byte> found = Vector128<byte>.Zero;
            for (nuint t = 0; t < tables; t += 4 * LiteralTable.TableLength)
            {
                found |= Ssse3.Shuffle(Vector128.LoadUnsafe(ref low, t), l0) & Ssse3.Shuffle(Vector128.LoadUnsafe(ref high, t), h0)
                    & Ssse3.Shuffle(Vector128.LoadUnsafe(ref low, t + LiteralTable.TableLength), l1)
                    & Ssse3.Shuffle(Vector128.LoadUnsafe(ref high, t + LiteralTable.TableLength), h1)
                    & Ssse3.Shuffle(Vector128.LoadUnsafe(ref low, t + 2 * LiteralTable.TableLength), l2)
                    & Ssse3.Shuffle(Vector128.LoadUnsafe(ref high, t + 2 * LiteralTable.TableLength), h2)
                    & Ssse3.Shuffle(Vector128.LoadUnsafe(ref low, t + 3 * LiteralTable.TableLength), l3)
                    & Ssse3.Shuffle(Vector128.LoadUnsafe(ref high, t + 3 * LiteralTable.TableLength), h3);
            }

            ulong bits = ~(ulong)Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits();
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
        Vector128<byte> spread = Vector128.Create((byte)0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6);
        Vector128<uint> fold = Vector128.Create(table.Fold);
        Vector128<uint> multiplier = Vector128.Create(0x9E37_79B1u);
        Vector128<int> shift = Vector128.CreateScalar(table.HashShift);
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

            Vector128<uint> window = Ssse3.Shuffle(Vector128.LoadUnsafe(ref block, at), spread).AsUInt32() & fold;
            Vector128<uint> hash = Sse2.ShiftRightLogical(Sse41.MultiplyLow(window, multiplier), shift.AsUInt32());
            uint h0 = hash.GetElement(0);
            uint h1 = hash.GetElement(1);
            uint h2 = hash.GetElement(2);
            uint h3 = hash.GetElement(3);
            uint bits = Unsafe.Add(ref bitmap, h0 >> 5) >> (int)(h0 & 31) & 1;
            bits |= (Unsafe.Add(ref bitmap, h1 >> 5) >> (int)(h1 & 31) & 1) << 1;
            bits |= (Unsafe.Add(ref bitmap, h2 >> 5) >> (int)(h2 & 31) & 1) << 2;
            bits |= (Unsafe.Add(ref bitmap, h3 >> 5) >> (int)(h3 & 31) & 1) << 3;
            bits &= windows - i >= HashStep ? 15u : (1u << (windows - i)) - 1;
            for (; bits != 0; bits &= bits - 1)
            {
                hits[count++] = i + BitOperations.TrailingZeroCount(bits);
            }

            i += HashStep;
        }

        position = Math.Min(i, Math.Max(windows, position));
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Buckets(Vector128<byte> low, Vector128<byte> high, Vector128<byte> block)
    {
        Vector128<byte> nibble = Vector128.Create((byte)15);
        Vector128<byte> upper = (block.AsUInt16() >>> 4).AsByte() & nibble;
        return Ssse3.Shuffle(low, block & nibble) & Ssse3.Shuffle(high, upper);
    }

    private static Vector128<byte> Load(byte[] nibbles, int k) =>
        Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(nibbles), (nuint)(k * LiteralTable.TableLength));
}
