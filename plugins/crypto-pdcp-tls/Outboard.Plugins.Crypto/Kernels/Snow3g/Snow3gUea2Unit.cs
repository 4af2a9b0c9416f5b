using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>SNOW 3G confidentiality: UEA2, 128-EEA1 and 128-NEA1.</summary>
internal static class Snow3gUea2Unit
{
    /// <summary>The name in reports, and the case name of figures.</summary>
    public const string Operation = "snow3g-uea2";

    /// <summary>Makes the unit at the width that is allowed.</summary>
    /// <param name="selector">The widths allowed.</param>
    /// <param name="emit">Whether emitted kernels may be chosen; none of these is.</param>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        Operation,
        UnitRow.Of<Snow3gVector512>(choice => new Snow3gUea2Unit<Snow3gVector512, Vector512<uint>>(choice)),
        UnitRow.Of<Snow3gVector256>(choice => new Snow3gUea2Unit<Snow3gVector256, Vector256<uint>>(choice)),
        UnitRow.Of<Snow3gVector128>(choice => new Snow3gUea2Unit<Snow3gVector128, Vector128<uint>>(choice)),
        UnitRow.Of<Snow3gSsse3>(choice => new Snow3gUea2Unit<Snow3gSsse3, Vector128<uint>>(choice)),
        UnitRow.Of<Snow3gScalar>(choice => new Snow3gUea2Unit<Snow3gScalar, ulong>(choice)));
}

/// <summary>UEA2 (TS 35.215 section 3): message ^ keystream, bit by bit; encryption and decryption are the same.</summary>
/// <remarks>
/// All messages are initialised first, a full set of lanes at a time, and their states kept; a lane that is done takes over the next
/// state. So a burst of mixed lengths initialises as cheaply as one of equal lengths.
/// </remarks>
internal sealed unsafe class Snow3gUea2Unit<TLanes, TVector>(KernelChoice choice) : CryptoUnit(choice)
    where TLanes : struct, ISnow3gLanes<TVector>
    where TVector : struct
{
    // Offsets in the scratch, all multiples of 64.
    private const int ReadyOffset = 0;
    private const int LiveOffset = JobMax * Snow3gCore<TLanes, TVector>.StateRows * sizeof(uint);
    private const int RowsOffset = LiveOffset + (20 * 64);
    private const int BlocksOffset = RowsOffset + (Snow3gCore<TLanes, TVector>.BlockRows * 64);
    private const int UsedLength = BlocksOffset + (16 * BlockLength);

    private const int BlockLength = 64;
    private const int BlockBits = 8 * BlockLength;

    public override int KeyLength => Snow3gCore<TLanes, TVector>.KeyLength;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) =>
        Snow3gCore<TLanes, TVector>.StoreKey(key, expanded);

    [SkipLocalsInit]
    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        int lanes = TLanes.LaneCount;
        uint* ready = (uint*)(scratch + ReadyOffset), live = (uint*)(scratch + LiveOffset);
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
                    int length = Snow3gCore<TLanes, TVector>.StateWords * sizeof(uint);
                    Buffer.MemoryCopy(from, live, length, length);
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

            for (uint i = 0; i < steps; i++)
            {
                Step(jobs, ref schedule, working, live, scratch);
            }
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(scratch, UsedLength));
    }

    public override string? SelfTest(UnitSelfTest test) => Snow3gAnswers.CheckUea2(this, test);

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

    // One block of every lane that is at work.
    private static void Step(CryptoJob* jobs, ref LaneSchedule schedule, ulong working, uint* live, byte* scratch)
    {
        uint* rows = (uint*)(scratch + RowsOffset);
        byte* blocks = scratch + BlocksOffset;
        Snow3gCore<TLanes, TVector>.Generate(live, rows, Snow3gCore<TLanes, TVector>.BlockRows);
        TLanes.Transpose(rows, blocks);
        for (; working != 0; working &= working - 1)
        {
            int lane = BitOperations.TrailingZeroCount(working);
            CryptoJob* job = jobs + schedule.JobOf(lane);
            byte* keystream = blocks + (BlockLength * lane);
            if (job->BitLength >= BlockBits)
            {
                TLanes.XorBlock(job->Destination, job->Source, keystream);
                job->Source += BlockLength;
                job->Destination += BlockLength;
                job->BitLength -= BlockBits;
            }
            else
            {
                XorTail(job, keystream);
            }
        }
    }

    // Less than a block. Bits behind the message stay as they are at the destination.
    private static void XorTail(CryptoJob* job, byte* keystream)
    {
        nuint whole = job->BitLength / 8, i = 0;
        for (; i + 8 <= whole; i += 8)
        {
            Unsafe.WriteUnaligned(
                job->Destination + i, Unsafe.ReadUnaligned<ulong>(job->Source + i) ^ Unsafe.ReadUnaligned<ulong>(keystream + i));
        }

        for (; i < whole; i++)
        {
            job->Destination[i] = (byte)(job->Source[i] ^ keystream[i]);
        }

        int bits = (int)(job->BitLength % 8);
        if (bits != 0)
        {
            int mask = 0xFF00 >> bits;
            job->Destination[i] = (byte)((job->Destination[i] & ~mask) | ((job->Source[i] ^ keystream[i]) & mask));
        }

        job->BitLength = 0;
    }
}
