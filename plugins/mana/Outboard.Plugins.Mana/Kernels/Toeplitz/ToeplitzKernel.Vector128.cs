using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Kernels.Toeplitz;

/// <summary>Carry-less multiplication, one 128-bit product a word.</summary>
/// <remarks>
/// (1) The hash is the middle of the product of the input and the key over GF(2), so 32 input bits need one
/// multiplication with the 63 key bits that they can select. (2) The key is reversed once instead of every input, which
/// leaves the hash reversed in bits 31 to 62 of the product. (3) Products are added before the one reversal.
/// </remarks>
internal readonly struct ToeplitzVector128 : IToeplitzKernel
{
    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "pclmul";

    public static bool IsSupported => Pclmulqdq.IsSupported;

    public static bool IsAccelerated => Pclmulqdq.IsSupported;

    public static void Hash(ToeplitzKey key, ref readonly uint words, int wordCount, int count, ref uint hashes)
    {
        ref uint w = ref Unsafe.AsRef(in words);
        ref ulong windows = ref MemoryMarshal.GetArrayDataReference(key.ReversedWindows);
        for (int t = 0; t < count; t++)
        {
            Vector128<ulong> sum = Vector128<ulong>.Zero;
            for (int i = 0; i < wordCount; i++)
            {
                ulong word = BinaryPrimitives.ReverseEndianness(Unsafe.Add(ref w, (i * ToeplitzKey.Lanes) + t));
                sum ^= Pclmulqdq.CarrylessMultiply(
                    Vector128.CreateScalar(word), Vector128.CreateScalar(Unsafe.Add(ref windows, i)), 0);
            }

            Unsafe.Add(ref hashes, t) = Reverse((uint)(sum.ToScalar() >> 31));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Reverse(uint value)
    {
        value = ((value >> 1) & 0x55555555) | ((value & 0x55555555) << 1);
        value = ((value >> 2) & 0x33333333) | ((value & 0x33333333) << 2);
        value = ((value >> 4) & 0x0F0F0F0F) | ((value & 0x0F0F0F0F) << 4);
        return BinaryPrimitives.ReverseEndianness(value);
    }
}
