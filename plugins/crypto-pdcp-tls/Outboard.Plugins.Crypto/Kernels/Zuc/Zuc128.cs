using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>ZUC with a 128-bit key: cell i is key byte, 15-bit constant, IV byte (ZUC Specification 3.5.1).</summary>
internal unsafe struct Zuc128 : IZucVariant
{
    public static int Rounds => 32;

    public static void ExpandKey(ReadOnlySpan<byte> key, uint* cells)
    {
        for (int i = 0; i < 16; i++)
        {
            cells[i] = ((uint)key[i] << 23) | (ZucTables.KeyConstants[i] << 8);
        }
    }

    public static void Load<TLanes>(uint* keyCells, byte* iv, uint* cells)
        where TLanes : struct, ISimdKernel
    {
        if (TLanes.Width == SimdWidth.Scalar)
        {
            for (int i = 0; i < 16; i++)
            {
                cells[i] = keyCells[i] | iv[i];
            }

            return;
        }

        for (int i = 0; i < 16; i += 4)
        {
            (Vector128.Load(keyCells + i) | Sse41.ConvertToVector128Int32(iv + i).AsUInt32()).Store(cells + i);
        }
    }
}
