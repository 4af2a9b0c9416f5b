using Outboard.Memory;
using Outboard.OpenCL;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>
/// One model on one queue pair: kernel objects with their arguments, scratch buffers, and staging slots in host
/// memory where a batch's inputs are gathered and its outputs appear.
/// </summary>
/// <remarks>
/// Thread: that of the queue pair. Order for a slot: fill its inputs, <see cref="Launch"/>, wait for the event,
/// read its outputs. Scratch is shared by all slots: the queue runs one batch after the other.
/// </remarks>
internal sealed unsafe class OpenCLLane : IDisposable
{
    /// <summary>
    /// Batches that may be under way or being filled at a time: one computes, one waits for it, one fills, one
    /// drains.
    /// </summary>
    public const int SlotCount = 4;

    // Slots and tensors begin on a page: some devices share only whole pages with the host.
    private const int Alignment = 4096;

    private readonly OpenCLQueue _queue;
    private readonly OpenCLStep[] _steps;
    private readonly OpenCLKernel[] _kernels;
    private readonly OpenCLBuffer[] _scratch;
    private readonly OpenCLBuffer? _staging;
    private readonly int[] _inputOffsets;
    private readonly int[] _outputOffsets;
    private readonly long[] _inputPlaces;
    private readonly long[] _outputPlaces;
    private readonly int[] _inputBytes;
    private readonly int[] _outputBytes;
    private readonly int _slotBytes;
    private readonly NativeBlock? _memory;
    private int _nextSlot;
    private int _usedSlots;

