using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Kernels.Toeplitz;

/// <summary>Sixteen tuples at once, one a 32-bit lane.</summary>
/// <remarks>
/// A nibble's table of sixteen hashes is exactly one register, and VPERMD looks all lanes up in it by the four low bits
/// of each, so neither a mask nor a blend is needed.
/// </remarks>
internal readonly struct ToeplitzVector512 : IToeplitzKernel
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "vpermd-x16";

    public static bool IsSupported => Avx512F.IsSupported;

    public static bool IsAccelerated => Avx512F.IsSupported && Vector512.IsHardwareAccelerated;

    public static void Hash(ToeplitzKey key, ref readonly uint words, int wordCount, int count, ref uint hashes)
    {
        ref uint w = ref Unsafe.AsRef(in words);
        ref uint tables = ref MemoryMarshal.GetArrayDataReference(key.NibbleTables);
        for (int t = 0; t < count; t += Vector512<uint>.Count)
        {
            Vector512<uint> hash = Vector512<uint>.Zero;
            for (int i = 0; i < wordCount; i++)
            {
                Vector512<uint> word = Vector512.LoadUnsafe(ref w, (nuint)((i * ToeplitzKey.Lanes) + t));
                ref uint table = ref Unsafe.Add(ref tables, i * ToeplitzKey.NibblesPerWord * 16);
                for (int b = 0; b < 4; b++)
                {
                    hash ^= Avx512F.PermuteVar16x32(Vector512.LoadUnsafe(ref table), word >>> 4)
                        ^ Avx512F.PermuteVar16x32(Vector512.LoadUnsafe(ref table, 16), word);
                    table = ref Unsafe.Add(ref table, 32);
                    word >>>= 8;
                }
            }

            hash.StoreUnsafe(ref hashes, (nuint)t);
        }
    }
}
