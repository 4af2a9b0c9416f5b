using System.Numerics;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Graph.Operations;
using Outboard.Plugins.Ml.Kernels.Lanes;

namespace Outboard.Plugins.Ml.Kernels.Binary;

/// <summary>y = f(a, b) with broadcasting; operands of the nest are y, a, b.</summary>
internal struct BinaryArguments
{
    public int A;
    public int B;
    public int Y;
    public Iteration Nest;
}

/// <summary>Float operands by registers: rows of two vectors, or of a vector and one number.</summary>
internal static unsafe class BinaryKernel<T> where T : struct, ILanes<T>
{
    public static delegate*<void*, byte**, int, void> Entry(BinaryKind kind) => kind switch
    {
        BinaryKind.Add => &Run<AddFunction>,
        BinaryKind.Sub => &Run<SubFunction>,
        BinaryKind.Mul => &Run<MulFunction>,
        BinaryKind.Div => &Run<DivFunction>,
        BinaryKind.Min => &Run<MinFunction>,
        BinaryKind.Max => &Run<MaxFunction>,
        BinaryKind.PRelu => &Run<PReluFunction>,
        _ => null,
    };

    // Caller guarantees: arguments point to BinaryArguments whose nest stays inside the slots' buffers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TFunction>(void* arguments, byte** slots, int batch) where TFunction : struct, IBinaryFunction
    {
        var p = (BinaryArguments*)arguments;
        var y = (float*)slots[p->Y];
        var a = (float*)slots[p->A];
        var b = (float*)slots[p->B];
        int last = p->Nest.Rank - 1;
        nint inner = p->Nest.Size(last, batch), outer = p->Nest.OuterCount(batch);
        nint sy = p->Nest.Stride[last], sa = p->Nest.Stride[Iteration.RankMax + last], sb = p->Nest.Stride[(2 * Iteration.RankMax) + last];
        nint* indices = stackalloc nint[Iteration.RankMax];
        new Span<nint>(indices, Iteration.RankMax).Clear();
        nint* at = stackalloc nint[3];
        new Span<nint>(at, 3).Clear();
        bool dense = sy == 1 && (sa | sb) is 0 or 1;
        for (nint i = 0; i < outer; i++)
        {
            if (dense)
            {
                Row<TFunction>(y + at[0], a + at[1], b + at[2], inner, sa != 0, sb != 0);
            }
            else
            {
                for (nint j = 0; j < inner; j++)
                {
                    y[at[0] + (j * sy)] = TFunction.Single(a[at[1] + (j * sa)], b[at[2] + (j * sb)]);
                }
            }

            p->Nest.Advance(batch, indices, at, 3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<TFunction>(float* y, float* a, float* b, nint count, bool aMoves, bool bMoves)
        where TFunction : struct, IBinaryFunction
    {
        nint i = 0;
        if (aMoves && bMoves)
        {
            for (; i <= count - T.Count; i += T.Count)
            {
                T.Store(y + i, TFunction.Apply(T.Load(a + i), T.Load(b + i)));
            }
        }
        else if (aMoves)
        {
            T whole = T.Broadcast(*b);
            for (; i <= count - T.Count; i += T.Count)
            {
                T.Store(y + i, TFunction.Apply(T.Load(a + i), whole));
            }
        }
        else
        {
            T whole = T.Broadcast(*a);
            for (; i <= count - T.Count; i += T.Count)
            {
                T.Store(y + i, TFunction.Apply(whole, bMoves ? T.Load(b + i) : T.Broadcast(*b)));
            }
        }

        for (; i < count; i++)
        {
            y[i] = TFunction.Single(a[aMoves ? i : 0], b[bMoves ? i : 0]);
        }
    }
}

/// <summary>Any number type, one by one, at every width.</summary>
internal static unsafe class BinarySingle<TNumber> where TNumber : unmanaged, INumber<TNumber>
{
    public static delegate*<void*, byte**, int, void> Entry(BinaryKind kind) => kind switch
    {
        BinaryKind.Add => &Run<AddFunction>,
        BinaryKind.Sub => &Run<SubFunction>,
        BinaryKind.Mul => &Run<MulFunction>,
        BinaryKind.Div => &Run<DivFunction>,
        BinaryKind.Min => &Run<MinFunction>,
        BinaryKind.Max => &Run<MaxFunction>,
        BinaryKind.PRelu => &Run<PReluFunction>,
        BinaryKind.Pow => &Run<PowFunction>,
        BinaryKind.Mod => &Run<ModFunction>,
        BinaryKind.FMod => &Run<FModFunction>,
        BinaryKind.Less => &Compare<LessComparison>,
        BinaryKind.LessOrEqual => &Compare<LessOrEqualComparison>,
        BinaryKind.Greater => &Compare<GreaterComparison>,
        BinaryKind.GreaterOrEqual => &Compare<GreaterOrEqualComparison>,
        BinaryKind.Equal => &Compare<EqualComparison>,
        BinaryKind.And => &Logic<AndLogic>,
        BinaryKind.Or => &Logic<OrLogic>,
        BinaryKind.Xor => &Logic<XorLogic>,
        _ => null,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TFunction>(void* arguments, byte** slots, int batch) where TFunction : struct, ISingleFunction
    {
        var p = (BinaryArguments*)arguments;
        var y = (TNumber*)slots[p->Y];
        var a = (TNumber*)slots[p->A];
        var b = (TNumber*)slots[p->B];
        int last = p->Nest.Rank - 1;
        nint inner = p->Nest.Size(last, batch), outer = p->Nest.OuterCount(batch);
        nint sy = p->Nest.Stride[last], sa = p->Nest.Stride[Iteration.RankMax + last], sb = p->Nest.Stride[(2 * Iteration.RankMax) + last];
        nint* indices = stackalloc nint[Iteration.RankMax];
        new Span<nint>(indices, Iteration.RankMax).Clear();
        nint* at = stackalloc nint[3];
        new Span<nint>(at, 3).Clear();
        for (nint i = 0; i < outer; i++)
        {
            for (nint j = 0; j < inner; j++)
            {
                y[at[0] + (j * sy)] = TFunction.Single(a[at[1] + (j * sa)], b[at[2] + (j * sb)]);
            }

            p->Nest.Advance(batch, indices, at, 3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compare<TComparison>(void* arguments, byte** slots, int batch) where TComparison : struct, IComparison
    {
        var p = (BinaryArguments*)arguments;
        byte* y = slots[p->Y];
        var a = (TNumber*)slots[p->A];
        var b = (TNumber*)slots[p->B];
        int last = p->Nest.Rank - 1;
        nint inner = p->Nest.Size(last, batch), outer = p->Nest.OuterCount(batch);
        nint sy = p->Nest.Stride[last], sa = p->Nest.Stride[Iteration.RankMax + last], sb = p->Nest.Stride[(2 * Iteration.RankMax) + last];
        nint* indices = stackalloc nint[Iteration.RankMax];
        new Span<nint>(indices, Iteration.RankMax).Clear();
        nint* at = stackalloc nint[3];
        new Span<nint>(at, 3).Clear();
        for (nint i = 0; i < outer; i++)
        {
            for (nint j = 0; j < inner; j++)
            {
                y[at[0] + (j * sy)] = TComparison.Holds(a[at[1] + (j * sa)], b[at[2] + (j * sb)]) ? (byte)1 : (byte)0;
            }

            p->Nest.Advance(batch, indices, at, 3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Logic<TLogic>(void* arguments, byte** slots, int batch) where TLogic : struct, ILogic
    {
        var p = (BinaryArguments*)arguments;
        byte* y = slots[p->Y], a = slots[p->A], b = slots[p->B];
        int last = p->Nest.Rank - 1;
        nint inner = p->Nest.Size(last, batch), outer = p->Nest.OuterCount(batch);
        nint sy = p->Nest.Stride[last], sa = p->Nest.Stride[Iteration.RankMax + last], sb = p->Nest.Stride[(2 * Iteration.RankMax) + last];
        nint* indices = stackalloc nint[Iteration.RankMax];
        new Span<nint>(indices, Iteration.RankMax).Clear();
        nint* at = stackalloc nint[3];
        new Span<nint>(at, 3).Clear();
        for (nint i = 0; i < outer; i++)
        {
            for (nint j = 0; j < inner; j++)
            {
                // Any byte but 0 counts as true, whatever a caller put in a bool tensor.
                y[at[0] + (j * sy)] = TLogic.Apply(a[at[1] + (j * sa)] != 0, b[at[2] + (j * sb)] != 0) ? (byte)1 : (byte)0;
            }

            p->Nest.Advance(batch, indices, at, 3);
        }
    }
}

internal interface ILogic
{
    static abstract bool Apply(bool a, bool b);
}

internal readonly struct AndLogic : ILogic
{
    public static bool Apply(bool a, bool b) => a & b;
}

internal readonly struct OrLogic : ILogic
{
    public static bool Apply(bool a, bool b) => a | b;
}

internal readonly struct XorLogic : ILogic
{
    public static bool Apply(bool a, bool b) => a ^ b;
}
