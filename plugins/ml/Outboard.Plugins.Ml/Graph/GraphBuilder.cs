using System.Globalization;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Graph;

/// <summary>
/// Collects operations while a model is lowered: infers the shapes of the common kinds, turns reshapes into views, and
/// folds what is constant. Its limits bound what a hostile model can make the load cost.
/// </summary>
internal sealed class GraphBuilder(IConstantEvaluator evaluator, bool batched, long fileBytes)
{
    /// <summary>
    /// Bytes that constants may grow to, over twice the file itself, before a model is refused: chains that double a constant
    /// and nodes that share one large weight stop here.
    /// </summary>
    private const long ConstantBytesMax = 64L << 20;

    /// <summary>Elementary steps that folding may take before a model is refused; about a second.</summary>
    private const long FoldedWorkMax = 1L << 30;

    /// <summary>Operations of a lowered model; one node becomes at most a handful, Split and Concat a few more.</summary>
    private const int OperationsMax = 100_000;

    private readonly List<Operation> _operations = [];
    private long _constantBytes;
    private long _foldedWork;
    private int _unnamed;

    /// <summary>Set for each node before it is lowered; goes into the operations it makes.</summary>
    public string Origin { get; set; } = "";

    /// <summary>True while the model is imported with dimension 0 as the batch.</summary>
    public bool IsBatched { get; } = batched;

    public IReadOnlyList<Operation> Operations => _operations;

    public GraphValue Temporary(ElementType type, TensorShape shape) =>
        new("#" + (_unnamed++).ToString(CultureInfo.InvariantCulture), type, shape);

    public GraphValue Constant<T>(ElementType type, TensorShape shape, ReadOnlySpan<T> elements) where T : unmanaged
    {
        Charge(shape.ElementCount * (long)type.Size());
        return GraphValue.FromElements("#" + (_unnamed++).ToString(CultureInfo.InvariantCulture), type, shape, elements);
    }

    public GraphValue Scalar(float value) => Constant<float>(ElementType.Float32, TensorShape.Scalar, [value]);

    /// <summary>A constant of any arithmetic type with one element.</summary>
    public GraphValue Scalar(double value, ElementType type)
    {
        GraphValue wide = Constant<double>(ElementType.Float64, TensorShape.Scalar, [value]);
        return Cast(wide, type);
    }

    /// <summary>Adds an operation and returns its first output, which is a constant when every input is.</summary>
    public GraphValue Add(Operation operation)
    {
        GraphValue[] outputs = AddAll(operation);
        return outputs[0];
    }

    /// <summary>Adds an operation and returns its outputs.</summary>
    public GraphValue[] AddAll(Operation operation)
    {
        bool constant = true;
        foreach (GraphValue input in operation.Inputs)
        {
            constant &= input.IsConstant;
        }

        if (constant)
        {
            Charge(operation.Outputs.Sum(o => (long)o.ByteCount), operation.Work);
            byte[][] bytes = evaluator.Evaluate(operation);
            var folded = new GraphValue[bytes.Length];
            for (int i = 0; i < folded.Length; i++)
            {
                GraphValue o = operation.Outputs[i];
                folded[i] = new GraphValue(o.Name, o.Type, o.Shape) { Constant = bytes[i] };
            }

            return folded;
        }

        if (_operations.Count == OperationsMax)
        {
            throw new ModelException($"the model lowers to more than {OperationsMax} operations");
        }

        foreach (GraphValue output in operation.Outputs)
        {
            output.Producer = operation;
        }

        _operations.Add(operation);
        return operation.Outputs;
    }

    /// <summary>The same elements under another shape.</summary>
    public GraphValue View(GraphValue x, TensorShape shape)
    {
        if (x.Shape.Equals(shape))
        {
            return x;
        }

        if (x.Shape.ElementCount != shape.ElementCount || x.Shape.IsBatched != shape.IsBatched)
        {
            throw new ModelException($"{x} cannot be shown as {shape}");
        }

        string name = "#" + (_unnamed++).ToString(CultureInfo.InvariantCulture);
        return x.IsConstant
            ? new GraphValue(name, x.Type, shape) { Constant = x.Constant }
            : new GraphValue(name, x.Type, shape) { ViewOf = x.Storage };
    }

    /// <summary>Another name for the same value.</summary>
    public GraphValue Alias(GraphValue x)
    {
        string name = "#" + (_unnamed++).ToString(CultureInfo.InvariantCulture);
        return x.IsConstant
            ? new GraphValue(name, x.Type, x.Shape) { Constant = x.Constant }
            : new GraphValue(name, x.Type, x.Shape) { ViewOf = x.Storage };
    }

