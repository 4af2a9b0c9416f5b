using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;
using Outboard.Plugins.Ml.Kernels;
using Outboard.Plugins.Ml.Kernels.Binary;
using Outboard.Plugins.Ml.Kernels.Cast;
using Outboard.Plugins.Ml.Kernels.Classify;
using Outboard.Plugins.Ml.Kernels.Dense;
using Outboard.Plugins.Ml.Kernels.MatrixProduct;
using Outboard.Plugins.Ml.Kernels.Movement;
using Outboard.Plugins.Ml.Kernels.Reduce;
using Outboard.Plugins.Ml.Kernels.Softmax;
using Outboard.Plugins.Ml.Kernels.Trees;
using Outboard.Plugins.Ml.Kernels.Unary;

namespace Outboard.Plugins.Ml.Plan;

/// <content>One method for each kind of operation: fills its argument block and picks its kernel.</content>
internal sealed unsafe partial class PlanBuilder
{
    private void Emit(Operation operation)
    {
        switch (operation)
        {
            case DenseOperation o:
                EmitDense(o);
                break;
            case UnaryOperation o:
                EmitUnary(o.Origin, o.Function, o.X.Type, Slot(o.X), Slot(o.Y), o.Y.Shape);
                break;
            case BinaryOperation o:
                EmitBinary(o);
                break;
            case WhereOperation o:
                EmitWhere(o);
                break;
            case SoftmaxOperation o:
                EmitSoftmax(o);
                break;
            case ReduceOperation o:
                EmitReduce(o);
                break;
            case MoveOperation o:
                EmitMove(o);
                break;
            case GatherOperation o:
                EmitGather(o);
                break;
            case CastOperation o:
                EmitCast(o);
                break;
            case MatrixProductOperation o:
                EmitMatrixProduct(o);
                break;
            case TreeEnsembleOperation o:
                EmitTrees(o);
                break;
            case ClassifyOperation o:
                EmitClassify(o);
                break;
            case NormalizeOperation o:
                EmitNormalize(o);
                break;
            default:
                throw new ModelException($"{operation.Origin}: no kernel for {operation.Kind}");
        }
    }

    private void EmitDense(DenseOperation o)
    {
        int width = _kernels.PanelColumns, panels = (o.N + width - 1) / width;
        if ((long)panels * width * Math.Max(1, o.K) > TensorShape.ElementsMax)
        {
            throw new ModelException($"{o.Origin}: the layer is too large to pack");
        }

        // The result is clamped inside the kernel; every other function is a step of its own over the hot result.
        Activation? after = o.Activation;
        (float low, float high) = (float.NegativeInfinity, float.PositiveInfinity);
        if (after is { Kind: UnaryKind.Relu })
        {
            (low, after) = (0f, null);
        }
        else if (after is { Kind: UnaryKind.Clip } clip)
        {
            (low, high, after) = (clip.Alpha, clip.Beta, null);
        }

        DenseArguments* a = _memory.Allocate<DenseArguments>(1);
        *a = new DenseArguments
        {
            X = Slot(o.X),
            Y = Slot(o.Y),
            Rows = o.Rows,
            Batched = o.Y.Shape.IsBatched,
            K = o.K,
            N = o.N,
            Panels = _memory.Allocate<float>(panels * width * o.K),
            Bias = _memory.Allocate<float>(panels * width),
            Low = low,
            High = high,
        };
        o.Bias?.CopyTo(new Span<float>(a->Bias, o.N));
        for (int p = 0; p < panels; p++)
        {
            int columns = Math.Min(width, o.N - (p * width));
            for (int k = 0; k < o.K; k++)
            {
                float* row = a->Panels + ((((long)p * o.K) + k) * width);
                o.Weights.AsSpan((k * o.N) + (p * width), columns).CopyTo(new Span<float>(row, columns));
            }
        }

        AddStep($"Dense {o.K}x{o.N}{(o.Bias is null ? "" : " +bias")}{(o.Activation is { } f ? " +" + f.Kind : "")}", _kernels.Dense, a);
        if (after is not null)
        {
            EmitUnary(o.Origin, after, ElementType.Float32, a->Y, a->Y, o.Y.Shape);
        }
    }

