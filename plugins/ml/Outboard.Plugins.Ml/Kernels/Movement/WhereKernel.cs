using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Ml.Kernels.Movement;

/// <summary>y = condition ? a : b; operands of the nest are y, condition, a, b.</summary>
internal struct WhereArguments
{
    public int Condition;
    public int A;
    public int B;
    public int Y;
    public Iteration Nest;
}

internal static unsafe class WhereKernel<T> where T : unmanaged
{
    // Caller guarantees: arguments point to WhereArguments whose nest stays inside the slots' buffers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(void* arguments, byte** slots, int batch)
    {
        var p = (WhereArguments*)arguments;
        var y = (T*)slots[p->Y];
        byte* condition = slots[p->Condition];
        var a = (T*)slots[p->A];
        var b = (T*)slots[p->B];
        int last = p->Nest.Rank - 1;
        nint inner = p->Nest.Size(last, batch), outer = p->Nest.OuterCount(batch);
        nint sy = p->Nest.Stride[last], sc = p->Nest.Stride[Iteration.RankMax + last];
        nint sa = p->Nest.Stride[(2 * Iteration.RankMax) + last], sb = p->Nest.Stride[(3 * Iteration.RankMax) + last];
        nint* indices = stackalloc nint[Iteration.RankMax];
        new Span<nint>(indices, Iteration.RankMax).Clear();
        nint* at = stackalloc nint[4];
        new Span<nint>(at, 4).Clear();
        for (nint i = 0; i < outer; i++)
        {
            for (nint j = 0; j < inner; j++)
            {
                y[at[0] + (j * sy)] = condition[at[1] + (j * sc)] != 0 ? a[at[2] + (j * sa)] : b[at[3] + (j * sb)];
            }

            p->Nest.Advance(batch, indices, at, 4);
        }
    }
}
