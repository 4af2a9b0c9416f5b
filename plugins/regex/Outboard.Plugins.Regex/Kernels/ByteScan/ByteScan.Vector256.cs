using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.ByteScan;

/// <summary>
/// 32 bytes a step. A shuffle by the whole byte gives zero where the top bit is set, so one shuffle answers for each half of
/// the values; a third names the bit of the high nibble. The rest of the payload goes byte by byte.
/// </summary>
internal readonly struct ByteScanVector256 : IByteScan
{
    private const int Step = 32;

    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "set-shuffle-x32";

    public static bool IsSupported => Avx2.IsSupported;

    public static bool IsAccelerated => IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int IndexOf(ByteScanSet set, ReadOnlySpan<byte> data, int start)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        Vector256<byte> low = Load(set.LowHalf);
        Vector256<byte> high = Load(set.HighHalf);
        Vector256<byte> bit = Spread(Vector128.Create(0x8040_2010_0804_0201UL).AsByte());
        Vector256<byte> index = Vector256.Create((byte)0x8F);
        Vector256<byte> top = Vector256.Create((byte)0x80);
        Vector256<byte> nibble = Vector256.Create((byte)15);
        int i = start;
        for (; i <= data.Length - Step; i += Step)
        {
            Vector256<byte> block = Vector256.LoadUnsafe(ref bytes, (nuint)i);
            Vector256<byte> members = Avx2.Shuffle(low, block & index) | Avx2.Shuffle(high, (block ^ top) & index);
            Vector256<byte> wanted = Avx2.Shuffle(bit, (block.AsUInt16() >>> 4).AsByte() & nibble);
            Vector256<byte> none = Vector256.Equals(members & wanted, Vector256<byte>.Zero);
            if (none != Vector256<byte>.AllBitsSet)
            {
                return i + BitOperations.TrailingZeroCount(~(ulong)none.ExtractMostSignificantBits());
            }
        }

        return ByteScanScalar.IndexOf(set, data, i);
    }

    private static Vector256<byte> Load(byte[] table) =>
        Spread(Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(table)));

    private static Vector256<byte> Spread(Vector128<byte> table) =>
        Vector256.Create(table, table);
}
