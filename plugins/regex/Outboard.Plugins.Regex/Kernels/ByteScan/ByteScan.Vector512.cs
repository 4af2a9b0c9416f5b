using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.ByteScan;

/// <summary>
/// 64 bytes a step. A shuffle by the whole byte gives zero where the top bit is set, so one shuffle answers for each half of
/// the values; a third names the bit of the high nibble. The rest of the payload goes byte by byte.
/// </summary>
internal readonly struct ByteScanVector512 : IByteScan
{
    private const int Step = 64;

    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "set-shuffle-x64";

    public static bool IsSupported => Avx512BW.IsSupported;

    public static bool IsAccelerated => IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int IndexOf(ByteScanSet set, ReadOnlySpan<byte> data, int start)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        Vector512<byte> low = Load(set.LowHalf);
        Vector512<byte> high = Load(set.HighHalf);
        Vector512<byte> bit = Spread(Vector128.Create(0x8040_2010_0804_0201UL).AsByte());
        Vector512<byte> index = Vector512.Create((byte)0x8F);
        Vector512<byte> top = Vector512.Create((byte)0x80);
        Vector512<byte> nibble = Vector512.Create((byte)15);
        int i = start;
        for (; i <= data.Length - Step; i += Step)
        {
            Vector512<byte> block = Vector512.LoadUnsafe(ref bytes, (nuint)i);
            Vector512<byte> members = Avx512BW.Shuffle(low, block & index) | Avx512BW.Shuffle(high, (block ^ top) & index);
            Vector512<byte> wanted = Avx512BW.Shuffle(bit, (block.AsUInt16() >>> 4).AsByte() & nibble);
            Vector512<byte> none = Vector512.Equals(members & wanted, Vector512<byte>.Zero);
            if (none != Vector512<byte>.AllBitsSet)
            {
                return i + BitOperations.TrailingZeroCount(~(ulong)none.ExtractMostSignificantBits());
            }
        }

        return ByteScanScalar.IndexOf(set, data, i);
    }

    private static Vector512<byte> Load(byte[] table) =>
        Spread(Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(table)));

    private static Vector512<byte> Spread(Vector128<byte> table) =>
        Vector512.Create(Vector256.Create(table, table), Vector256.Create(table, table));
}
