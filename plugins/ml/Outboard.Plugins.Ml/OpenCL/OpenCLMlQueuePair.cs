using System.Diagnostics;
using System.Numerics;
using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Ml;
using Outboard.Ml.Driver;
using Outboard.OpenCL;
using Outboard.Plugins.Ml.Offload;

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
            return Refuse(op, OpErrors.NoModel);
        }

        // First counted, then looked at: an unload first stops the model, issues a process-wide barrier and then reads
        // the count, so either it sees this op or this sees that the model is stopped.
        Volatile.Write(ref _inFlight[id], _inFlight[id] + 1);
        uint error = model.IsStarted ? OpErrors.Check(op, model) : OpErrors.NotStarted;
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
        bool isSession = error is OpErrors.NoModel or OpErrors.NotStarted;
        op.SetResult(isSession ? OpStatus.InvalidSession : OpStatus.InvalidArguments, error);
        Rejection = isSession ? EnqueueRejection.InvalidSession : EnqueueRejection.InvalidArguments;
        return false;
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

    /// <summary>Adds an op's inputs to a batch that has room for them.</summary>
    private void Gather(OpenCLBatch batch, MlOp op, int inferences)
    {
        OpenCLMlModel model = _models[op.ModelId]!;
        int[] bytes = model.InputBytes;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte* target = batch.Lane.Input(batch.Slot, i) + ((nint)batch.InferenceCount * bytes[i]);
            if (!model.IsPacked || bytes.Length == 1)
            {
                OpBuffers.Read(in op.GetInput(i), 0, target, (long)bytes[i] * inferences);
                continue;
            }

            // Packed, samples lie one behind the other, each with all its tensors.
            long offset = batch.Lane.InputPlace(i);
            for (int sample = 0; sample < inferences; sample++, offset += model.InputTotal, target += bytes[i])
            {
                OpBuffers.Read(in op.GetInput(0), offset, target, bytes[i]);
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
            op.SetResult(OpStatus.Error, DeviceError.Of(batch.Status));
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
        int[] bytes = model.OutputBytes;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte* source = batch.Lane.Output(batch.Slot, i) + ((nint)batch.InferencesDone * bytes[i]);
            if (!model.IsPacked || bytes.Length == 1)
            {
                OpBuffers.Write(in op.GetOutput(i), 0, source, (long)bytes[i] * inferences);
                continue;
            }

            long offset = batch.Lane.OutputPlace(i);
            for (int sample = 0; sample < inferences; sample++, offset += model.OutputTotal, source += bytes[i])
            {
                OpBuffers.Write(in op.GetOutput(0), offset, source, bytes[i]);
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
