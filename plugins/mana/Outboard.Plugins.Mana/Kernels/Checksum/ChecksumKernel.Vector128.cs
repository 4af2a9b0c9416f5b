using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Kernels.Checksum;

/// <summary>128-bit registers: 16 bytes a step.</summary>
/// <remarks>
/// (1) A register is four 32-bit words; even and odd ones are added into 64-bit lanes, which hold 2^32 additions
/// without
/// a carry out, so no step needs one. (2) The rest of zero to fifteen bytes goes by halves of halves. (3) Lanes are
/// added at the end.
/// </remarks>
internal readonly struct ChecksumVector128 : IChecksumKernel
{
    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "sse2";

    public static bool IsSupported => Sse2.IsSupported;

    public static bool IsAccelerated => Sse2.IsSupported && Vector128.IsHardwareAccelerated;

    public static ulong Sum(ref readonly byte data, nuint length)
    {
        ref byte d = ref Unsafe.AsRef(in data);
        Vector128<ulong> low = Vector128.Create(0xFFFFFFFFUL);
        Vector128<ulong> sum = Vector128<ulong>.Zero;
        nuint i = 0;
        for (; length - i >= (uint)Vector128<byte>.Count; i += (uint)Vector128<byte>.Count)
        {
            Vector128<ulong> v = Vector128.LoadUnsafe(ref d, i).AsUInt64();
            sum += (v & low) + (v >>> 32);
        }

        return ChecksumMath.Add(
            Vector128.Sum(sum), ChecksumMath.Tail(ref Unsafe.AddByteOffset(ref d, i), length - i));
    }
}
