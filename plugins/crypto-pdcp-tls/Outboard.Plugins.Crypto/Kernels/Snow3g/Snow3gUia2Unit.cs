using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>SNOW 3G integrity: UIA2, 128-EIA1 and 128-NIA1.</summary>
internal static class Snow3gUia2Unit
{
    /// <summary>The name in reports, and the case name of figures.</summary>
    public const string Operation = "snow3g-uia2";

    /// <summary>Makes the unit at the width that is allowed.</summary>
    /// <param name="selector">The widths allowed.</param>
    /// <param name="emit">Whether emitted kernels may be chosen; none of these is.</param>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        Operation,
        Row<Snow3gVector512, Vector512<uint>, Uia2Vector512>(),
        Row<Snow3gVector256, Vector256<uint>, Uia2Vector256>(),
        Row<Snow3gVector128, Vector128<uint>, Uia2Vector128>(),
        Row<Snow3gSsse3, Vector128<uint>, Uia2Vector128>(),
        Row<Snow3gScalar, ulong, Uia2Scalar>());

    // A kernel of this unit is two, and runs where both do.
    private static UnitRow Row<TLanes, TVector, THash>()
        where TLanes : struct, ISnow3gLanes<TVector>
        where TVector : struct
        where THash : struct, IUia2Hash
    {
        UnitRow row = UnitRow.Of<TLanes>(choice => new Snow3gUia2Unit<TLanes, TVector, THash>(choice));
        return row with
        {
            Kernel = row.Kernel with
            {
                Name = $"{TLanes.Name}+{THash.Name}",
                IsSupported = TLanes.IsSupported && THash.IsSupported,
            },
        };
    }
}

/// <summary>UIA2 (TS 35.215 section 4): a polynomial over the message, keyed by five words of keystream.</summary>
/// <remarks>
/// The keystream of a full set of messages is made side by side; the polynomials follow one by one, each wide within itself, so no lane
/// has to wait for another.
/// </remarks>
internal sealed unsafe class Snow3gUia2Unit<TLanes, TVector, THash>(KernelChoice choice) : CryptoUnit(choice)
    where TLanes : struct, ISnow3gLanes<TVector>
    where TVector : struct
    where THash : struct, IUia2Hash
{
    private const int KeystreamWords = 5;

    // Offsets in the scratch, all multiples of 64.
    private const int LanesOffset = 0;
    private const int RowsOffset = 20 * RowLengthMax;
    private const int StateOffset = RowsOffset + (8 * RowLengthMax);
    private const int BlockOffset = StateOffset + Uia2State.Size;
    private const int UsedLength = BlockOffset + BlockLength;

    // Bytes of a row of the widest pair.
    private const int RowLengthMax = 128;

    private const int BlockLength = 64;

    public override int KeyLength => Snow3gCore<TLanes, TVector>.KeyLength;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) =>
        Snow3gCore<TLanes, TVector>.StoreKey(key, expanded);

    [SkipLocalsInit]
    public override void Run(CryptoJob* jobs, int count, byte* scratch)
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
            for (int lane = 0; lane < some; lane++)
            {
                Authenticate(jobs + first + lane, rows + lane, scratch);
            }
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(scratch, UsedLength));
    }

    public override string? SelfTest(UnitSelfTest test) => Snow3gAnswers.CheckUia2(this, test);

    // z1 || z2 is P, z3 || z4 is Q, and z5 goes over the result.
    private static void Authenticate(CryptoJob* job, uint* z, byte* scratch)
    {
        int step = TLanes.LaneCount;
        var hash = (Uia2State*)(scratch + StateOffset);
        ulong p = ((ulong)z[0] << 32) | z[step], q = ((ulong)z[2 * step] << 32) | z[3 * step];
        THash.Start(hash, p, q);
        Absorb(hash, job, scratch + BlockOffset);
        uint code = THash.Finish(hash, ((ulong)(uint)job->AadLength * 8) + job->BitLength) ^ z[4 * step];
        Unsafe.WriteUnaligned(job->Code, BinaryPrimitives.ReverseEndianness(code));
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
            new ReadOnlySpan<byte>(job->Source + (from - start), (int)(stop - from)).CopyTo(new Span<byte>(block + (from - at), BlockLength));
            int bits = (int)(job->BitLength % 8);
            if (stop == end && bits != 0)
            {
                block[stop - at - 1] &= (byte)(0xFF00 >> bits);
            }
        }
    }
}
