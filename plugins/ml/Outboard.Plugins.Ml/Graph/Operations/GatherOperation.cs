namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>
/// y[o, i, :] = x[o, indices[i], :] where x is [Outer, Axis, Inner]. Indices are int32 or int64, negative ones count from
/// the end; one that is out of range at run time reads the nearest valid place, so that no input can make it read elsewhere.
/// Outer is for one inference when x is batched, the index count when the indices are.
/// </summary>
internal sealed class GatherOperation : Operation
{
    public override string Kind => "Gather";

    public required int Outer { get; init; }

    public required int Axis { get; init; }

    public required int Inner { get; init; }

    public GraphValue X => Inputs[0];

    public GraphValue Indices => Inputs[1];

    public GraphValue Y => Outputs[0];
}
