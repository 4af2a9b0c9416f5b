namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>The ONNX operators that can become kernels here, or that the import does away with.</summary>
internal static class OpenCLOperators
{
    public static IReadOnlyList<string> All { get; } =
    [
        "Abs", "Add", "BatchNormalization", "Celu", "Clip", "Constant", "Div", "Dropout", "Elu", "Exp", "Flatten",
        "Gelu", "Gemm", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "Log", "LogSoftmax", "MatMul", "Max",
        "Min", "Mish", "Mul", "Neg", "PRelu", "Reciprocal", "Relu", "Reshape", "Selu", "Sigmoid", "Softmax",
        "Softplus", "Softsign", "Sqrt", "Squeeze", "Sub", "Tanh", "ThresholdedRelu", "Unsqueeze",
    ];
}
