namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>
/// Product of two matrices that are both computed at run time (or whose constant stands on the left), float32, over
/// broadcast leading axes: y[m, n] = Alpha * sum over k of a[m, k] * b[k, n]. Strides are in elements.
/// </summary>
internal sealed class MatrixProductOperation : Operation
{
    public override string Kind => "MatrixProduct";

    public required int M { get; init; }

    public required int N { get; init; }

    public required int K { get; init; }

    public required int AStrideM { get; init; }

    public required int AStrideK { get; init; }

    public required int BStrideK { get; init; }

    public required int BStrideN { get; init; }

    public float Alpha { get; init; } = 1;

    /// <summary>Extents of the leading axes of the output.</summary>
    public required int[] Leading { get; init; }

    /// <summary>Strides of the operands over the leading axes, 0 where repeated.</summary>
    public required int[] AStrides { get; init; }

    public required int[] BStrides { get; init; }

    /// <summary>True when Leading[0] (or M, without leading axes) grows with the batch.</summary>
    public required bool IsBatched { get; init; }

    public GraphValue A => Inputs[0];

    public GraphValue B => Inputs[1];

    public GraphValue Y => Outputs[0];

    public override long Work => (long)Y.Shape.ElementCount * Math.Max(1, K);
}
