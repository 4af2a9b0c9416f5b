using System.Globalization;
using Outboard.Ml;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Offload;

/// <summary>
/// A model on a device, whatever the device runs it on: what ops are checked against, and where it stands.
/// </summary>
internal abstract class LoadedModel : IDisposable
{
    private bool _isStarted;

    protected LoadedModel(ModelGraph graph, MlModelOptions options, int opBatchMax)
    {
        IsPacked = options.Layout == MlIoLayout.Packed;
        InputBytes = [.. graph.Inputs.Select(v => v.ByteCount)];
        OutputBytes = [.. graph.Outputs.Select(v => v.ByteCount)];
        InputTotal = InputBytes.Sum(b => (long)b);
        OutputTotal = OutputBytes.Sum(b => (long)b);
        OpBatchMax = opBatchMax;
    }

    public abstract MlModelInfo Info { get; }

    public bool IsPacked { get; }

    /// <summary>Bytes of each input for one inference.</summary>
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

    /// <summary>Ops of it inside all queue pairs.</summary>
    public abstract long InFlightCount { get; }

    public abstract MlModelStatistics ReadStatistics();

    public abstract void Dispose();

    protected MlModelInfo Describe(
        ModelGraph graph,
        MlModelOptions options,
        long memoryBytes,
        IReadOnlyList<string> steps,
        IReadOnlyList<KernelChoice> kernels) => new()
        {
            Name = options.Name ?? graph.Name,
            Version = graph.Version.ToString(CultureInfo.InvariantCulture),
            Layout = options.Layout,
            BatchMin = 1,
            BatchMax = OpBatchMax,
            Inputs = [.. graph.Inputs.Select(Describe)],
            Outputs = [.. graph.Outputs.Select(Describe)],
            ParameterByteCount = 0,
            MemoryByteCount = memoryBytes,
            MacCount = graph.Operations.Sum(o => o is DenseOperation or MatrixProductOperation ? o.Work : 0),
            Steps = steps,
            Kernels = kernels,
            Metadata = graph.Metadata,
        };

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
