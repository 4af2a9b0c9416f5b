using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Ml.Kernels.Trees;

/// <summary>
/// One row through heaps: i = 1; Depth times: i = 2i + (x[Feature[i]] at most Threshold[i] ? 0 : 1). Four trees of equal depth are
/// walked together, since one walk is a chain of dependent loads; their values are still added in tree order.
/// </summary>
internal static unsafe class ScalarTrees
{
    // Caller guarantees for all: the forest has heaps, x has every feature that a node tests.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum(Forest* forest, float* x)
    {
        float sum = 0f;
        int t = 0;
        for (; t <= forest->TreeCount - 4 && !forest->TracksMissing; t += 4)
        {
            int* d = forest->Depths + t;
            int depth = d[0];
            if (d[1] != depth || d[2] != depth || d[3] != depth)
            {
                for (int j = 0; j < 4; j++)
                {
                    sum += forest->LeafValues[Place(forest, t + j, x)];
                }

                continue;
            }

            int* starts = forest->Starts + t;
            int s0 = starts[0], s1 = starts[1], s2 = starts[2], s3 = starts[3];
            int i0 = 1, i1 = 1, i2 = 1, i3 = 1;
            for (int level = 0; level < depth; level++)
            {
                i0 = Step(forest, s0, i0, x);
                i1 = Step(forest, s1, i1, x);
                i2 = Step(forest, s2, i2, x);
                i3 = Step(forest, s3, i3, x);
            }

            int leaves = 1 << depth;
            sum += forest->LeafValues[s0 + i0 - leaves];
            sum += forest->LeafValues[s1 + i1 - leaves];
            sum += forest->LeafValues[s2 + i2 - leaves];
            sum += forest->LeafValues[s3 + i3 - leaves];
        }

        for (; t < forest->TreeCount; t++)
        {
            sum += forest->LeafValues[Place(forest, t, x)];
        }

        return sum;
    }

    /// <summary>The place of the leaf that the row reaches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Place(Forest* forest, int tree, float* x)
    {
        int start = forest->Starts[tree], depth = forest->Depths[tree], i = 1;
        if (!forest->TracksMissing)
        {
            for (int level = 0; level < depth; level++)
            {
                i = Step(forest, start, i, x);
            }
        }
        else
        {
            for (int level = 0; level < depth; level++)
            {
                int feature = forest->Features[start + i];
                float v = x[feature & int.MaxValue];
                bool low = v <= forest->Thresholds[start + i] || (feature < 0 && float.IsNaN(v));
                i = (2 * i) + (low ? 0 : 1);
            }
        }

        return start + i - (1 << depth);
    }

    /// <summary>The comparison as a number, so that no branch depends on the data.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Step(Forest* forest, int start, int i, float* x) =>
        (2 * i) + 1 - Unsafe.BitCast<bool, byte>(x[forest->Features[start + i]] <= forest->Thresholds[start + i]);
}
