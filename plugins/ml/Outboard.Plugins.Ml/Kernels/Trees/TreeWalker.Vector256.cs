using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Kernels.Trees;

/// <summary>
/// Eight rows at a time. The nodes of the first three levels (heap places 1 to 7) lie in one register each for thresholds and
/// features and are picked by a permute; deeper levels and the rows' values are gathered.
/// </summary>
internal readonly unsafe struct Vector256TreeWalker : ITreeWalker
{
    public static SimdWidth Width => SimdWidth.V256;

    public static bool IsSupported => Avx2.IsSupported;

    public static int Rows => 8;

    public static void Sum(Forest* forest, float* x, int stride, float* sums)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        for (int t = 0; t < forest->TreeCount; t++)
        {
            sum += Avx2.GatherVector256(forest->LeafValues, Places(forest, t, x, stride), 4);
        }

        sum.Store(sums);
    }

    public static void Walk(Forest* forest, int tree, float* x, int stride, int* places) =>
        Places(forest, tree, x, stride).Store(places);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Places(Forest* forest, int tree, float* x, int stride)
    {
        int start = forest->Starts[tree], depth = forest->Depths[tree];
        float* thresholds = forest->Thresholds + start;
        int* features = forest->Features + start;
        Vector256<int> rows = Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7) * Vector256.Create(stride);
        Vector256<float> topThresholds = Vector256.Load(thresholds);
        Vector256<int> topFeatures = Vector256.Load(features);
        Vector256<int> i = Vector256<int>.One;
        for (int level = 0; level < depth; level++)
        {
            Vector256<float> t;
            Vector256<int> f;
            if (level < 3)
            {
                t = Avx2.PermuteVar8x32(topThresholds, i);
                f = Avx2.PermuteVar8x32(topFeatures, i);
            }
            else
            {
                t = Avx2.GatherVector256(thresholds, i, 4);
                f = Avx2.GatherVector256(features, i, 4);
            }

            Vector256<float> v = Avx2.GatherVector256(x, rows + (f & Vector256.Create(int.MaxValue)), 4);
            Vector256<int> low = Vector256.LessThanOrEqual(v, t).AsInt32();
            if (forest->TracksMissing)
            {
                low |= ~Vector256.Equals(v, v).AsInt32() & (f >> 31);
            }

            i = i + i + Vector256<int>.One + low;
        }

        return i + Vector256.Create(start - (1 << depth));
    }
}
