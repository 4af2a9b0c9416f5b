namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>y = f(a, b) with numpy broadcasting: missing leading axes and axes of size 1 are repeated.</summary>
internal sealed class BinaryOperation : Operation
{
    public override string Kind => Function.ToString();

    public required BinaryKind Function { get; init; }

    public GraphValue A => Inputs[0];

    public GraphValue B => Inputs[1];

    public GraphValue Y => Outputs[0];
}
