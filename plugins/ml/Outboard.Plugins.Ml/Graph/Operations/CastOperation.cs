namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>Converts between element types: float to integer truncates and saturates, anything to bool is "not zero".</summary>
internal sealed class CastOperation : Operation
{
    public override string Kind => "Cast";

    public GraphValue X => Inputs[0];

    public GraphValue Y => Outputs[0];
}
