using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using Outboard.Memory;
using Outboard.Ml;
using Outboard.Plugins.Ml.Offload;
using Outboard.Plugins.Ml.Plan;

namespace Outboard.Plugins.Ml.Simd;

/// <summary>
/// One model on one queue pair: its arena, the blocks in which inputs of several ops are laid one behind the other and
/// outputs are picked apart again, and the counters.
/// </summary>
/// <remarks><i>Thread</i>: Taken is written by the enqueuing thread, everything else by the dequeuing one.</remarks>
internal sealed unsafe class ModelLane : IDisposable
{
    public const int HistogramSize = 17;

    /// <summary>Bytes of staging above which fewer ops run as one: copying more costs more than a batch saves.</summary>
    private const long StagingMax = 4L << 20;

    private readonly ExecutionPlan _plan;
    private readonly PlanContext _context;
    private readonly NativeBlock _staging;
    private readonly byte** _inputs;
    private readonly byte** _outputs;
    private readonly byte** _pointers;
    private readonly long[] _inputPlaces;
    private readonly long[] _outputPlaces;
    private readonly bool _packed;
    private readonly long _inputTotal;
    private readonly long _outputTotal;
    private long _taken;
    private long _done;

    public ModelLane(ExecutionPlan plan, int batchMax, bool packed)
    {
        _plan = plan;
        _packed = packed;
        _context = new PlanContext(plan);
        int[] inputs = plan.InputBytes, outputs = plan.OutputBytes;
        _inputTotal = inputs.Sum(b => (long)b);
        _outputTotal = outputs.Sum(b => (long)b);
        BatchMax = (int)Math.Clamp(StagingMax / Math.Max(1, _inputTotal + _outputTotal), 1, batchMax);

        _inputPlaces = new long[inputs.Length];
        _outputPlaces = new long[outputs.Length];
        int pointers = 2 * (inputs.Length + outputs.Length);
        long at = Align(pointers * sizeof(nint));
        for (int i = 0; i < inputs.Length; i++)
        {
            _inputPlaces[i] = at;
            at += Align((long)inputs[i] * BatchMax);
        }

        for (int i = 0; i < outputs.Length; i++)
        {
            _outputPlaces[i] = at;
            at += Align((long)outputs[i] * BatchMax);
        }

        _staging = NativeBlock.Allocate((nuint)(at + 64), MemoryBacking.Allocator);
        byte* start = (byte*)Align(_staging.Address);
        _inputs = (byte**)start;
        _outputs = _inputs + inputs.Length;
        _pointers = _outputs + outputs.Length;
        for (int i = 0; i < inputs.Length; i++)
        {
            _inputs[i] = start + _inputPlaces[i];
        }

        for (int i = 0; i < outputs.Length; i++)
        {
            _outputs[i] = start + _outputPlaces[i];
        }

        ByteCount = at + plan.ArenaBytes;
    }

    /// <summary>Inferences that may run as one.</summary>
    public int BatchMax { get; }

    public long ByteCount { get; }

    public ulong OpCount { get; private set; }

    public ulong BatchCount { get; private set; }

    public ulong LatencyMin { get; private set; } = ulong.MaxValue;

    public ulong LatencyMax { get; private set; }

    public ulong LatencySum { get; private set; }

    public ulong[] Histogram { get; } = new ulong[HistogramSize];

    public long InFlightCount => Volatile.Read(ref _taken) - Volatile.Read(ref _done);

    /// <summary>Counts an op in before the model's state is looked at; <see cref="Untake"/> when it is refused after all.</summary>
    public void Take() => Volatile.Write(ref _taken, _taken + 1);

    public void Untake() => Volatile.Write(ref _taken, _taken - 1);

    /// <summary>Runs a group of checked ops of this model as one batch; true when it ran on the ops' own buffers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Run(ReadOnlySpan<MlOp> ops, int batch)
    {
        long start = Stopwatch.GetTimestamp();
        bool inPlace = TryPointAt(ops);
        if (inPlace)
        {
            _context.Run(_pointers, _pointers + _plan.InputBytes.Length, batch);
        }
        else if (batch > BatchMax)
        {
            // One op with a batch larger than the staging and buffers that cannot be used in place: piece by piece.
            RunPieces(ops[0], batch);
        }
        else
        {
            Gather(ops);
            _context.Run(_inputs, _outputs, batch);
            Scatter(ops);
        }

        Count(ops.Length, batch, start);
        return inPlace;
    }

    /// <summary>Every op's buffers are plain, and those of each op follow those of the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryPointAt(ReadOnlySpan<MlOp> ops)
    {
        int[] inputs = _plan.InputBytes, outputs = _plan.OutputBytes;
        MlOp first = ops[0];
        bool several = ops.Length > 1 || first.BatchCount > 1;
        if (_packed && several && (inputs.Length > 1 || outputs.Length > 1))
        {
            return false;   // samples lie one behind the other, so one tensor of all samples does not
        }

        long offset = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            byte* at = OpBuffers.Contiguous(in first.GetInput(_packed ? 0 : i), offset + ((long)inputs[i] * first.BatchCount));
            if (at == null)
            {
                return false;
            }

            _pointers[i] = at + offset;
            offset += _packed ? inputs[i] : 0;
        }

