using Outboard.Plugins.Ml.Graph;

namespace Outboard.Plugins.Ml.Onnx.Operators;

/// <summary>Operators that change the shape or type of a tensor, or make constants.</summary>
internal static class ShapeOperators
{
    public static IEnumerable<OnnxOperator> All =>
    [
        new(OnnxOperators.Core, "Identity", 1, n => n.SetOutput(0, n.Builder.Alias(n.Input(0)))),
        new(OnnxOperators.Core, "Dropout", 1, Dropout),
        new(OnnxOperators.Core, "Constant", 1, Constant),
        new(OnnxOperators.Core, "ConstantOfShape", 9, ConstantOfShape),
        new(OnnxOperators.Core, "Range", 11, Range),
        new(OnnxOperators.Core, "Cast", 1, Cast),
        new(OnnxOperators.Core, "CastLike", 15, CastLike),
        new(OnnxOperators.Core, "Shape", 1, Shape),
        new(OnnxOperators.Core, "Size", 1, Size),
        new(OnnxOperators.Core, "Reshape", 1, Reshape),
        new(OnnxOperators.Core, "Flatten", 1, Flatten),
        new(OnnxOperators.Core, "Squeeze", 1, Squeeze),
        new(OnnxOperators.Core, "Unsqueeze", 1, Unsqueeze),
    ];

    /// <summary>Inference only: the input itself, and a mask of ones.</summary>
    private static void Dropout(OnnxNode n)
    {
        n.Ignore("ratio");
        n.Ignore("seed");
        n.Ignore("is_test");
        n.Ignore("consumed_inputs");
        GraphValue x = n.Input(0);
        if (n.HasInput(2))
        {
            GraphValue training = n.ConstantInput(2, "training_mode");
            if (training.Type != ElementType.Bool || training.Shape.ElementCount != 1 || training.Constant![0] != 0)
            {
                throw n.Refuse("training_mode must be false");
            }
        }

        n.SetOutput(0, n.Builder.Alias(x));
        if (n.WantsOutput(1))
        {
            if (x.Shape.IsBatched)
            {
                throw new BatchException("has a mask output");
            }

            byte[] ones = new byte[x.Shape.ElementCount];
            ones.AsSpan().Fill(1);
            n.SetOutput(1, n.Builder.Constant<byte>(ElementType.Bool, x.Shape, ones));
        }
    }

    private static void Constant(OnnxNode n)
    {
        GraphValue value;
        if (n.Tensor("value") is { } tensor)
        {
            value = tensor;
        }
        else if (n.Attribute("value_float") is not null)
        {
            value = n.Builder.Scalar(n.Float("value_float", 0));
        }
        else if (n.Attribute("value_int") is not null)
        {
            value = n.Builder.Constant<long>(ElementType.Int64, TensorShape.Scalar, [n.Int("value_int", 0)]);
        }
        else if (n.Floats("value_floats") is { } floats)
        {
            value = n.Builder.Constant<float>(ElementType.Float32, TensorShape.Of([floats.Length]), floats);
        }
        else if (n.Ints("value_ints") is { } ints)
        {
            value = n.Builder.Constant<long>(ElementType.Int64, TensorShape.Of([ints.Length]), ints);
        }
        else
        {
            throw n.Refuse("only values of numbers are supported (no strings, no sparse tensors)");
        }

        n.SetOutput(0, value);
    }

    private static void ConstantOfShape(OnnxNode n)
    {
        TensorShape shape = TensorShape.Of(n.ConstantIntegers(0, "shape"));
        GraphValue value = n.Tensor("value") ?? n.Builder.Scalar(0f);
        int size = value.Type.Size();
        if (value.Shape.ElementCount != 1)
        {
            throw n.Refuse("attribute 'value' must have one element");
        }

        n.Builder.Charge((long)shape.ElementCount * size);
        byte[] bytes = new byte[(long)shape.ElementCount * size];
        for (int i = 0; i < bytes.Length; i += size)
        {
            value.Constant.CopyTo(bytes.AsSpan(i));
        }

        n.SetOutput(0, n.Builder.Constant<byte>(value.Type, shape, bytes));
    }

