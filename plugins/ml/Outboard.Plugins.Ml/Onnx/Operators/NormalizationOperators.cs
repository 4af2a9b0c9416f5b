using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Onnx.Operators;

/// <summary>Normalisations, written out in elementwise operations and reductions.</summary>
internal static class NormalizationOperators
{
    public static IEnumerable<OnnxOperator> All =>
    [
        new(OnnxOperators.Core, "BatchNormalization", 1, BatchNormalization),
        new(OnnxOperators.Core, "InstanceNormalization", 1, InstanceNormalization),
        new(OnnxOperators.Core, "LayerNormalization", 17, LayerNormalization),
        new(OnnxOperators.Core, "RMSNormalization", 23, RootMeanSquareNormalization),
    ];

    /// <summary>Inference only: y = x * s + t with s and t known at load when the statistics are.</summary>
    private static void BatchNormalization(OnnxNode n)
    {
        n.Ignore("momentum");
        n.Ignore("consumed_inputs");
        n.Ignore("is_test");
        GraphValue x = n.FloatInput(0);
        float epsilon = n.Float("epsilon", 1e-5f);
        if (n.Flag("training_mode", false) || n.Int("spatial", 1) != 1)
        {
            throw n.Refuse("only inference over channels is supported (training_mode=0, spatial=1)");
        }

        if (x.Shape.Rank < 2)
        {
            throw n.Refuse($"input 0 is {x.Shape}; rank must be 2 or more");
        }

        GraphBuilder b = n.Builder;
        GraphValue scale = Channels(n, 1, x), shift = Channels(n, 2, x), mean = Channels(n, 3, x), variance = Channels(n, 4, x);
        GraphValue root = b.Unary(b.Binary(BinaryKind.Add, variance, b.Scalar(epsilon)), UnaryKind.Sqrt);
        GraphValue factor = b.Binary(BinaryKind.Div, scale, root);
        GraphValue offset = b.Binary(BinaryKind.Sub, shift, b.Binary(BinaryKind.Mul, mean, factor));
        n.SetOutput(0, b.Binary(BinaryKind.Add, b.Binary(BinaryKind.Mul, x, factor), offset));
    }

    private static void InstanceNormalization(OnnxNode n)
    {
        n.Ignore("consumed_inputs");
        GraphValue x = n.FloatInput(0);
        float epsilon = n.Float("epsilon", 1e-5f);
        if (x.Shape.Rank < 3)
        {
            throw n.Refuse($"input 0 is {x.Shape}; rank must be 3 or more");
        }

        bool[] axes = new bool[x.Shape.Rank];
        axes.AsSpan(2).Fill(true);
        (GraphValue centred, GraphValue inverse, _) = Standardise(n, x, axes, epsilon);
        GraphValue y = n.Builder.Binary(BinaryKind.Mul, n.Builder.Binary(BinaryKind.Mul, centred, inverse), Channels(n, 1, x));
        n.SetOutput(0, n.Builder.Binary(BinaryKind.Add, y, Channels(n, 2, x)));
    }

    private static void LayerNormalization(OnnxNode n)
    {
        n.Ignore("stash_type");
        GraphValue x = n.FloatInput(0);
        bool[] axes = Trailing(n, x);
        (GraphValue centred, GraphValue inverse, GraphValue mean) = Standardise(n, x, axes, n.Float("epsilon", 1e-5f));
        GraphValue y = n.Builder.Binary(BinaryKind.Mul, n.Builder.Binary(BinaryKind.Mul, centred, inverse), n.FloatInput(1));
        if (n.HasInput(2))
        {
            y = n.Builder.Binary(BinaryKind.Add, y, n.FloatInput(2));
        }

        RequireShape(n, x, y);
        n.SetOutput(0, y);
        n.SetOutput(1, mean);
        n.SetOutput(2, inverse);
    }

    private static void RootMeanSquareNormalization(OnnxNode n)
    {
        n.Ignore("stash_type");
        GraphValue x = n.FloatInput(0);
        GraphBuilder b = n.Builder;
        GraphValue mean = b.Reduce(ReduceKind.Mean, b.Binary(BinaryKind.Mul, x, x), Trailing(n, x), keepDims: true);
        GraphValue root = b.Unary(b.Binary(BinaryKind.Add, mean, b.Scalar(n.Float("epsilon", 1e-5f))), UnaryKind.Sqrt);
        GraphValue y = b.Binary(BinaryKind.Mul, b.Binary(BinaryKind.Div, x, root), n.FloatInput(1));
        RequireShape(n, x, y);
        n.SetOutput(0, y);
    }

    private static bool[] Trailing(OnnxNode n, GraphValue x)
    {
        bool[] axes = new bool[x.Shape.Rank];
        axes.AsSpan(n.Axis(n.Int("axis", -1), x.Shape.Rank)).Fill(true);
        return axes;
    }

    private static (GraphValue Centred, GraphValue Inverse, GraphValue Mean) Standardise(OnnxNode n, GraphValue x, bool[] axes, float epsilon)
    {
        GraphBuilder b = n.Builder;
        GraphValue mean = b.Reduce(ReduceKind.Mean, x, axes, keepDims: true);
        GraphValue centred = b.Binary(BinaryKind.Sub, x, mean);
        GraphValue variance = b.Reduce(ReduceKind.Mean, b.Binary(BinaryKind.Mul, centred, centred), axes, keepDims: true);
        GraphValue root = b.Unary(b.Binary(BinaryKind.Add, variance, b.Scalar(epsilon)), UnaryKind.Sqrt);
        return (centred, b.Unary(root, UnaryKind.Reciprocal), mean);
    }

    /// <summary>A vector with one value for each channel (axis 1), shown so that it broadcasts over x.</summary>
    private static GraphValue Channels(OnnxNode n, int index, GraphValue x)
    {
        GraphValue v = n.FloatInput(index);
        if (v.Shape.IsBatched)
        {
            throw new BatchException("takes its channel parameters from the batch");
        }

        if (v.Shape.Rank != 1 || v.Shape[0] != x.Shape[1])
        {
            throw n.Refuse($"input {index} is {v.Shape}; it must have one value for each of {x.Shape[1]} channels");
        }

        Span<int> dims = stackalloc int[x.Shape.Rank - 1];
        dims.Fill(1);
        dims[0] = v.Shape[0];
        return n.Builder.View(v, TensorShape.Of(dims));
    }

    private static void RequireShape(OnnxNode n, GraphValue x, GraphValue y)
    {
        if (!x.Shape.Equals(y.Shape))
        {
            throw n.Refuse($"scale or bias changes the shape from {x.Shape} to {y.Shape}");
        }
    }
}
