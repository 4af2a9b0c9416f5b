using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Regex.Kernels.WindowHash;
using Outboard.Plugins.Regex.Kernels.WindowShuffle;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// Finds every place of every literal of an index, exactly once. Each pass of the index writes candidates into a list, which is confirmed
/// when it is full or the payload done. All memory is taken when it is made; one thread at a time, one payload at a time.
/// </summary>
internal sealed class LiteralSearcher
{
    private const int CandidateMax = 1024;

    private readonly LiteralTier[] _tiers;
    private readonly LiteralPool _pool;
    private readonly WindowShuffleKernel _shuffle;
    private readonly WindowHashKernel _hash;
    private readonly int[] _candidates = new int[CandidateMax];
    private readonly ulong[] _candidateTotals;

    public LiteralSearcher(LiteralIndex index, WindowShuffleKernel shuffle, WindowHashKernel hash)
    {
        _tiers = index.Passes;
        _pool = index.Pool;
        _shuffle = shuffle;
        _hash = hash;
        _candidateTotals = new ulong[_tiers.Length];
    }

    /// <summary>Bytes of its memory.</summary>
    public long ByteCount => _candidates.Length * sizeof(int) + _candidateTotals.Length * sizeof(ulong);

    /// <summary>By tier, how many candidates its filter has let through.</summary>
    public ReadOnlySpan<ulong> CandidateTotals => _candidateTotals;

    /// <summary>
    /// Goes on with the search of a payload until it is done, and returns true, or the list of hits is full. Hits of one owner come in
    /// ascending order of start less its offset, over all calls with one cursor.
    /// </summary>
    /// <param name="data">The payload, the same in each call with one cursor.</param>
    /// <param name="cursor">Where to go on; the default for a new payload.</param>
    /// <param name="hits">Takes the hits; at least one place.</param>
    /// <param name="count">How many were written.</param>
    public bool Search(ReadOnlySpan<byte> data, ref LiteralCursor cursor, Span<LiteralHit> hits, out int count)
    {
        count = 0;
        while (cursor.Tier < _tiers.Length)
        {
            LiteralTier tier = _tiers[cursor.Tier];
            if (cursor.Candidate < cursor.CandidateCount && !Confirm(tier, data, ref cursor, hits, ref count))
            {
                return false;
            }

            // A literal is never shorter than a window of its tier, so what is left may be too short for all.
            int window = tier.Shuffle is null ? tier.Kind.Window : tier.Shuffle.WindowMin;
            if (cursor.Position > data.Length - window)
            {
                cursor = new LiteralCursor { Tier = cursor.Tier + 1 };
                continue;
            }

            cursor.Candidate = 0;
            cursor.CandidateCount = tier.Shuffle is { } shuffle
                ? _shuffle.Scan(shuffle, data, ref cursor.Position, _candidates)
                : _hash.Scan(tier.Tables[0], tier.Kind.Stride, data, ref cursor.Position, _candidates);
            _candidateTotals[cursor.Tier] += (uint)cursor.CandidateCount;
        }

        return true;
    }

    /// <summary>Confirms candidates; false when the list of hits is full and the cursor says where to go on.</summary>
    private bool Confirm(
        LiteralTier tier, ReadOnlySpan<byte> data, ref LiteralCursor cursor, Span<LiteralHit> hits, ref int count)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        WindowTable[] tables = tier.Tables;
        int candidate = cursor.Candidate;
        int t = cursor.Table;
        int resume = cursor.Entry;
        for (; candidate < cursor.CandidateCount; candidate++)
        {
            int position = _candidates[candidate];
            ulong here = LiteralBytes.Read(ref bytes, position, data.Length);
            for (; t < tables.Length; t++)
            {
                WindowTable table = tables[t];
                uint hash = table.Hash(here);
                if (table.Test(hash) == 0)
                {
                    continue;
                }

                (int from, int to) = table.Bucket(hash);
                int entry = Math.Max(from, resume);
                resume = 0;
                if (!ConfirmBucket(tier.Entries, data, position, ref entry, to, hits, ref count))
                {
                    cursor.Candidate = candidate;
                    cursor.Table = t;
                    cursor.Entry = entry;
                    return false;
                }
            }

            t = 0;
        }

        cursor.Candidate = candidate;
        cursor.Table = 0;
        cursor.Entry = 0;
        return true;
    }

    /// <summary>Confirms the entries of a bucket; false at the one for which there is no place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool ConfirmBucket(
        WindowEntry[] table, ReadOnlySpan<byte> data, int position, ref int entry, int to, Span<LiteralHit> hits, ref int count)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        ref WindowEntry entries = ref MemoryMarshal.GetArrayDataReference(table);
        for (; entry < to; entry++)
        {
            ref WindowEntry one = ref Unsafe.Add(ref entries, entry);
            int start = position - one.WindowOffset;
            if (start < 0 || start > data.Length - one.Length)
            {
                continue;
            }

            // A literal of eight bytes or more holds the eight that are read; a shorter one may stand close to the end.
            ulong text = LiteralBytes.Read(ref bytes, start + one.CompareOffset, data.Length);
            if ((text & one.Mask) != one.Value)
            {
                continue;
            }

            if (one.Length > sizeof(ulong) && !_pool.Stands(one.PoolOffset, one.Length, ref Unsafe.Add(ref bytes, start)))
            {
                continue;
            }

            if (count == hits.Length)
            {
                return false;
            }

            hits[count++] = new LiteralHit(one.Spec, start);
        }

        return true;
    }
}
