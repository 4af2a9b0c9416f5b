using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Ml;
using Outboard.Ml.Driver;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Onnx;
using Outboard.Plugins.Ml.Plan;

namespace Outboard.Plugins.Ml.Simd;

/// <summary>
/// The software ml device: models run on the thread that dequeues. Ops of one model that wait one behind the other run as one
/// batch; a lone op runs at once.
/// </summary>
internal sealed class SimdMlDriver : MlDriver
{
    private const int DescriptorMax = 4096;
    private const int ModelsMax = 256;
    private const int UnloadWaitMilliseconds = 1000;

    private readonly SimdMlOptions _options;
    private readonly KernelSet _kernels;
    private SimdMlQueuePair?[] _queuePairs = [];
    private LoadedModel?[] _models = [];
    private ulong _loaded;
    private ulong _unloaded;
    private ulong _started;
    private ulong _stopped;

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

    /// <summary>Models by id; a queue pair reads its element once for each op.</summary>
    public LoadedModel?[] Models => _models;

    public override void Configure(MlConfiguration configuration)
    {
        _models = new LoadedModel?[configuration.ModelsMax];
        _queuePairs = new SimdMlQueuePair?[configuration.QueuePairCount];
    }

    public override OffloadQueuePair<MlOp> CreateQueuePair(int index, QueuePairOptions<MlOp> options)
    {
        var queuePair = new SimdMlQueuePair(index, options.DescriptorCount, _models);
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

    public override MlModelInfo LoadModel(ushort id, ReadOnlyMemory<byte> onnx, MlModelOptions options)
    {
        try
        {
            ModelGraph graph = OnnxImporter.Import(onnx.Span, ConstantEvaluator.Instance);
            if (graph.Inputs.Length > byte.MaxValue || graph.Outputs.Length > byte.MaxValue)
            {
                throw new ModelException(
                    $"it has {graph.Inputs.Length} inputs and {graph.Outputs.Length} outputs; at most {byte.MaxValue} each are supported");
            }

            var model = new LoadedModel(id, graph, _kernels, options, _options.BatchMax, _queuePairs.Length);
            Volatile.Write(ref _models[id], model);
            _loaded++;
            return model.Info;
        }
        catch (ModelException e)
        {
            throw new MlModelException($"{Info.Name}: the model{(options.Name is { } name ? " " + name : "")} is refused: {e.Message}", e);
        }
    }

    public override void StartModel(ushort id)
    {
        _models[id]!.IsStarted = true;
        _started++;
    }

    public override void StopModel(ushort id)
    {
        _models[id]!.IsStarted = false;
        _stopped++;
    }

    /// <summary>
    /// An enqueue counts its op before it looks whether the model is started; after the process-wide barrier it has either
    /// seen the model stopped or its count is seen here.
    /// </summary>
    public override void UnloadModel(ushort id)
    {
        LoadedModel model = _models[id]!;
        model.IsStarted = false;
        Interlocked.MemoryBarrierProcessWide();
        long deadline = Environment.TickCount64 + UnloadWaitMilliseconds;
        var spin = new SpinWait();
        while (model.InFlightCount != 0)
        {
            if (Environment.TickCount64 > deadline)
            {
                throw new DeviceException(
                    Info.Name, $"{model.InFlightCount} ops of model {model.Info.Name} are in flight and nobody dequeues them.");
            }

            spin.SpinOnce();
        }

        Volatile.Write(ref _models[id], null);
        model.Dispose();
        _unloaded++;
    }

    public override MlModelStatistics ReadModelStatistics(ushort id) => _models[id]!.ReadStatistics();

    public override string DescribeError(MlOp op) => OpErrors.Describe(op, op.ModelId < _models.Length ? _models[op.ModelId] : null);

    public override IReadOnlyList<ExtendedStatistic> ReadExtendedStatistics()
    {
        var list = new List<ExtendedStatistic>();
        Add("models_loaded", _loaded);
        Add("models_unloaded", _unloaded);
        Add("models_started", _started);
        Add("models_stopped", _stopped);
        for (int i = 0; i < _queuePairs.Length; i++)
        {
            SimdMlQueuePair? q = _queuePairs[i];
            Add($"q{i}_batches", q?.BatchCount ?? 0);
            Add($"q{i}_inferences", q?.InferenceCount ?? 0);
            Add($"q{i}_in_place_batches", q?.InPlaceCount ?? 0);
            Add($"q{i}_refused_ops", q?.RefusedCount ?? 0);
        }

        return list;

        void Add(string name, ulong value) => list.Add(new ExtendedStatistic(list.Count, name, value));
    }

    protected override void Dispose(bool disposing)
    {
        foreach (LoadedModel? model in _models)
        {
            model?.Dispose();
        }
    }
}
