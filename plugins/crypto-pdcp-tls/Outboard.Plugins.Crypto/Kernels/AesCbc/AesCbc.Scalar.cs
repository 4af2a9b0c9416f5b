using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>CBC over the bit-plane cipher, four blocks at a time in either direction.</summary>
internal readonly struct AesCbcScalar : IAesCbcKernel
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "bitsliced";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    public static unsafe void Encrypt(ChainJob* jobs, int count, byte* scratch) =>
        AesChain<AesChainScalar>.Run(jobs, count, store: true, scratch);

    public static unsafe void Decrypt(ChainJob* jobs, int count, byte* scratch)
    {
        // The ciphertext of a step, behind the block before it, is kept: the output may overwrite it.
        byte* chain = scratch, blocks = scratch + 16 + BitslicedAes.StepLength;
        for (int i = 0; i < count; i++)
        {
            ChainJob* job = jobs + i;
            Unsafe.CopyBlockUnaligned(chain, job->State, 16);
            for (nuint at = 0; at < job->BlockCount; at += 4)
            {
                // SAFETY: at most what is left of the blocks that the job names.
                uint length = 16 * (uint)Math.Min(job->BlockCount - at, 4);
                Unsafe.CopyBlockUnaligned(chain + 16, job->Source + (16 * at), length);
                Unsafe.CopyBlockUnaligned(blocks, chain + 16, BitslicedAes.StepLength);
                BitslicedInverse.DecryptFour(ref *job->Key, ref *blocks);
                for (uint b = 0; b < length; b += 8)
                {
                    *(ulong*)(job->Destination + (16 * at) + b) = *(ulong*)(blocks + b) ^ *(ulong*)(chain + b);
                }

                Unsafe.CopyBlockUnaligned(chain, chain + length, 16);
            }
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(scratch, 16 + (2 * BitslicedAes.StepLength)));
    }
}
