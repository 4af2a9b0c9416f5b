using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>UEA2 (TS 35.215 section 3): message ^ keystream, bit by bit; encryption and decryption are the same.</summary>
/// <remarks>
/// All messages are initialised first, a full set of lanes at a time, and their states kept; a lane that is done takes over the next
/// state. So a burst of mixed lengths initialises as cheaply as one of equal lengths.
/// </remarks>
internal static unsafe class Uea2<TLanes, TVector>
    where TLanes : struct, ISnow3gLanes<TVector>
    where TVector : struct
{
    // Offsets in the scratch, all multiples of 64.
    private const int ReadyOffset = 0;
    private const int LiveOffset = CryptoUnit.JobMax * Snow3gCore<TLanes, TVector>.StateRows * sizeof(uint);
    private const int RowsOffset = LiveOffset + (20 * RowLengthMax);
    private const int BlocksOffset = RowsOffset + (Snow3gCore<TLanes, TVector>.BlockRows * RowLengthMax);
    private const int LanesOffset = BlocksOffset + (RowLengthMax / sizeof(uint) * BlockLength);

    // Bytes of a row of the widest pair.
    private const int RowLengthMax = 128;

    private const int BlockLength = 64;
    private const int BlockBits = 8 * BlockLength;

    [SkipLocalsInit]
    public static void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        int lanes = TLanes.LaneCount;
        uint* live = (uint*)(scratch + LiveOffset), ready = count <= lanes ? live : (uint*)(scratch + ReadyOffset);
        Unsafe.SkipInit(out LaneSchedule schedule);
        schedule.Start(jobs, count, lanes);
        InitialiseAll(jobs, count, ref schedule, ready);
        int filled = 0;
        while (true)
        {
            // Where every lane is free, a whole set of states is taken over at once, and each lane finds its own in it.
            bool wholeSet = false;
            while (schedule.TryFill(out int lane, out int job))
            {
                uint* from = ready + (filled / lanes * Snow3gCore<TLanes, TVector>.StateWords);
                if (filled % lanes == 0 && schedule.Live == 1)
                {
                    // Which is at its place already where there is no other.
                    if (from != live)
                    {
                        int length = Snow3gCore<TLanes, TVector>.StateWords * sizeof(uint);
                        Buffer.MemoryCopy(from, live, length, length);
                    }

                    wholeSet = true;
                }
                else if (!wholeSet)
                {
                    Snow3gCore<TLanes, TVector>.CopyLane(live, lane, from, filled % lanes);
                }

                filled++;
                schedule.SetSteps(lane, (uint)((jobs[job].BitLength + BlockBits - 1) / BlockBits));
            }

            ulong working = schedule.Live;
            uint steps = schedule.Advance(out ulong done);
            if (done == 0)
            {
                break;
            }

            RunBlocks(jobs, ref schedule, working, steps, scratch);
        }

        int sets = (count + lanes - 1) / lanes;
        CryptographicOperations.ZeroMemory(new Span<byte>(scratch, sets * Snow3gCore<TLanes, TVector>.StateWords * sizeof(uint)));
        CryptographicOperations.ZeroMemory(new Span<byte>(scratch + LiveOffset, LanesOffset - LiveOffset));
    }

    private static void InitialiseAll(CryptoJob* jobs, int count, ref LaneSchedule schedule, uint* ready)
    {
        for (int first = 0; first < count; first += TLanes.LaneCount)
        {
            for (int lane = 0; lane < TLanes.LaneCount && first + lane < count; lane++)
            {
                CryptoJob* job = jobs + schedule.JobAt(first + lane);
                Snow3gCore<TLanes, TVector>.LoadLane(ready, lane, (uint*)job->Key, job->Iv);
            }

            Snow3gCore<TLanes, TVector>.Initialise(ready);
            ready += Snow3gCore<TLanes, TVector>.StateWords;
        }
    }

    // The next blocks of every lane that is at work; only the last can be less than whole.
    private static void RunBlocks(CryptoJob* jobs, ref LaneSchedule schedule, ulong working, uint steps, byte* scratch)
    {
        uint* live = (uint*)(scratch + LiveOffset), rows = (uint*)(scratch + RowsOffset);
        byte* blocks = scratch + BlocksOffset;
        var lanes = (LaneMessage*)(scratch + LanesOffset);
        bool lastIsWhole = true;
        for (ulong left = working; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            CryptoJob* job = jobs + schedule.JobOf(lane);
            lanes[lane] = new LaneMessage { Source = job->Source, Destination = job->Destination };
            lastIsWhole &= job->BitLength >= (nuint)steps * BlockBits;
        }

        bool all = working == ulong.MaxValue >> (64 - TLanes.LaneCount);
        for (uint i = 0; i < steps; i++)
        {
            Snow3gCore<TLanes, TVector>.Generate(live, rows, Snow3gCore<TLanes, TVector>.BlockRows);
            if (all && (lastIsWhole || i + 1 < steps))
            {
                TLanes.XorAll(rows, TLanes.LaneCount, blocks, lanes, (nuint)i * BlockLength);
                continue;
            }

            TLanes.Transpose(rows, TLanes.LaneCount, blocks);
            for (ulong left = working; left != 0; left &= left - 1)
            {
                int lane = BitOperations.TrailingZeroCount(left);
                XorOne(jobs + schedule.JobOf(lane), (nuint)i * BlockLength, blocks + (BlockLength * lane));
            }
        }

        for (ulong left = working; left != 0; left &= left - 1)
        {
            // A message that was at its end is not looked at again.
            CryptoJob* job = jobs + schedule.JobOf(BitOperations.TrailingZeroCount(left));
            job->Source += (nuint)steps * BlockLength;
            job->Destination += (nuint)steps * BlockLength;
            job->BitLength -= Math.Min(job->BitLength, (nuint)steps * BlockBits);
        }
    }

    private static void XorOne(CryptoJob* job, nuint offset, byte* keystream)
    {
        nuint left = job->BitLength - (8 * offset);
        if (left >= BlockBits)
        {
            TLanes.XorBlock(job->Destination + offset, job->Source + offset, keystream);
        }
        else
        {
            TLanes.XorTail(job->Destination + offset, job->Source + offset, keystream, left);
        }
    }
}
