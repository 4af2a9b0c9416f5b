namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>An elementwise function with its parameters.</summary>
internal sealed record Activation(UnaryKind Kind, float Alpha = 0, float Beta = 0);
