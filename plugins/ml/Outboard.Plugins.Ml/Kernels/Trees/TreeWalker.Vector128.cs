using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Kernels.Trees;

/// <summary>Four rows at a time: comparing and stepping in registers, the loads one by one, since 128 bits have no gather.</summary>
internal readonly unsafe struct Vector128TreeWalker : ITreeWalker
{
    public static SimdWidth Width => SimdWidth.V128;

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Rows => 4;

    public static void Sum(Forest* forest, float* x, int stride, float* sums)
    {
        Vector128<float> sum = Vector128<float>.Zero;
        for (int t = 0; t < forest->TreeCount; t++)
        {
            Vector128<int> p = Places(forest, t, x, stride);
            float* v = forest->LeafValues;
            sum += Vector128.Create(v[p[0]], v[p[1]], v[p[2]], v[p[3]]);
        }

        sum.Store(sums);
    }

    public static void Walk(Forest* forest, int tree, float* x, int stride, int* places) =>
        Places(forest, tree, x, stride).Store(places);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Places(Forest* forest, int tree, float* x, int stride)
    {
        int start = forest->Starts[tree], depth = forest->Depths[tree];
        float* thresholds = forest->Thresholds + start;
        int* features = forest->Features + start;
        float* x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride;
        Vector128<int> i = Vector128<int>.One;
        for (int level = 0; level < depth; level++)
        {
            int n0 = i[0], n1 = i[1], n2 = i[2], n3 = i[3];
            int f0 = features[n0], f1 = features[n1], f2 = features[n2], f3 = features[n3];
            Vector128<float> v = Vector128.Create(
                x[f0 & int.MaxValue], x1[f1 & int.MaxValue], x2[f2 & int.MaxValue], x3[f3 & int.MaxValue]);
            Vector128<float> t = Vector128.Create(thresholds[n0], thresholds[n1], thresholds[n2], thresholds[n3]);
            Vector128<int> low = Vector128.LessThanOrEqual(v, t).AsInt32();
            if (forest->TracksMissing)
            {
                Vector128<int> nan = ~Vector128.Equals(v, v).AsInt32();
                low |= nan & (Vector128.Create(f0, f1, f2, f3) >> 31);
            }

            i = i + i + Vector128<int>.One + low;
        }

        return i + Vector128.Create(start - (1 << depth));
    }
}
