using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Kernels.Toeplitz;

/// <summary>One table look-up a nibble; no vector registers.</summary>
internal readonly struct ToeplitzScalar : IToeplitzKernel
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "nibble-table";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    public static void Hash(ToeplitzKey key, ref readonly uint words, int wordCount, int count, ref uint hashes)
    {
        ref uint w = ref Unsafe.AsRef(in words);
        ref uint tables = ref MemoryMarshal.GetArrayDataReference(key.NibbleTables);
        for (int t = 0; t < count; t++)
        {
            uint hash = 0;
            for (int i = 0; i < wordCount; i++)
            {
                uint word = Unsafe.Add(ref w, (i * ToeplitzKey.Lanes) + t);
                ref uint table = ref Unsafe.Add(ref tables, i * ToeplitzKey.NibblesPerWord * 16);
                for (int b = 0; b < 4; b++)
                {
                    hash ^= Unsafe.Add(ref table, (int)((word >> 4) & 15));
                    hash ^= Unsafe.Add(ref table, 16 + (int)(word & 15));
                    table = ref Unsafe.Add(ref table, 32);
                    word >>= 8;
                }
            }

            Unsafe.Add(ref hashes, t) = hash;
        }
    }
}
