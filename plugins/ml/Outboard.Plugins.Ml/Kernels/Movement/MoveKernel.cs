using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Ml.Kernels.Movement;

/// <summary>Strided pieces; the nests' operands are y and x, offsets and strides in elements.</summary>
internal unsafe struct MoveArguments
{
    public int Y;
    public bool Batched;

    /// <summary>Elements of one inference of the output.</summary>
    public int Size;
    public int PieceCount;
    public MovePieceArguments* Pieces;

    /// <summary>One element to fill with first, or null.</summary>
    public byte* Fill;
}

internal struct MovePieceArguments
{
    public int X;
    public int From;
    public int To;

    /// <summary>Elements between inferences in the source; 0 for a source that all share.</summary>
    public int SourceStep;
    public Iteration Nest;
}

/// <summary>Copies; T is an unsigned integer of the element's size, so that every type moves alike and no NaN is touched.</summary>
internal static unsafe class MoveKernel<T> where T : unmanaged
{
    // Caller guarantees: arguments point to MoveArguments whose nests stay inside the slots' buffers; y overlaps no source.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(void* arguments, byte** slots, int batch)
    {
        var p = (MoveArguments*)arguments;
        var y = (T*)slots[p->Y];
        int rounds = p->Batched ? batch : 1;
        if (p->Fill != null)
        {
            new Span<T>(y, p->Size * rounds).Fill(*(T*)p->Fill);
        }

        for (int i = 0; i < p->PieceCount; i++)
        {
            MovePieceArguments* piece = p->Pieces + i;
            T* from = (T*)slots[piece->X] + piece->From, to = y + piece->To;
            for (int b = 0; b < rounds; b++)
            {
                Piece(piece, from + ((nint)b * piece->SourceStep), to + ((nint)b * p->Size));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Piece(MovePieceArguments* piece, T* x, T* y)
    {
        int last = piece->Nest.Rank - 1;
        nint inner = piece->Nest.Size(last, 1), outer = piece->Nest.OuterCount(1);
        nint sy = piece->Nest.Stride[last], sx = piece->Nest.Stride[Iteration.RankMax + last];
        nint* indices = stackalloc nint[Iteration.RankMax];
        new Span<nint>(indices, Iteration.RankMax).Clear();
        nint* at = stackalloc nint[2];
        new Span<nint>(at, 2).Clear();
        for (nint i = 0; i < outer; i++)
        {
            T* to = y + at[0], from = x + at[1];
            if (sy == 1 && sx == 1)
            {
                new ReadOnlySpan<T>(from, (int)inner).CopyTo(new Span<T>(to, (int)inner));
            }
            else
            {
                for (nint j = 0; j < inner; j++)
                {
                    to[j * sy] = from[j * sx];
                }
            }

            piece->Nest.Advance(1, indices, at, 2);
        }
    }
}
