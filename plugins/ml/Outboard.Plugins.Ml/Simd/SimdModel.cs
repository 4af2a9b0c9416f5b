using Outboard.Ml;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;
using Outboard.Plugins.Ml.Offload;
using Outboard.Plugins.Ml.Plan;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Simd;

/// <summary>A model on the device: its plan, and one lane for each queue pair, so that queue pairs share nothing that changes.</summary>
internal sealed class SimdModel : LoadedModel
{
    private readonly ExecutionPlan _plan;
    private readonly ModelLane[] _lanes;

    public SimdModel(ModelGraph graph, KernelSet kernels, MlModelOptions options, int batchMax, int laneCount)
        : base(graph, options, graph.IsBatched ? ushort.MaxValue : 1)
    {
        _plan = PlanBuilder.Build(graph, kernels, batchMax);
        _lanes = new ModelLane[laneCount];
        for (int i = 0; i < laneCount; i++)
        {
            _lanes[i] = new ModelLane(_plan, graph.IsBatched ? batchMax : 1, IsPacked);
        }

        Info = Describe(
            graph,
            options,
            _plan.ByteCount + _lanes.Sum(l => l.ByteCount),
            _plan.StepNames,
            [.. kernels.Choices.Where(c => Uses(graph, c))]);
    }

    public override MlModelInfo Info { get; }

    public override long InFlightCount => _lanes.Sum(l => l.InFlightCount);

    public ModelLane Lane(int queuePair) => _lanes[queuePair];

    public override MlModelStatistics ReadStatistics()
    {
        ulong ops = 0, batches = 0, sum = 0, min = ulong.MaxValue, max = 0;
        ulong[] histogram = new ulong[ModelLane.HistogramSize];
        foreach (ModelLane lane in _lanes)
        {
            ops += lane.OpCount;
            batches += lane.BatchCount;
            sum += lane.LatencySum;
            min = Math.Min(min, lane.LatencyMin);
            max = Math.Max(max, lane.LatencyMax);
            for (int i = 0; i < histogram.Length; i++)
            {
                histogram[i] += lane.Histogram[i];
            }
        }

        return new MlModelStatistics(ops, 0, batches, batches == 0 ? 0 : min, max, sum, histogram);
    }

    public override void Dispose()
    {
        foreach (ModelLane lane in _lanes)
        {
            lane.Dispose();
        }

        _plan.Dispose();
    }

    private static bool Uses(ModelGraph graph, KernelChoice choice) => graph.Operations.Any(o => choice.Operation == o switch
    {
        DenseOperation or MatrixProductOperation => "gemm",
        SoftmaxOperation => "softmax",
        TreeEnsembleOperation => "trees",
        UnaryOperation or BinaryOperation => "elementwise",
        _ => "",
    });
}
