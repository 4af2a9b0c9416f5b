using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Kernels.Classify;

internal struct NormalizeArguments
{
    public int X;
    public int Y;
    public int Rows;
    public bool Batched;
    public int Columns;
    public NormalizeKind Kind;
}

/// <summary>Rows scaled by their norm, one by one.</summary>
internal static unsafe class NormalizeKernel
{
    // Caller guarantees: arguments point to NormalizeArguments that describe the slots' buffers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(void* arguments, byte** slots, int batch)
    {
        var p = (NormalizeArguments*)arguments;
        var x = (float*)slots[p->X];
        var y = (float*)slots[p->Y];
        nint rows = p->Batched ? (nint)p->Rows * batch : p->Rows;
        for (nint r = 0; r < rows; r++, x += p->Columns, y += p->Columns)
        {
            float norm = p->Kind == NormalizeKind.Max ? float.MinValue : 0f;
            for (int i = 0; i < p->Columns; i++)
            {
                norm = p->Kind switch
                {
                    NormalizeKind.Max => Math.Max(norm, x[i]),
                    NormalizeKind.L1 => norm + Math.Abs(x[i]),
                    _ => norm + (x[i] * x[i]),
                };
            }

            norm = p->Kind == NormalizeKind.L2 ? MathF.Sqrt(norm) : norm;
            for (int i = 0; i < p->Columns; i++)
            {
                y[i] = norm == 0 ? x[i] : x[i] / norm;
            }
        }
    }
}
