namespace Outboard.Plugins.Ml.Graph.Operations;

internal enum NormalizeKind
{
    Max,
    L1,
    L2,
}

/// <summary>Scales each row of Columns values by its norm (ai.onnx.ml Normalizer); a row of norm 0 stays.</summary>
internal sealed class NormalizeOperation : Operation
{
    public override string Kind => "Normalizer";

    public required NormalizeKind Function { get; init; }

    public required int Columns { get; init; }

    public GraphValue X => Inputs[0];

    public GraphValue Y => Outputs[0];
}
