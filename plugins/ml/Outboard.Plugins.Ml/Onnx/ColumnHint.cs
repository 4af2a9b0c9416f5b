using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Onnx.Proto;

namespace Outboard.Plugins.Ml.Onnx;

/// <summary>
/// How many columns an operator expects of its first input, for converters that leave the number of features open.
/// Trees name only the features they test, so theirs is the smallest number that fits.
/// </summary>
internal static class ColumnHint
{
    public static long? Find(NodeProto node, Dictionary<string, GraphValue> initializers)
    {
        switch (node.OpType)
        {
            case "TreeEnsembleClassifier" or "TreeEnsembleRegressor" or "TreeEnsemble":
                AttributeProto? features = node.Attribute.FirstOrDefault(a => a.Name is "nodes_featureids");
                return features is { Ints.Count: > 0 } ? Math.Clamp(features.Ints.Max(), 0, TensorShape.ElementsMax) + 1 : null;
            case "Scaler":
                return node.Attribute.FirstOrDefault(a => a.Name is "offset" or "scale" && a.Floats.Count > 1)?.Floats.Count;
            case "Gemm" or "MatMul" when node.Input.Count > 1
                && initializers.TryGetValue(node.Input[1], out GraphValue? weights) && weights.Shape.Rank == 2:
                bool transposed = node.Attribute.Any(a => a.Name == "transB" && a.I != 0);
                return weights.Shape[transposed ? 1 : 0];
            default:
                return null;
        }
    }
}
