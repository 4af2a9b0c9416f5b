using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.LiteralScan;

/// <summary>
/// 16 positions a step: for each byte of the window two shuffles look up the buckets of its nibbles, and the AND over the window
/// leaves the buckets of which every byte fits. What is left of the payload is copied to a zeroed block, so no byte
/// behind it is read.
/// </summary>
internal readonly struct LiteralScanVector128 : ILiteralScan
{
    private const int Step = 16;

    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "nibble-filter-x16";

    public static bool IsSupported => Ssse3.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Scan(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits)
    {
        return table.WindowLength == 4
            ? Scan4(table, data, ref position, hits)
            : Scan2(table, data, ref position, hits);
    }

    private static int Scan4(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits)
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
        int windows = data.Length - 3;
        int count = 0;
        int i = position;
        Span<byte> tail = stackalloc byte[Step + 4];
        while (i < windows && count <= hits.Length - Step)
        {
            int here = windows - i;
            scoped ref byte block = ref bytes;
            nuint at = (nuint)i;
            if (here < Step)
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
            count += Write(found, here, i, hits[count..]);
            i += Step;
        }

        position = Math.Min(i, Math.Max(windows, position));
        return count;
    }

    private static int Scan2(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits)
    {
        Vector128<byte> low0 = Load(table.LowNibbles, 0);
        Vector128<byte> low1 = Load(table.LowNibbles, 1);
        Vector128<byte> high0 = Load(table.HighNibbles, 0);
        Vector128<byte> high1 = Load(table.HighNibbles, 1);
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        int windows = data.Length - 1;
        int count = 0;
        int i = position;
        Span<byte> tail = stackalloc byte[Step + 2];
        while (i < windows && count <= hits.Length - Step)
        {
            int here = windows - i;
            scoped ref byte block = ref bytes;
            nuint at = (nuint)i;
            if (here < Step)
            {
                tail.Clear();
                data[i..].CopyTo(tail);
                block = ref MemoryMarshal.GetReference(tail);
                at = 0;
            }

            Vector128<byte> found = Buckets(low0, high0, Vector128.LoadUnsafe(ref block, at))
                & Buckets(low1, high1, Vector128.LoadUnsafe(ref block, at + 1));
            count += Write(found, here, i, hits[count..]);
            i += Step;
        }

        position = Math.Min(i, Math.Max(windows, position));
        return count;
    }

    private static Vector128<byte> Buckets(Vector128<byte> low, Vector128<byte> high, Vector128<byte> block)
    {
        Vector128<byte> nibble = Vector128.Create((byte)15);
        Vector128<byte> upper = (block.AsUInt16() >>> 4).AsByte() & nibble;
        return Ssse3.Shuffle(low, block & nibble) & Ssse3.Shuffle(high, upper);
    }

    private static int Write(Vector128<byte> found, int here, int position, Span<int> hits)
    {
        ulong bits = ~(ulong)Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits();
        bits &= here >= Step ? ulong.MaxValue >> (64 - Step) : (1UL << here) - 1;
        int count = 0;
        for (; bits != 0; bits &= bits - 1)
        {
            hits[count++] = position + BitOperations.TrailingZeroCount(bits);
        }

        return count;
    }

    private static Vector128<byte> Load(byte[] nibbles, int k)
    {
        Vector128<byte> table = Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(nibbles), (nuint)(k * 16));
        return table;
    }
}
