using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Kernels.Classify;

internal unsafe struct ClassifyArguments
{
    public int X;
    public int LabelSlot;
    public int ScoreSlot;
    public int Rows;
    public bool Batched;
    public int Columns;
    public int Classes;
    public PostTransform Transform;
    public long* Labels;
}

/// <summary>Raw scores of a linear classifier to a label and transformed scores, row by row.</summary>
internal static unsafe class ClassifyKernel
{
    // Caller guarantees: arguments point to ClassifyArguments that describe the slots' buffers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(void* arguments, byte** slots, int batch)
    {
        var p = (ClassifyArguments*)arguments;
        var x = (float*)slots[p->X];
        var labels = (long*)slots[p->LabelSlot];
        var y = (float*)slots[p->ScoreSlot];
        nint rows = p->Batched ? (nint)p->Rows * batch : p->Rows;
        for (nint r = 0; r < rows; r++, x += p->Columns, y += p->Classes)
        {
            if (p->Columns == 1)
            {
                float score = *x;
                labels[r] = score > 0 ? p->Labels[p->Classes == 2 ? 1 : 0] : p->Classes == 2 ? p->Labels[0] : 0;
                if (p->Classes == 2)
                {
                    y[0] = 1f - score;
                    y[1] = score;
                }
                else
                {
                    y[0] = score;
                    PostTransforms.Apply(p->Transform, y, 1);
                }

                continue;
            }

            int best = 0;
            for (int i = 0; i < p->Columns; i++)
            {
                y[i] = x[i];
                best = x[i] > x[best] ? i : best;
            }

            labels[r] = p->Labels[best];
            PostTransforms.Apply(p->Transform, y, p->Columns);
        }
    }
}
