namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>What ai.onnx.ml operators do to their scores at the end.</summary>
internal enum PostTransform
{
    None,
    Logistic,
    Softmax,
    SoftmaxZero,
    Probit,
}