    private void EmitUnary(string origin, Activation f, ElementType type, int x, int y, TensorShape shape)
    {
        delegate*<void*, byte**, int, void> run = type == ElementType.Float32 ? _kernels.Unary(f.Kind) : null;
        if (run == null)
        {
            run = type switch
            {
                ElementType.Float32 => UnarySingle<float>.Entry(f.Kind),
                ElementType.Float64 => UnarySingle<double>.Entry(f.Kind),
                ElementType.Int8 => UnarySingle<sbyte>.Entry(f.Kind),
                ElementType.Int16 => UnarySingle<short>.Entry(f.Kind),
                ElementType.Int32 => UnarySingle<int>.Entry(f.Kind),
                ElementType.Int64 => UnarySingle<long>.Entry(f.Kind),
                ElementType.UInt8 or ElementType.Bool => UnarySingle<byte>.Entry(f.Kind),
                ElementType.UInt16 => UnarySingle<ushort>.Entry(f.Kind),
                ElementType.UInt32 => UnarySingle<uint>.Entry(f.Kind),
                ElementType.UInt64 => UnarySingle<ulong>.Entry(f.Kind),
                _ => null,
            };
        }

        if (run == null)
        {
            throw new ModelException($"{origin}: {f.Kind} of {type.Name()} is not supported");
        }

        UnaryArguments* a = _memory.Allocate<UnaryArguments>(1);
        *a = new UnaryArguments
        {
            X = x,
            Y = y,
            Count = shape.ElementCount,
            Batched = shape.IsBatched,
            Alpha = f.Alpha,
            Beta = f.Beta,
        };
        AddStep($"{f.Kind} {shape}", run, a);
    }

    private void EmitBinary(BinaryOperation o)
    {
        ElementType type = o.A.Type;
        delegate*<void*, byte**, int, void> run = type == ElementType.Float32 ? _kernels.Binary(o.Function) : null;
        if (run == null)
        {
            run = type switch
            {
                ElementType.Float32 => BinarySingle<float>.Entry(o.Function),
                ElementType.Float64 => BinarySingle<double>.Entry(o.Function),
                ElementType.Int8 => BinarySingle<sbyte>.Entry(o.Function),
                ElementType.Int16 => BinarySingle<short>.Entry(o.Function),
                ElementType.Int32 => BinarySingle<int>.Entry(o.Function),
                ElementType.Int64 => BinarySingle<long>.Entry(o.Function),
                ElementType.UInt8 or ElementType.Bool => BinarySingle<byte>.Entry(o.Function),
                ElementType.UInt16 => BinarySingle<ushort>.Entry(o.Function),
                ElementType.UInt32 => BinarySingle<uint>.Entry(o.Function),
                ElementType.UInt64 => BinarySingle<ulong>.Entry(o.Function),
                _ => null,
            };
        }

        if (run == null)
        {
            throw new ModelException($"{o.Origin}: {o.Function} of {type.Name()} is not supported");
        }

        TensorShape y = o.Y.Shape;
        BinaryArguments* a = _memory.Allocate<BinaryArguments>(1);
        a->A = Slot(o.A);
        a->B = Slot(o.B);
        a->Y = Slot(o.Y);
        a->Nest = Iteration.Of(y.Dims, y.IsBatched, y.Strides(), Spread(o.A.Shape, y), Spread(o.B.Shape, y));
        AddStep($"{o.Function} {o.A.Shape} {o.B.Shape}", run, a);
    }