        offset = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            byte* at = OpBuffers.Contiguous(in first.GetOutput(_packed ? 0 : i), offset + ((long)outputs[i] * first.BatchCount));
            if (at == null)
            {
                return false;
            }

            _pointers[inputs.Length + i] = at + offset;
            offset += _packed ? outputs[i] : 0;
        }

        long batch = 0;
        foreach (MlOp op in ops)
        {
            batch += op.BatchCount;
        }

        return !Overlaps(batch) && (ops.Length == 1 || Follow(ops));
    }

    /// <summary>An output on top of an input, as a caller who works in place may have it, goes through the staging.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Overlaps(long batch)
    {
        int[] inputs = _plan.InputBytes, outputs = _plan.OutputBytes;
        for (int o = 0; o < outputs.Length; o++)
        {
            byte* start = _pointers[inputs.Length + o], end = start + (outputs[o] * batch);
            for (int i = 0; i < inputs.Length; i++)
            {
                if (_pointers[i] < end && start < _pointers[i] + (inputs[i] * batch))
                {
                    return true;
                }
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Follow(ReadOnlySpan<MlOp> ops)
    {
        int[] inputs = _plan.InputBytes, outputs = _plan.OutputBytes;
        long done = ops[0].BatchCount;
        for (int o = 1; o < ops.Length; o++)
        {
            MlOp op = ops[o];
            for (int i = 0; i < inputs.Length; i++)
            {
                if (OpBuffers.Contiguous(in op.GetInput(i), (long)inputs[i] * op.BatchCount) != _pointers[i] + (done * inputs[i]))
                {
                    return false;
                }
            }

            for (int i = 0; i < outputs.Length; i++)
            {
                if (OpBuffers.Contiguous(in op.GetOutput(i), (long)outputs[i] * op.BatchCount)
                    != _pointers[inputs.Length + i] + (done * outputs[i]))
                {
                    return false;
                }
            }

            done += op.BatchCount;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(ReadOnlySpan<MlOp> ops)
    {
        long done = 0;
        foreach (MlOp op in ops)
        {
            Read(op, 0, op.BatchCount, done);
            done += op.BatchCount;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(ReadOnlySpan<MlOp> ops)
    {
        long done = 0;
        foreach (MlOp op in ops)
        {
            Write(op, 0, op.BatchCount, done);
            done += op.BatchCount;
        }
    }

    private void RunPieces(MlOp op, int batch)
    {
        for (int from = 0; from < batch; from += BatchMax)
        {
            int count = Math.Min(BatchMax, batch - from);
            Read(op, from, count, 0);
            _context.Run(_inputs, _outputs, count);
            Write(op, from, count, 0);
        }
    }

    /// <summary>Copies samples of one op into the staging, each tensor to its own block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read(MlOp op, int from, int count, long place)
    {
        int[] bytes = _plan.InputBytes;
        if (!_packed || bytes.Length == 1)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                OpBuffers.Read(in op.GetInput(i), (long)bytes[i] * from, _inputs[i] + (place * bytes[i]), (long)bytes[i] * count);
            }

            return;
        }

        for (int s = 0; s < count; s++)
        {
            long offset = (from + s) * _inputTotal;
            for (int i = 0; i < bytes.Length; i++)
            {
                OpBuffers.Read(in op.GetInput(0), offset, _inputs[i] + ((place + s) * bytes[i]), bytes[i]);
                offset += bytes[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(MlOp op, int from, int count, long place)
    {
        int[] bytes = _plan.OutputBytes;
        if (!_packed || bytes.Length == 1)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                OpBuffers.Write(in op.GetOutput(i), (long)bytes[i] * from, _outputs[i] + (place * bytes[i]), (long)bytes[i] * count);
            }

            return;
        }

        for (int s = 0; s < count; s++)
        {
            long offset = (from + s) * _outputTotal;
            for (int i = 0; i < bytes.Length; i++)
            {
                OpBuffers.Write(in op.GetOutput(0), offset, _outputs[i] + ((place + s) * bytes[i]), bytes[i]);
                offset += bytes[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Count(int ops, int batch, long start)
    {
        var nanoseconds = (ulong)((Stopwatch.GetTimestamp() - start) * (1_000_000_000 / Stopwatch.Frequency));
        OpCount += (ulong)ops;
        BatchCount++;
        LatencySum += nanoseconds;
        LatencyMin = Math.Min(LatencyMin, nanoseconds);
        LatencyMax = Math.Max(LatencyMax, nanoseconds);
        Histogram[BitOperations.Log2((uint)batch)]++;
        Volatile.Write(ref _done, _done + ops);
    }

    public void Dispose()
    {
        _context.Dispose();
        _staging.Dispose();
    }

    private static long Align(long bytes) => (bytes + 63) & ~63L;
}
