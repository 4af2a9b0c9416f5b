using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>UIA2 (TS 35.215 section 4): a polynomial over the message, keyed by five words of keystream.</summary>
/// <remarks>
/// The keystream of a full set of messages is made side by side; the polynomials follow one by one, each wide within itself, so no lane
/// has to wait for another.
/// </remarks>
internal static unsafe class Uia2<TLanes, TVector, THash>
    where TLanes : struct, ISnow3gLanes<TVector>
    where TVector : struct
    where THash : struct, IUia2Hash
{
    // Five are wanted, and come by fours.
    private const int KeystreamWords = 8;

    // Bytes of a row of the widest pair.
    private const int RowLengthMax = 128;

    // Offsets in the scratch, all multiples of 64.
    private const int LanesOffset = 0;
    private const int RowsOffset = 20 * RowLengthMax;
    private const int BlockOffset = RowsOffset + (KeystreamWords * RowLengthMax);
    private const int StatesOffset = BlockOffset + BlockLength;

    private const int BlockLength = 64;

    public static void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        int lanes = TLanes.LaneCount;
        uint* state = (uint*)(scratch + LanesOffset), rows = (uint*)(scratch + RowsOffset);
        for (int first = 0; first < count; first += lanes)
        {
            int some = Math.Min(lanes, count - first);
            for (int lane = 0; lane < some; lane++)
            {
                Snow3gCore<TLanes, TVector>.LoadLane(state, lane, (uint*)jobs[first + lane].Key, jobs[first + lane].Iv);
            }

            Snow3gCore<TLanes, TVector>.Initialise(state);
            Snow3gCore<TLanes, TVector>.Generate(state, rows, KeystreamWords);
            Authenticate(jobs + first, some, rows, scratch);
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(scratch, StatesOffset + (Math.Min(count, lanes) * Uia2State.Size)));
    }

    // z1 || z2 is P, z3 || z4 is Q, and z5 goes over the result. Each of the three parts waits on itself for most of its time, so each is
    // done for all messages before the next.
    private static void Authenticate(CryptoJob* jobs, int count, uint* z, byte* scratch)
    {
        int step = TLanes.LaneCount;
        var hashes = (Uia2State*)(scratch + StatesOffset);
        for (int lane = 0; lane < count; lane++)
        {
            uint* of = z + lane;
            ulong p = ((ulong)of[0] << 32) | of[step], q = ((ulong)of[2 * step] << 32) | of[3 * step];
            THash.Start(hashes + lane, p, q, jobs[lane].Length);
        }

        for (int lane = 0; lane < count; lane++)
        {
            Absorb(hashes + lane, jobs + lane, scratch + BlockOffset);
        }

        for (int lane = 0; lane < count; lane++)
        {
            CryptoJob* job = jobs + lane;
            uint code = THash.Finish(hashes + lane, ((ulong)(uint)job->AadLength * 8) + job->BitLength) ^ z[(4 * step) + lane];
            Unsafe.WriteUnaligned(job->Code, BinaryPrimitives.ReverseEndianness(code));
        }
    }

    // The prefix and the message as one run of bytes, the last of its 64-bit words filled up with zeros, and zero words before the first
    // so that there are whole blocks. Blocks that are the message's own are taken where they lie.
    private static void Absorb(Uia2State* hash, CryptoJob* job, byte* block)
    {
        nuint prefix = (uint)job->AadLength, length = prefix + job->Length;
        nuint lead = (0 - ((length + 7) & ~(nuint)7)) % BlockLength;
        nuint end = lead + length, whole = job->BitLength % 8 == 0 ? end : end - 1;
        for (nuint at = 0; at < end;)
        {
            nuint start = lead + prefix;
            if (at >= start && at + BlockLength <= whole)
            {
                nuint blocks = (whole - at) / BlockLength;
                THash.Absorb(hash, job->Source + (at - start), blocks);
                at += blocks * BlockLength;
                continue;
            }

            Gather(job, block, at, lead, end);
            THash.Absorb(hash, block, 1);
            at += BlockLength;
        }
    }

    // Puts together the block at a place of the padded run that has zeros, or some of the prefix, or the message's end in it.
    private static void Gather(CryptoJob* job, byte* block, nuint at, nuint lead, nuint end)
    {
        new Span<byte>(block, BlockLength).Clear();
        nuint start = lead + (uint)job->AadLength, stop = Math.Min(end, at + BlockLength);
        for (nuint i = Math.Max(at, lead); i < Math.Min(start, stop); i++)
        {
            block[i - at] = job->Aad[i - lead];
        }

        nuint from = Math.Max(at, start);
        if (from < stop)
        {
            int length = (int)(stop - from);
            new ReadOnlySpan<byte>(job->Source + (from - start), length).CopyTo(new Span<byte>(block + (from - at), length));
            int bits = (int)(job->BitLength % 8);
            if (stop == end && bits != 0)
            {
                block[stop - at - 1] &= (byte)(0xFF00 >> bits);
            }
        }
    }
}
