namespace Outboard.Plugins.Ml.Graph.Operations;

internal enum ReduceKind
{
    Sum,
    Mean,
    Max,
    Min,
    Prod,
    L1,
    L2,
    SumSquare,
    LogSum,
    LogSumExp,

    /// <summary>Index of the first (or last) extreme; the output is int64. One axis only.</summary>
    ArgMax,
    ArgMin,
}

/// <summary>Reduces the axes marked in <see cref="Axes"/>; the output is dense, so keepdims is only a matter of its shape.</summary>
internal sealed class ReduceOperation : Operation
{
    public override string Kind => "Reduce" + Function;

    public required ReduceKind Function { get; init; }

    /// <summary>One flag for each axis of the input. Axis 0 of a batched input is never reduced.</summary>
    public required bool[] Axes { get; init; }

    /// <summary>ArgMax and ArgMin: take the last of equal extremes.</summary>
    public bool SelectLast { get; init; }

    public GraphValue X => Inputs[0];

    public GraphValue Y => Outputs[0];
}
