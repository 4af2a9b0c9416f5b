using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Onnx.Operators;

/// <summary>Operators that move elements without computing: all become strided copies, or gathers.</summary>
internal static class MovementOperators
{
    public static IEnumerable<OnnxOperator> All =>
    [
        new(OnnxOperators.Core, "Concat", 1, Concat),
        new(OnnxOperators.Core, "Split", 1, Split),
        new(OnnxOperators.Core, "Slice", 1, Slice),
        new(OnnxOperators.Core, "Transpose", 1, Transpose),
        new(OnnxOperators.Core, "Expand", 8, Expand),
        new(OnnxOperators.Core, "Tile", 6, Tile),
        new(OnnxOperators.Core, "Pad", 1, Pad),
        new(OnnxOperators.Core, "Gather", 1, Gather),
        new(OnnxOperators.Core, "DepthToSpace", 1, DepthToSpace),
        new(OnnxOperators.Core, "SpaceToDepth", 1, SpaceToDepth),
        new(OnnxOperators.Classic, "FeatureVectorizer", 1, FeatureVectorizer),
        new(OnnxOperators.Classic, "ArrayFeatureExtractor", 1, ArrayFeatureExtractor),
    ];

    private static void Concat(OnnxNode n)
    {
        GraphValue[] inputs = [.. Enumerable.Range(0, n.InputCount).Select(n.Input)];
        if (inputs.Length == 0)
        {
            throw n.Refuse("it has no inputs");
        }

        n.SetOutput(0, Join(n, inputs, n.Axis(n.Int("axis", 1), inputs[0].Shape.Rank)));
    }

    private static GraphValue Join(OnnxNode n, GraphValue[] inputs, int axis)
    {
        TensorShape first = inputs[0].Shape;
        int[] dims = first.Dims.ToArray();
        long total = 0;
        bool batched = inputs.Any(i => i.Shape.IsBatched);
        foreach (GraphValue input in inputs)
        {
            if (input.Type != inputs[0].Type || input.Shape.Rank != dims.Length)
            {
                throw n.Refuse($"inputs {inputs[0]} and {input} differ in type or rank");
            }

            for (int i = 0; i < dims.Length; i++)
            {
                if (i != axis && input.Shape[i] != dims[i])
                {
                    throw n.Refuse($"inputs {inputs[0]} and {input} differ outside axis {axis}");
                }
            }

            if (batched && (axis == 0 || (!input.Shape.IsBatched && input.Shape[0] != 1)))
            {
                throw new BatchException("concatenates along the batch dimension");
            }

            total += input.Shape[axis];
        }

        dims[axis] = (int)Math.Min(total, TensorShape.ElementsMax + 1);
        TensorShape shape = TensorShape.Of(dims, batched);
        int[] strides = shape.Strides();
        var pieces = new MovePiece[inputs.Length];
        int at = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            TensorShape s = inputs[i].Shape;
            pieces[i] = new MovePiece(i, s.Dims.ToArray(), 0, s.Strides(), at * strides[axis], strides);
            at += s[axis];
        }