    private void EmitWhere(WhereOperation o)
    {
        TensorShape y = o.Y.Shape;
        WhereArguments* a = _memory.Allocate<WhereArguments>(1);
        a->Condition = Slot(o.Inputs[0]);
        a->A = Slot(o.Inputs[1]);
        a->B = Slot(o.Inputs[2]);
        a->Y = Slot(o.Y);
        a->Nest = Iteration.Of(
            y.Dims, y.IsBatched, y.Strides(), Spread(o.Inputs[0].Shape, y), Spread(o.Inputs[1].Shape, y), Spread(o.Inputs[2].Shape, y));
        delegate*<void*, byte**, int, void> run = o.Y.Type.Size() switch
        {
            1 => &WhereKernel<byte>.Run,
            2 => &WhereKernel<ushort>.Run,
            4 => &WhereKernel<uint>.Run,
            _ => &WhereKernel<ulong>.Run,
        };
        AddStep($"Where {y}", run, a);
    }

    /// <summary>Strides of an operand over the axes of the result: 0 where it repeats.</summary>
    private static int[] Spread(TensorShape operand, TensorShape result)
    {
        int[] dense = operand.Strides(), strides = new int[result.Rank];
        int shift = result.Rank - operand.Rank;
        for (int i = 0; i < operand.Rank; i++)
        {
            bool batchAxis = i == 0 && operand.IsBatched;
            strides[i + shift] = operand[i] == 1 && !batchAxis ? 0 : dense[i];
        }

        return strides;
    }

    private void EmitSoftmax(SoftmaxOperation o)
    {
        SoftmaxArguments* a = _memory.Allocate<SoftmaxArguments>(1);
        *a = new SoftmaxArguments
        {
            X = Slot(o.X),
            Y = Slot(o.Y),
            Outer = o.Outer,
            Count = o.Count,
            Inner = o.Inner,
            Batched = o.Y.Shape.IsBatched,
        };
        AddStep($"{o.Function} {o.Outer}x{o.Count}x{o.Inner}", _kernels.Softmax(o.Function), a);
    }

    private void EmitReduce(ReduceOperation o)
    {
        TensorShape x = o.X.Shape;
        int[] strides = x.Strides();
        var keptExtent = new List<int>();
        var keptX = new List<int>();
        var keptY = new List<int>();
        var reducedExtent = new List<int>();
        var reducedX = new List<int>();
        for (int i = 0; i < x.Rank; i++)
        {
            (o.Axes[i] ? reducedExtent : keptExtent).Add(x[i]);
            (o.Axes[i] ? reducedX : keptX).Add(strides[i]);
        }

        int step = 1;
        for (int i = keptExtent.Count - 1; i >= 0; i--)
        {
            keptY.Insert(0, step);
            step *= keptExtent[i];
        }

        ReduceArguments* a = _memory.Allocate<ReduceArguments>(1);
        a->X = Slot(o.X);
        a->Y = Slot(o.Y);
        a->SelectLast = o.SelectLast;
        a->Count = reducedExtent.Aggregate(1, (p, d) => p * d);
        a->Kept = Iteration.Of([.. keptExtent], x.IsBatched, [.. keptY], [.. keptX]);
        a->Reduced = Iteration.Of([.. reducedExtent], false, [.. reducedX]);
        delegate*<void*, byte**, int, void> run = o.X.Type switch
        {
            ElementType.Float32 => ReduceKernel<float>.Entry(o.Function),
            ElementType.Float64 => ReduceKernel<double>.Entry(o.Function),
            ElementType.Int8 => ReduceKernel<sbyte>.Entry(o.Function),
            ElementType.Int16 => ReduceKernel<short>.Entry(o.Function),
            ElementType.Int32 => ReduceKernel<int>.Entry(o.Function),
            ElementType.Int64 => ReduceKernel<long>.Entry(o.Function),
            ElementType.UInt8 => ReduceKernel<byte>.Entry(o.Function),
            ElementType.UInt16 => ReduceKernel<ushort>.Entry(o.Function),
            ElementType.UInt32 => ReduceKernel<uint>.Entry(o.Function),
            ElementType.UInt64 => ReduceKernel<ulong>.Entry(o.Function),
            _ => null,
        };
        if (run == null)
        {
            throw new ModelException($"{o.Origin}: {o.Function} of {o.X.Type.Name()} is not supported");
        }

        AddStep($"{o.Kind} {x}", run, a);
    }

