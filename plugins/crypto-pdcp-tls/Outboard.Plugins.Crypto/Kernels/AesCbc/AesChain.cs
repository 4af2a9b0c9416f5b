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
        if (count <= TKernel.FewMax)
        {
            TKernel.RunFew(jobs, count, store, scratch);
            return;
        }

        if (count == 0)
        {
            return;
        }

        AesKey* key = jobs[0].Key;
        nuint blocks = jobs[0].BlockCount;
        bool sameKey = true, sameLength = true;
        for (int i = 1; i < count; i++)
        {
            sameKey &= jobs[i].Key == key;
            sameLength &= jobs[i].BlockCount == blocks;
        }

        if (sameKey && sameLength)
        {
            RunLevel(jobs, count, store, scratch);
        }
        else
        {
            RunMixed(jobs, count, store, scratch);
        }
    }

    /// <summary>Gives all lanes one key, and starts them at the beginning of what they are told of.</summary>
    /// <returns>The rounds of the key.</returns>
    public static int Start(ChainLanes* lanes, AesKey* key)
    {
        lanes->Keys = TKernel.MixesKeys ? &key->RoundKeysFirst : (byte*)key;
        lanes->Offset = 0;
        return key->RoundCount;
    }

    // One key and one length, as bursts often have and last blocks always: the lanes start and end together.
    private static void RunLevel(ChainJob* jobs, int count, bool store, byte* scratch)
    {
        ChainLanes* lanes = (ChainLanes*)scratch;
        int rounds = Start(lanes, jobs->Key);
        for (; count > TKernel.FewMax; count -= TKernel.LaneCount, jobs += TKernel.LaneCount)
        {
            int live = Math.Min(count, TKernel.LaneCount);
            for (int lane = 0; lane < live; lane++)
            {
                lanes->Sources[lane] = (ulong)jobs[lane].Source;
                lanes->Destinations[lane] = (ulong)jobs[lane].Destination;
                Unsafe.CopyBlockUnaligned(lanes->States + (16 * lane), jobs[lane].State, 16);
            }

            ulong idle = ((1UL << TKernel.LaneCount) - 1) & ~((1UL << live) - 1);
            lanes->Offset = 0;
            Advance(lanes, idle, (uint)jobs->BlockCount, rounds, sharedKey: true, store, scratch);
            for (int lane = 0; lane < live; lane++)
            {
                Unsafe.CopyBlockUnaligned(jobs[lane].State, lanes->States + (16 * lane), 16);
            }
        }

        if (count > 0)
        {
            TKernel.RunFew(jobs, count, store, scratch);
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(lanes->States, 16 * TKernel.LaneCount));
    }

    private static void RunMixed(ChainJob* jobs, int count, bool store, byte* scratch)
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
        while (true)
        {
            while (schedule.TryFill(out int lane, out int job))
            {
                // SAFETY: the schedule names lanes below the count of the kernel and messages below the count given.
                Load(lanes, lane, jobs + job, rounds, sharedKey, keys);
                schedule.SetSteps(lane, steps[job]);
            }

            ulong idle = all & ~schedule.Live;
            if (BitOperations.PopCount(schedule.Live) <= TKernel.FewMax)
            {
                // No message waits, or there would be more lanes with one.
                break;
            }

            uint run = schedule.Advance(out ulong done);
            if (run == 0)
            {
                break;
            }

            Advance(lanes, idle, run, rounds, sharedKey, store, scratch);
            for (; done != 0; done &= done - 1)
            {
                int lane = BitOperations.TrailingZeroCount(done);
                Unsafe.CopyBlockUnaligned(jobs[schedule.JobOf(lane)].State, lanes->States + (16 * lane), 16);
            }
        }

        if (!sharedKey)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(keys, (rounds + 1) * TKernel.LaneCount * 16));
        }

        if (schedule.Live != 0)
        {
            RunLast(jobs, ref schedule, lanes, store, scratch);
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(lanes->States, 16 * TKernel.LaneCount));
    }

    // Hands the few lanes that still have blocks to the narrower kernel.
    [SkipLocalsInit]
    private static void RunLast(ChainJob* jobs, ref LaneSchedule schedule, ChainLanes* lanes, bool store, byte* scratch)
    {
        ChainJob* rest = stackalloc ChainJob[TKernel.FewMax];
        int count = 0;
        for (ulong live = schedule.Live; live != 0; live &= live - 1)
        {
            int lane = BitOperations.TrailingZeroCount(live);
            ChainJob* job = jobs + schedule.JobOf(lane);
            Unsafe.CopyBlockUnaligned(job->State, lanes->States + (16 * lane), 16);
            rest[count] = *job;
            rest[count].Source = (byte*)(lanes->Sources[lane] + lanes->Offset);
            rest[count].Destination = (byte*)(lanes->Destinations[lane] + lanes->Offset);
            rest[count++].BlockCount = schedule.Left(lane);
        }

        TKernel.RunFew(rest, count, store, scratch);
    }

    /// <summary>Moves all lanes on.</summary>
    /// <param name="lanes">The lanes, at the start of the scratch.</param>
    /// <param name="idle">Those without a message, a bit each: they work on memory of their own.</param>
    /// <param name="blocks">How far; those of all other lanes.</param>
    /// <param name="rounds">10, 12 or 14.</param>
    /// <param name="sharedKey">Whether the lanes have one key.</param>
    /// <param name="store">Whether the blocks made are written to the destinations.</param>
    /// <param name="scratch">As of <see cref="Run"/>.</param>
    public static void Advance(
        ChainLanes* lanes, ulong idle, uint blocks, int rounds, bool sharedKey, bool store, byte* scratch)
    {
        while (blocks != 0)
        {
            uint part = Math.Min(blocks, CallBlocksMax);
            ulong nowhere = (ulong)(scratch + IdleOffset) - lanes->Offset;
            for (ulong rest = idle; rest != 0; rest &= rest - 1)
            {
                int lane = BitOperations.TrailingZeroCount(rest);
                lanes->Sources[lane] = nowhere;
                lanes->Destinations[lane] = nowhere;
            }

            lanes->BlockCount = part;
            TKernel.Run(lanes, rounds, sharedKey, store);
            lanes->Offset += 16 * (ulong)part;
            blocks -= part;
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
