using System.Numerics;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Kernels.Reduce;

/// <summary>Two nests: over the outputs (operands y, x) and, inside, over the reduced elements (operand x).</summary>
internal struct ReduceArguments
{
    public int X;
    public int Y;
    public Iteration Kept;
    public Iteration Reduced;

    /// <summary>Elements reduced into one.</summary>
    public int Count;
    public bool SelectLast;
}

/// <summary>Reductions of any number type over any axes, one element at a time, at every width.</summary>
internal static unsafe class ReduceKernel<TNumber> where TNumber : unmanaged, INumber<TNumber>
{
    public static delegate*<void*, byte**, int, void> Entry(ReduceKind kind) => kind switch
    {
        ReduceKind.Sum => &Run<SumReduction>,
        ReduceKind.Mean => &Run<MeanReduction>,
        ReduceKind.Max => &Run<MaxReduction>,
        ReduceKind.Min => &Run<MinReduction>,
        ReduceKind.Prod => &Run<ProdReduction>,
        ReduceKind.L1 => &Run<L1Reduction>,
        ReduceKind.L2 => &Run<L2Reduction>,
        ReduceKind.SumSquare => &Run<SumSquareReduction>,
        ReduceKind.LogSum => &Run<LogSumReduction>,
        ReduceKind.LogSumExp => &RunLogSumExp,
        ReduceKind.ArgMax => &RunArg<GreaterOrder>,
        ReduceKind.ArgMin => &RunArg<LessOrder>,
        _ => null,
    };

    // Caller guarantees: arguments point to ReduceArguments whose nests stay inside the slots' buffers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TReduction>(void* arguments, byte** slots, int batch) where TReduction : struct, IReduction
    {
        var p = (ReduceArguments*)arguments;
        var x = (TNumber*)slots[p->X];
        var y = (TNumber*)slots[p->Y];
        nint count = Outputs(p, batch);
        nint* indices = stackalloc nint[Iteration.RankMax];
        new Span<nint>(indices, Iteration.RankMax).Clear();
        nint* at = stackalloc nint[2];
        new Span<nint>(at, 2).Clear();
        for (nint i = 0; i < count; i++)
        {
            y[at[0]] = TReduction.Finish(Fold<TReduction>(&p->Reduced, x + at[1], p->Count), p->Count);
            Step(p, batch, indices, at);
        }
    }

    private static TNumber Fold<TReduction>(Iteration* nest, TNumber* x, int total) where TReduction : struct, IReduction
    {
        TNumber sum = TReduction.Start<TNumber>();
        if (total == 0)
        {
            return sum;
        }

        int last = nest->Rank - 1;
        nint inner = nest->Size(last, 1), outer = nest->OuterCount(1), stride = nest->Stride[last];
        nint* indices = stackalloc nint[Iteration.RankMax];
        new Span<nint>(indices, Iteration.RankMax).Clear();
        nint at = 0;
        for (nint i = 0; i < outer; i++)
        {
            for (nint j = 0; j < inner; j++)
            {
                sum = TReduction.Add(sum, x[at + (j * stride)]);
            }

            nest->Advance(1, indices, &at, 1);
        }

        return sum;
    }

    /// <summary>log of the sum of exponentials, relative to the maximum so that it neither overflows nor vanishes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunLogSumExp(void* arguments, byte** slots, int batch)
    {
        var p = (ReduceArguments*)arguments;
        var x = (TNumber*)slots[p->X];
        var y = (TNumber*)slots[p->Y];
        nint count = Outputs(p, batch);
        nint* indices = stackalloc nint[Iteration.RankMax];
        new Span<nint>(indices, Iteration.RankMax).Clear();
        nint* inside = stackalloc nint[Iteration.RankMax];
        new Span<nint>(inside, Iteration.RankMax).Clear();
        nint* at = stackalloc nint[2];
        new Span<nint>(at, 2).Clear();
        int last = p->Reduced.Rank - 1;
        nint inner = p->Reduced.Size(last, 1), outer = p->Reduced.OuterCount(1), stride = p->Reduced.Stride[last];
        for (nint i = 0; i < count; i++)
        {
            double max = p->Count == 0 ? 0 : double.CreateTruncating(Fold<MaxReduction>(&p->Reduced, x + at[1], p->Count));
            max = double.IsFinite(max) ? max : 0;
            double sum = 0;
            nint offset = 0;
            new Span<nint>(inside, Iteration.RankMax).Clear();
            for (nint o = 0; o < outer && p->Count > 0; o++)
            {
                for (nint j = 0; j < inner; j++)
                {
                    sum += Math.Exp(double.CreateTruncating(x[at[1] + offset + (j * stride)]) - max);
                }

                p->Reduced.Advance(1, inside, &offset, 1);
            }

            y[at[0]] = TNumber.CreateTruncating(max + Math.Log(sum));
            Step(p, batch, indices, at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunArg<TOrder>(void* arguments, byte** slots, int batch) where TOrder : struct, IOrder
    {
        var p = (ReduceArguments*)arguments;
        var x = (TNumber*)slots[p->X];
        var y = (long*)slots[p->Y];
        nint count = Outputs(p, batch);
        nint stride = p->Reduced.Stride[p->Reduced.Rank - 1];
        nint* indices = stackalloc nint[Iteration.RankMax];
        new Span<nint>(indices, Iteration.RankMax).Clear();
        nint* at = stackalloc nint[2];
        new Span<nint>(at, 2).Clear();
        for (nint i = 0; i < count; i++)
        {
            TNumber* row = x + at[1];
            long best = 0;
            for (nint j = 1; j < p->Count; j++)
            {
                TNumber v = row[j * stride], top = row[(nint)best * stride];
                if (TOrder.Before(v, top) || (p->SelectLast && v == top))
                {
                    best = j;
                }
            }

            y[at[0]] = best;
            Step(p, batch, indices, at);
        }
    }

    private static nint Outputs(ReduceArguments* p, int batch) =>
        p->Kept.OuterCount(batch) * p->Kept.Size(p->Kept.Rank - 1, batch);

    /// <summary>The nest over outputs has no inner loop: its last axis is stepped here.</summary>
    private static void Step(ReduceArguments* p, int batch, nint* indices, nint* at)
    {
        int last = p->Kept.Rank - 1;
        nint size = p->Kept.Size(last, batch);
        nint sy = p->Kept.Stride[last], sx = p->Kept.Stride[Iteration.RankMax + last];
        if (++indices[last] < size)
        {
            at[0] += sy;
            at[1] += sx;
            return;
        }

        indices[last] = 0;
        at[0] -= sy * (size - 1);
        at[1] -= sx * (size - 1);
        p->Kept.Advance(batch, indices, at, 2);
    }
}