    private void EmitMove(MoveOperation o)
    {
        MoveArguments* a = _memory.Allocate<MoveArguments>(1);
        a->Y = Slot(o.Y);
        a->Batched = o.IsBatched;
        a->Size = o.Y.Shape.ElementCount;
        a->PieceCount = o.Pieces.Length;
        a->Pieces = _memory.Allocate<MovePieceArguments>(o.Pieces.Length);
        a->Fill = o.Fill is null ? null : _memory.Copy<byte>(o.Fill);
        for (int i = 0; i < o.Pieces.Length; i++)
        {
            MovePiece piece = o.Pieces[i];
            GraphValue x = o.Inputs[piece.Input];
            a->Pieces[i].X = Slot(x);
            a->Pieces[i].From = piece.From;
            a->Pieces[i].To = piece.To;
            a->Pieces[i].SourceStep = x.Shape.IsBatched ? x.Shape.ElementCount : 0;
            a->Pieces[i].Nest = Iteration.Of(piece.Extent, false, piece.ToStrides, piece.FromStrides);
        }

        delegate*<void*, byte**, int, void> run = o.Y.Type.Size() switch
        {
            1 => &MoveKernel<byte>.Run,
            2 => &MoveKernel<ushort>.Run,
            4 => &MoveKernel<uint>.Run,
            _ => &MoveKernel<ulong>.Run,
        };
        AddStep($"Move {o.Y.Shape} from {o.Pieces.Length}", run, a);
    }

    /// <summary>An output that no operation writes: a constant, an input, or a value that another output already holds.</summary>
    private void EmitCopy(GraphValue output, int slot)
    {
        MoveArguments* a = _memory.Allocate<MoveArguments>(1);
        a->Y = slot;
        a->Batched = output.Shape.IsBatched;
        a->Size = output.ByteCount;
        a->PieceCount = 1;
        a->Pieces = _memory.Allocate<MovePieceArguments>(1);
        a->Pieces->X = Slot(output);
        a->Pieces->SourceStep = output.Shape.IsBatched ? output.ByteCount : 0;
        a->Pieces->Nest = Iteration.Of([output.ByteCount], false, [1], [1]);
        AddStep($"Copy {output.Shape}", &MoveKernel<byte>.Run, a);
    }

    private void EmitGather(GatherOperation o)
    {
        GatherArguments* a = _memory.Allocate<GatherArguments>(1);
        *a = new GatherArguments
        {
            X = Slot(o.X),
            Indices = Slot(o.Indices),
            Y = Slot(o.Y),
            WideIndices = o.Indices.Type == ElementType.Int64,
            Outer = o.Outer,
            OuterBatched = o.X.Shape.IsBatched,
            IndexCount = o.Indices.Shape.ElementCount,
            IndexBatched = o.Indices.Shape.IsBatched,
            Axis = o.Axis,
            InnerBytes = o.Inner * o.Y.Type.Size(),
        };
        AddStep($"Gather {o.Outer}x{o.Axis}x{o.Inner}", &GatherKernel.Run, a);
    }

    private void EmitCast(CastOperation o)
    {
        delegate*<void*, byte**, int, void> run = CastKernel.Entry(o.X.Type, o.Y.Type);
        if (run == null)
        {
            throw new ModelException($"{o.Origin}: casts from {o.X.Type.Name()} to {o.Y.Type.Name()} are not supported");
        }

        CastArguments* a = _memory.Allocate<CastArguments>(1);
        *a = new CastArguments { X = Slot(o.X), Y = Slot(o.Y), Count = o.Y.Shape.ElementCount, Batched = o.Y.Shape.IsBatched };
        AddStep($"Cast {o.X.Type.Name()} to {o.Y.Type.Name()} {o.Y.Shape}", run, a);
    }

