namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>y = f(x), element by element; y has x's shape.</summary>
internal sealed class UnaryOperation : Operation
{
    public override string Kind => Function.Kind.ToString();

    public required Activation Function { get; init; }

    public GraphValue X => Inputs[0];

    public GraphValue Y => Outputs[0];
}
