using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Ml;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Offload;
using Outboard.Plugins.Ml.Onnx;
using Outboard.Plugins.Ml.Plan;

namespace Outboard.Plugins.Ml.Simd;

/// <summary>
/// The software ml device: models run on the thread that dequeues. Ops of one model that wait one behind the other run as one
/// batch; a lone op runs at once.
/// </summary>
internal sealed class SimdMlDriver : OnnxDriver<SimdModel>
{
    private const int DescriptorMax = 4096;
    private const int ModelsMax = 256;

    private readonly SimdMlOptions _options;
    private readonly KernelSet _kernels;
    private SimdMlQueuePair?[] _queuePairs = [];

    public SimdMlDriver(DriverContext context)
    {
        _options = SimdMlOptions.Take(context.Arguments);
        _kernels = new KernelSet(context.Simd);
        Info = new MlDeviceInfo
        {
            Name = context.DeviceName,
            Driver = context.DriverName,
            Backend = "SIMD",
            Kernels = _kernels.Choices,
            QueuePairMax = _options.QueuePairMax,
            DescriptorMax = DescriptorMax,
            ModelsMax = ModelsMax,
            IoMax = byte.MaxValue,
            SegmentsMax = OpBuffers.SegmentsMax,
            BufferAlignment = 1,
            Capabilities = MlCapabilities.SplitLayout | MlCapabilities.SegmentedBuffers | MlCapabilities.MbufBuffers,
            Operators =
            [
                .. OnnxOperators.All
                    .Select(o => o.Domain == OnnxOperators.Core ? o.Name : $"{o.Domain}.{o.Name}")
                    .Order(StringComparer.Ordinal),
            ],
        };
    }

    public override MlDeviceInfo Info { get; }

    public override void Configure(MlConfiguration configuration)
    {
        base.Configure(configuration);
        _queuePairs = new SimdMlQueuePair?[configuration.QueuePairCount];
    }

    public override OffloadQueuePair<MlOp> CreateQueuePair(int index, QueuePairOptions<MlOp> options)
    {
        var queuePair = new SimdMlQueuePair(index, options.DescriptorCount, Models);
        _queuePairs[index] = queuePair;
        return queuePair;
    }

    public override void Start()
    {
    }

    /// <summary>Nothing to end: what is in flight runs when it is dequeued.</summary>
    public override void Stop()
    {
    }

    protected override SimdModel Load(ushort id, ModelGraph graph, MlModelOptions options) =>
        new(graph, _kernels, options, _options.BatchMax, _queuePairs.Length);

    protected override void AddStatistics(List<ExtendedStatistic> list)
    {
        for (int i = 0; i < _queuePairs.Length; i++)
        {
            SimdMlQueuePair? q = _queuePairs[i];
            Add(list, $"q{i}_batches", q?.BatchCount ?? 0);
            Add(list, $"q{i}_inferences", q?.InferenceCount ?? 0);
            Add(list, $"q{i}_in_place_batches", q?.InPlaceCount ?? 0);
            Add(list, $"q{i}_refused_ops", q?.RefusedCount ?? 0);
        }
    }
}