    private void EmitMatrixProduct(MatrixProductOperation o)
    {
        int[] dense = o.Y.Shape.Strides()[..o.Leading.Length];
        MatrixProductArguments* a = _memory.Allocate<MatrixProductArguments>(1);
        *a = new MatrixProductArguments
        {
            A = Slot(o.A),
            B = Slot(o.B),
            Y = Slot(o.Y),
            M = o.M,
            N = o.N,
            K = o.K,
            AStrideM = o.AStrideM,
            AStrideK = o.AStrideK,
            BStrideK = o.BStrideK,
            BStrideN = o.BStrideN,
            Alpha = o.Alpha,
            RowsBatched = o.IsBatched && o.Leading.Length == 0,
            Leading = Iteration.Of(o.Leading, o.IsBatched && o.Leading.Length > 0, dense, o.AStrides, o.BStrides),
        };
        AddStep($"MatrixProduct {o.M}x{o.K}x{o.N}", _kernels.MatrixProduct, a);
    }

    private void EmitTrees(TreeEnsembleOperation o)
    {
        TreeEnsemble e = o.Ensemble;
        TreeArguments* a = _memory.Allocate<TreeArguments>(1);
        (int lanes, int depthMax) = _kernels.TreeBlocks;
        Forest* forest = ForestLayout.Build(e, _memory, lanes, depthMax);
        long lines = (long)forest->LineCount * lanes * sizeof(float);
        long linePlace = _arena.Take(lines);
        long marks = (long)o.Scores.Shape.ElementCount * (o.Scores.Shape.IsBatched ? _batchMax : 1);
        long place = _arena.Take(marks);
        *a = new TreeArguments
        {
            X = Slot(o.X),
            Scores = Slot(o.Scores),
            LabelSlot = e.Labels is null ? -1 : Slot(o.Outputs[0]),
            Marks = AddSlot((nint)place, true),
            Lines = AddSlot((nint)linePlace, true),
            Rows = o.Scores.Shape[0],
            Batched = o.Scores.Shape.IsBatched,
            FeatureCount = o.FeatureCount,
            Forest = forest,
        };
        _arena.Release(place, marks);
        _arena.Release(linePlace, lines);
        AddStep(
            $"{o.Kind} {e.Roots.Length} trees, {e.Nodes.Length} nodes, depth {e.Depth}, {(forest->Blocks != null ? "whole" : "walked")}",
            _kernels.Trees, a);
    }

    private void EmitClassify(ClassifyOperation o)
    {
        ClassifyArguments* a = _memory.Allocate<ClassifyArguments>(1);
        *a = new ClassifyArguments
        {
            X = Slot(o.X),
            LabelSlot = Slot(o.Outputs[0]),
            ScoreSlot = Slot(o.Outputs[1]),
            Rows = o.X.Shape[0],
            Batched = o.X.Shape.IsBatched,
            Columns = o.Columns,
            Classes = o.Classes,
            Transform = o.PostTransform,
            Labels = _memory.Copy<long>(o.Labels),
        };
        AddStep($"Classify {o.Columns}", &ClassifyKernel.Run, a);
    }

    private void EmitNormalize(NormalizeOperation o)
    {
        NormalizeArguments* a = _memory.Allocate<NormalizeArguments>(1);
        *a = new NormalizeArguments
        {
            X = Slot(o.X),
            Y = Slot(o.Y),
            Rows = o.Y.Shape[0],
            Batched = o.Y.Shape.IsBatched,
            Columns = o.Columns,
            Kind = o.Function,
        };
        AddStep($"Normalizer {o.Function} {o.Columns}", &NormalizeKernel.Run, a);
    }
}
