namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>y = condition ? a : b with numpy broadcasting. Inputs: condition (bool), a, b.</summary>
internal sealed class WhereOperation : Operation
{
    public override string Kind => "Where";

    public GraphValue Y => Outputs[0];
}