    /// <param name="model">The started model.</param>
    /// <param name="queue">The queue pair's queue.</param>
    /// <param name="batchMax">Most inferences in a batch.</param>
    /// <param name="allowInPlace">False asks for copies of the staging area even where they are not needed.</param>
    /// <exception cref="OpenCLException">The device refused a kernel or a buffer.</exception>
    public OpenCLLane(OpenCLModel model, OpenCLQueue queue, int batchMax, bool allowInPlace = true)
    {
        OpenCLPlan plan = model.Plan;
        _queue = queue;
        BatchMax = batchMax;
        _steps = plan.Steps;
        _kernels = new OpenCLKernel[_steps.Length];
        _scratch = new OpenCLBuffer[plan.ScratchElements.Length];
        _inputBytes = [.. plan.InputElements.Select(static n => n * sizeof(float))];
        _outputBytes = [.. plan.OutputElements.Select(static n => n * sizeof(float))];
        _inputPlaces = Places(_inputBytes);
        _outputPlaces = Places(_outputBytes);
        int end = 0;
        _inputOffsets = [.. _inputBytes.Select(bytes => Reserve(ref end, bytes * batchMax))];
        _outputOffsets = [.. _outputBytes.Select(bytes => Reserve(ref end, bytes * batchMax))];
        _slotBytes = end;
        try
        {
            nuint byteCount = (nuint)end * SlotCount;
            _memory = NativeBlock.Allocate(byteCount, MemoryBacking.Pages, MemoryBacking.Allocator);
            _staging = model.Context.CreateBufferOver(_memory.Address, byteCount, OpenCLAccess.ReadWrite, allowInPlace);
            for (int i = 0; i < _scratch.Length; i++)
            {
                nuint elements = (nuint)plan.ScratchElements[i] * (nuint)batchMax;
                _scratch[i] = model.Context.CreateBuffer(elements * sizeof(float));
            }

            for (int i = 0; i < _steps.Length; i++)
            {
                _kernels[i] = model.Program.CreateKernel(_steps[i].Kernel);
                SetFixedArguments(model, _steps[i], _kernels[i]);
            }

            TakeSlots();
            WarmUp();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Most inferences in a batch.</summary>
    public int BatchMax { get; }

    /// <summary>Whether the device works on the staging area itself, and why.</summary>
    public OpenCLBuffer Staging => _staging!;

    /// <summary>Host memory and device buffers of a lane, in bytes.</summary>
    public static long MemoryByteCount(OpenCLPlan plan, int batchMax)
    {
        long slot = plan.InputElements.Concat(plan.OutputElements)
            .Sum(n => RoundUp((long)n * sizeof(float) * batchMax));
        return (slot * SlotCount) + plan.ScratchElements.Sum(n => (long)n * sizeof(float) * batchMax);
    }

    /// <summary>Takes the next slot; slots come back in the order in which they were taken.</summary>
    public bool TryTakeSlot(out int slot)
    {
        slot = _nextSlot;
        if (_usedSlots == SlotCount)
        {
            return false;
        }

        _usedSlots++;
        _nextSlot = (_nextSlot + 1) % SlotCount;
        return true;
    }

    /// <summary>Gives back the slot that was taken first.</summary>
    public void GiveSlot() => _usedSlots--;

    /// <summary>Where a slot's inferences of an input begin; they lie one after the other.</summary>
    public byte* Input(int slot, int tensor) => SlotStart(slot) + _inputOffsets[tensor];

    /// <summary>Where a slot's inferences of an output begin.</summary>
    public byte* Output(int slot, int tensor) => SlotStart(slot) + _outputOffsets[tensor];

    /// <summary>Bytes of one sample that lie before an input when the inputs are packed.</summary>
    public long InputPlace(int tensor) => _inputPlaces[tensor];

    /// <summary>Bytes of one sample that lie before an output when the outputs are packed.</summary>
    public long OutputPlace(int tensor) => _outputPlaces[tensor];

    /// <summary>
    /// Queues the computation of a slot and sends it to the device. Does not wait, throw or allocate.
    /// </summary>
    /// <param name="slot">The slot, whose inputs are filled.</param>
    /// <param name="inferenceCount">Inferences in it; 1 to <see cref="BatchMax"/>.</param>
    /// <param name="completion">Complete when the outputs are there; null when there was none to get.</param>
    public OpenCLStatus Launch(int slot, int inferenceCount, out OpenCLEvent completion)
    {
        OpenCLStatus status = HandOver(slot, inferenceCount);
        for (int i = 0; i < _steps.Length && status.IsSuccess; i++)
        {
            status = LaunchStep(_steps[i], _kernels[i], slot, inferenceCount);
        }

        // Even after a failure the slot must come back to the host, or it could never be filled again.
        OpenCLStatus returned = TakeBack(slot, inferenceCount, out completion);
        OpenCLStatus flushed = _queue.Flush();
        return !status.IsSuccess ? status : returned.IsSuccess ? flushed : returned;
    }

    /// <summary>Waits for the queue, then releases everything.</summary>
    public void Dispose()
    {
        _queue.Finish();
        foreach (OpenCLKernel? kernel in _kernels)
        {
            kernel?.Dispose();
        }

        foreach (OpenCLBuffer? buffer in _scratch)
        {
            buffer?.Dispose();
        }

        _staging?.Dispose();
        _memory?.Dispose();
    }

    private static long[] Places(int[] bytes)
    {
        long[] places = new long[bytes.Length];
        for (int i = 1; i < places.Length; i++)
        {
            places[i] = places[i - 1] + bytes[i - 1];
        }

        return places;
    }

    private byte* SlotStart(int slot) => (byte*)_memory!.Address + ((nint)slot * _slotBytes);

    private static int Reserve(ref int end, int byteCount)
    {
        int start = end;
        end = checked((int)(start + RoundUp(byteCount)));
        return start;
    }

    private static long RoundUp(long byteCount) => (byteCount + Alignment - 1) / Alignment * Alignment;

    private void SetFixedArguments(OpenCLModel model, OpenCLStep step, OpenCLKernel kernel)
    {
        int argument = 0;
        foreach (Place place in (Place[])[.. step.Reads, step.Writes])
        {
            OpenCLBuffer buffer = place.Kind switch
            {
                PlaceKind.Constant => model.Constant(place.Index),
                PlaceKind.Scratch => _scratch[place.Index],
                _ => _staging!,
            };
            kernel.SetArgument(argument++, buffer).ThrowIfFailed("clSetKernelArg");
            kernel.SetArgument(argument++, 0).ThrowIfFailed("clSetKernelArg");
        }
    }

    /// <summary>All slots begin with the host; from here on each is handed over and taken back in turn.</summary>
    private void TakeSlots()
    {
        for (int slot = 0; slot < SlotCount; slot++)
        {
            TakeBack(slot, BatchMax, out OpenCLEvent taken).ThrowIfFailed("clEnqueueMapBuffer");
            taken.Release();
        }

        _queue.Finish().ThrowIfFailed("clFinish");
    }

    /// <summary>
    /// Runs every kernel once. Some devices finish compiling at the first launch (PoCL: about 90 ms a kernel), which
    /// belongs to the start of the model and not to its first burst.
    /// </summary>
    private void WarmUp()
    {
        Launch(0, 1, out OpenCLEvent completion).ThrowIfFailed("clEnqueueNDRangeKernel");
        completion.Wait().ThrowIfFailed("clWaitForEvents");
        completion.Release();
    }

    private OpenCLStatus HandOver(int slot, int inferenceCount)
    {
        nuint start = (nuint)slot * (nuint)_slotBytes;
        if (Staging.Sharing == OpenCLSharing.InPlace)
        {
            return _queue.ToDevice(Staging, start, (nuint)_slotBytes);
        }

        OpenCLStatus status = default;
        for (int i = 0; i < _inputBytes.Length && status.IsSuccess; i++)
        {
            nuint byteCount = (nuint)_inputBytes[i] * (nuint)inferenceCount;
            status = _queue.ToDevice(Staging, start + (nuint)_inputOffsets[i], byteCount);
        }

        return status;
    }

    private OpenCLStatus TakeBack(int slot, int inferenceCount, out OpenCLEvent completion)
    {
        nuint start = (nuint)slot * (nuint)_slotBytes;
        if (Staging.Sharing == OpenCLSharing.InPlace)
        {
            return _queue.ToHost(Staging, start, (nuint)_slotBytes, out completion);
        }

        completion = default;
        OpenCLStatus status = default;
        for (int i = 0; i < _outputBytes.Length && status.IsSuccess; i++)
        {
            // The queue is in order, so the last copy's event stands for all.
            completion.Release();
            nuint byteCount = (nuint)_outputBytes[i] * (nuint)inferenceCount;
            status = _queue.ToHost(Staging, start + (nuint)_outputOffsets[i], byteCount, out completion);
        }

        return status;
    }

    private OpenCLStatus LaunchStep(OpenCLStep step, OpenCLKernel kernel, int slot, int inferenceCount)
    {
        int slotStart = slot * (_slotBytes / sizeof(float));
        Place[] reads = step.Reads;
        OpenCLStatus status = default;
        int argument = 1;
        for (int i = 0; i < reads.Length && status.IsSuccess; i++, argument += 2)
        {
            if (reads[i].Kind is PlaceKind.Input or PlaceKind.Output)
            {
                status = kernel.SetArgument(argument, slotStart + OffsetOf(reads[i]));
            }
        }

        if (status.IsSuccess && step.Writes.Kind == PlaceKind.Output)
        {
            status = kernel.SetArgument(argument, slotStart + OffsetOf(step.Writes));
        }

        int items = step.ItemCount * inferenceCount;
        if (status.IsSuccess)
        {
            status = kernel.SetArgument(argument + 1, items);
        }

        return status.IsSuccess ? _queue.Launch(kernel, RangeOf(step, items)) : status;
    }

    private int OffsetOf(Place place) =>
        (place.Kind == PlaceKind.Input ? _inputOffsets[place.Index] : _outputOffsets[place.Index]) / sizeof(float);

    private static OpenCLRange RangeOf(OpenCLStep step, int items)
    {
        const int Line = 64;
        if (step.Tile is not { } tile)
        {
            // Rounded up: a device may split a prime number of items into groups of one. The kernel checks its bounds.
            return OpenCLRange.Line((nuint)((items + Line - 1) / Line * Line));
        }

        int rowGroups = (items + tile.Rows - 1) / tile.Rows;
        return OpenCLRange.Grid(
            (nuint)(tile.ColumnGroups * tile.GroupX),
            (nuint)(rowGroups * tile.GroupY),
            (nuint)tile.GroupX,
            (nuint)tile.GroupY);
    }
}
