using System.Diagnostics;
using System.Numerics;
using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Ml;
using Outboard.Ml.Driver;
using Outboard.OpenCL;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>
/// Takes ops into a ring, gathers those of one model that stand together into a batch, runs it as one chain of
/// launches, and hands ops back in the order in which they came.
/// </summary>
/// <remarks>
/// An open batch is sent when it is full, when the next op is for another model, or as soon as the device has fewer
/// than <see cref="LaunchedMax"/> batches: so a lone op does not wait, and under load batches grow by themselves.
/// </remarks>
internal sealed unsafe class OpenCLMlQueuePair : OffloadQueuePair<MlOp>
{
    /// <summary>
    /// Batches on the device before the next one is held open: one runs, one follows it without a gap.
    /// </summary>
    private const int LaunchedMax = 2;

    private readonly OpenCLMlDriver _driver;
    private readonly OpenCLMlModel?[] _models;
    private readonly OpenCLLane?[] _lanes;
    private readonly OpenCLMlCounters[] _counters;
    private readonly int[] _inFlight;
    private readonly MlOp[] _ring;
    private readonly ushort[] _inferences;
    private readonly OpenCLBatch[] _batches;
    private readonly OpenCLQueue _queue;
    private readonly uint _ringMask;
    private readonly uint _batchMask;

    // Free-running: ops taken, ops gathered into batches, ops handed back; batches opened, launched, emptied.
    private uint _taken;
    private uint _gathered;
    private uint _returned;
    private uint _opened;
    private uint _launched;
    private uint _emptied;
    private bool _isStopped;

    public OpenCLMlQueuePair(OpenCLMlDriver driver, OpenCLContext context, OpenCLMlModel?[] models, int descriptorCount)
    {
        _driver = driver;
        _models = models;
        _lanes = new OpenCLLane?[models.Length];
        _inFlight = new int[models.Length];
        _counters = [.. models.Select(static _ => new OpenCLMlCounters())];
        _ring = new MlOp[descriptorCount];
        _inferences = new ushort[descriptorCount];
        _ringMask = (uint)descriptorCount - 1;
        int batches = (int)BitOperations.RoundUpToPowerOf2((uint)(models.Length * OpenCLLane.SlotCount));
        _batches = [.. Enumerable.Range(0, batches).Select(static _ => new OpenCLBatch())];
        _batchMask = (uint)batches - 1;
        _queue = context.CreateQueue();
    }

    public override int InFlightCount => (int)(_taken - _returned);

    public override int EnqueueBurst(ReadOnlySpan<MlOp> ops)
    {
        Rejection = EnqueueRejection.None;
        int count = 0;
        for (; count < ops.Length; count++)
        {
            if (_taken - _returned == (uint)_ring.Length)
            {
                Rejection = EnqueueRejection.QueueFull;
                break;
            }

            if (!TryTake(ops[count]))
            {
                EnqueueErrorCount++;
                break;
            }
        }

        EnqueuedCount += (ulong)count;
        Advance();
        return count;
    }

    public override int DequeueBurst(Span<MlOp> ops)
    {
        Advance();
        int count = 0;
        while (count < ops.Length && _emptied != _launched)
        {
            OpenCLBatch batch = _batches[_emptied & _batchMask];
            if (!batch.IsComplete && !BecomesComplete(batch))
            {
                break;
            }

            for (; count < ops.Length && batch.OpCount != 0; count++)
            {
                ops[count] = Return(batch);
            }

            if (batch.OpCount == 0)
            {
                batch.Lane.GiveSlot();
                _emptied++;
                Advance();
            }
        }

        if (_isStopped && _emptied == _launched)
        {
            count += Cancel(ops[count..]);
        }

        DequeuedCount += (ulong)count;
        return count;
    }

    /// <summary>Ops of a model that are inside. Any thread.</summary>
    public int InFlightOf(int modelId) => Volatile.Read(ref _inFlight[modelId]);

    public OpenCLMlCounters CountersOf(int modelId) => _counters[modelId];

    /// <summary>Makes a model ready here; no op of it is inside. Control path.</summary>
    public void StartModel(int modelId, OpenCLModel model, int batchMax, bool allowInPlace)
    {
        _counters[modelId].Clear();
        if (_lanes[modelId] is null)
        {
            Volatile.Write(ref _lanes[modelId], new OpenCLLane(model, _queue, batchMax, allowInPlace));
        }
    }

