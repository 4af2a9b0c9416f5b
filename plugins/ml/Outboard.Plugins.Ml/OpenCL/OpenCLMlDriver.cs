using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Ml;
using Outboard.Ml.Driver;
using Outboard.OpenCL;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Onnx;
using Outboard.Plugins.Ml.Plan;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>The driver <c>ml_opencl</c>: fully connected networks in batches on an OpenCL device.</summary>
/// <remarks>
/// Device arguments: <c>platform=</c> and <c>device=</c> choose the device by index, part of the name or kind;
/// <c>max_batch=</c> bounds a batch, <c>queues=</c> the queue pairs; <c>cache=off</c> builds programs anew at every
/// start of a model.
/// </remarks>
internal sealed class OpenCLMlDriver : MlDriver
{
    public const string DriverName = "ml_opencl";

    private const int BatchDefault = 256;
    private const int BatchLimit = 16384;
    private const int ModelsLimit = 64;
    private const int QueuePairLimit = 16;
    private const int DescriptorLimit = 4096;

    private static readonly TimeSpan s_unloadLimit = TimeSpan.FromSeconds(5);

    private readonly OpenCLDevice _device;
    private readonly OpenCLContext _context;
    private readonly OpenCLQueue _uploads;
    private readonly OpenCLProgramCache _cache;
    private readonly List<OpenCLMlQueuePair> _queuePairs = [];
    private readonly int _batchMax;
    private readonly bool _allowInPlace;
    private OpenCLMlModel?[] _models = [];

    public OpenCLMlDriver(DriverContext context, OpenCLProbe probe, bool allowInPlace = true)
    {
        string? platform = context.Arguments.TakeString("platform");
        string? device = context.Arguments.TakeString("device");
        _batchMax = context.Arguments.TakeInt32("max_batch", BatchDefault, 1, BatchLimit);
        int queuePairMax = context.Arguments.TakeInt32("queues", QueuePairLimit, 1, QueuePairLimit);
        _cache = context.Arguments.TakeBoolean("cache", true) ? OpenCLProgramCache.ForUser() : OpenCLProgramCache.Off;
        _allowInPlace = allowInPlace;
        if (!probe.TrySelect(platform, device, out OpenCLDevice? selected, out string? reason))
        {
            throw probe.Devices.Count == 0
                ? new DeviceException(context.DeviceName, reason)
                : new ArgumentException($"{context.DeviceName}: {reason}.");
        }

        _device = selected;
        Info = Describe(context, queuePairMax);
        try
        {
            _context = _device.CreateContext();
            _uploads = _context.CreateQueue();
        }
        catch (OpenCLException e)
        {
            _context?.Dispose();
            throw new DeviceException(context.DeviceName, e.Message, e);
        }
    }

    public override MlDeviceInfo Info { get; }

    public override void Configure(MlConfiguration configuration) =>
        _models = new OpenCLMlModel?[configuration.ModelsMax];

    public override OffloadQueuePair<MlOp> CreateQueuePair(int index, QueuePairOptions<MlOp> options)
    {
        OpenCLMlQueuePair made = Guard(() => new OpenCLMlQueuePair(this, _context, _models, options.DescriptorCount));
        _queuePairs.Add(made);
        return made;
    }

    public override void Start() => _queuePairs.ForEach(static queuePair => queuePair.Start());

    public override void Stop() => _queuePairs.ForEach(static queuePair => queuePair.Stop());

    public override MlModelInfo LoadModel(ushort id, ReadOnlyMemory<byte> onnx, MlModelOptions options)
    {
        try
        {
            ModelGraph graph = OnnxImporter.Import(onnx.Span, ConstantEvaluator.Instance);
            var plan = OpenCLPlan.Of(graph, _device.HasDedicatedLocalMemory, _device.WorkGroupSizeMax);
            MlModelInfo info = OpenCLMlReport.Of(graph, plan, options, OpenCLModel.BatchMaxOf(plan, _batchMax));
            _models[id] = new OpenCLMlModel(plan, info);
            return info;
        }
        catch (ModelException e)
        {
            throw new MlModelException(e.Message, e);
        }
    }