        return n.Builder.Add(new MoveOperation
        {
            Origin = n.Description,
            Inputs = inputs,
            Outputs = [n.Builder.Temporary(inputs[0].Type, shape)],
            IsBatched = batched,
            Pieces = pieces,
        });
    }

    private static void Split(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        int axis = n.Axis(n.Int("axis", 0), x.Shape.Rank), size = x.Shape[axis], count = n.OutputCount;
        if (x.Shape.IsBatched && axis == 0)
        {
            throw new BatchException("splits the batch dimension");
        }

        long[]? parts = n.Opset < 13 ? n.Ints("split") : n.HasInput(1) ? n.ConstantIntegers(1, "split") : null;
        if (parts is null)
        {
            long outputs = n.Opset >= 18 ? n.Int("num_outputs", count) : count;
            if (outputs != count || count == 0)
            {
                throw n.Refuse($"attribute num_outputs={outputs}, but the node has {count} outputs");
            }

            // The last part is the smaller one when they do not come out even.
            long part = ((long)size + count - 1) / count;
            parts = new long[count];
            for (int i = 0; i < count; i++)
            {
                parts[i] = Math.Clamp(size - (part * i), 0, part);
            }
        }

        if (parts.Length != count || parts.Any(p => p < 0) || parts.Sum(p => Math.Min(p, TensorShape.ElementsMax)) != size)
        {
            throw n.Refuse($"parts [{string.Join(",", parts)}] do not divide {size} elements among {count} outputs");
        }

        int[] strides = x.Shape.Strides(), dims = x.Shape.Dims.ToArray();
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            dims[axis] = (int)parts[i];
            if (n.WantsOutput(i))
            {
                n.SetOutput(i, n.Builder.Move(x, TensorShape.Of(dims, x.Shape.IsBatched), at * strides[axis], strides));
            }

            at += dims[axis];
        }
    }

    private static void Slice(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        int rank = x.Shape.Rank;
        long[] starts, ends;
        long[]? axes, steps = null;
        if (n.Opset < 10)
        {
            starts = n.Ints("starts") ?? throw n.Refuse("attribute 'starts' is missing");
            ends = n.Ints("ends") ?? throw n.Refuse("attribute 'ends' is missing");
            axes = n.Ints("axes");
        }
        else
        {
            starts = n.ConstantIntegers(1, "starts");
            ends = n.ConstantIntegers(2, "ends");
            axes = n.HasInput(3) ? n.ConstantIntegers(3, "axes") : null;
            steps = n.HasInput(4) ? n.ConstantIntegers(4, "steps") : null;
        }

        int count = starts.Length;
        if (ends.Length != count || (axes is not null && axes.Length != count) || (steps is not null && steps.Length != count) || count > rank)
        {
            throw n.Refuse($"starts, ends, axes and steps differ in length or exceed rank {rank}");
        }

        int[] strides = x.Shape.Strides(), dims = x.Shape.Dims.ToArray();
        long from = 0;
        for (int i = 0; i < count; i++)
        {
            int axis = n.Axis(axes?[i] ?? i, rank);
            long size = x.Shape[axis], step = steps?[i] ?? 1;
            if (step is 0 or < -TensorShape.ElementsMax or > TensorShape.ElementsMax)
            {
                throw n.Refuse($"step {step} on axis {axis}");
            }

            long start = Bound(starts[i], size, step > 0 ? 0 : -1, step > 0 ? size : size - 1);
            long end = Bound(ends[i], size, step > 0 ? 0 : -1, step > 0 ? size : size - 1);
            long length = Math.Max(0, step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step);
            if (x.Shape.IsBatched && axis == 0)
            {
                // Taking all inferences is the one slice of the batch that means the same for every batch size.
                bool all = step == 1 && starts[i] == 0 && ends[i] >= int.MaxValue;
                if (!all)
                {
                    throw new BatchException("slices the batch dimension");
                }

                continue;
            }

            from += length == 0 ? 0 : start * strides[axis];
            dims[axis] = (int)length;
            strides[axis] = (int)(length <= 1 ? strides[axis] : strides[axis] * step);
        }

        n.SetOutput(0, n.Builder.Move(x, TensorShape.Of(dims, x.Shape.IsBatched), (int)from, strides));

        static long Bound(long v, long size, long low, long high) => Math.Clamp(v < 0 ? Math.Max(v, long.MinValue + size) + size : v, low, Math.Max(low, high));
    }

    private static void Transpose(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        int rank = x.Shape.Rank;
        long[] perm = n.Ints("perm") ?? [.. Enumerable.Range(0, rank).Select(i => (long)(rank - 1 - i))];
        if (perm.Length != rank || !perm.Order().SequenceEqual(Enumerable.Range(0, rank).Select(i => (long)i)))
        {
            throw n.Refuse($"attribute perm=[{string.Join(",", perm)}] is not a permutation of {rank} axes");
        }

        n.SetOutput(0, Permute(n, x, [.. perm.Select(p => (int)p)]));
    }

    private static GraphValue Permute(OnnxNode n, GraphValue x, int[] perm)
    {
        if (x.Shape.IsBatched && perm[0] != 0)
        {
            throw new BatchException("moves the batch dimension");
        }

        int[] strides = x.Shape.Strides();
        int[] dims = [.. perm.Select(p => x.Shape[p])];
        return n.Builder.Move(x, TensorShape.Of(dims, x.Shape.IsBatched), 0, [.. perm.Select(p => strides[p])]);
    }

    private static void Expand(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        TensorShape shape = GraphBuilder.Broadcast(x.Shape, TensorShape.Of(n.ConstantIntegers(1, "shape")));
        n.SetOutput(0, Stretch(n, x, shape));
    }

    private static GraphValue Stretch(OnnxNode n, GraphValue x, TensorShape shape)
    {
        int[] dense = x.Shape.Strides(), strides = new int[shape.Rank];
        int shift = shape.Rank - x.Shape.Rank;
        for (int i = 0; i < x.Shape.Rank; i++)
        {
            strides[i + shift] = x.Shape[i] == 1 && !(i == 0 && x.Shape.IsBatched) ? 0 : dense[i];
        }

        return n.Builder.Move(x, shape, 0, strides);
    }

    /// <summary>Repeats: every axis becomes a pair (repeats, size), read with stride 0 over the repeats.</summary>
    private static void Tile(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        long[] repeats = n.ConstantIntegers(1, "repeats");
        int rank = x.Shape.Rank;
        if (repeats.Length != rank || repeats.Any(r => r is < 0 or > TensorShape.ElementsMax))
        {
            throw n.Refuse($"repeats [{string.Join(",", repeats)}] do not fit {x.Shape}");
        }

        if (x.Shape.IsBatched && repeats[0] != 1)
        {
            throw new BatchException("repeats the batch");
        }

        int[] source = x.Shape.Strides();
        long[] dims = new long[rank];
        var extent = new List<int>();
        var from = new List<int>();
        for (int i = 0; i < rank; i++)
        {
            dims[i] = x.Shape[i] * repeats[i];
        }

        TensorShape shape = TensorShape.Of(dims, x.Shape.IsBatched);
        var to = new List<int>();
        int[] target = shape.Strides();
        for (int i = 0; i < rank; i++)
        {
            if (repeats[i] != 1)
            {
                extent.Add((int)repeats[i]);
                from.Add(0);
                to.Add(target[i] * x.Shape[i]);
            }

            extent.Add(x.Shape[i]);
            from.Add(source[i]);
            to.Add(target[i]);
        }

        if (extent.Count > MovePiece.RankMax)
        {
            throw n.Refuse($"it repeats too many axes of {x.Shape}");
        }

        n.SetOutput(0, n.Builder.Add(new MoveOperation
        {
            Origin = n.Description,
            Inputs = [x],
            Outputs = [n.Builder.Temporary(x.Type, shape)],
            IsBatched = shape.IsBatched,
            Pieces = [new MovePiece(0, [.. extent], 0, [.. from], 0, [.. to])],
        }));
    }

    private static void Pad(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        int rank = x.Shape.Rank;
        string mode = n.String("mode", "constant");
        if (mode != "constant")
        {
            throw n.Refuse($"attribute mode='{mode}'; only constant is supported");
        }

        byte[] fill = new byte[x.Type.Size()];
        long[] given;
        if (n.Opset < 11)
        {
            given = n.Ints(n.Opset < 2 ? "paddings" : "pads") ?? throw n.Refuse("attribute 'pads' is missing");
            float value = n.Float("value", 0f);
            if (x.Type != ElementType.Float32)
            {
                throw n.Refuse($"input 0 is {x.Type.Name()}; before opset 11 only float32 is supported");
            }

            BitConverter.TryWriteBytes(fill, value);
        }
        else
        {
            given = n.ConstantIntegers(1, "pads");
            if (n.HasInput(2))
            {
                GraphValue value = n.ConstantInput(2, "constant_value");
                if (value.Type != x.Type || value.Shape.ElementCount != 1)
                {
                    throw n.Refuse($"input 2 must be one {x.Type.Name()}");
                }

                fill = value.Constant!;
            }
        }

        long[] axes = n.HasInput(3) ? n.ConstantIntegers(3, "axes") : [.. Enumerable.Range(0, rank).Select(i => (long)i)];
        if (given.Length != 2 * axes.Length)
        {
            throw n.Refuse($"{given.Length} pads for {axes.Length} axes");
        }

        long[] before = new long[rank], after = new long[rank];
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = n.Axis(axes[i], rank);
            before[axis] = Math.Clamp(given[i], -TensorShape.ElementsMax, TensorShape.ElementsMax);
            after[axis] = Math.Clamp(given[i + axes.Length], -TensorShape.ElementsMax, TensorShape.ElementsMax);
        }

        if (x.Shape.IsBatched && (before[0] != 0 || after[0] != 0))
        {
            throw new BatchException("pads the batch dimension");
        }

        // Negative pads cut: the copied part starts inside the source, and the target at 0.
        long[] dims = new long[rank];
        int[] extent = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            dims[i] = x.Shape[i] + before[i] + after[i];
            extent[i] = (int)Math.Max(0, x.Shape[i] + Math.Min(0, before[i]) + Math.Min(0, after[i]));
        }

        TensorShape shape = TensorShape.Of(dims, x.Shape.IsBatched);
        int[] source = x.Shape.Strides(), target = shape.Strides();
        int from = 0, to = 0;
        for (int i = 0; i < rank; i++)
        {
            from += (int)Math.Max(0, -before[i]) * source[i];
            to += (int)Math.Max(0, before[i]) * target[i];
        }

        n.SetOutput(0, n.Builder.Add(new MoveOperation
        {
            Origin = n.Description,
            Inputs = [x],
            Outputs = [n.Builder.Temporary(x.Type, shape)],
            IsBatched = shape.IsBatched,
            Pieces = shape.ElementCount == 0 ? [] : [new MovePiece(0, extent, from, source, to, target)],
            Fill = fill,
        }));
    }

    private static void Gather(OnnxNode n)
    {
        GraphValue x = n.Input(0), indices = n.Input(1, ElementType.Int64, ElementType.Int32);
        int rank = x.Shape.Rank, axis = n.Axis(n.Int("axis", 0), rank);
        n.SetOutput(0, GatherAxis(n, x, indices, axis));
    }

    private static GraphValue GatherAxis(OnnxNode n, GraphValue x, GraphValue indices, int axis)
    {
        int rank = x.Shape.Rank;
        if (x.Shape.IsBatched && (axis == 0 || indices.Shape.IsBatched))
        {
            throw new BatchException("gathers along the batch dimension");
        }

        if (indices.Shape.IsBatched && axis != 0)
        {
            throw new BatchException("gathers into the batch dimension");
        }

        if (x.Shape[axis] == 0 && indices.Shape.ElementCount > 0)
        {
            throw n.Refuse($"gathers from an empty axis of {x.Shape}");
        }

        CheckRange(n, indices, x.Shape[axis]);
        int[] dims = [.. x.Shape.Dims[..axis], .. indices.Shape.Dims, .. x.Shape.Dims[(axis + 1)..]];
        return n.Builder.Add(new GatherOperation
        {
            Origin = n.Description,
            Inputs = [x, indices],
            Outputs = [n.Builder.Temporary(x.Type, TensorShape.Of(dims, x.Shape.IsBatched || indices.Shape.IsBatched))],
            Outer = x.Shape.Product(0, axis),
            Axis = x.Shape[axis],
            Inner = x.Shape.Product(axis + 1, rank),
        });
    }

    /// <summary>Constant indices are checked here; others are clamped when they run.</summary>
    private static void CheckRange(OnnxNode n, GraphValue indices, int size)
    {
        if (!indices.IsConstant)
        {
            return;
        }

        for (int i = 0; i < indices.Shape.ElementCount; i++)
        {
            long v = indices.Type == ElementType.Int64 ? indices.Elements<long>()[i] : indices.Elements<int>()[i];
            if (v < -size || v >= size)
            {
                throw n.Refuse($"index {v} is outside -{size} to {size - 1}");
            }
        }
    }

    private static void DepthToSpace(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        int b = Block(n, x);
        string mode = n.String("mode", "DCR");
        int depth = x.Shape[1] / (b * b), h = x.Shape[2], w = x.Shape[3], unit = x.Shape[0];
        if (depth * b * b != x.Shape[1] || mode is not ("DCR" or "CRD"))
        {
            throw n.Refuse($"{x.Shape} does not divide by blocksize={b}, or mode='{mode}' is neither DCR nor CRD");
        }

        bool batched = x.Shape.IsBatched;
        GraphValue split = n.Builder.View(x, mode == "DCR"
            ? TensorShape.Of([unit, b, b, depth, h, w], batched)
            : TensorShape.Of([unit, depth, b, b, h, w], batched));
        GraphValue moved = Permute(n, split, mode == "DCR" ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]);
        n.SetOutput(0, n.Builder.View(moved, TensorShape.Of([unit, depth, h * b, w * b], batched)));
    }

    private static void SpaceToDepth(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        int b = Block(n, x);
        int c = x.Shape[1], h = x.Shape[2] / b, w = x.Shape[3] / b, unit = x.Shape[0];
        if (h * b != x.Shape[2] || w * b != x.Shape[3])
        {
            throw n.Refuse($"{x.Shape} does not divide by blocksize={b}");
        }

        bool batched = x.Shape.IsBatched;
        GraphValue split = n.Builder.View(x, TensorShape.Of([unit, c, h, b, w, b], batched));
        GraphValue moved = Permute(n, split, [0, 3, 5, 1, 2, 4]);
        n.SetOutput(0, n.Builder.View(moved, TensorShape.Of([unit, c * b * b, h, w], batched)));
    }

    private static int Block(OnnxNode n, GraphValue x)
    {
        long b = n.Int("blocksize", 0);
        return x.Shape.Rank == 4 && b is >= 1 and <= 4096
            ? (int)b
            : throw n.Refuse($"blocksize={b} of a tensor {x.Shape}; the tensor must have rank 4");
    }

    /// <summary>Columns of several inputs side by side, as float.</summary>
    private static void FeatureVectorizer(OnnxNode n)
    {
        long[]? sizes = n.Ints("inputdimensions");
        var inputs = new GraphValue[n.InputCount];
        for (int i = 0; i < inputs.Length; i++)
        {
            GraphValue x = n.Builder.Cast(n.Input(i), ElementType.Float32);
            if (x.Shape.Rank is 0 or > 2)
            {
                throw n.Refuse($"input {i} has shape {x.Shape}; rank must be 1 or 2");
            }

            if (x.Shape.Rank == 1)
            {
                x = n.Builder.View(x, x.Shape.IsBatched ? TensorShape.Of([x.Shape[0], 1], true) : TensorShape.Of([1, x.Shape[0]]));
            }

            if (sizes is not null && (sizes.Length != inputs.Length || sizes[i] != x.Shape[1]))
            {
                throw n.Refuse("attribute inputdimensions does not agree with the inputs");
            }

            inputs[i] = x;
        }

        if (inputs.Length == 0)
        {
            throw n.Refuse("it has no inputs");
        }

        n.SetOutput(0, Join(n, inputs, 1));
    }

    /// <summary>Chosen columns of the last axis.</summary>
    private static void ArrayFeatureExtractor(OnnxNode n)
    {
        GraphValue x = n.Input(0), columns = n.ConstantInput(1, "columns");
        if (columns.Type != ElementType.Int64 || columns.Shape.ElementCount == 0)
        {
            throw n.Refuse("input 1 must be a constant int64 list");
        }

        GraphValue list = n.Builder.View(columns, TensorShape.Of([columns.Shape.ElementCount]));
        int rank = x.Shape.Rank;
        if (rank == 0)
        {
            throw n.Refuse("input 0 is a scalar");
        }

        if (rank == 1)
        {
            x = n.Builder.View(x, x.Shape.IsBatched ? throw new BatchException("picks along the batch") : TensorShape.Of([1, x.Shape[0]]));
            rank = 2;
        }

        n.SetOutput(0, GatherAxis(n, x, list, rank - 1));
    }
}
