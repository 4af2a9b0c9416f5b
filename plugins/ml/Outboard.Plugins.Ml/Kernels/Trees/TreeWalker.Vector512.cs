using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Kernels.Trees;

/// <summary>
/// Sixteen rows at a time. The nodes of the first six levels (heap places 1 to 63) are picked out of registers by permutes over
/// one or two of them; deeper levels are gathered. .NET has no 512-bit gather, so the rows' values come in two halves.
/// </summary>
internal readonly unsafe struct Vector512TreeWalker : ITreeWalker
{
    public static SimdWidth Width => SimdWidth.V512;

    public static bool IsSupported => Avx512F.IsSupported && Avx2.IsSupported;

    public static int Rows => 16;

    public static void Sum(Forest* forest, float* x, int stride, float* sums)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        for (int t = 0; t < forest->TreeCount; t++)
        {
            sum += Gather(forest->LeafValues, Places(forest, t, x, stride));
        }

        sum.Store(sums);
    }

    public static void Walk(Forest* forest, int tree, float* x, int stride, int* places) =>
        Places(forest, tree, x, stride).Store(places);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Places(Forest* forest, int tree, float* x, int stride)
    {
        int start = forest->Starts[tree], depth = forest->Depths[tree];
        float* thresholds = forest->Thresholds + start;
        int* features = forest->Features + start;
        Vector512<int> rows = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) * Vector512.Create(stride);
        Vector512<float> t0 = Vector512.Load(thresholds);
        Vector512<int> f0 = Vector512.Load(features);
        Vector512<int> i = Vector512<int>.One;
        bool missing = forest->TracksMissing;
        int level = 0;
        for (int top = Math.Min(depth, 4); level < top; level++)
        {
            i = Step(i, Avx512F.PermuteVar16x32(t0, i), Avx512F.PermuteVar16x32(f0, i), x, rows, missing);
        }

        if (depth > 4)
        {
            Vector512<float> t1 = Vector512.Load(thresholds + 16);
            Vector512<int> f1 = Vector512.Load(features + 16);
            i = Step(i, Avx512F.PermuteVar16x32(t1, i), Avx512F.PermuteVar16x32(f1, i), x, rows, missing);
        }

        if (depth > 5)
        {
            i = Step(
                i,
                Avx512F.PermuteVar16x32x2(Vector512.Load(thresholds + 32), i, Vector512.Load(thresholds + 48)),
                Avx512F.PermuteVar16x32x2(Vector512.Load(features + 32), i, Vector512.Load(features + 48)),
                x, rows, missing);
        }

        for (level = 6; level < depth; level++)
        {
            i = Step(i, Gather(thresholds, i), Gather((float*)features, i).AsInt32(), x, rows, missing);
        }

        return i + Vector512.Create(start - (1 << depth));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Step(
        Vector512<int> i, Vector512<float> t, Vector512<int> f, float* x, Vector512<int> rows, bool missing)
    {
        Vector512<float> v = Gather(x, rows + (f & Vector512.Create(int.MaxValue)));
        Vector512<int> low = Vector512.LessThanOrEqual(v, t).AsInt32();
        if (missing)
        {
            low |= ~Vector512.Equals(v, v).AsInt32() & (f >> 31);
        }

        return i + i + Vector512<int>.One + low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gather(float* from, Vector512<int> index) => Vector512.Create(
        Avx2.GatherVector256(from, index.GetLower(), 4),
        Avx2.GatherVector256(from, index.GetUpper(), 4));
}