    private static void Range(OnnxNode n)
    {
        GraphValue start = Number(0), limit = Number(1), delta = Number(2);
        if (start.Type == ElementType.Int64)
        {
            Int128 from = start.Elements<long>()[0], to = limit.Elements<long>()[0], step = delta.Elements<long>()[0];
            Int128 count = step == 0 ? -1 : (to - from + step - Int128.Sign(step)) / step;
            CheckCount(step == 0, count > TensorShape.ElementsMax ? double.PositiveInfinity : (double)count);
            n.Builder.Charge(8 * (long)Int128.Max(0, count));
            long[] values = new long[Math.Max(0, (int)count)];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (long)(from + (step * i));
            }

            n.SetOutput(0, n.Builder.Constant<long>(ElementType.Int64, TensorShape.Of([values.Length]), values));
            return;
        }

        // Every other type is exact in double, and float's own rounding is restored by the cast at the end.
        double first = Wide(start), last = Wide(limit), by = Wide(delta);
        double total = Math.Ceiling((last - first) / by);
        CheckCount(by == 0 || double.IsNaN(total), total);
        n.Builder.Charge(8 * (long)Math.Max(0, total));
        double[] elements = new double[Math.Max(0, (int)total)];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = first + (by * i);
        }

        GraphValue wide = n.Builder.Constant<double>(ElementType.Float64, TensorShape.Of([elements.Length]), elements);
        n.SetOutput(0, n.Builder.Cast(wide, start.Type));

        GraphValue Number(int index)
        {
            GraphValue v = n.ConstantInput(index, index == 0 ? "start" : index == 1 ? "limit" : "delta");
            return v.Type.IsArithmetic() && v.Shape.ElementCount == 1
                ? v
                : throw n.Refuse($"input {index} must be one number, not {v}");
        }

        double Wide(GraphValue v) => n.Builder.Cast(v, ElementType.Float64).Elements<double>()[0];

        void CheckCount(bool bad, double count)
        {
            if (bad || count > TensorShape.ElementsMax)
            {
                throw n.Refuse("the range is endless or too long");
            }
        }
    }

    private static void Cast(OnnxNode n)
    {
        n.Ignore("saturate");
        n.Ignore("round_mode");
        CastTo(n, (ElementType)n.Int("to", 0));
    }

    private static void CastLike(OnnxNode n)
    {
        n.Ignore("saturate");
        n.Ignore("round_mode");
        CastTo(n, n.Input(1).Type);
    }

    private static void CastTo(OnnxNode n, ElementType to)
    {
        GraphValue x = n.Input(0);
        if (to.Size() == 0)
        {
            throw n.Refuse($"cannot cast to {to.Name()}");
        }

        n.SetOutput(0, x.Type == to ? n.Builder.Alias(x) : n.Builder.Cast(x, to));
    }

    private static void Shape(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        int rank = x.Shape.Rank;
        int start = Clamp(n.Int("start", 0)), end = Clamp(n.Int("end", rank));
        if (x.Shape.IsBatched && start == 0)
        {
            throw new BatchException("reads the batch size");
        }

        long[] dims = new long[Math.Max(0, end - start)];
        for (int i = 0; i < dims.Length; i++)
        {
            dims[i] = x.Shape[start + i];
        }

        n.SetOutput(0, n.Builder.Constant<long>(ElementType.Int64, TensorShape.Of([dims.Length]), dims));

        int Clamp(long v) => (int)Math.Clamp(v < 0 ? v + rank : v, 0, rank);
    }

    private static void Size(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        if (x.Shape.IsBatched)
        {
            throw new BatchException("reads the batch size");
        }

        n.SetOutput(0, n.Builder.Constant<long>(ElementType.Int64, TensorShape.Scalar, [x.Shape.ElementCount]));
    }

    /// <summary>
    /// The target may name the batch as 0 (copied), -1, or the 1 that the exporting program happened to use.
    /// </summary>
    private static void Reshape(OnnxNode n)
    {
        n.Ignore("consumed_inputs");
        GraphValue x = n.Input(0);
        long[] target = n.Opset < 5 ? n.Ints("shape") ?? throw n.Refuse("attribute 'shape' is missing") : n.ConstantIntegers(1, "shape");
        bool allowZero = n.Flag("allowzero", false);
        if (target.Length > TensorShape.RankMax)
        {
            throw n.Refuse($"a target of {target.Length} dimensions; at most {TensorShape.RankMax} are supported");
        }

        long known = 1;
        int open = -1;
        for (int i = 0; i < target.Length; i++)
        {
            if (target[i] == 0 && !allowZero)
            {
                target[i] = i < x.Shape.Rank ? x.Shape[i] : throw n.Refuse($"dimension {i} is to be copied, but the input is {x.Shape}");
            }

            if (target[i] == -1)
            {
                open = open < 0 ? i : throw n.Refuse("the target has two open dimensions");
            }
            else if (target[i] is < 0 or > TensorShape.ElementsMax)
            {
                throw n.Refuse($"dimension {i} of the target is {target[i]}");
            }
            else
            {
                known = Math.Min(known * target[i], TensorShape.ElementsMax * 2);
            }
        }

        if (open >= 0)
        {
            if (known == 0 || x.Shape.ElementCount % known != 0)
            {
                throw n.Refuse($"{x.Shape} cannot be reshaped to [{string.Join(",", target)}]");
            }

            target[open] = x.Shape.ElementCount / known;
        }
        else if (known != x.Shape.ElementCount)
        {
            throw n.Refuse($"{x.Shape} cannot be reshaped to [{string.Join(",", target)}]");
        }

        if (x.Shape.IsBatched && (target.Length == 0 || !KeepsBatch(x.Shape, target)))
        {
            throw new BatchException("moves the batch dimension");
        }

        n.SetOutput(0, AsView(n, x, TensorShape.Of(target, x.Shape.IsBatched)));
    }

    /// <summary>
    /// Rows of the result must not mix inferences, which in row-major order holds for any target as long as
    /// its first dimension is the one that grows: 1 (one inference, one row), or the unit of the input.
    /// </summary>
    private static bool KeepsBatch(TensorShape from, long[] target) =>
        from.ElementCount > 0 && target[0] > 0 && from.ElementCount % target[0] == 0;

    private static void Flatten(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        int rank = x.Shape.Rank;
        long given = n.Int("axis", 1);
        int axis = given == rank ? rank : rank == 0 && given == 0 ? 0 : n.Axis(given, Math.Max(1, rank));
        if (x.Shape.IsBatched && axis == 0)
        {
            throw new BatchException("flattens the batch dimension");
        }

        n.SetOutput(0, AsView(n, x, TensorShape.Of([x.Shape.Product(0, axis), x.Shape.Product(axis, rank)], x.Shape.IsBatched)));
    }

    private static void Squeeze(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        int rank = x.Shape.Rank;
        long[]? axes = n.Opset < 13 ? n.Ints("axes") : n.HasInput(1) ? n.ConstantIntegers(1, "axes") : null;
        Span<bool> drop = stackalloc bool[rank];
        drop.Clear();
        if (axes is null)
        {
            if (x.Shape.IsBatched)
            {
                throw new BatchException("squeezes every dimension of size 1");
            }

            for (int i = 0; i < rank; i++)
            {
                drop[i] = x.Shape[i] == 1;
            }
        }
        else
        {
            foreach (long a in axes)
            {
                int axis = n.Axis(a, rank);
                if (x.Shape[axis] != 1)
                {
                    throw n.Refuse($"axis {axis} of {x.Shape} is not 1");
                }

                drop[axis] = true;
            }
        }

        if (x.Shape.IsBatched && drop[0])
        {
            throw new BatchException("squeezes the batch dimension");
        }

        Span<int> dims = stackalloc int[rank];
        int kept = 0;
        for (int i = 0; i < rank; i++)
        {
            if (!drop[i])
            {
                dims[kept++] = x.Shape[i];
            }
        }

        n.SetOutput(0, AsView(n, x, TensorShape.Of(dims[..kept], x.Shape.IsBatched)));
    }

    private static void Unsqueeze(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        long[] axes = n.Opset < 13 ? n.Ints("axes") ?? throw n.Refuse("attribute 'axes' is missing") : n.ConstantIntegers(1, "axes");
        int rank = x.Shape.Rank + axes.Length;
        if (rank > TensorShape.RankMax)
        {
            throw n.Refuse($"a result of rank {rank}; at most {TensorShape.RankMax} dimensions are supported");
        }

        Span<bool> added = stackalloc bool[rank];
        added.Clear();
        foreach (long a in axes)
        {
            int axis = n.Axis(a, rank);
            if (added[axis])
            {
                throw n.Refuse($"axis {axis} is named twice");
            }

            added[axis] = true;
        }

        if (x.Shape.IsBatched && added[0])
        {
            throw new BatchException("puts a dimension before the batch");
        }

        Span<int> dims = stackalloc int[rank];
        for (int i = 0, from = 0; i < rank; i++)
        {
            dims[i] = added[i] ? 1 : x.Shape[from++];
        }

        n.SetOutput(0, AsView(n, x, TensorShape.Of(dims, x.Shape.IsBatched)));
    }

    private static GraphValue AsView(OnnxNode n, GraphValue x, TensorShape shape) =>
        x.Shape.Equals(shape) ? n.Builder.Alias(x) : n.Builder.View(x, shape);
}
