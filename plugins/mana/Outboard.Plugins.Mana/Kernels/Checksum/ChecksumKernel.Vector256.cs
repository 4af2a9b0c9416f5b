using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Kernels.Checksum;

/// <summary>256-bit registers: 32 bytes a step.</summary>
/// <remarks>
/// (1) A register is eight 32-bit words; even and odd ones are added into 64-bit lanes, which hold 2^32 additions
/// without
/// a carry out, so no step needs one. (2) One 16-byte step follows the last full one. (3) Lanes are added at the end.
/// </remarks>
internal readonly struct ChecksumVector256 : IChecksumKernel
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "avx2";

    public static bool IsSupported => Avx2.IsSupported;

    public static bool IsAccelerated => Avx2.IsSupported && Vector256.IsHardwareAccelerated;

    public static ulong Sum(ref readonly byte data, nuint length)
    {
        ref byte d = ref Unsafe.AsRef(in data);
        Vector256<ulong> low = Vector256.Create(0xFFFFFFFFUL);
        Vector256<ulong> sum = Vector256<ulong>.Zero;
        nuint i = 0;
        for (; length - i >= (uint)Vector256<byte>.Count; i += (uint)Vector256<byte>.Count)
        {
            Vector256<ulong> v = Vector256.LoadUnsafe(ref d, i).AsUInt64();
            sum += (v & low) + (v >>> 32);
        }

        if (length - i >= (uint)Vector128<byte>.Count)
        {
            sum += Avx2.ConvertToVector256Int64(Vector128.LoadUnsafe(ref d, i).AsUInt32()).AsUInt64();
            i += (uint)Vector128<byte>.Count;
        }

        return ChecksumMath.Add(
            Vector256.Sum(sum), ChecksumMath.Tail(ref Unsafe.AddByteOffset(ref d, i), length - i));
    }
}
