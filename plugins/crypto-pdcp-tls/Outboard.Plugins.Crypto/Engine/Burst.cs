using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Simd;
using Outboard.Plugins.Crypto.Symmetric;
using Outboard.Plugins.Crypto.Tls;

namespace Outboard.Plugins.Crypto.Engine;

/// <summary>The working memory of one thread in the engine: the ops of a batch, their jobs, and room for what has to be gathered.</summary>
/// <remarks>All of it is taken when the queue pair is set up. A message that lies in one piece is worked on where it lies.</remarks>
internal sealed unsafe class Burst : IDisposable
{
    /// <summary>Most ops side by side.</summary>
    public const int OpMax = CryptoUnit.JobMax;

    /// <summary>Most bytes of a message that has to be gathered, because it lies in several segments or starts inside a byte.</summary>
    public const int GatheredLengthMax = 256 * 1024;

    private const int GatheredRoom = 4 * GatheredLengthMax;

    // Behind every gathered message: a record grows by padding and tag.
    private const int GatheredSlack = 128;

    private readonly CryptoUnit[] _units = new CryptoUnit[OpMax];
    private readonly byte* _memory;
    private readonly OpState* _states;
    private readonly CryptoJob* _jobs;
    private readonly CryptoJob* _sorted;
    private readonly byte* _scratch;
    private readonly byte* _gathered;
    private int _jobCount;
    private int _gatheredUsed;
    private long _roomLeft;
    private CryptoUnit? _only;
    private EngineCounters _counters;

