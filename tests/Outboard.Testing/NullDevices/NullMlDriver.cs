using System.Runtime.CompilerServices;
using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Ml;
using Outboard.Ml.Driver;
using Outboard.Plugins;

namespace Outboard.Testing.NullDevices;

/// <summary>Runs one model, of its own format: four floats in, the same four out.</summary>
public sealed class NullMlDriver(DriverContext context) : MlDriver
{
    private const int Floats = 4;
    private Model?[] _models = [];

    /// <summary>The only model there is.</summary>
    public static ReadOnlyMemory<byte> ModelBytes { get; } = "null model: four floats, as they are, and nothing else."u8.ToArray();

    /// <inheritdoc/>
    public override MlDeviceInfo Info { get; } = new()
    {
        Name = context.DeviceName,
        Driver = context.DriverName,
        Backend = "null",
        Kernels = NullPlugin.Kernels,
        QueuePairMax = 4,
        DescriptorMax = 4096,
        ModelsMax = 8,
        IoMax = 1,
        SegmentsMax = 1,
        BufferAlignment = 1,
        Capabilities = MlCapabilities.None,
        Operators = ["Identity"],
    };

    /// <inheritdoc/>
    public override void Configure(MlConfiguration configuration) => _models = new Model?[configuration.ModelsMax];

    /// <inheritdoc/>
    public override MlModelInfo LoadModel(ushort id, ReadOnlyMemory<byte> onnx, MlModelOptions options)
    {
        if (!onnx.Span.SequenceEqual(ModelBytes.Span))
        {
            throw new MlModelException($"{Info.Name}: not the null model.");
        }

        _models[id] = new Model();
        MlTensorInfo tensor = new("x", MlElementType.Float32, [1, Floats], Floats, Floats * sizeof(float), 1, 0);
        return new MlModelInfo
        {
            Name = options.Name ?? "null",
            Version = "1",
            Layout = MlIoLayout.Packed,
            BatchMin = 1,
            BatchMax = 256,
            Inputs = [tensor],
            Outputs = [tensor with { Name = "y" }],
            ParameterByteCount = 0,
            MemoryByteCount = 1,
            MacCount = 0,
            Steps = ["copy"],
            Kernels = NullPlugin.Kernels,
            Metadata = new Dictionary<string, string>(),
        };
    }

    /// <inheritdoc/>
    public override void StartModel(ushort id) => Volatile.Write(ref _models[id]!.Started, true);

    /// <inheritdoc/>
    public override void StopModel(ushort id) => Volatile.Write(ref _models[id]!.Started, false);

    /// <inheritdoc/>
    public override void UnloadModel(ushort id) => _models[id] = null;

    /// <inheritdoc/>
    public override MlModelStatistics ReadModelStatistics(ushort id) =>
        new(_models[id]!.OpCount, 0, _models[id]!.OpCount, 0, 0, 0, [_models[id]!.OpCount]);

    /// <inheritdoc/>
    public override string DescribeError(MlOp op) => op.ErrorCode == 1 ? "the model is not started" : "a buffer is too short";

    /// <inheritdoc/>
    public override OffloadQueuePair<MlOp> CreateQueuePair(int index, QueuePairOptions<MlOp> options) =>
        new QueuePair(this, options.DescriptorCount);

    /// <inheritdoc/>
    public override void Start()
    {
    }

    /// <inheritdoc/>
    public override void Stop()
    {
    }

    private sealed class Model
    {
        public bool Started;
        public ulong OpCount;
    }

    private sealed class QueuePair(NullMlDriver driver, int descriptorCount) : NullQueuePair<MlOp>(descriptorCount)
    {
        protected override unsafe OpStatus Process(MlOp op)
        {
            Model?[] models = driver._models;
            Model? model = op.ModelId < models.Length ? models[op.ModelId] : null;
            if (model is null || !Volatile.Read(ref model.Started))
            {
                op.SetResult(OpStatus.InvalidSession, 1);
                return OpStatus.InvalidSession;
            }

            int bytes = op.BatchCount * Floats * sizeof(float);
            ref readonly MlBuffer input = ref op.GetInput(0);
            ref readonly MlBuffer output = ref op.GetOutput(0);
            if (bytes == 0 || input.Length < bytes || output.Length < bytes)
            {
                op.SetResult(OpStatus.InvalidArguments, 2);
                return OpStatus.InvalidArguments;
            }

            // SAFETY: the application vouches for addresses and lengths until the op is dequeued.
            Unsafe.CopyBlockUnaligned((void*)output.Address, (void*)input.Address, (uint)bytes);
            Interlocked.Increment(ref model.OpCount);
            op.SetResult(OpStatus.Success, 0);
            return OpStatus.Success;
        }
    }
}
