using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Kernels.Checksum;

/// <summary>512-bit registers: 64 bytes a step.</summary>
/// <remarks>
/// (1) A register is sixteen 32-bit words; even and odd ones are added into 64-bit lanes, which hold 2^32 additions
/// without
/// a carry out, so no step needs one. (2) One 32-byte and one 16-byte step, widened to a full register, follow the
/// last full one. (3) Lanes are added at the end.
/// </remarks>
internal readonly struct ChecksumVector512 : IChecksumKernel
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "avx512";

    public static bool IsSupported => Avx512F.IsSupported;

    public static bool IsAccelerated => Avx512F.IsSupported && Vector512.IsHardwareAccelerated;

    public static ulong Sum(ref readonly byte data, nuint length)
    {
        ref byte d = ref Unsafe.AsRef(in data);
        Vector512<ulong> low = Vector512.Create(0xFFFFFFFFUL);
        Vector512<ulong> sum = Vector512<ulong>.Zero;
        nuint i = 0;
        for (; length - i >= (uint)Vector512<byte>.Count; i += (uint)Vector512<byte>.Count)
        {
            Vector512<ulong> v = Vector512.LoadUnsafe(ref d, i).AsUInt64();
            sum += (v & low) + (v >>> 32);
        }

        if (length - i >= (uint)Vector256<byte>.Count)
        {
            sum += Avx512F.ConvertToVector512UInt64(Vector256.LoadUnsafe(ref d, i).AsUInt32());
            i += (uint)Vector256<byte>.Count;
        }

        Vector256<ulong> half = sum.GetLower() + sum.GetUpper();
        if (length - i >= (uint)Vector128<byte>.Count)
        {
            half += Avx2.ConvertToVector256Int64(Vector128.LoadUnsafe(ref d, i).AsUInt32()).AsUInt64();
            i += (uint)Vector128<byte>.Count;
        }

        return ChecksumMath.Add(
            Vector256.Sum(half), ChecksumMath.Tail(ref Unsafe.AddByteOffset(ref d, i), length - i));
    }
}
