using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCmac;

/// <summary>CMAC over the bit-plane cipher. Jobs with the same key share its four block places.</summary>
internal readonly struct AesCmacScalar : IAesCmacKernel
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "bitsliced";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    [SkipLocalsInit]
    public static void Update(ref AesKey key, ref byte state, ref byte data, nuint blockCount)
    {
        Unsafe.SkipInit(out KeystreamBuffer buffer);
        ref byte block = ref buffer.First;
        Unsafe.CopyBlockUnaligned(ref block, ref state, 16);
        Unsafe.InitBlockUnaligned(ref Unsafe.Add(ref block, 16), 0, 48);
        for (nuint i = 0; i < blockCount; i++)
        {
            Absorb(ref block, ref Unsafe.AddByteOffset(ref data, 16 * i));
            BitslicedAes.EncryptFour(ref key, ref block);
        }

        Unsafe.CopyBlockUnaligned(ref state, ref block, 16);
    }

    [SkipLocalsInit]
    public static unsafe void Update(CmacJob* jobs, int jobCount)
    {
        Unsafe.SkipInit(out KeystreamBuffer buffer);
        ref byte block = ref buffer.First;
        int first = 0;
        while (first < jobCount)
        {
            int lanes = 1;
            nuint run = jobs[first].BlockCount;
            while (lanes < 4 && first + lanes < jobCount && jobs[first + lanes].Key == jobs[first].Key)
            {
                run = Math.Min(run, jobs[first + lanes].BlockCount);
                lanes++;
            }

            if (lanes > 1 && run != 0)
            {
                // SAFETY: every job names its own state and BlockCount blocks of data, and run is the least of the counts.
                for (int l = 0; l < lanes; l++)
                {
                    Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref block, 16 * l), ref *jobs[first + l].State, 16);
                }

                for (nuint i = 0; i < run; i++)
                {
                    for (int l = 0; l < lanes; l++)
                    {
                        Absorb(ref Unsafe.Add(ref block, 16 * l), ref jobs[first + l].Data[16 * i]);
                    }

                    BitslicedAes.EncryptFour(ref *jobs[first].Key, ref block);
                }

                for (int l = 0; l < lanes; l++)
                {
                    Unsafe.CopyBlockUnaligned(ref *jobs[first + l].State, ref Unsafe.Add(ref block, 16 * l), 16);
                    jobs[first + l].Data += 16 * run;
                    jobs[first + l].BlockCount -= run;
                }
            }

            for (int l = 0; l < lanes; l++)
            {
                CmacJob* job = jobs + first + l;
                Update(ref *job->Key, ref *job->State, ref *job->Data, job->BlockCount);
                job->BlockCount = 0;
            }

            first += lanes;
        }
    }

    private static void Absorb(ref byte block, ref byte data)
    {
        Unsafe.WriteUnaligned(ref block, Unsafe.ReadUnaligned<ulong>(ref block) ^ Unsafe.ReadUnaligned<ulong>(ref data));
        ref byte upper = ref Unsafe.Add(ref block, 8);
        Unsafe.WriteUnaligned(
            ref upper, Unsafe.ReadUnaligned<ulong>(ref upper) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref data, 8)));
    }
}
