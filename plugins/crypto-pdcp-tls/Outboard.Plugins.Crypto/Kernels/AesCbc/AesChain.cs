using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>Runs chains of any lengths and keys through the lanes of a kernel.</summary>
/// <remarks>
/// Messages with keys of one size, or with one key where the kernel wants that, go together. A lane whose message ends takes the
/// next one; lanes without any work on memory of their own.
/// </remarks>
internal static unsafe class AesChain<TKernel>
    where TKernel : struct, IAesChainKernel
{
    /// <summary>Bytes of the scratch.</summary>
    public const int ScratchLength = IdleOffset + IdleLength;

    // The collector waits for an emitted call: 64 blocks in every lane are below a microsecond.
    private const uint CallBlocksMax = 64;
    private const int RoundKeysMax = 15;
    private const int KeysOffset = ChainLanes.Size;
    private const int StepsOffset = KeysOffset + (RoundKeysMax * ChainLanes.LaneMax * 16);
    private const int IdleOffset = StepsOffset + (sizeof(uint) * CryptoUnit.JobMax);
    private const int IdleLength = (int)CallBlocksMax * 16;

    /// <summary>Chains every message to its end.</summary>
    /// <param name="jobs">The messages; sources, destinations and block counts stay, states move on.</param>
    /// <param name="count">0 to <see cref="CryptoUnit.JobMax"/>.</param>
    /// <param name="store">Whether the blocks made are written to the destinations.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> bytes aligned to 64; what is secret in them is wiped.</param>
    public static void Run(ChainJob* jobs, int count, bool store, byte* scratch)
    {
        uint* steps = (uint*)(scratch + StepsOffset);
        ulong left = 0;
        for (int i = 0; i < count; i++)
        {
            left |= jobs[i].BlockCount != 0 ? 1UL << i : 0;
        }

        while (left != 0)
        {
            // The first message left says which ones go along.
            AesKey* key = jobs[BitOperations.TrailingZeroCount(left)].Key;
            int rounds = key->RoundCount;
            bool sharedKey = true;
            ulong taken = 0;
            for (int i = 0; i < count; i++)
            {
                bool sameKey = jobs[i].Key == key;
                bool takes = ((left >> i) & 1) != 0 && (sameKey || (TKernel.MixesKeys && jobs[i].Key->RoundCount == rounds));
                steps[i] = takes ? (uint)jobs[i].BlockCount : 0;
                sharedKey &= sameKey || !takes;
                taken |= takes ? 1UL << i : 0;
            }

            RunTaken(jobs, count, steps, rounds, sharedKey, store, scratch);
            left &= ~taken;
        }
    }

    [SkipLocalsInit]
    private static void RunTaken(ChainJob* jobs, int count, uint* steps, int rounds, bool sharedKey, bool store, byte* scratch)
    {
        ChainLanes* lanes = (ChainLanes*)scratch;
        byte* keys = scratch + KeysOffset;
        lanes->Offset = 0;
        lanes->Keys = keys;
        Unsafe.SkipInit(out LaneSchedule schedule);
        schedule.Start(steps, count, TKernel.LaneCount);
        ulong all = (1UL << TKernel.LaneCount) - 1;
        ulong idle;
        while (true)
        {
            while (schedule.TryFill(out int lane, out int job))
            {
                // SAFETY: the schedule names lanes below the count of the kernel and messages below the count given.
                Load(lanes, lane, jobs + job, rounds, sharedKey, keys);
                schedule.SetSteps(lane, steps[job]);
            }

            idle = all & ~schedule.Live;
            uint run = schedule.Advance(out ulong done);
            if (run == 0)
            {
                break;
            }

            while (run != 0)
            {
                uint part = Math.Min(run, CallBlocksMax);
                for (ulong rest = idle; rest != 0; rest &= rest - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(rest);
                    lanes->Sources[lane] = (ulong)(scratch + IdleOffset) - lanes->Offset;
                    lanes->Destinations[lane] = lanes->Sources[lane];
                }

                lanes->BlockCount = part;
                TKernel.Run(lanes, rounds, sharedKey, store);
                lanes->Offset += 16 * (ulong)part;
                run -= part;
            }

            for (; done != 0; done &= done - 1)
            {
                int lane = BitOperations.TrailingZeroCount(done);
                Unsafe.CopyBlockUnaligned(jobs[schedule.JobOf(lane)].State, lanes->States + (16 * lane), 16);
            }
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(lanes->States, 16 * TKernel.LaneCount));
        if (!sharedKey)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(keys, (rounds + 1) * TKernel.LaneCount * 16));
        }
    }

    private static void Load(ChainLanes* lanes, int lane, ChainJob* job, int rounds, bool sharedKey, byte* keys)
    {
        lanes->Sources[lane] = (ulong)job->Source - lanes->Offset;
        lanes->Destinations[lane] = (ulong)job->Destination - lanes->Offset;
        Unsafe.CopyBlockUnaligned(lanes->States + (16 * lane), job->State, 16);
        byte* from = &job->Key->RoundKeysFirst;
        if (sharedKey)
        {
            lanes->Keys = TKernel.MixesKeys ? from : (byte*)job->Key;
            return;
        }

        for (int round = 0; round <= rounds; round++)
        {
            Unsafe.CopyBlockUnaligned(keys + (16 * ((round * TKernel.LaneCount) + lane)), from + (16 * round), 16);
        }
    }
}