    public Burst()
    {
        int states = OpMax * Unsafe.SizeOf<OpState>(), jobs = OpMax * Unsafe.SizeOf<CryptoJob>();
        int head = (states + (2 * jobs) + OpMax + 63) & ~63;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(head + CryptoUnit.ScratchLength + GatheredRoom), 4096);
        _states = (OpState*)_memory;
        _jobs = (CryptoJob*)(_memory + states);
        _sorted = (CryptoJob*)(_memory + states + jobs);
        Places = _memory + states + (2 * jobs);
        _scratch = _memory + head;
        _gathered = _scratch + CryptoUnit.ScratchLength;
    }

    /// <summary>What was done through this burst.</summary>
    public ref EngineCounters Counters => ref _counters;

    /// <summary>Sessions for ops that have none.</summary>
    public PassingSessions Passing { get; } = new();

    /// <summary>Unpredictable bytes for IVs.</summary>
    public RandomPool Random { get; } = new();

    /// <summary>A number of the batch under way, for sessions to know whether they are in it already.</summary>
    public ulong Serial { get; private set; }

    /// <summary>Room for the places of the ops that wait.</summary>
    public byte* Places { get; }

    /// <summary>Starts a batch.</summary>
    public void Start()
    {
        Serial++;
        _jobCount = 0;
        _gatheredUsed = 0;
        _roomLeft = GatheredRoom;
        _only = null;
    }

    /// <summary>Ends a batch: what was gathered is wiped, and the keys that ops brought.</summary>
    public void End()
    {
        if (_gatheredUsed != 0)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(_gathered, _gatheredUsed));
        }

        Passing.Clear();
    }

    /// <summary>Whether an op's messages can be gathered beside those of the batch. The first of a batch always can, and an op without a packet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasRoom(CryptoOp op) =>
        op.Source.IsNull || (op.Destination.IsNull && op.Source.IsContiguous && !op.InBits) || TakeRoom(op.Source, op.Destination, op.InBits);

    private bool TakeRoom(Mbuf source, Mbuf destination, bool inBits)
    {
        if (source.IsContiguous && (destination.IsNull || destination.IsContiguous) && !inBits)
        {
            return true;
        }

        // Each of two steps gathers at most the longer packet.
        long longest = Math.Max(source.PacketLength, destination.IsNull ? 0 : destination.PacketLength);
        long need = 2 * (Math.Min(longest, GatheredLengthMax) + GatheredSlack + (long)ushort.MaxValue);
        if (need > _roomLeft)
        {
            return false;
        }

        _roomLeft -= need;
        return true;
    }

    /// <summary>The state of an op that begins, zeroed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref OpState NewState(int place)
    {
        Unsafe.InitBlock(_states + place, 0, OpState.ClearedLength);
        return ref _states[place];
    }

    /// <summary>The state of an op under way.</summary>
    public ref OpState State(int place) => ref _states[place];

    /// <summary>Queues a job for a unit, to be filled by the caller at once; runs when every op of the batch has made its step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref CryptoJob Queue(CryptoUnit unit)
    {
        if (!ReferenceEquals(unit, _only))
        {
            NoteUnit(unit);
        }

        return ref _jobs[_jobCount++];
    }

    /// <summary>Runs what was queued, the jobs of each unit side by side.</summary>
    public void RunJobs()
    {
        int count = _jobCount;
        if (count == 0)
        {
            return;
        }

        _jobCount = 0;
        CryptoUnit? single = _only;
        _only = null;
        if (single is { } only)
        {
            only.Run(_jobs, count, _scratch);
            return;
        }

        ulong left = count == 64 ? ulong.MaxValue : (1UL << count) - 1;
        while (left != 0)
        {
            CryptoUnit unit = _units[BitOperations.TrailingZeroCount(left)];
            int sorted = 0;
            for (ulong rest = left; rest != 0; rest &= rest - 1)
            {
                int i = BitOperations.TrailingZeroCount(rest);
                if (ReferenceEquals(_units[i], unit))
                {
                    _sorted[sorted++] = _jobs[i];
                    left &= ~(1UL << i);
                }
            }

            unit.Run(_sorted, sorted, _scratch);
        }
    }

    /// <summary>Points a job at a message of whole bytes.</summary>
    /// <param name="job">The job.</param>
    /// <param name="state">The op's state; what has to be scattered is noted in it, for <see cref="Scatter"/>.</param>
    /// <param name="source">The packet that is read.</param>
    /// <param name="target">The packet that is written, at the same place; null where the job writes nothing.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">The bytes; the range has been checked.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetMessage(ref CryptoJob job, ref OpState state, Mbuf source, Mbuf target, int offset, int length)
    {
        if ((target.IsNull || target == source) && (long)offset + length <= source.DataLength)
        {
            job.Source = job.Destination = source.DataPointer + offset;
            job.BitLength = (nuint)length * 8;
            state.Gathered = null;
            return;
        }

        SetAnyMessage(ref job, ref state, source, target, offset, length);
    }

    private void SetAnyMessage(ref CryptoJob job, ref OpState state, Mbuf source, Mbuf target, int offset, int length)
    {
        byte* from = Packet.InOneSegment(source, offset, length);
        byte* to = target.IsNull || target == source ? from : Packet.InOneSegment(target, offset, length);
        job.BitLength = (nuint)length * 8;
        state.Gathered = null;
        if (from is not null && to is not null)
        {
            job.Source = from;
            job.Destination = to;
            return;
        }

        Gather(ref job, ref state, source, target, offset, length);
    }

    /// <summary>Points a job at a message whose place and length are in bits.</summary>
    public void SetBits(ref CryptoJob job, ref OpState state, Mbuf source, Mbuf target, int bitOffset, int bitLength)
    {
        int first = bitOffset >> 3, shift = bitOffset & 7;
        int length = (int)(((long)shift + bitLength + 7) >> 3);
        if (shift == 0 && Packet.InOneSegment(source, first, length) is not null
            && (target.IsNull || Packet.InOneSegment(target, first, length) is not null))
        {
            SetMessage(ref job, ref state, source, target, first, length);
        }
        else
        {
            Gather(ref job, ref state, source, target, first, length);
            BitString.ShiftLeft(job.Source, length, shift);
        }

        state.IsBits = true;
        state.BitShift = shift;
        state.BitLength = job.BitLength = (nuint)bitLength;
    }

    /// <summary>Writes back what a job made of a gathered message; does nothing where it worked in the packet.</summary>
    public static void Scatter(ref OpState state)
    {
        if (state.Gathered is null || state.Target.IsNull)
        {
            return;
        }

        byte* bytes = state.Gathered;
        int length = state.TargetLength;
        if (state.IsBits)
        {
            BitString.ShiftRight(bytes, length, state.BitShift);
            if (length != 0)
            {
                // The bits around the message are the target's.
                int tail = (int)(((nuint)length * 8) - state.BitLength) - state.BitShift;
                byte before = (byte)(0xFF00 >> state.BitShift), behind = (byte)((1 << tail) - 1);
                bytes[0] = (byte)((bytes[0] & ~before) | (Packet.ReadByte(state.Target, state.TargetOffset) & before));
                bytes[length - 1] = (byte)((bytes[length - 1] & ~behind)
                    | (Packet.ReadByte(state.Target, state.TargetOffset + length - 1) & behind));
            }
        }

        Packet.Write(state.Target, state.TargetOffset, bytes, length);
        state.Gathered = null;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(new Span<byte>(_scratch, CryptoUnit.ScratchLength));
        NativeMemory.AlignedFree(_memory);
        Passing.Dispose();
    }

    // The units of jobs are noted one by one only where they differ.
    private void NoteUnit(CryptoUnit unit)
    {
        if (_jobCount == 0)
        {
            _only = unit;
            return;
        }

        if (_only is not null)
        {
            _units.AsSpan(0, _jobCount).Fill(_only);
            _only = null;
        }

        _units[_jobCount] = unit;
    }

    private void Gather(ref CryptoJob job, ref OpState state, Mbuf source, Mbuf target, int offset, int length)
    {
        byte* at = _gathered + _gatheredUsed;
        _gatheredUsed += (length + GatheredSlack) & ~63;
        Packet.Read(source, offset, at, length);
        job.Source = job.Destination = at;
        job.BitLength = (nuint)length * 8;
        state.Gathered = at;
        state.Target = target;
        state.TargetOffset = offset;
        state.TargetLength = length;
        state.IsBits = false;
    }
}
