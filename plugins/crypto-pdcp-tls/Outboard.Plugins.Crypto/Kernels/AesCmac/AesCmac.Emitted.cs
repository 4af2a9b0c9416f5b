using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCmac;

/// <summary>CMAC of thirty-two messages side by side with emitted vector AES on 512-bit registers; a message alone runs at 128 bits.</summary>
internal readonly struct AesCmacEmitted512 : IAesCmacKernel
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "vaes-zmm-32-lanes emitted";

    public static bool IsSupported => EmittedCode.Obstacle is null;

    public static bool IsAccelerated => IsSupported;

    public static void Update(ref AesKey key, ref byte state, ref byte data, nuint blockCount) =>
        AesCmacVector128.Update(ref key, ref state, ref data, blockCount);

    public static unsafe void Update(CmacJob* jobs, int jobCount) => EmittedCmac.Update(512, jobs, jobCount);
}

/// <summary>CMAC of sixteen messages side by side with emitted vector AES on 256-bit registers; a message alone runs at 128 bits.</summary>
internal readonly struct AesCmacEmitted256 : IAesCmacKernel
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "vaes-ymm-16-lanes emitted";

    public static bool IsSupported => EmittedCode.Obstacle is null;

    public static bool IsAccelerated => IsSupported;

    public static void Update(ref AesKey key, ref byte state, ref byte data, nuint blockCount) =>
        AesCmacVector128.Update(ref key, ref state, ref data, blockCount);

    public static unsafe void Update(CmacJob* jobs, int jobCount) => EmittedCmac.Update(256, jobs, jobCount);
}

/// <summary>Hands jobs to lanes of an emitted function.</summary>
internal static unsafe class EmittedCmac
{
    // A step of the emitted function costs the same for any number of lanes: for up to eight the 128-bit kernel does as well.
    private const int NarrowMax = 8;

    // A call keeps the collector waiting: 64 blocks are well below a microsecond.
    private const nuint CallBlocksMax = 64;

    private const int RoundKeysMax = 15;

    // By width (256, 512), rounds (10, 12, 14) and keys (one for each lane, one for all).
    private static readonly EmittedFunction[] s_functions = [.. Enumerable.Range(0, 12).Select(i =>
    {
        int bits = i < 6 ? 256 : 512, rounds = 10 + (2 * (i / 2 % 3));
        return new EmittedFunction($"cmac {bits} {rounds}", assembler => CmacFunction.Write(assembler, bits, rounds, i % 2 == 1));
    })];

    [SkipLocalsInit]
    public static void Update(int vectorBits, CmacJob* jobs, int jobCount)
    {
        if (jobCount <= NarrowMax)
        {
            AesCmacVector128.Update(jobs, jobCount);
            return;
        }

        int lanes = vectorBits / 16;
        CmacJob** lane = stackalloc CmacJob*[CmacCall.LanesMax];
        byte* states = stackalloc byte[CmacCall.LanesMax * 16];
        CmacJob* rest = stackalloc CmacJob[NarrowMax];
        for (int rounds = 10; rounds <= 14; rounds += 2)
        {
            int active = 0, next = 0;
            while (true)
            {
                while (active < lanes && next < jobCount)
                {
                    CmacJob* job = jobs + next++;
                    if (job->BlockCount != 0 && job->Key->RoundCount == rounds)
                    {
                        lane[active++] = job;
                    }
                }

                if (active <= NarrowMax)
                {
                    break;
                }

                active = Step(vectorBits, lane, lanes, active, states, rounds);
            }

            if (active != 0)
            {
                // No more jobs of this key size wait: the last few are fewer than a narrow kernel takes at once.
                for (int l = 0; l < active; l++)
                {
                    rest[l] = *lane[l];
                    lane[l]->BlockCount = 0;
                }

                AesCmacVector128.Update(rest, active);
            }
        }
    }

    private static void Run(CmacCall* call, int vectorBits, int rounds, bool sharedKey)
    {
        nint function = s_functions[(vectorBits == 512 ? 6 : 0) + (rounds - 10) + (sharedKey ? 1 : 0)].Address;

        // SAFETY: the function touches what the call names, which says how many blocks every lane has, and the registers that a
        // callee may change. It takes a microsecond at most, so the runtime need not know that it is away.
        ((delegate* unmanaged[SuppressGCTransition]<CmacCall*, void>)function)(call);
    }

    // Runs all lanes as far as the shortest goes; returns how many are left, moved together.
    [SkipLocalsInit]
    private static int Step(int vectorBits, CmacJob** lane, int lanes, int active, byte* states, int rounds)
    {
        nuint run = CallBlocksMax;
        bool sharedKey = true;
        for (int l = 0; l < active; l++)
        {
            run = Math.Min(run, lane[l]->BlockCount);
            sharedKey &= lane[l]->Key == lane[0]->Key;
        }

        CmacCall call;
        call.States = states;
        call.BlockCount = run;
        call.Offset = 0;
        for (int l = 0; l < lanes; l++)
        {
            // SAFETY: every job names its own state and at least run blocks of data; empty lanes repeat the first and are dropped.
            CmacJob* job = lane[l < active ? l : 0];
            call.Data[l] = (ulong)job->Data;
            Unsafe.CopyBlockUnaligned(states + (16 * l), job->State, 16);
        }

        if (sharedKey)
        {
            call.Keys = &lane[0]->Key->RoundKeysFirst;
            Run(&call, vectorBits, rounds, sharedKey: true);
        }
        else
        {
            RunWithKeys(&call, vectorBits, lane, lanes, active, rounds);
        }

        int kept = 0;
        for (int l = 0; l < active; l++)
        {
            CmacJob* job = lane[l];
            Unsafe.CopyBlockUnaligned(job->State, states + (16 * l), 16);
            job->Data += 16 * run;
            job->BlockCount -= run;
            if (job->BlockCount != 0)
            {
                lane[kept++] = job;
            }
        }

        return kept;
    }

    [SkipLocalsInit]
    private static void RunWithKeys(CmacCall* call, int vectorBits, CmacJob** lane, int lanes, int active, int rounds)
    {
        byte* keys = stackalloc byte[RoundKeysMax * CmacCall.LanesMax * 16];
        for (int l = 0; l < lanes; l++)
        {
            byte* from = &lane[l < active ? l : 0]->Key->RoundKeysFirst;
            for (int round = 0; round <= rounds; round++)
            {
                Unsafe.CopyBlockUnaligned(keys + (16 * ((round * lanes) + l)), from + (16 * round), 16);
            }
        }

        call->Keys = keys;
        Run(call, vectorBits, rounds, sharedKey: false);
        CryptographicOperations.ZeroMemory(new Span<byte>(keys, (rounds + 1) * lanes * 16));
    }
}
