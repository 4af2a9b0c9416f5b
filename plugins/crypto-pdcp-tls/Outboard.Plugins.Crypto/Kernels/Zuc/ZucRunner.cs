using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>Runs the messages of a call over the lanes of a register.</summary>
/// <remarks>
/// 1. All messages are initialised first, a register of them at a time, longest first: a lane that is filled again takes a column of a
///    state that is ready. Lanes that are all free take a whole state as it stands, which is what a burst of equal lengths does.
/// 2. Two registers are stepped in turn, since the steps of one wait for each other; a call that one register holds uses one.
/// 3. All lanes make a block of sixteen words, which is transposed so that each lane has 64 bytes in a row. Where every lane ends
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
        int laneCount = Math.Min(stateCount, 2) * TLanes.Count;
        byte* states = scratch;
        var words = (TVector*)(states + (stateCount * StateLength));
        var lanes = (ZucLane*)(words + (2 * BlockWords));

        Unsafe.SkipInit(out LaneSchedule schedule);
        schedule.Start(jobs, count, laneCount);
        Initialise(jobs, count, ref schedule, lanes, states);

        byte* first = states, second = states;
        int next = 0;
        while (true)
        {
            bool whole = schedule.Live == 0 && next % TLanes.Count == 0;
            if (whole)
            {
                first = states + (next / TLanes.Count * StateLength);
                second = first + StateLength;
            }

            while (schedule.TryFill(out int lane, out int job))
            {
                if (!whole)
                {
                    byte* to = lane < TLanes.Count ? first : second;
                    MoveColumn(states + (next / TLanes.Count * StateLength), next % TLanes.Count, to, lane % TLanes.Count);
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
                Block((TVector*)first, (TVector*)second, words, lanes, live, steps);
            }
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(scratch, (int)((byte*)(lanes + laneCount) - scratch)));
    }

    private static void Initialise(CryptoJob* jobs, int count, ref LaneSchedule schedule, ZucLane* lanes, byte* states)
    {
        int side = TLanes.Count;
        for (int turn = 0; turn < count; turn += side, states += StateLength)
        {
            for (int i = 0; i < Math.Min(side, count - turn); i++)
            {
                CryptoJob* job = jobs + schedule.JobOfTurn(turn + i);
                TVariant.Load<TLanes>((uint*)job->Key, job->Iv, (uint*)(lanes + i));
            }

            for (int tile = 0; tile < BlockWords; tile += side)
            {
                TLanes.Transpose((uint*)lanes + tile, ZucLane.WordCount, (uint*)states + (tile * side), side);
            }

            if (turn / side % 2 == 1)
            {
                ZucKeystream<TLanes, TVector>.Initialise((TVector*)(states - StateLength), (TVector*)states, TVariant.Rounds);
            }
            else if (count - turn <= side)
            {
                ZucKeystream<TLanes, TVector>.Initialise((TVector*)states, TVariant.Rounds);
            }
        }
    }

    private static void Block(TVector* first, TVector* second, TVector* words, ZucLane* lanes, ulong live, int steps)
    {
        int side = TLanes.Count;
        if (live >> side == 0)
        {
            ZucKeystream<TLanes, TVector>.Generate(first, words, steps);
            Distribute(words, lanes);
        }
        else
        {
            ZucKeystream<TLanes, TVector>.Generate(first, second, words, steps);
            Distribute(words, lanes);
            Distribute(words + BlockWords, lanes + side);
        }

        for (; live != 0; live &= live - 1)
        {
            ZucLane* lane = lanes + BitOperations.TrailingZeroCount(live);
            lane->BlocksLeft--;
            TWork.Block<TLanes, TVector>(lane);
        }
    }

    private static void Distribute(TVector* words, ZucLane* lanes)
    {
        int side = TLanes.Count;
        for (int tile = 0; tile < BlockWords; tile += side)
        {
            TLanes.Transpose((uint*)(words + tile), side, (uint*)lanes + ZucLane.CurrentWord + tile, ZucLane.WordCount);
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
