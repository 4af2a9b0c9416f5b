using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>Hashes and HMACs (RFC 2104) of messages side by side, each in a lane of a kernel.</summary>
/// <remarks>
/// What a lane hashes comes in up to four runs of blocks: the first block, made of the prefix and the beginning of the message, in
/// memory of the lane; the blocks that lie whole in the message, where they are; the rest of the message and its padding; and for an
/// HMAC the one block of its outer hash. A short message is copied, so that the first three are one run.
/// </remarks>
/// <typeparam name="TKernel">The kernel.</typeparam>
internal unsafe struct HashLanes<TKernel>
    where TKernel : struct, IHashKernel
{
    // Blocks of memory that a lane has: a message that fills no more with its padding is copied.
    private const int CopyBlocks = 4;

    private LaneSchedule _schedule;
    private HashVariant _variant;
    private bool _keyed;
    private byte* _states;
    private byte* _work;
    private byte* _blocks;
    private byte** _lanes;
    private ulong* _hashed;
    private Run* _runs;

    // What a lane is at.
    private enum Run : byte
    {
        First,
        Message,
        Last,
        Outer,
    }

    private static int LaneLength => CopyBlocks * TKernel.BlockLength;

    /// <summary>Hashes messages; each code is the digest, whole.</summary>
    /// <param name="jobs">The messages.</param>
    /// <param name="count">1 to <see cref="CryptoUnit.JobMax"/>.</param>
    /// <param name="variant">The hash.</param>
    /// <param name="keyed">Whether the jobs have keys: see <see cref="HmacKey{TKernel}"/>.</param>
    /// <param name="scratch"><see cref="CryptoUnit.ScratchLength"/> bytes aligned to 64.</param>
    public static void Compute(CryptoJob* jobs, int count, HashVariant variant, bool keyed, byte* scratch)
    {
        Unsafe.SkipInit(out HashLanes<TKernel> lanes);
        lanes.Compute(scratch, jobs, count, variant, keyed);
    }

    private void Compute(byte* scratch, CryptoJob* jobs, int count, HashVariant variant, bool keyed)
    {
        _variant = variant;
        _keyed = keyed;
        _states = scratch;
        _work = _states + HashColumn<TKernel>.StatesLength;
        _blocks = _work + TKernel.WorkLength;
        _lanes = (byte**)(_blocks + (LaneLength * TKernel.Lanes));
        _hashed = (ulong*)(_lanes + TKernel.Lanes);
        _runs = (Run*)(_hashed + TKernel.Lanes);
        _schedule.Start(jobs, count, TKernel.Lanes);
        while (true)
        {
            while (_schedule.TryFill(out int lane, out int job))
            {
                Begin(lane, ref jobs[job]);
            }

            ulong live = _schedule.Live;
            uint steps = _schedule.Advance(out ulong done);
            if (steps == 0)
            {
                break;
            }

            HashColumn<TKernel>.FillIdle(_lanes, live);
            TKernel.Compress(_states, _lanes, steps, _work);
            for (ulong going = live & ~done; going != 0; going &= going - 1)
            {
                _lanes[BitOperations.TrailingZeroCount(going)] += (nuint)TKernel.BlockLength * steps;
            }

            for (; done != 0; done &= done - 1)
            {
                int lane = BitOperations.TrailingZeroCount(done);
                Proceed(lane, ref jobs[_schedule.JobOf(lane)]);
            }
        }

        // The states of keys, and pieces of messages.
        CryptographicOperations.ZeroMemory(new Span<byte>(scratch, (int)((byte*)_lanes - scratch)));
    }

    private void Begin(int lane, ref CryptoJob job)
    {
        HashColumn<TKernel>.Set(_states, lane, _keyed ? job.Key : _variant.Initial);
        nuint length = job.Length;
        int prefix = job.AadLength;
        nuint total = length + (nuint)prefix;
        _hashed[lane] = total + (_keyed ? (ulong)TKernel.BlockLength : 0);
        byte* blocks = _blocks + (lane * LaneLength);
        if (total + (nuint)HashColumn<TKernel>.PaddingMin <= (nuint)LaneLength)
        {
            // Block by block, each clear of a constant length.
            int padded = (int)total + HashColumn<TKernel>.PaddingMin;
            for (int at = 0; at < padded; at += TKernel.BlockLength)
            {
                new Span<byte>(blocks + at, TKernel.BlockLength).Clear();
            }

            Unsafe.CopyBlockUnaligned(blocks + prefix, job.Source, (uint)length);
            for (int i = 0; i < prefix; i++)
            {
                blocks[i] = job.Aad[i];
            }

            Start(lane, Run.Last, blocks, HashColumn<TKernel>.Pad(blocks, (int)total, _hashed[lane]));
        }
        else if (prefix != 0)
        {
            // There are some blocks: no need to ask whether the message fills the first.
            int taken = TKernel.BlockLength - prefix;
            Unsafe.CopyBlockUnaligned(blocks, job.Aad, (uint)prefix);
            Unsafe.CopyBlockUnaligned(blocks + prefix, job.Source, (uint)taken);
            job.Source += taken;
            job.BitLength = (length - (nuint)taken) * 8;
            Start(lane, Run.First, blocks, 1);
        }
        else
        {
            Start(lane, Run.Message, job.Source, (uint)(length / (nuint)TKernel.BlockLength));
        }
    }

    private void Proceed(int lane, ref CryptoJob job)
    {
        byte* blocks = _blocks + (lane * LaneLength);
        nuint length = job.Length;
        switch (_runs[lane])
        {
            case Run.First:
                _schedule.Resume(lane);
                Start(lane, Run.Message, job.Source, (uint)(length / (nuint)TKernel.BlockLength));
                break;

            case Run.Message:
                uint rest = (uint)length & (uint)(TKernel.BlockLength - 1);
                new Span<byte>(blocks, 2 * TKernel.BlockLength).Clear();
                Unsafe.CopyBlockUnaligned(blocks, job.Source + (length - rest), rest);
                _schedule.Resume(lane);
                Start(lane, Run.Last, blocks, HashColumn<TKernel>.Pad(blocks, (int)rest, _hashed[lane]));
                break;

            case Run.Last when _keyed:
                HashColumn<TKernel>.TurnOuter(
                    _states, _states, lane, job.Key + HashColumn<TKernel>.ColumnLength, blocks, _variant.DigestLength);
                _schedule.Resume(lane);
                Start(lane, Run.Outer, blocks, 1);
                break;

            default:
                HashColumn<TKernel>.Get(_states, lane, job.Code);
                for (int at = _variant.DigestLength; at < HashColumn<TKernel>.ColumnLength; at += sizeof(uint))
                {
                    // The words that a variant drops are no part of the code.
                    *(uint*)(job.Code + at) = 0;
                }

                break;
        }
    }

    private void Start(int lane, Run run, byte* blocks, uint count)
    {
        _runs[lane] = run;
        _lanes[lane] = blocks;
        _schedule.SetSteps(lane, count);
    }
}
