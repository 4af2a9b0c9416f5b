using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.ByteScan;

/// <summary>
/// 16 bytes a step. A shuffle by the whole byte gives zero where the top bit is set, so one shuffle answers for each half of
/// the values; a third names the bit of the high nibble. The rest of the payload goes byte by byte.
/// </summary>
internal readonly struct ByteScanVector128 : IByteScan
{
    private const int Step = 16;

    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "set-shuffle-x16";

    public static bool IsSupported => Ssse3.IsSupported;

    public static bool IsAccelerated => IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int IndexOf(ByteScanSet set, ReadOnlySpan<byte> data, int start)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        Vector128<byte> low = Load(set.LowHalf);
        Vector128<byte> high = Load(set.HighHalf);
        Vector128<byte> bit = Spread(Vector128.Create(0x8040_2010_0804_0201UL).AsByte());
        Vector128<byte> index = Vector128.Create((byte)0x8F);
        Vector128<byte> top = Vector128.Create((byte)0x80);
        Vector128<byte> nibble = Vector128.Create((byte)15);
        int i = start;
        for (; i <= data.Length - Step; i += Step)
        {
            Vector128<byte> block = Vector128.LoadUnsafe(ref bytes, (nuint)i);
            Vector128<byte> members = Ssse3.Shuffle(low, block & index) | Ssse3.Shuffle(high, (block ^ top) & index);
            Vector128<byte> wanted = Ssse3.Shuffle(bit, (block.AsUInt16() >>> 4).AsByte() & nibble);
            Vector128<byte> none = Vector128.Equals(members & wanted, Vector128<byte>.Zero);
            if (none != Vector128<byte>.AllBitsSet)
            {
                return i + BitOperations.TrailingZeroCount(~(ulong)none.ExtractMostSignificantBits());
            }
        }

        return ByteScanScalar.IndexOf(set, data, i);
    }

    private static Vector128<byte> Load(byte[] table) =>
        Spread(Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(table)));

    private static Vector128<byte> Spread(Vector128<byte> table) =>
        table;
}