    /// <summary>Forgets a model; no op of it is inside. Control path.</summary>
    public void UnloadModel(int modelId)
    {
        _lanes[modelId]?.Dispose();
        _lanes[modelId] = null;
    }

    public void Start() => _isStopped = false;

    /// <summary>
    /// Ends the work of everything that is on the device; what is not is cancelled as it is dequeued. Control path.
    /// </summary>
    public void Stop()
    {
        if (_opened != _launched)
        {
            LaunchOpen();
        }

        _isStopped = true;
        _queue.Finish();
    }

    protected override void Dispose(bool disposing)
    {
        foreach (OpenCLLane? lane in _lanes)
        {
            lane?.Dispose();
        }

        _lanes.AsSpan().Clear();
        _queue.Dispose();
        _driver.Forget(this);
    }

    private bool TryTake(MlOp op)
    {
        int id = op.ModelId;
        OpenCLMlModel? model = id < _models.Length ? Volatile.Read(ref _models[id]) : null;
        if (model is null)
        {
            return Refuse(op, OpenCLMlError.NotStarted);
        }

        // First counted, then looked at: an unload first stops the model, issues a process-wide barrier and then reads
        // the count, so either it sees this op or this sees that the model is stopped.
        Volatile.Write(ref _inFlight[id], _inFlight[id] + 1);
        uint error = model.IsStarted ? Check(op, model) : OpenCLMlError.NotStarted;
        if (error != 0)
        {
            Volatile.Write(ref _inFlight[id], _inFlight[id] - 1);
            return Refuse(op, error);
        }

        _ring[_taken & _ringMask] = op;
        _inferences[_taken & _ringMask] = op.BatchCount;
        _taken++;
        return true;
    }

    private bool Refuse(MlOp op, uint error)
    {
        OpStatus status = OpenCLMlError.StatusOf(error);
        op.SetResult(status, error);
        Rejection = status == OpStatus.InvalidSession
            ? EnqueueRejection.InvalidSession
            : EnqueueRejection.InvalidArguments;
        return false;
    }

    private static uint Check(MlOp op, OpenCLMlModel model)
    {
        int batch = op.BatchCount;
        if (batch == 0 || batch > model.Info.BatchMax)
        {
            return OpenCLMlError.BatchCount;
        }

        int[] inputs = model.Plan.InputElements, outputs = model.Plan.OutputElements;
        if (model.Info.Layout == MlIoLayout.Packed)
        {
            if (op.InputCount != 1 || op.OutputCount != 1)
            {
                return OpenCLMlError.BufferCount;
            }

            long input = OpBuffers.LengthOf(in op.GetInput(0)), output = OpBuffers.LengthOf(in op.GetOutput(0));
            return input < (long)batch * model.InputByteCount ? OpenCLMlError.InputLength
                : output < (long)batch * model.OutputByteCount ? OpenCLMlError.OutputLength
                : 0;
        }

        if (op.InputCount != inputs.Length || op.OutputCount != outputs.Length)
        {
            return OpenCLMlError.BufferCount;
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            if (OpBuffers.LengthOf(in op.GetInput(i)) < (long)batch * inputs[i] * sizeof(float))
            {
                return OpenCLMlError.InputLength;
            }
        }

        for (int i = 0; i < outputs.Length; i++)
        {
            if (OpBuffers.LengthOf(in op.GetOutput(i)) < (long)batch * outputs[i] * sizeof(float))
            {
                return OpenCLMlError.OutputLength;
            }
        }

        return 0;
    }

    /// <summary>Gathers waiting ops into batches and sends what is to be sent.</summary>
    private void Advance()
    {
        while (_gathered != _taken && !_isStopped)
        {
            MlOp op = _ring[_gathered & _ringMask];
            int inferences = _inferences[_gathered & _ringMask];
            bool isOpen = _opened != _launched;
            if (isOpen)
            {
                OpenCLBatch open = _batches[_launched & _batchMask];
                if (open.ModelId != op.ModelId || !open.HasRoomFor(inferences))
                {
                    LaunchOpen();
                    isOpen = false;
                }
            }

            if (!isOpen && !TryOpen(op.ModelId))
            {
                break;
            }

            Gather(_batches[_launched & _batchMask], op, inferences);
            _gathered++;
        }

        if (_opened != _launched && _launched - _emptied < LaunchedMax)
        {
            LaunchOpen();
        }
    }

