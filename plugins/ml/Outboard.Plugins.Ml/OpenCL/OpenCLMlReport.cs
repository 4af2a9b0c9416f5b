using System.Globalization;
using Outboard.Ml;
using Outboard.Plugins.Ml.Graph;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>What the driver says about its models.</summary>
internal static class OpenCLMlReport
{
    /// <summary>The ONNX operators that can become kernels here, or that the import does away with.</summary>
    public static IReadOnlyList<string> Operators { get; } =
    [
        "Abs", "Add", "BatchNormalization", "Celu", "Clip", "Constant", "Div", "Dropout", "Elu", "Exp", "Flatten",
        "Gelu", "Gemm", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "Log", "LogSoftmax", "MatMul", "Max",
        "Min", "Mish", "Mul", "Neg", "PRelu", "Reciprocal", "Relu", "Reshape", "Selu", "Sigmoid", "Softmax",
        "Softplus", "Softsign", "Sqrt", "Squeeze", "Sub", "Tanh", "ThresholdedRelu", "Unsqueeze",
    ];

    public static MlModelInfo Of(ModelGraph graph, OpenCLPlan plan, MlModelOptions options, int batchMax) => new()
    {
        Name = options.Name ?? (graph.Name.Length != 0 ? graph.Name : "model"),
        Version = graph.Version.ToString(CultureInfo.InvariantCulture),
        Layout = options.Layout,
        BatchMin = 1,
        BatchMax = batchMax,
        Inputs = [.. graph.Inputs.Select(Tensor)],
        Outputs = [.. graph.Outputs.Select(Tensor)],
        ParameterByteCount = 0,
        MemoryByteCount = plan.Constants.Sum(static constant => (long)constant.Length)
            + OpenCLLane.MemoryByteCount(plan, batchMax),
        MacCount = graph.Work,
        Steps = [.. plan.Steps.Select(static step => step.Describe())],
        Kernels = [.. plan.Steps.Select(Choice)],
        Metadata = graph.Metadata,
    };

    private static MlTensorInfo Tensor(GraphValue value) => new(
        value.Name,
        MlElementType.Float32,
        [.. value.Shape.Dims],
        value.Shape.ElementCount,
        value.Shape.ElementCount * sizeof(float),
        Scale: 1,
        ZeroPoint: 0);

    private static KernelChoice Choice(OpenCLStep step) => new(
        step.Kernel,
        SimdWidth.Scalar,
        step.Tile is not { } tile ? "opencl-elementwise"
            : tile.UsesLocalMemory ? $"opencl-local-tile-{tile.Rows}x{tile.Columns}"
            : $"opencl-register-tile-{tile.Rows}x{tile.Columns}",
        step.Tile is not { } shape ? "one work item for each element or row"
            : shape.UsesLocalMemory ? "the device has local memory of its own"
            : "the device has no local memory of its own");
}