    public GraphValue Unary(GraphValue x, UnaryKind kind, float alpha = 0, float beta = 0)
    {
        ElementType type = kind is UnaryKind.IsNaN ? ElementType.Bool : x.Type;
        return Add(new UnaryOperation
        {
            Origin = Origin,
            Inputs = [x],
            Outputs = [Temporary(type, x.Shape)],
            Function = new Activation(kind, alpha, beta),
        });
    }

    public GraphValue Binary(BinaryKind kind, GraphValue a, GraphValue b)
    {
        ElementType type = kind >= BinaryKind.Less ? ElementType.Bool : a.Type;
        return Add(new BinaryOperation
        {
            Origin = Origin,
            Inputs = [a, b],
            Outputs = [Temporary(type, Broadcast(a.Shape, b.Shape))],
            Function = kind,
        });
    }

    public GraphValue Cast(GraphValue x, ElementType type)
    {
        if (x.Type == type)
        {
            return x;
        }

        return Add(new CastOperation { Origin = Origin, Inputs = [x], Outputs = [Temporary(type, x.Shape)] });
    }

    public GraphValue Reduce(ReduceKind kind, GraphValue x, bool[] axes, bool keepDims, bool selectLast = false)
    {
        if (x.Shape.IsBatched && axes[0])
        {
            throw new BatchException("reduces over the batch dimension");
        }

        Span<int> kept = stackalloc int[TensorShape.RankMax];
        int rank = 0;
        for (int i = 0; i < axes.Length; i++)
        {
            if (!axes[i])
            {
                kept[rank++] = x.Shape[i];
            }
            else if (keepDims)
            {
                kept[rank++] = 1;
            }
        }

        ElementType type = kind is ReduceKind.ArgMax or ReduceKind.ArgMin ? ElementType.Int64 : x.Type;
        return Add(new ReduceOperation
        {
            Origin = Origin,
            Inputs = [x],
            Outputs = [Temporary(type, TensorShape.Of(kept[..rank], x.Shape.IsBatched))],
            Function = kind,
            Axes = axes,
            SelectLast = selectLast,
        });
    }

    /// <summary>One strided copy of x into a dense tensor of the given shape. Axis 0 of a batched x must stay axis 0.</summary>
    public GraphValue Move(GraphValue x, TensorShape shape, int from, int[] fromStrides)
    {
        var piece = new MovePiece(0, shape.Dims.ToArray(), from, fromStrides, 0, shape.Strides());
        return Add(new MoveOperation
        {
            Origin = Origin,
            Inputs = [x],
            Outputs = [Temporary(x.Type, shape)],
            IsBatched = shape.IsBatched,
            Pieces = [piece],
        });
    }

    /// <summary>The shape that two operands broadcast to.</summary>
    public static TensorShape Broadcast(TensorShape a, TensorShape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        bool batched = a.IsBatched || b.IsBatched;
        Span<int> dims = stackalloc int[rank];
        for (int i = 0; i < rank; i++)
        {
            int da = i - (rank - a.Rank) is >= 0 and int ia ? a[ia] : 1;
            int db = i - (rank - b.Rank) is >= 0 and int ib ? b[ib] : 1;
            if (da != db && da != 1 && db != 1)
            {
                throw new ModelException($"shapes {a} and {b} cannot be broadcast together");
            }

            dims[i] = da == 1 ? db : da;
        }

        if (batched)
        {
            RequireLeadingBatch(a, rank, dims[0]);
            RequireLeadingBatch(b, rank, dims[0]);
        }

        return TensorShape.Of(dims, batched);
    }

    private static void RequireLeadingBatch(TensorShape operand, int rank, int unit)
    {
        bool good = operand.IsBatched
            ? operand.Rank == rank && operand[0] == unit
            : operand.Rank < rank || operand[0] == 1;
        if (!good)
        {
            throw new BatchException("broadcasts along the batch dimension");
        }
    }

    /// <summary>Counts constants and folding work before they cost anything; refuses a model that goes past the limits.</summary>
    public void Charge(long bytes, long work = 0)
    {
        _constantBytes += bytes;
        _foldedWork += work;
        long limit = ConstantBytesMax + (2 * fileBytes);
        if (_constantBytes > limit || _foldedWork > FoldedWorkMax)
        {
            throw new ModelException(
                $"the constants of the model come to more than {limit >> 20} MiB, or {FoldedWorkMax} steps to compute");
        }
    }
}
