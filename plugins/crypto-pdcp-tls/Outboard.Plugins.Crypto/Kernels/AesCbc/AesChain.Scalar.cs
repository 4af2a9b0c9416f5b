using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>Chains over the bit-plane cipher, whose four block places are four messages with one key.</summary>
internal readonly struct AesChainScalar : IAesChainKernel
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "bitsliced-4-lanes";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    public static int LaneCount => 4;

    public static bool MixesKeys => false;

    public static unsafe void Run(ChainLanes* lanes, int rounds, bool sharedKey, bool store)
    {
        // SAFETY: without mixed keys the lanes' key is a whole one; every lane names as many blocks as the call says.
        ref AesKey key = ref *(AesKey*)lanes->Keys;
        byte* states = lanes->States;
        ulong end = lanes->Offset + (16 * lanes->BlockCount);
        for (ulong offset = lanes->Offset; offset != end; offset += 16)
        {
            for (int lane = 0; lane < 4; lane++)
            {
                ulong* state = (ulong*)(states + (16 * lane));
                ulong* source = (ulong*)(lanes->Sources[lane] + offset);
                state[0] ^= source[0];
                state[1] ^= source[1];
            }

            BitslicedAes.EncryptFour(ref key, ref *states);
            for (int lane = 0; store && lane < 4; lane++)
            {
                Unsafe.CopyBlockUnaligned((void*)(lanes->Destinations[lane] + offset), states + (16 * lane), 16);
            }
        }
    }
}
