using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Outboard.Plugins.Crypto.Kernels.AesCmac;

/// <summary>CMAC with AES-NI: one message block by block, or eight messages with interleaved rounds.</summary>
/// <remarks>
/// Eight lanes fill both AES ports of current cores. A lane whose job ends takes the next job of the same key size; the
/// lanes that are empty at the end repeat lane 0 and their result is dropped.
/// </remarks>
internal readonly struct AesCmacVector128 : IAesCmacKernel
{
    private const int Lanes = 8;

    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "aesni-8-lanes";

    public static bool IsSupported => Aes.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Update(ref AesKey key, ref byte state, ref byte data, nuint blockCount)
    {
        Vector128<byte> s = Vector128.LoadUnsafe(ref state);
        for (nuint i = 0; i < blockCount; i++)
        {
            s = AesNi.EncryptOne(ref key, s ^ Vector128.LoadUnsafe(ref data, 16 * i));
        }

        s.StoreUnsafe(ref state);
    }

    public static unsafe void Update(CmacJob* jobs, int jobCount)
    {
        CmacJob** lane = stackalloc CmacJob*[Lanes];

        // One pass for each key size: the lanes of a step share the number of rounds.
        for (int rounds = 10; rounds <= 14; rounds += 2)
        {
            int active = 0, next = 0;
            while (true)
            {
                while (active < Lanes && next < jobCount)
                {
                    CmacJob* job = jobs + next++;
                    if (job->BlockCount != 0 && job->Key->RoundCount == rounds)
                    {
                        lane[active++] = job;
                    }
                }

                if (active == 0)
                {
                    break;
                }

                if (active == 1)
                {
                    // SAFETY: a job names its own state and BlockCount blocks of data.
                    Update(ref *lane[0]->Key, ref *lane[0]->State, ref *lane[0]->Data, lane[0]->BlockCount);
                    lane[0]->BlockCount = 0;
                    active = 0;
                    continue;
                }

                nuint run = lane[0]->BlockCount;
                for (int l = 1; l < active; l++)
                {
                    run = Math.Min(run, lane[l]->BlockCount);
                }

                for (int l = active; l < Lanes; l++)
                {
                    lane[l] = lane[0];
                }

                Step(lane, active, run, rounds);
                int kept = 0;
                for (int l = 0; l < active; l++)
                {
                    CmacJob* job = lane[l];
                    job->Data += 16 * run;
                    job->BlockCount -= run;
                    if (job->BlockCount != 0)
                    {
                        lane[kept++] = job;
                    }
                }

                active = kept;
            }
        }
    }

    private static unsafe void Step(CmacJob** lane, int active, nuint blockCount, int rounds)
    {
        // SAFETY: all eight lanes name live jobs with at least blockCount blocks; lanes from active on repeat lane 0.
        byte* d0 = lane[0]->Data, d1 = lane[1]->Data, d2 = lane[2]->Data, d3 = lane[3]->Data;
        byte* d4 = lane[4]->Data, d5 = lane[5]->Data, d6 = lane[6]->Data, d7 = lane[7]->Data;
        byte* k0 = &lane[0]->Key->RoundKeysFirst, k1 = &lane[1]->Key->RoundKeysFirst;
        byte* k2 = &lane[2]->Key->RoundKeysFirst, k3 = &lane[3]->Key->RoundKeysFirst;
        byte* k4 = &lane[4]->Key->RoundKeysFirst, k5 = &lane[5]->Key->RoundKeysFirst;
        byte* k6 = &lane[6]->Key->RoundKeysFirst, k7 = &lane[7]->Key->RoundKeysFirst;
        Vector128<byte> s0 = Vector128.Load(lane[0]->State), s1 = Vector128.Load(lane[1]->State);
        Vector128<byte> s2 = Vector128.Load(lane[2]->State), s3 = Vector128.Load(lane[3]->State);
        Vector128<byte> s4 = Vector128.Load(lane[4]->State), s5 = Vector128.Load(lane[5]->State);
        Vector128<byte> s6 = Vector128.Load(lane[6]->State), s7 = Vector128.Load(lane[7]->State);
        int last = rounds * 16;
        for (nuint i = 0; i < blockCount; i++)
        {
            nuint offset = 16 * i;
            s0 ^= Vector128.Load(d0 + offset) ^ Vector128.Load(k0);
            s1 ^= Vector128.Load(d1 + offset) ^ Vector128.Load(k1);
            s2 ^= Vector128.Load(d2 + offset) ^ Vector128.Load(k2);
            s3 ^= Vector128.Load(d3 + offset) ^ Vector128.Load(k3);
            s4 ^= Vector128.Load(d4 + offset) ^ Vector128.Load(k4);
            s5 ^= Vector128.Load(d5 + offset) ^ Vector128.Load(k5);
            s6 ^= Vector128.Load(d6 + offset) ^ Vector128.Load(k6);
            s7 ^= Vector128.Load(d7 + offset) ^ Vector128.Load(k7);
            for (int r = 16; r < last; r += 16)
            {
                s0 = Aes.Encrypt(s0, Vector128.Load(k0 + r));
                s1 = Aes.Encrypt(s1, Vector128.Load(k1 + r));
                s2 = Aes.Encrypt(s2, Vector128.Load(k2 + r));
                s3 = Aes.Encrypt(s3, Vector128.Load(k3 + r));
                s4 = Aes.Encrypt(s4, Vector128.Load(k4 + r));
                s5 = Aes.Encrypt(s5, Vector128.Load(k5 + r));
                s6 = Aes.Encrypt(s6, Vector128.Load(k6 + r));
                s7 = Aes.Encrypt(s7, Vector128.Load(k7 + r));
            }

            s0 = Aes.EncryptLast(s0, Vector128.Load(k0 + last));
            s1 = Aes.EncryptLast(s1, Vector128.Load(k1 + last));
            s2 = Aes.EncryptLast(s2, Vector128.Load(k2 + last));
            s3 = Aes.EncryptLast(s3, Vector128.Load(k3 + last));
            s4 = Aes.EncryptLast(s4, Vector128.Load(k4 + last));
            s5 = Aes.EncryptLast(s5, Vector128.Load(k5 + last));
            s6 = Aes.EncryptLast(s6, Vector128.Load(k6 + last));
            s7 = Aes.EncryptLast(s7, Vector128.Load(k7 + last));
        }

        Keep(lane, active, 0, s0);
        Keep(lane, active, 1, s1);
        Keep(lane, active, 2, s2);
        Keep(lane, active, 3, s3);
        Keep(lane, active, 4, s4);
        Keep(lane, active, 5, s5);
        Keep(lane, active, 6, s6);
        Keep(lane, active, 7, s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Keep(CmacJob** lane, int active, int index, Vector128<byte> state)
    {
        if (index < active)
        {
            state.Store(lane[index]->State);
        }
    }
}
