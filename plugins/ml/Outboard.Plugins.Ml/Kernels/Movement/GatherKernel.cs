using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Ml.Kernels.Movement;

/// <summary>y[o, i, :] = x[o, indices[i], :]; inner in bytes.</summary>
internal struct GatherArguments
{
    public int X;
    public int Indices;
    public int Y;
    public bool WideIndices;
    public int Outer;
    public bool OuterBatched;
    public int IndexCount;
    public bool IndexBatched;
    public int Axis;
    public int InnerBytes;
}

internal static unsafe class GatherKernel
{
    // Caller guarantees: arguments point to GatherArguments that describe the slots' buffers; indices may hold anything.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(void* arguments, byte** slots, int batch)
    {
        var p = (GatherArguments*)arguments;
        byte* x = slots[p->X], indices = slots[p->Indices], y = slots[p->Y];
        nint outer = p->OuterBatched ? (nint)p->Outer * batch : p->Outer;
        nint count = p->IndexBatched ? (nint)p->IndexCount * batch : p->IndexCount;
        for (nint o = 0; o < outer; o++)
        {
            for (nint i = 0; i < count; i++)
            {
                long index = p->WideIndices ? ((long*)indices)[i] : ((int*)indices)[i];
                index = Math.Clamp(index < 0 ? index + p->Axis : index, 0, p->Axis - 1);
                byte* from = x + (((o * p->Axis) + (nint)index) * p->InnerBytes);
                new ReadOnlySpan<byte>(from, p->InnerBytes).CopyTo(new Span<byte>(y, p->InnerBytes));
                y += p->InnerBytes;
            }
        }
    }
}
