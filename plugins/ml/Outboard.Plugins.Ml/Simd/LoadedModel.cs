using Outboard.Ml;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;
using Outboard.Plugins.Ml.Plan;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Simd;

/// <summary>A model on the device: its plan, and one lane for each queue pair, so that queue pairs share nothing that changes.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly ExecutionPlan _plan;
    private readonly ModelLane[] _lanes;
    private bool _isStarted;

    public LoadedModel(ushort id, ModelGraph graph, KernelSet kernels, MlModelOptions options, int batchMax, int laneCount)
    {
        Id = id;
        IsPacked = options.Layout == MlIoLayout.Packed;
        _plan = PlanBuilder.Build(graph, kernels, batchMax);
        InputBytes = _plan.InputBytes;
        OutputBytes = _plan.OutputBytes;
        InputTotal = InputBytes.Sum(b => (long)b);
        OutputTotal = OutputBytes.Sum(b => (long)b);
        OpBatchMax = graph.IsBatched ? ushort.MaxValue : 1;
        _lanes = new ModelLane[laneCount];
        for (int i = 0; i < laneCount; i++)
        {
            _lanes[i] = new ModelLane(_plan, graph.IsBatched ? batchMax : 1, IsPacked);
        }

        Info = Describe(graph, kernels, options);
    }

    public ushort Id { get; }

    public MlModelInfo Info { get; }

    public bool IsPacked { get; }

    public int[] InputBytes { get; }

    public int[] OutputBytes { get; }

    /// <summary>Bytes of all inputs of one inference.</summary>
    public long InputTotal { get; }

    public long OutputTotal { get; }

    /// <summary>The largest batch of one op.</summary>
    public int OpBatchMax { get; }

    /// <summary>Written by the control path, read by every enqueue.</summary>
    public bool IsStarted
    {
        get => Volatile.Read(ref _isStarted);
        set => Volatile.Write(ref _isStarted, value);
    }

    public long InFlightCount => _lanes.Sum(l => l.InFlightCount);

    public ModelLane Lane(int queuePair) => _lanes[queuePair];

    public MlModelStatistics ReadStatistics()
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

    public void Dispose()
    {
        foreach (ModelLane lane in _lanes)
        {
            lane.Dispose();
        }

        _plan.Dispose();
    }

    private MlModelInfo Describe(ModelGraph graph, KernelSet kernels, MlModelOptions options) => new()
    {
        Name = options.Name ?? graph.Name,
        Version = graph.Version.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Layout = options.Layout,
        BatchMin = 1,
        BatchMax = OpBatchMax,
        Inputs = [.. graph.Inputs.Select(Describe)],
        Outputs = [.. graph.Outputs.Select(Describe)],
        ParameterByteCount = 0,
        MemoryByteCount = _plan.ByteCount + _lanes.Sum(l => l.ByteCount),
        MacCount = graph.Operations.Sum(o => o is DenseOperation or MatrixProductOperation ? o.Work : 0),
        Steps = _plan.StepNames,
        Kernels = [.. kernels.Choices.Where(c => Uses(graph, c))],
        Metadata = graph.Metadata,
    };

    private static bool Uses(ModelGraph graph, KernelChoice choice) => graph.Operations.Any(o => choice.Operation == o switch
    {
        DenseOperation or MatrixProductOperation => "gemm",
        SoftmaxOperation => "softmax",
        TreeEnsembleOperation => "trees",
        UnaryOperation or BinaryOperation => "elementwise",
        _ => "",
    });

    private static MlTensorInfo Describe(GraphValue v) =>
        new(v.Name, TypeOf(v.Type), v.Shape.Dims.ToArray(), v.Shape.ElementCount, v.ByteCount, 1f, 0);

    private static MlElementType TypeOf(ElementType type) => type switch
    {
        ElementType.Int8 => MlElementType.Int8,
        ElementType.UInt8 => MlElementType.UInt8,
        ElementType.Int16 => MlElementType.Int16,
        ElementType.UInt16 => MlElementType.UInt16,
        ElementType.Int32 => MlElementType.Int32,
        ElementType.UInt32 => MlElementType.UInt32,
        ElementType.Int64 => MlElementType.Int64,
        ElementType.UInt64 => MlElementType.UInt64,
        ElementType.Float16 => MlElementType.Float16,
        ElementType.BFloat16 => MlElementType.BFloat16,
        ElementType.Float64 => MlElementType.Float64,
        ElementType.Bool => MlElementType.Bool,
        _ => MlElementType.Float32,
    };
}
