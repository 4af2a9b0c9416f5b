namespace Outboard.Plugins.Ml.Kernels;

/// <summary>
/// A nest of up to <see cref="RankMax"/> loops over strided operands, adjacent axes merged at plan time. The last axis is
/// left to the kernel as its inner loop. Axis 0 grows with the batch when Batched.
/// </summary>
internal unsafe struct Iteration
{
    public const int RankMax = 12;
    public const int OperandsMax = 4;

    public int Rank;
    public bool Batched;
    public fixed int Extent[RankMax];

    /// <summary>Element strides, operand by operand.</summary>
    public fixed int Stride[RankMax * OperandsMax];

    /// <summary>Builds a nest; axes of extent 1 go, and an axis that continues its inner neighbour in every operand joins it.</summary>
    public static Iteration Of(ReadOnlySpan<int> extent, bool batched, params ReadOnlySpan<int[]> strides)
    {
        Iteration nest = default;
        nest.Batched = batched;
        Span<int> kept = stackalloc int[RankMax];
        int count = 0;
        for (int axis = 0; axis < extent.Length; axis++)
        {
            if (extent[axis] == 1 && !(axis == 0 && batched))
            {
                continue;
            }

            // The batch axis may take in its neighbour too: its extent is still a multiple of the batch.
            bool joins = count > 0;
            for (int o = 0; joins && o < strides.Length; o++)
            {
                joins = strides[o][kept[count - 1]] == (long)strides[o][axis] * extent[axis];
            }

            if (joins)
            {
                nest.Extent[count - 1] *= extent[axis];
                for (int o = 0; o < strides.Length; o++)
                {
                    nest.Stride[(o * RankMax) + count - 1] = strides[o][axis];
                }

                kept[count - 1] = axis;
                continue;
            }

            kept[count] = axis;
            nest.Extent[count] = extent[axis];
            for (int o = 0; o < strides.Length; o++)
            {
                nest.Stride[(o * RankMax) + count] = strides[o][axis];
            }

            count++;
        }

        if (count == 0)
        {
            nest.Extent[0] = 1;
            count = 1;
        }

        nest.Rank = count;
        return nest;
    }

    /// <summary>Extent of an axis for a batch.</summary>
    public readonly nint Size(int axis, int batch) => Batched && axis == 0 ? (nint)Extent[0] * batch : Extent[axis];

    /// <summary>Times the inner loop runs.</summary>
    public readonly nint OuterCount(int batch)
    {
        nint count = 1;
        for (int i = 0; i < Rank - 1; i++)
        {
            count *= Size(i, batch);
        }

        return count;
    }

    /// <summary>
    /// Steps the outer axes like an odometer and keeps the operands' offsets current. Indices are the caller's, all 0 at first.
    /// </summary>
    public readonly void Advance(int batch, nint* indices, nint* offsets, int operands)
    {
        for (int axis = Rank - 2; axis >= 0; axis--)
        {
            nint size = Size(axis, batch);
            bool wraps = ++indices[axis] == size;
            for (int o = 0; o < operands; o++)
            {
                nint stride = Stride[(o * RankMax) + axis];
                offsets[o] += wraps ? -stride * (size - 1) : stride;
            }

            if (!wraps)
            {
                return;
            }

            indices[axis] = 0;
        }
    }
}
