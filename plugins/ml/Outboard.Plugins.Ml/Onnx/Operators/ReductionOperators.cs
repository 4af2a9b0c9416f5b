using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Onnx.Operators;

/// <summary>Reductions over axes, and the softmax family.</summary>
internal static class ReductionOperators
{
    public static IEnumerable<OnnxOperator> All =>
    [
        Reduction("ReduceSum", ReduceKind.Sum, 13),
        Reduction("ReduceMean", ReduceKind.Mean, 18),
        Reduction("ReduceMax", ReduceKind.Max, 18),
        Reduction("ReduceMin", ReduceKind.Min, 18),
        Reduction("ReduceProd", ReduceKind.Prod, 18),
        Reduction("ReduceL1", ReduceKind.L1, 18),
        Reduction("ReduceL2", ReduceKind.L2, 18),
        Reduction("ReduceSumSquare", ReduceKind.SumSquare, 18),
        Reduction("ReduceLogSum", ReduceKind.LogSum, 18),
        Reduction("ReduceLogSumExp", ReduceKind.LogSumExp, 18),
        new(OnnxOperators.Core, "ArgMax", 1, n => Arg(n, ReduceKind.ArgMax)),
        new(OnnxOperators.Core, "ArgMin", 1, n => Arg(n, ReduceKind.ArgMin)),
        new(OnnxOperators.Core, "GlobalAveragePool", 1, n => Pool(n, ReduceKind.Mean)),
        new(OnnxOperators.Core, "GlobalMaxPool", 1, n => Pool(n, ReduceKind.Max)),
        new(OnnxOperators.Core, "Softmax", 1, n => Softmax(n, SoftmaxKind.Softmax)),
        new(OnnxOperators.Core, "LogSoftmax", 1, n => Softmax(n, SoftmaxKind.LogSoftmax)),
        new(OnnxOperators.Core, "Hardmax", 1, n => Softmax(n, SoftmaxKind.Hardmax)),
    ];

    /// <summary>Axes are an attribute up to some opset and an input from there on.</summary>
    private static OnnxOperator Reduction(string name, ReduceKind kind, int axesInputFrom) => new(OnnxOperators.Core, name, 1, n =>
    {
        GraphValue x = n.Input(0);
        bool ordered = kind is ReduceKind.Max or ReduceKind.Min;
        if (ordered && x.Type == ElementType.Bool && n.Opset >= 20)
        {
            // Booleans are ordered as 0 and 1.
            GraphValue y = Reduce(n, n.Builder.Cast(x, ElementType.UInt8), kind, axesInputFrom);
            n.SetOutput(0, n.Builder.Cast(y, ElementType.Bool));
            return;
        }

        if (!x.Type.IsArithmetic())
        {
            throw n.Refuse($"input 0 is {x.Type.Name()}, which is not supported");
        }

        n.SetOutput(0, Reduce(n, x, kind, axesInputFrom));
    });

    private static GraphValue Reduce(OnnxNode n, GraphValue x, ReduceKind kind, int axesInputFrom)
    {
        bool keep = n.Flag("keepdims", true), nothing = n.Flag("noop_with_empty_axes", false);
        long[]? axes = n.Opset < axesInputFrom ? n.Ints("axes") : n.HasInput(1) ? n.ConstantIntegers(1, "axes") : null;
        if (axes is { Length: 0 })
        {
            axes = null;
        }

        bool[] marks = new bool[x.Shape.Rank];
        if (axes is null)
        {
            // With no axes it reduces all, or, when asked, none: then only the elementwise part of the function is left.
            marks.AsSpan().Fill(!nothing);
        }
        else
        {
            foreach (long a in axes)
            {
                marks[n.Axis(a, x.Shape.Rank)] = true;
            }
        }

        if (x.Shape.IsBatched && marks[0])
        {
            throw new BatchException("reduces over the batch dimension");
        }

        CheckEmpty(n, x, kind, marks);
        return n.Builder.Reduce(kind, x, marks, keep);
    }

    private static void CheckEmpty(OnnxNode n, GraphValue x, ReduceKind kind, bool[] marks)
    {
        bool empty = false;
        for (int i = 0; i < marks.Length; i++)
        {
            empty |= marks[i] && x.Shape[i] == 0;
        }

        bool arg = kind is ReduceKind.ArgMax or ReduceKind.ArgMin;
        if (empty && (arg || (kind == ReduceKind.Mean && x.Type != ElementType.Float32 && x.Type != ElementType.Float64)))
        {
            throw n.Refuse($"reduces an empty axis of {x.Shape}");
        }
    }

    private static void Arg(OnnxNode n, ReduceKind kind)
    {
        GraphValue x = n.Input(0);
        if (!x.Type.IsArithmetic())
        {
            throw n.Refuse($"input 0 is {x.Type.Name()}, which is not a number");
        }

        bool keep = n.Flag("keepdims", true), last = n.Flag("select_last_index", false);
        bool[] marks = new bool[x.Shape.Rank];
        marks[n.Axis(n.Int("axis", 0), x.Shape.Rank)] = true;
        if (x.Shape.IsBatched && marks[0])
        {
            throw new BatchException("searches along the batch dimension");
        }

        CheckEmpty(n, x, kind, marks);
        n.SetOutput(0, n.Builder.Reduce(kind, x, marks, keep, last));
    }

    private static void Pool(OnnxNode n, ReduceKind kind)
    {
        GraphValue x = n.FloatInput(0);
        if (x.Shape.Rank < 3)
        {
            throw n.Refuse($"input 0 is {x.Shape}; rank must be 3 or more");
        }

        bool[] marks = new bool[x.Shape.Rank];
        marks.AsSpan(2).Fill(true);
        n.SetOutput(0, n.Builder.Reduce(kind, x, marks, keepDims: true));
    }

    /// <summary>Before opset 13 the tensor is flattened to a matrix at the axis; since, only the axis itself is normalised.</summary>
    private static void Softmax(OnnxNode n, SoftmaxKind kind)
    {
        GraphValue x = n.FloatInput(0);
        int rank = x.Shape.Rank;
        bool flattens = n.Opset < 13;
        long given = n.Int("axis", flattens ? 1 : -1);
        if (rank == 0)
        {
            throw n.Refuse("input 0 is a scalar");
        }

        int axis = flattens && given == rank ? rank : n.Axis(given, rank);
        if (x.Shape.IsBatched && axis == 0)
        {
            throw new BatchException("normalises over the batch dimension");
        }

        n.SetOutput(0, n.Builder.Add(new SoftmaxOperation
        {
            Origin = n.Description,
            Inputs = [x],
            Outputs = [n.Builder.Temporary(ElementType.Float32, x.Shape)],
            Function = kind,
            Outer = x.Shape.Product(0, axis),
            Count = flattens ? x.Shape.Product(axis, rank) : x.Shape[axis],
            Inner = flattens ? 1 : x.Shape.Product(axis + 1, rank),
        }));
    }
}
