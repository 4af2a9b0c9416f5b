using Outboard.Ml;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Offload;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>A model on the device: its plan, and from the first start on its program and weights.</summary>
internal sealed class OpenCLMlModel : LoadedModel
{
    private readonly ushort _id;
    private readonly IReadOnlyList<OpenCLMlQueuePair> _queuePairs;

    /// <param name="id">Its place in the tables of the queue pairs.</param>
    /// <param name="graph">The model.</param>
    /// <param name="plan">The same as launches.</param>
    /// <param name="options">How it is loaded.</param>
    /// <param name="batchMax">Most inferences in a batch.</param>
    /// <param name="queuePairs">The driver's list, which may change.</param>
    public OpenCLMlModel(
        ushort id,
        ModelGraph graph,
        OpenCLPlan plan,
        MlModelOptions options,
        int batchMax,
        IReadOnlyList<OpenCLMlQueuePair> queuePairs)
        : base(graph, options, batchMax)
    {
        _id = id;
        _queuePairs = queuePairs;
        Plan = plan;
        long constants = plan.Constants.Sum(static constant => (long)constant.Length);
        Info = Describe(
            graph,
            options,
            constants + OpenCLLane.MemoryByteCount(plan, batchMax),
            [.. plan.Steps.Select(static step => step.Describe())],
            [.. plan.Steps.Select(Choice)]);
    }

    public override MlModelInfo Info { get; }

    public OpenCLPlan Plan { get; }

    /// <summary>Program and weights, from the first start to the unload.</summary>
    public OpenCLModel? Device { get; set; }

    public override long InFlightCount => _queuePairs.Sum(queuePair => queuePair.InFlightOf(_id));

    public override MlModelStatistics ReadStatistics()
    {
        ulong ops = 0, errors = 0, batches = 0, minimum = ulong.MaxValue, maximum = 0, sum = 0;
        ulong[] histogram = new ulong[OpenCLMlCounters.HistogramLength];
        foreach (OpenCLMlQueuePair queuePair in _queuePairs)
        {
            OpenCLMlCounters counters = queuePair.CountersOf(_id);
            ops += counters.OpCount;
            errors += counters.ErrorCount;
            batches += counters.BatchCount;
            minimum = Math.Min(minimum, counters.LatencyMin);
            maximum = Math.Max(maximum, counters.LatencyMax);
            sum += counters.LatencySum;
            for (int i = 0; i < histogram.Length; i++)
            {
                histogram[i] += counters.Histogram[i];
            }
        }

        return new MlModelStatistics(ops, errors, batches, batches == 0 ? 0 : minimum, maximum, sum, histogram);
    }

    public override void Dispose()
    {
        foreach (OpenCLMlQueuePair queuePair in _queuePairs)
        {
            queuePair.UnloadModel(_id);
        }

        Device?.Dispose();
        Device = null;
    }

    private static KernelChoice Choice(OpenCLStep step)
    {
        if (step.Tile is not { } tile)
        {
            return new KernelChoice(
                step.Kernel, SimdWidth.Scalar, "opencl-elementwise", "one work item for each element or row");
        }

        return tile.UsesLocalMemory
            ? new KernelChoice(
                step.Kernel,
                SimdWidth.Scalar,
                $"opencl-local-tile-{tile.Rows}x{tile.Columns}",
                "the device has local memory of its own")
            : new KernelChoice(
                step.Kernel,
                SimdWidth.Scalar,
                $"opencl-register-tile-{tile.Rows}x{tile.Columns}",
                "the device has no local memory of its own");
    }
}
