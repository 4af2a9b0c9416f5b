using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>Runs the messages of a call over the lanes of a register.</summary>
/// <remarks>
/// 1. All messages are initialised first, a register of them at a time, longest first: a lane that is filled again takes a column of a
///    state that is ready. Lanes that are all free take a whole state as it stands, which is what a burst of equal lengths does.
/// 2. All lanes make a block of sixteen words, which is transposed so that each lane has 64 bytes in a row. Where every lane ends
///    in a block, only the words that one of them needs are made.
/// </remarks>
internal static unsafe class ZucRunner<TLanes, TVector, TVariant, TWork>
    where TLanes : struct, IZucLanes<TVector>
    where TVector : unmanaged
    where TVariant : struct, IZucVariant
    where TWork : struct, IZucWork
{
    private const int BlockWords = 16;

    private static int StateLength => ZucKeystream<TLanes, TVector>.VectorCount * sizeof(TVector);

    /// <summary>See <see cref="CryptoUnit.Run"/>.</summary>
    [SkipLocalsInit]
    public static void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        int stateCount = (count + TLanes.Count - 1) / TLanes.Count;
        byte* states = scratch;
        var words = (TVector*)(states + (stateCount * StateLength));
        var lanes = (ZucLane*)(words + BlockWords);

        Unsafe.SkipInit(out LaneSchedule schedule);
        schedule.Start(jobs, count, TLanes.Count);
        for (int i = 0; i < stateCount; i++)
        {
            int first = i * TLanes.Count;
            Initialise(jobs, ref schedule, first, Math.Min(TLanes.Count, count - first), lanes, (TVector*)(states + (i * StateLength)));
        }

        byte* running = states;
        int next = 0;
        while (true)
        {
            bool whole = schedule.Live == 0 && next % TLanes.Count == 0;
            if (whole && next < count)
            {
                running = states + (next / TLanes.Count * StateLength);
            }

            while (schedule.TryFill(out int lane, out int job))
            {
                if (!whole)
                {
                    MoveColumn(states + (next / TLanes.Count * StateLength), next % TLanes.Count, running, lane);
                }

                next++;
                ZucLane* at = lanes + lane;
                at->Job = jobs + job;
                TWork.Begin(at, jobs + job);
                schedule.SetSteps(lane, at->BlocksLeft);
            }

            ulong live = schedule.Live;
            if (live == 0)
            {
                break;
            }

            uint blocks = schedule.Advance(out ulong done);
            for (; blocks != 0; blocks--)
            {
                int steps = blocks == 1 && done == live ? LastWords(lanes, live) : BlockWords;
                Block((TVector*)running, words, lanes, live, steps);
            }
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(scratch, (int)((byte*)(lanes + TLanes.Count) - scratch)));
    }

    private static void Initialise(CryptoJob* jobs, ref LaneSchedule schedule, int first, int count, ZucLane* lanes, TVector* state)
    {
        for (int i = 0; i < count; i++)
        {
            CryptoJob* job = jobs + schedule.JobAt(first + i);
            TVariant.Load((uint*)job->Key, job->Iv, (uint*)(lanes + i));
        }

        int side = TLanes.Count;
        for (int tile = 0; tile < BlockWords; tile += side)
        {
            TLanes.Transpose((uint*)lanes + tile, ZucLane.WordCount, (uint*)(state + tile), side);
        }

        ZucKeystream<TLanes, TVector>.Initialise(state, TVariant.Rounds);
    }

    private static void Block(TVector* state, TVector* words, ZucLane* lanes, ulong live, int steps)
    {
        ZucKeystream<TLanes, TVector>.Generate(state, words, steps);
        int side = TLanes.Count;
        for (int tile = 0; tile < BlockWords; tile += side)
        {
            TLanes.Transpose((uint*)(words + tile), side, (uint*)lanes + ZucLane.CurrentWord + tile, ZucLane.WordCount);
        }

        for (; live != 0; live &= live - 1)
        {
            ZucLane* lane = lanes + BitOperations.TrailingZeroCount(live);
            lane->BlocksLeft--;
            TWork.Block<TLanes, TVector>(lane);
        }
    }

    private static int LastWords(ZucLane* lanes, ulong live)
    {
        int words = 1;
        for (; live != 0; live &= live - 1)
        {
            words = Math.Max(words, lanes[BitOperations.TrailingZeroCount(live)].LastWords);
        }

        return words;
    }

    // The cells of the ring, R1 and R2 of one lane; the second copies of the cells are written before they are read.
    private static void MoveColumn(byte* from, int fromLane, byte* to, int toLane)
    {
        for (int i = 0; i < ZucKeystream<TLanes, TVector>.VectorCount; i++)
        {
            ((uint*)(to + (i * sizeof(TVector))))[toLane] = ((uint*)(from + (i * sizeof(TVector))))[fromLane];
        }
    }
}