    private bool TryOpen(int modelId)
    {
        OpenCLLane lane = _lanes[modelId]!;
        if (!lane.TryTakeSlot(out int slot))
        {
            return false;
        }

        _batches[_opened & _batchMask].Open(lane, modelId, slot);
        _opened++;
        return true;
    }

    private void LaunchOpen()
    {
        _batches[_launched & _batchMask].Launch(Stopwatch.GetTimestamp());
        _launched++;
    }

    private bool BecomesComplete(OpenCLBatch batch)
    {
        if (!batch.BecomesComplete())
        {
            return false;
        }

        _counters[batch.ModelId].AddBatch(batch.InferenceCount, Stopwatch.GetElapsedTime(batch.LaunchedAt));
        return true;
    }

    private void Gather(OpenCLBatch batch, MlOp op, int inferences)
    {
        OpenCLMlModel model = _models[op.ModelId]!;
        int[] elements = model.Plan.InputElements;
        bool isSplit = model.Info.Layout == MlIoLayout.Split;

        // Packed, the samples lie one behind the other, each with all its tensors; split, each tensor has all its samples.
        int runs = isSplit ? 1 : inferences, perRun = isSplit ? inferences : 1;
        var buffer = new OpBuffers(in op.GetInput(0));
        for (int run = 0; run < runs; run++)
        {
            for (int i = 0; i < elements.Length; i++)
            {
                if (isSplit && i != 0)
                {
                    buffer = new OpBuffers(in op.GetInput(i));
                }

                int byteCount = elements[i] * sizeof(float);
                byte* target = batch.Lane.Input(batch.Slot, i) + ((nint)(batch.InferenceCount + run) * byteCount);

                // SAFETY: the batch has room for these inferences.
                buffer.Read(target, byteCount * perRun);
            }
        }

        batch.OpCount++;
        batch.InferenceCount += inferences;
    }

    private MlOp Return(OpenCLBatch batch)
    {
        MlOp op = _ring[_returned & _ringMask];
        int inferences = _inferences[_returned & _ringMask];
        OpenCLMlCounters counters = _counters[batch.ModelId];
        counters.OpCount++;
        if (batch.Status.IsSuccess)
        {
            Scatter(batch, op, inferences);
            op.SetResult(OpStatus.Success, 0);
        }
        else
        {
            op.SetResult(OpStatus.Error, OpenCLMlError.OfDevice(batch.Status));
            counters.ErrorCount++;
            DequeueErrorCount++;
        }

        batch.OpCount--;
        batch.InferencesDone += inferences;
        Leave(batch.ModelId);
        return op;
    }

    private void Scatter(OpenCLBatch batch, MlOp op, int inferences)
    {
        OpenCLMlModel model = _models[batch.ModelId]!;
        int[] elements = model.Plan.OutputElements;
        bool isSplit = model.Info.Layout == MlIoLayout.Split;
        int runs = isSplit ? 1 : inferences, perRun = isSplit ? inferences : 1;
        var buffer = new OpBuffers(in op.GetOutput(0));
        for (int run = 0; run < runs; run++)
        {
            for (int i = 0; i < elements.Length; i++)
            {
                if (isSplit && i != 0)
                {
                    buffer = new OpBuffers(in op.GetOutput(i));
                }

                int byteCount = elements[i] * sizeof(float);
                byte* source = batch.Lane.Output(batch.Slot, i) + ((nint)(batch.InferencesDone + run) * byteCount);
                buffer.Write(source, byteCount * perRun);
            }
        }
    }

    private int Cancel(Span<MlOp> ops)
    {
        int count = 0;
        for (; count < ops.Length && _returned != _taken; count++)
        {
            MlOp op = _ring[_returned & _ringMask];
            op.SetResult(OpStatus.Cancelled, 0);
            DequeueErrorCount++;
            _gathered = _returned + 1;
            ops[count] = op;
            Leave(op.ModelId);
        }

        return count;
    }

    private void Leave(int modelId)
    {
        _returned++;
        Volatile.Write(ref _inFlight[modelId], _inFlight[modelId] - 1);
    }
}
