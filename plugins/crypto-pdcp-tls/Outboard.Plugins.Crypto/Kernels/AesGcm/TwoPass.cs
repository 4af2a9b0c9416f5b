using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>GCM as two passes over a piece that stays in the first-level cache; the hash always reads ciphertext.</summary>
internal static class TwoPass<TCtr, TGhash>
    where TCtr : struct, IAesCtrKernel
    where TGhash : struct, IGhashKernel
{
    // Four kilobytes twice (out of place) leave the first-level cache of any current core with room for the key.
    private const nuint PieceBlocks = 256;

    public static void Encrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount)
    {
        while (blockCount != 0)
        {
            nuint run = Math.Min(blockCount, PieceBlocks);
            TCtr.Apply32(ref key, ref counter, ref source, ref destination, run * 16);
            TGhash.Update(ref key, ref hash, ref destination, run);
            source = ref Unsafe.AddByteOffset(ref source, run * 16);
            destination = ref Unsafe.AddByteOffset(ref destination, run * 16);
            blockCount -= run;
        }
    }

    public static void Decrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount)
    {
        while (blockCount != 0)
        {
            nuint run = Math.Min(blockCount, PieceBlocks);
            TGhash.Update(ref key, ref hash, ref source, run);
            TCtr.Apply32(ref key, ref counter, ref source, ref destination, run * 16);
            source = ref Unsafe.AddByteOffset(ref source, run * 16);
            destination = ref Unsafe.AddByteOffset(ref destination, run * 16);
            blockCount -= run;
        }
    }
}
