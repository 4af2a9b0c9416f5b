using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Sha;

namespace Outboard.Plugins.Crypto.Kernels.TlsCbc;

/// <summary>Checks fragments side by side, each in a lane of a hash kernel, in a time that their lengths alone decide.</summary>
/// <remarks>
/// A lane hashes the header with the first of the content; the blocks that are content whatever the padding is, where they are; and
/// then a copy of all that may be content, padded where it ends by masks. After each block of those the state is kept where that was
/// the last one, and hashing goes on to the last that could have been.
/// </remarks>
/// <typeparam name="TKernel">The kernel.</typeparam>
internal unsafe struct TlsCbcLanes<TKernel>
    where TKernel : struct, IMaskedHashKernel
{
    // What may be content, and need not, is 255 bytes: with less than a block before it and the least padding behind it at most so
    // many blocks of either length. One more is the lane's first block.
    private const int EndBlocks = 6;
    private const int LaneBlocks = 1 + EndBlocks;

    private LaneSchedule _schedule;
    private HashVariant _variant;
    private byte* _states;
    private byte* _kept;
    private byte* _mask;
    private byte* _work;
    private byte* _blocks;
    private byte* _frames;
    private TlsCbcFragment* _fragments;
    private long* _untilLast;
    private byte** _lanes;
    private ulong _ending;
    private Run* _runs;

    // What a lane is at.
    private enum Run : byte
    {
        First,
        Content,
        End,
        Outer,
        Refused,
    }

    private static int LaneLength => LaneBlocks * TKernel.BlockLength;

    /// <summary>Checks fragments; see <see cref="TlsCbcUnit"/> for the contract.</summary>
    public static void Compute(CryptoJob* jobs, int count, HashVariant variant, byte* scratch)
    {
        Unsafe.SkipInit(out TlsCbcLanes<TKernel> lanes);
        lanes.Compute(scratch, jobs, count, variant);
    }

    private void Compute(byte* scratch, CryptoJob* jobs, int count, HashVariant variant)
    {
        _variant = variant;
        _states = scratch;
        _kept = _states + HashColumn<TKernel>.StatesLength;
        _mask = _kept + HashColumn<TKernel>.StatesLength;
        _work = _mask + (TKernel.WordLength * TKernel.Lanes);
        _blocks = _work + TKernel.WorkLength;
        _frames = _blocks + (LaneLength * TKernel.Lanes);
        _fragments = (TlsCbcFragment*)(_frames + (TlsCbcFragment.FrameLength * TKernel.Lanes));
        _untilLast = (long*)(_fragments + TKernel.Lanes);
        _lanes = (byte**)(_untilLast + TKernel.Lanes);
        _runs = (Run*)(_lanes + TKernel.Lanes);
        _ending = 0;
        _schedule.Start(jobs, count, TKernel.Lanes);
        while (true)
        {
            while (_schedule.TryFill(out int lane, out int job))
            {
                Begin(lane, ref jobs[job]);
            }

            ulong live = _schedule.Live;
            uint steps = _schedule.Advance(out ulong done);
            if (done == 0)
            {
                break;
            }

            Step(live, steps);
            for (; done != 0; done &= done - 1)
            {
                int lane = BitOperations.TrailingZeroCount(done);
                Proceed(lane, ref jobs[_schedule.JobOf(lane)]);
            }
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(scratch, (int)((byte*)_lanes - scratch)));
    }

    private void Step(ulong live, uint steps)
    {
        if (steps != 0)
        {
            HashColumn<TKernel>.FillIdle(_lanes, live);
        }

        while (steps != 0)
        {
            // How many lanes are at the end of their content is public: it comes of lengths.
            uint together = _ending == 0 ? steps : 1;
            TKernel.Compress(_states, _lanes, together, _work);
            steps -= together;
            for (ulong going = live; going != 0; going &= going - 1)
            {
                _lanes[BitOperations.TrailingZeroCount(going)] += (nuint)TKernel.BlockLength * together;
            }

            if (_ending != 0)
            {
                Capture();
            }
        }
    }

    // Keeps the state of the lanes whose last block that was.
    private void Capture()
    {
        for (ulong ending = _ending; ending != 0; ending &= ending - 1)
        {
            int lane = BitOperations.TrailingZeroCount(ending);
            SetMask(lane, SecretMask.IsZero((ulong)_untilLast[lane]));
            _untilLast[lane]--;
        }

        TKernel.Capture(_kept, _states, _mask);
    }

    private void SetMask(int lane, ulong mask)
    {
        if (TKernel.WordLength == sizeof(uint))
        {
            ((uint*)_mask)[lane] = (uint)mask;
        }
        else
        {
            ((ulong*)_mask)[lane] = mask;
        }
    }

    private void Begin(int lane, ref CryptoJob job)
    {
        long length = (long)job.Length;
        int macLength = _variant.DigestLength;
        SetMask(lane, 0);
        if (TlsCbcFragment.ContentMax(length, macLength) < 0)
        {
            _runs[lane] = Run.Refused;
            _schedule.SetSteps(lane, 0);
            return;
        }

        ref TlsCbcFragment fragment = ref _fragments[lane];
        fragment.Begin(job.Source, length, macLength, _frames + (lane * TlsCbcFragment.FrameLength));
        HashColumn<TKernel>.Set(_states, lane, job.Key);
        if (CertainBlocks(length) == 0)
        {
            BeginEnd(lane, ref job);
            return;
        }

        byte* first = _blocks + (lane * LaneLength);
        fragment.WriteHeader(job.Aad, first);
        Unsafe.CopyBlockUnaligned(
            first + TlsCbcFragment.HeaderLength, job.Source, (uint)(TKernel.BlockLength - TlsCbcFragment.HeaderLength));
        Start(lane, Run.First, first, 1);
    }

    // Blocks that are hashed whole and before the last, whatever the padding is.
    private readonly long CertainBlocks(long length) =>
        (TlsCbcFragment.HeaderLength + TlsCbcFragment.ContentMin(length, _variant.DigestLength)) / TKernel.BlockLength;

    // The blocks that may be the last, and those behind it: as many as there can be.
    private void BeginEnd(int lane, ref CryptoJob job)
    {
        ref TlsCbcFragment fragment = ref _fragments[lane];
        long length = (long)job.Length;
        long start = CertainBlocks(length) * TKernel.BlockLength;
        long most = TlsCbcFragment.HeaderLength + TlsCbcFragment.ContentMax(length, _variant.DigestLength);
        uint count = (uint)(((most + HashColumn<TKernel>.LengthField) / TKernel.BlockLength) + 1 - (start / TKernel.BlockLength));
        int bytes = (int)count * TKernel.BlockLength;
        byte* blocks = _blocks + (lane * LaneLength) + TKernel.BlockLength;
        int header = start == 0 ? TlsCbcFragment.HeaderLength : 0;
        if (header != 0)
        {
            fragment.WriteHeader(job.Aad, blocks);
        }

        long from = start + header - TlsCbcFragment.HeaderLength;
        int held = (int)Math.Min(length - from, bytes - header);
        Unsafe.CopyBlockUnaligned(blocks + header, job.Source + from, (uint)held);
        new Span<byte>(blocks + header + held, bytes - header - held).Clear();
        _untilLast[lane] = fragment.End(blocks, bytes, start, TKernel.BlockLength, HashColumn<TKernel>.LengthField);
        _ending |= 1UL << lane;
        Start(lane, Run.End, blocks, count);
    }

    private void Proceed(int lane, ref CryptoJob job)
    {
        byte* blocks = _blocks + (lane * LaneLength);
        long certain = CertainBlocks((long)job.Length);
        switch (_runs[lane])
        {
            case Run.First when certain > 1:
                _schedule.Resume(lane);
                Start(lane, Run.Content, job.Source + (TKernel.BlockLength - TlsCbcFragment.HeaderLength), (uint)(certain - 1));
                break;

            case Run.First:
            case Run.Content:
                _schedule.Resume(lane);
                BeginEnd(lane, ref job);
                break;

            case Run.End:
                _ending &= ~(1UL << lane);
                SetMask(lane, 0);
                HashColumn<TKernel>.TurnOuter(
                    _states, _kept, lane, job.Key + HashColumn<TKernel>.ColumnLength, blocks, _variant.DigestLength);
                _schedule.Resume(lane);
                Start(lane, Run.Outer, blocks, 1);
                break;

            case Run.Outer:
                HashColumn<TKernel>.Get(_states, lane, blocks);
                ulong isGood = _fragments[lane].IsAuthentic(blocks, _frames + (lane * TlsCbcFragment.FrameLength));
                Answer(job.Code, _fragments[lane].ContentLength & (long)isGood, isGood);
                break;

            default:
                Answer(job.Code, 0, 0);
                break;
        }
    }

    private static void Answer(byte* code, long contentLength, ulong isGood)
    {
        new Span<byte>(code, CryptoJob.CodeRoom).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(code, sizeof(uint)), (uint)contentLength);
        code[sizeof(uint)] = (byte)isGood;
    }

    private void Start(int lane, Run run, byte* blocks, uint count)
    {
        _runs[lane] = run;
        _lanes[lane] = blocks;
        _schedule.SetSteps(lane, count);
    }
}
