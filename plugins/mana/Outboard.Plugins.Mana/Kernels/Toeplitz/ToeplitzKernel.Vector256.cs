using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Kernels.Toeplitz;

/// <summary>Eight tuples at once, one a 32-bit lane.</summary>
/// <remarks>
/// (1) The lower half of a nibble's table, eight hashes, is one register, and VPERMD looks all eight lanes up in it by
/// the three low bits. (2) The upper half differs from it by one constant, since the hash is linear: that is added in
/// the lanes whose fourth bit is set.
/// </remarks>
internal readonly struct ToeplitzVector256 : IToeplitzKernel
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "vpermd-x8";

    public static bool IsSupported => Avx2.IsSupported;

    public static bool IsAccelerated => Avx2.IsSupported && Vector256.IsHardwareAccelerated;

    public static void Hash(ToeplitzKey key, ref readonly uint words, int wordCount, int count, ref uint hashes)
    {
        ref uint w = ref Unsafe.AsRef(in words);
        ref uint tables = ref MemoryMarshal.GetArrayDataReference(key.NibbleTables);
        for (int t = 0; t < count; t += Vector256<uint>.Count)
        {
            Vector256<uint> hash = Vector256<uint>.Zero;
            for (int i = 0; i < wordCount; i++)
            {
                Vector256<uint> word = Vector256.LoadUnsafe(ref w, (nuint)((i * ToeplitzKey.Lanes) + t));
                ref uint table = ref Unsafe.Add(ref tables, i * ToeplitzKey.NibblesPerWord * 16);
                for (int b = 0; b < 4; b++)
                {
                    hash ^= LookUp(ref table, word >>> 4) ^ LookUp(ref Unsafe.Add(ref table, 16), word);
                    table = ref Unsafe.Add(ref table, 32);
                    word >>>= 8;
                }
            }

            hash.StoreUnsafe(ref hashes, (nuint)t);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> LookUp(ref uint table, Vector256<uint> nibbles)
    {
        Vector256<uint> low = Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref table), nibbles);
        Vector256<uint> fourth = ((nibbles << 28).AsInt32() >> 31).AsUInt32();
        return low ^ (fourth & Vector256.Create(Unsafe.Add(ref table, 8)));
    }
}
