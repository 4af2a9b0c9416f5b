using Outboard.OpenCL;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>Ops of one model that run as one chain of launches; consecutive in the queue pair's ring.</summary>
internal sealed class OpenCLBatch
{
    private OpenCLEvent _completion;

    public OpenCLLane Lane { get; private set; } = null!;

    public int ModelId { get; private set; }

    public int Slot { get; private set; }

    /// <summary>Ops in it that were not handed back yet.</summary>
    public int OpCount { get; set; }

    public int InferenceCount { get; set; }

    /// <summary>Inferences of the ops handed back already: where the next op's outputs begin.</summary>
    public int InferencesDone { get; set; }

    public bool IsLaunched { get; private set; }

    public bool IsComplete { get; private set; }

    /// <summary>Valid when complete: whether the device did it.</summary>
    public OpenCLStatus Status { get; private set; }

    /// <summary>Stopwatch ticks at the launch.</summary>
    public long LaunchedAt { get; private set; }

    public bool HasRoomFor(int inferenceCount) => InferenceCount + inferenceCount <= Lane.BatchMax;

    public void Open(OpenCLLane lane, int modelId, int slot)
    {
        Lane = lane;
        ModelId = modelId;
        Slot = slot;
        OpCount = InferenceCount = InferencesDone = 0;
        IsLaunched = IsComplete = false;
        Status = OpenCLStatus.Success;
    }

    public void Launch(long now)
    {
        LaunchedAt = now;
        IsLaunched = true;
        Status = Lane.Launch(Slot, InferenceCount, out _completion);

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
}
