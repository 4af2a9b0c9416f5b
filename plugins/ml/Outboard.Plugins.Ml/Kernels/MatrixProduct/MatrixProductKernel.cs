using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Kernels.Lanes;

namespace Outboard.Plugins.Ml.Kernels.MatrixProduct;

/// <summary>y[l, m, n] = Alpha * sum over k of a[l, m, k] * b[l, k, n]; strides in elements, leading nest over y, a, b.</summary>
internal struct MatrixProductArguments
{
    public int A;
    public int B;
    public int Y;
    public int M;
    public int N;
    public int K;
    public int AStrideM;
    public int AStrideK;
    public int BStrideK;
    public int BStrideN;
    public float Alpha;

    /// <summary>M grows with the batch (there are no leading axes).</summary>
    public bool RowsBatched;
    public Iteration Leading;
}

/// <summary>A product of two run-time matrices: registers run along N when b's rows are dense, otherwise one by one.</summary>
internal static unsafe class MatrixProductKernel<T> where T : struct, ILanes<T>
{
    // Caller guarantees: arguments point to MatrixProductArguments whose strides stay inside the slots' buffers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(void* arguments, byte** slots, int batch)
    {
        var p = (MatrixProductArguments*)arguments;
        var a = (float*)slots[p->A];
        var b = (float*)slots[p->B];
        var y = (float*)slots[p->Y];
        nint rows = p->RowsBatched ? (nint)p->M * batch : p->M;
        int last = p->Leading.Rank - 1;
        nint inner = p->Leading.Size(last, batch), outer = p->Leading.OuterCount(batch);
        nint sy = p->Leading.Stride[last], sa = p->Leading.Stride[Iteration.RankMax + last];
        nint sb = p->Leading.Stride[(2 * Iteration.RankMax) + last];
        nint* indices = stackalloc nint[Iteration.RankMax];
        new Span<nint>(indices, Iteration.RankMax).Clear();
        nint* at = stackalloc nint[3];
        new Span<nint>(at, 3).Clear();
        for (nint i = 0; i < outer; i++)
        {
            for (nint j = 0; j < inner; j++)
            {
                Product(p, a + at[1] + (j * sa), b + at[2] + (j * sb), y + at[0] + (j * sy), rows);
            }

            p->Leading.Advance(batch, indices, at, 3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Product(MatrixProductArguments* p, float* a, float* b, float* y, nint rows)
    {
        nint k = p->K, n = p->N;
        for (nint m = 0; m < rows; m++)
        {
            float* row = a + (m * p->AStrideM);
            nint c = 0;
            if (p->BStrideN == 1)
            {
                for (; c <= n - T.Count; c += T.Count)
                {
                    T sum = T.Broadcast(0f);
                    for (nint i = 0; i < k; i++)
                    {
                        sum = T.MultiplyAdd(T.Broadcast(row[i * p->AStrideK]), T.Load(b + (i * p->BStrideK) + c), sum);
                    }

                    T.Store(y + (m * n) + c, sum * T.Broadcast(p->Alpha));
                }
            }

            for (; c < n; c++)
            {
                float sum = 0;
                for (nint i = 0; i < k; i++)
                {
                    sum += row[i * p->AStrideK] * b[(i * p->BStrideK) + (c * p->BStrideN)];
                }

                y[(m * n) + c] = sum * p->Alpha;
            }
        }
    }
}
