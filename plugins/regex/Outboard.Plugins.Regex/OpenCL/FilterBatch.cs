using Outboard.Memory;
using Outboard.OpenCL;
using Outboard.Plugins.Regex.Engine;

namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>
/// Payloads that go through the filter passes together: their memory, which host and device hand to each other, and what the passes found.
/// </summary>
/// <remarks>
/// Thread: that of the queue pair. Order: <see cref="Open"/>, <see cref="Add"/> for each payload, <see cref="Launch"/>,
/// <see cref="BecomesComplete"/> until it says so, then the findings; and again.
/// </remarks>
internal sealed unsafe class FilterBatch : IDisposable
{
    /// <summary>Suits processors, whose groups are loops, and the 32 or 64 lanes of graphics processors.</summary>
    private const int GroupSizeDefault = 64;

    private readonly OpenCLQueue _queue;
    private readonly BatchLayout _layout;
    private readonly int _groupSize;
    private readonly OpenCLKernel? _findLiterals;
    private readonly OpenCLKernel? _wakeRules;
    private readonly OpenCLBuffer? _buffer;
    private readonly NativeBlock? _memory;
    private readonly int[] _firstSlices;
    private OpenCLEvent _completion;
    private int _slices;
    private int _used;

    /// <exception cref="OpenCLException">The device refused a kernel or the buffer.</exception>
    public FilterBatch(
        OpenCLContext context, OpenCLQueue queue, OpenCLProgram program, BatchLayout layout, OpenCLTuning tuning)
    {
        _queue = queue;
        _layout = layout;
        _firstSlices = new int[layout.PayloadMax + 1];
        try
        {
            _memory = NativeBlock.Allocate((nuint)layout.ByteCount, MemoryBacking.Pages, MemoryBacking.Allocator);
            _buffer = context.CreateBufferOver(_memory.Address, _memory.ByteCount, OpenCLAccess.ReadWrite, tuning.AllowInPlace);
            _findLiterals = program.CreateKernel(FilterKernels.FindLiterals);
            _wakeRules = program.CreateKernel(FilterKernels.WakeRules);
            _groupSize = tuning.GroupSize
                ?? Math.Min(GroupSizeDefault, Math.Min(_findLiterals.WorkGroupSizeMax, _wakeRules.WorkGroupSizeMax));
            SetFixedArguments();
            if (tuning.WarmsUp)
            {
                WarmUp();
            }

            TakeFirst();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The rules that the batch was opened with; its payloads are searched for these, whatever came later.</summary>
    public RulesInForce Rules { get; private set; } = null!;

    public int PayloadCount { get; private set; }

    /// <summary>Payloads whose ops were handed back already.</summary>
    public int Returned { get; set; }

    public bool IsComplete { get; private set; }

    /// <summary>Valid when complete: whether the device did it.</summary>
    public OpenCLStatus Status { get; private set; }

    /// <summary>How the device reaches the memory, and why.</summary>
    public OpenCLBuffer Buffer => _buffer!;

    /// <summary>Room for one payload, while the batch is not open.</summary>
    public Span<byte> Room => new(Start + _layout.RoomAt, _layout.RoomLength);

    private byte* Start => (byte*)_memory!.Address;

    private int LaneCount => Math.Min(BatchLayout.LaneMax, Rules.Tables.Wakes?.AutomatonCount ?? 0);

    public void Open(RulesInForce rules)
    {
        Rules = rules;
        PayloadCount = Returned = _slices = _used = 0;
        IsComplete = false;
        Status = OpenCLStatus.Success;
    }

    /// <summary>Whether a payload of a length can be added. There is always a slice for it: each payload wastes less than one.</summary>
    public bool HasRoomFor(int length) =>
        PayloadCount < _layout.PayloadMax && BatchLayout.Align(length) <= _layout.RoomLength - _used;

    /// <summary>Adds a payload that there is room for; its bytes are to be written to the span.</summary>
    public Span<byte> Add(int length)
    {
        // SAFETY: tables and room are as long as the layout says, and HasRoomFor was asked.
        uint at = (uint)(_layout.RoomAt + _used);
        var payload = (uint*)(Start + _layout.PayloadsAt) + PayloadCount * 2;
        payload[0] = at;
        payload[1] = (uint)length;
        _firstSlices[PayloadCount] = _slices;
        var slice = (uint*)(Start + _layout.SlicesAt) + _slices * 2;
        for (int done = 0; done < length; done += FilterKernels.SliceLength, slice += 2)
        {
            slice[0] = at + (uint)done;
            slice[1] = at + (uint)length;
            _slices++;
        }

        PayloadCount++;
        _firstSlices[PayloadCount] = _slices;
        _used += BatchLayout.Align(length);
        return new Span<byte>(Start + at, length);
    }

    /// <summary>Queues the passes and sends them to the device. Does not wait, throw or allocate.</summary>
    public void Launch()
    {
        bool findsLiterals = Rules.Tables.Literals is not null && _slices > 0;
        bool wakesRules = LaneCount > 0;
        if (!findsLiterals && !wakesRules)
        {
            IsComplete = true;
            return;
        }

        OpenCLStatus status = HandOver();
        if (findsLiterals && status.IsSuccess)
        {
            status = LaunchLiterals();
        }

        if (wakesRules && status.IsSuccess)
        {
            status = LaunchWakes();
        }

        // Even after a failure the memory must come back to the host, or it could never be filled again.
        OpenCLStatus returned = TakeBack(findsLiterals, wakesRules);
        OpenCLStatus flushed = _queue.Flush();
        Status = !status.IsSuccess ? status : returned.IsSuccess ? flushed : returned;

        // Without an event there is nothing to wait for: it failed before it began.
        IsComplete = _completion.IsNull;
    }

    /// <summary>Asks the device, without waiting; true exactly once, when the batch has become complete.</summary>
    public bool BecomesComplete()
    {
        if (!_completion.Poll(out OpenCLStatus status))
        {
            return false;
        }

        _completion.Release();
        IsComplete = true;
        Status = Status.IsSuccess ? status : Status;
        return true;
    }

    /// <summary>The bytes of a payload.</summary>
    public ReadOnlySpan<byte> Payload(int index)
    {
        // SAFETY: written by Add.
        var payload = (uint*)(Start + _layout.PayloadsAt) + index * 2;
        return new ReadOnlySpan<byte>(Start + payload[0], (int)payload[1]);
    }

    /// <summary>The first position in a payload at which a window of a literal may stand, or -1. The batch is complete.</summary>
    public int FirstCandidate(int index)
    {
        if (Rules.Tables.Literals is null)
        {
            return -1;
        }

        // SAFETY: the kernel has written an answer for each slice.
        var first = (uint*)(Start + _layout.FirstAt);
        for (int s = _firstSlices[index]; s < _firstSlices[index + 1]; s++)
        {
            if (first[s] != uint.MaxValue)
            {
                return (int)(first[s] - ((uint*)(Start + _layout.PayloadsAt))[index * 2]);
            }
        }

        return -1;
    }

    /// <summary>Whether an automaton has accepted anything in a payload. The batch is complete.</summary>
    public bool IsWoken(int index)
    {
        uint any = 0;
        for (int lane = 0; lane < LaneCount; lane++)
        {
            any |= Row(lane, index)[0];
        }

        return any != 0;
    }

    /// <summary>Lists the rules that the automata have accepted in a payload; false when there were too many. The batch is complete.</summary>
    public bool TryListWoken(int index, WakeLists lists, int listIndex)
    {
        for (int lane = 0; lane < LaneCount; lane++)
        {
            uint* row = Row(lane, index);
            if (row[0] > FilterKernels.RowRoom)
            {
                return false;
            }

            for (uint i = 1; i <= row[0]; i++)
            {
                foreach (int rule in Rules.Tables.Wakes!.Lists[row[i]])
                {
                    lists.Add(listIndex, rule);
                }
            }
        }

        return !lists.Overflowed(listIndex);
    }

    /// <summary>Waits for the queue, then releases everything.</summary>
    public void Dispose()
    {
        _queue.Finish();
        _completion.Release();
        _findLiterals?.Dispose();
        _wakeRules?.Dispose();
        _buffer?.Dispose();
        _memory?.Dispose();
    }

    // SAFETY: for the callers; the kernel has written the row of each payload in each lane.
    private uint* Row(int lane, int index) =>
        (uint*)(Start + _layout.RowsAt) + (long)(lane * PayloadCount + index) * FilterKernels.RowLength;

    private void SetFixedArguments()
    {
        _findLiterals!.SetArgument(0, _buffer!).ThrowIfFailed("clSetKernelArg");
        _findLiterals.SetArgument(1, (uint)_layout.SlicesAt).ThrowIfFailed("clSetKernelArg");
        _findLiterals.SetArgument(2, (uint)_layout.FirstAt).ThrowIfFailed("clSetKernelArg");
        _wakeRules!.SetArgument(0, _buffer!).ThrowIfFailed("clSetKernelArg");
        _wakeRules.SetArgument(1, (uint)_layout.PayloadsAt).ThrowIfFailed("clSetKernelArg");
        _wakeRules.SetArgument(2, (uint)_layout.RowsAt).ThrowIfFailed("clSetKernelArg");
    }

    /// <summary>
    /// Runs each kernel once, over nothing: some devices finish compiling at the first launch (PoCL: about 100 ms a kernel), which belongs
    /// to the start and not to the first burst. What stands for the tables is not read.
    /// </summary>
    private void WarmUp()
    {
        foreach (int table in (ReadOnlySpan<int>)[4, 6])
        {
            _findLiterals!.SetArgument(table, _buffer!).ThrowIfFailed("clSetKernelArg");
        }

        foreach (int table in (ReadOnlySpan<int>)[5, 7, 8])
        {
            _wakeRules!.SetArgument(table, _buffer!).ThrowIfFailed("clSetKernelArg");
        }

        _findLiterals!.SetArgument(3, 0u).ThrowIfFailed("clSetKernelArg");
        _findLiterals.SetArgument(5, 0u).ThrowIfFailed("clSetKernelArg");
        _wakeRules!.SetArgument(3, 0u).ThrowIfFailed("clSetKernelArg");
        _wakeRules.SetArgument(4, 1u).ThrowIfFailed("clSetKernelArg");
        _wakeRules.SetArgument(6, 0u).ThrowIfFailed("clSetKernelArg");
        var group = (nuint)_groupSize;
        _queue.Launch(_findLiterals, OpenCLRange.Line(group, group)).ThrowIfFailed("clEnqueueNDRangeKernel");
        _queue.Launch(_wakeRules, OpenCLRange.Grid(group, 1, group, 1)).ThrowIfFailed("clEnqueueNDRangeKernel");
        _queue.Finish().ThrowIfFailed("clFinish");
    }

    /// <summary>Memory in place belongs to the device until it is mapped for the first time.</summary>
    private void TakeFirst()
    {
        if (_buffer!.Sharing == OpenCLSharing.InPlace)
        {
            _queue.ToHost(_buffer, 0, _buffer.ByteCount, out OpenCLEvent taken).ThrowIfFailed("clEnqueueMapBuffer");
            taken.Wait().ThrowIfFailed("clWaitForEvents");
            taken.Release();
        }
    }

    private OpenCLStatus HandOver()
    {
        if (_buffer!.Sharing == OpenCLSharing.InPlace)
        {
            return _queue.ToDevice(_buffer, 0, _buffer.ByteCount);
        }

        OpenCLStatus status = _queue.ToDevice(_buffer, (nuint)_layout.PayloadsAt, (nuint)PayloadCount * 2 * sizeof(uint));
        if (status.IsSuccess && _slices > 0)
        {
            status = _queue.ToDevice(_buffer, (nuint)_layout.SlicesAt, (nuint)_slices * 2 * sizeof(uint));
        }

        return status.IsSuccess && _used > 0 ? _queue.ToDevice(_buffer, (nuint)_layout.RoomAt, (nuint)_used) : status;
    }

    private OpenCLStatus TakeBack(bool findsLiterals, bool wakesRules)
    {
        if (_buffer!.Sharing == OpenCLSharing.InPlace)
        {
            return _queue.ToHost(_buffer, 0, _buffer.ByteCount, out _completion);
        }

        // The queue is in order, so the last copy's event stands for both.
        OpenCLStatus status = default;
        if (findsLiterals)
        {
            status = _queue.ToHost(_buffer, (nuint)_layout.FirstAt, (nuint)_slices * sizeof(uint), out _completion);
        }

        if (wakesRules && status.IsSuccess)
        {
            _completion.Release();
            nuint rows = (nuint)(LaneCount * PayloadCount * FilterKernels.RowLength) * sizeof(uint);
            status = _queue.ToHost(_buffer, (nuint)_layout.RowsAt, rows, out _completion);
        }

        return status;
    }

    private OpenCLStatus LaunchLiterals()
    {
        DeviceTables tables = Rules.Tables;
        OpenCLStatus status = _findLiterals!.SetArgument(3, (uint)_slices);
        status = status.IsSuccess ? _findLiterals.SetArgument(4, tables.LiteralClasses!) : status;
        status = status.IsSuccess ? _findLiterals.SetArgument(5, (uint)tables.Literals!.Classes.Length) : status;
        status = status.IsSuccess ? _findLiterals.SetArgument(6, tables.LiteralBitmaps!) : status;
        return status.IsSuccess
            ? _queue.Launch(_findLiterals, OpenCLRange.Line(RoundUp(_slices), (nuint)_groupSize))
            : status;
    }

    private OpenCLStatus LaunchWakes()
    {
        DeviceTables tables = Rules.Tables;
        OpenCLStatus status = _wakeRules!.SetArgument(3, (uint)PayloadCount);
        status = status.IsSuccess ? _wakeRules.SetArgument(4, (uint)LaneCount) : status;
        status = status.IsSuccess ? _wakeRules.SetArgument(5, tables.WakeHeaders!) : status;
        status = status.IsSuccess ? _wakeRules.SetArgument(6, (uint)tables.Wakes!.AutomatonCount) : status;
        status = status.IsSuccess ? _wakeRules.SetArgument(7, tables.WakeMaps!) : status;
        status = status.IsSuccess ? _wakeRules.SetArgument(8, tables.WakeEntries!) : status;
        return status.IsSuccess
            ? _queue.Launch(_wakeRules, OpenCLRange.Grid(RoundUp(PayloadCount), (nuint)LaneCount, (nuint)_groupSize, 1))
            : status;
    }

    private nuint RoundUp(int items) => (nuint)((items + _groupSize - 1) / _groupSize) * (nuint)_groupSize;
}