    public override void StartModel(ushort id)
    {
        OpenCLMlModel model = _models[id]!;
        Guard(() =>
        {
            model.Device ??= new OpenCLModel(_context, _uploads, model.Plan, _cache);
            foreach (OpenCLMlQueuePair queuePair in _queuePairs)
            {
                queuePair.StartModel(id, model.Device, model.Info.BatchMax, _allowInPlace);
            }

            return true;
        });
        model.IsStarted = true;
    }

    public override void StopModel(ushort id) => _models[id]!.IsStarted = false;

    public override void UnloadModel(ushort id)
    {
        OpenCLMlModel model = _models[id]!;

        // See OpenCLMlQueuePair.TryTake: after the barrier every op that was taken is counted.
        Interlocked.MemoryBarrierProcessWide();
        var spin = new SpinWait();
        long start = Environment.TickCount64;
        while (_queuePairs.Exists(queuePair => queuePair.InFlightOf(id) != 0))
        {
            if (Environment.TickCount64 - start > s_unloadLimit.TotalMilliseconds)
            {
                throw new DeviceException(
                    Info.Name,
                    $"ops of model {model.Info.Name} are in flight and nobody dequeues them.");
            }

            spin.SpinOnce();
        }

        _queuePairs.ForEach(queuePair => queuePair.UnloadModel(id));
        model.Device?.Dispose();
        Volatile.Write(ref _models[id], null);
    }

    public override MlModelStatistics ReadModelStatistics(ushort id)
    {
        ulong ops = 0, errors = 0, batches = 0, minimum = ulong.MaxValue, maximum = 0, sum = 0;
        ulong[] histogram = new ulong[OpenCLMlCounters.HistogramLength];
        foreach (OpenCLMlQueuePair queuePair in _queuePairs)
        {
            OpenCLMlCounters counters = queuePair.CountersOf(id);
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

    public override IReadOnlyList<ExtendedStatistic> ReadExtendedStatistics()
    {
        IEnumerable<OpenCLMlModel> models = _models.OfType<OpenCLMlModel>();
        return
        [
            new ExtendedStatistic(0, "models_loaded", (ulong)models.Count()),
            new ExtendedStatistic(1, "models_started", (ulong)models.Count(static model => model.IsStarted)),
            new ExtendedStatistic(2, "device_objects", (ulong)_context.LiveObjectCount),
        ];
    }

    public override string DescribeError(MlOp op) =>
        OpenCLMlError.Describe(op, op.ModelId < _models.Length ? _models[op.ModelId] : null);

    /// <summary>A queue pair was disposed.</summary>
    public void Forget(OpenCLMlQueuePair queuePair) => _queuePairs.Remove(queuePair);

    protected override void Dispose(bool disposing) => _context.Dispose();

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (OpenCLException e)
        {
            throw new DeviceException(Info.Name, e.Message, e);
        }
    }

    private MlDeviceInfo Describe(DriverContext context, int queuePairMax) => new()
    {
        Name = context.DeviceName,
        Driver = context.DriverName,
        Backend = $"OpenCL: {_device}",
        Kernels =
        [
            new KernelChoice(
                "dense",
                SimdWidth.Scalar,
                _device.HasDedicatedLocalMemory ? "opencl-local-tile" : "opencl-register-tile",
                "the device's own compiler chooses its vectors; the switch binds the host's code only"),
        ],
        QueuePairMax = queuePairMax,
        DescriptorMax = DescriptorLimit,
        ModelsMax = ModelsLimit,
        IoMax = byte.MaxValue,
        SegmentsMax = ushort.MaxValue,
        BufferAlignment = 1,
        Capabilities = MlCapabilities.MbufBuffers | MlCapabilities.SegmentedBuffers | MlCapabilities.SplitLayout,
        Operators = OpenCLMlReport.Operators,
    };
}
