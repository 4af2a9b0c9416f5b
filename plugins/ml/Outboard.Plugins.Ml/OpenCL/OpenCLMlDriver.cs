using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Ml;
using Outboard.OpenCL;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Offload;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>The driver <c>ml_opencl</c>: fully connected networks in batches on an OpenCL device.</summary>
/// <remarks>
/// Device arguments: <c>platform=</c> and <c>device=</c> choose the device by index, part of the name or kind;
/// <c>max_batch=</c> bounds a batch, <c>queues=</c> the queue pairs; <c>cache=off</c> builds programs anew at every
/// start of a model.
/// </remarks>
internal sealed class OpenCLMlDriver : OnnxDriver<OpenCLMlModel>
{
    public const string DriverName = "ml_opencl";

    private const int BatchDefault = 256;
    private const int BatchLimit = 16384;
    private const int ModelsLimit = 64;
    private const int QueuePairLimit = 16;
    private const int DescriptorLimit = 4096;

    private readonly OpenCLDevice _device;
    private readonly OpenCLContext _context;
    private readonly OpenCLQueue _uploads;
    private readonly OpenCLProgramCache _cache;
    private readonly List<OpenCLMlQueuePair> _queuePairs = [];
    private readonly int _batchMax;
    private readonly bool _allowInPlace;

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

    public override OffloadQueuePair<MlOp> CreateQueuePair(int index, QueuePairOptions<MlOp> options)
    {
        OpenCLMlQueuePair made = Guard(() => new OpenCLMlQueuePair(this, _context, Models, options.DescriptorCount));
        _queuePairs.Add(made);
        return made;
    }

    public override void Start() => _queuePairs.ForEach(static queuePair => queuePair.Start());

    public override void Stop() => _queuePairs.ForEach(static queuePair => queuePair.Stop());

    public override void StartModel(ushort id)
    {
        OpenCLMlModel model = Models[id]!;
        Guard(() =>
        {
            model.Device ??= new OpenCLModel(_context, _uploads, model.Plan, _cache);
            foreach (OpenCLMlQueuePair queuePair in _queuePairs)
            {
                queuePair.StartModel(id, model.Device, model.OpBatchMax, _allowInPlace);
            }

            return true;
        });
        base.StartModel(id);
    }

    public override string DescribeError(MlOp op) =>
        op.ErrorCode >= DeviceError.First ? DeviceError.Describe(op.ErrorCode) : base.DescribeError(op);

    /// <summary>A queue pair was disposed.</summary>
    public void Forget(OpenCLMlQueuePair queuePair) => _queuePairs.Remove(queuePair);

    protected override OpenCLMlModel Load(ushort id, ModelGraph graph, MlModelOptions options)
    {
        var plan = OpenCLPlan.Of(graph, _device.HasDedicatedLocalMemory, _device.WorkGroupSizeMax);
        return new OpenCLMlModel(id, graph, plan, options, OpenCLModel.BatchMaxOf(plan, _batchMax), _queuePairs);
    }

    protected override void AddStatistics(List<ExtendedStatistic> list) =>
        Add(list, "device_objects", (ulong)_context.LiveObjectCount);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _context.Dispose();
    }

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
        SegmentsMax = OpBuffers.SegmentsMax,
        BufferAlignment = 1,
        Capabilities = MlCapabilities.MbufBuffers | MlCapabilities.SegmentedBuffers | MlCapabilities.SplitLayout,
        Operators = OpenCLOperators.All,
    };
}
