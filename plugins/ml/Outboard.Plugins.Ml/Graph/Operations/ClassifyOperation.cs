namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>
/// The end of a linear classifier: from raw scores [N, Columns] to labels [N] (int64) and transformed scores [N, Classes].
/// One column with two labels is the binary case: the second score is derived from the first.
/// </summary>
internal sealed class ClassifyOperation : Operation
{
    public override string Kind => "Classify";

    public required long[] Labels { get; init; }

    public required PostTransform PostTransform { get; init; }

    public required int Columns { get; init; }

    public required int Classes { get; init; }

    public GraphValue X => Inputs[0];
}
