namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>
/// A forest over the rows of x (float32, rank 2). Outputs: scores (float32, [N, targets]) alone, or labels (int64, [N]) and
/// scores for a classifier.
/// </summary>
internal sealed class TreeEnsembleOperation : Operation
{
    public override string Kind => Ensemble.Labels is null ? "TreeEnsembleRegressor" : "TreeEnsembleClassifier";

    public required TreeEnsemble Ensemble { get; init; }

    public GraphValue X => Inputs[0];

    public GraphValue Scores => Outputs[^1];

    /// <summary>Columns of x.</summary>
    public int FeatureCount => X.Shape[1];
}
