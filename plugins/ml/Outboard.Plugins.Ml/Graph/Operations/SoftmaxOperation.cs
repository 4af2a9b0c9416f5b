namespace Outboard.Plugins.Ml.Graph.Operations;

internal enum SoftmaxKind
{
    Softmax,
    LogSoftmax,

    /// <summary>1 at the first maximum, otherwise 0.</summary>
    Hardmax,
}

/// <summary>Softmax over the middle of [Outer, Count, Inner]; Outer is for one inference when the value is batched.</summary>
internal sealed class SoftmaxOperation : Operation
{
    public override string Kind => Function.ToString();

    public required SoftmaxKind Function { get; init; }

    public required int Outer { get; init; }

    public required int Count { get; init; }

    public required int Inner { get; init; }

    public GraphValue X => Inputs[0];

    public GraphValue Y => Outputs[0];

    public override long Work => 8L * Y.Shape.ElementCount;
}
