namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>
/// y[r, n] = act(sum over k of x[r, k] * W[k, n] + bias[n]) over all rows r of x, whatever its rank: a fully connected layer.
/// Gemm and MatMul with constant weights become this, with bias, scale and activation folded in.
/// </summary>
internal sealed class DenseOperation : Operation
{
    public override string Kind => "Dense";

    /// <summary>Row-major K x N.</summary>
    public required float[] Weights { get; init; }

    /// <summary>N values, or null.</summary>
    public required float[]? Bias { get; init; }

    public required int K { get; init; }

    public required int N { get; init; }

    /// <summary>Applied to the sum; null for none.</summary>
    public Activation? Activation { get; init; }

    public GraphValue X => Inputs[0];

    public GraphValue Y => Outputs[0];

    /// <summary>Rows that one inference adds.</summary>
    public int Rows => Y.Shape.ElementCount / Math.Max(1, N);

    public override long Work => (long)Rows * N * Math.Max(1, K);
}
