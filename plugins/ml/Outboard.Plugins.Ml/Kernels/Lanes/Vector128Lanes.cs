using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Kernels.Lanes;

/// <summary>4 floats in a 128-bit register.</summary>
internal readonly unsafe struct Vector128Lanes(Vector128<float> value) : ILanes<Vector128Lanes>
{
    private readonly Vector128<float> _v = value;

    public static SimdWidth Width => SimdWidth.V128;

    public static int Count => 4;

    public static bool IsSupported => Vector128.IsHardwareAccelerated && Sse41.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Load(float* from) => new(Vector128.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, Vector128Lanes value) => value._v.Store(to);

    /// <summary>A masked load reads nothing behind the last element; without AVX the elements come one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes LoadPartial(float* from, int count, float fill)
    {
        Vector128<float> mask = First(count);
        return Avx.IsSupported
            ? new(Vector128.ConditionalSelect(mask, Avx.MaskLoad(from, mask), Vector128.Create(fill)))
            : new(Vector128.Create(
                count > 0 ? from[0] : fill, count > 1 ? from[1] : fill, count > 2 ? from[2] : fill, count > 3 ? from[3] : fill));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* to, Vector128Lanes value, int count)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(to, First(count), value._v);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            to[i] = value._v.GetElement(i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes operator +(Vector128Lanes a, Vector128Lanes b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes operator -(Vector128Lanes a, Vector128Lanes b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes operator *(Vector128Lanes a, Vector128Lanes b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes operator /(Vector128Lanes a, Vector128Lanes b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes MultiplyAdd(Vector128Lanes a, Vector128Lanes b, Vector128Lanes c) => new(Vector128.MultiplyAddEstimate(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Min(Vector128Lanes a, Vector128Lanes b) => new(Sse.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Max(Vector128Lanes a, Vector128Lanes b) => new(Sse.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Less(Vector128Lanes a, Vector128Lanes b) => new(Vector128.LessThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes LessOrEqual(Vector128Lanes a, Vector128Lanes b) => new(Vector128.LessThanOrEqual(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Equal(Vector128Lanes a, Vector128Lanes b) => new(Vector128.Equals(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes And(Vector128Lanes a, Vector128Lanes b) => new(a._v & b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Or(Vector128Lanes a, Vector128Lanes b) => new(a._v | b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Xor(Vector128Lanes a, Vector128Lanes b) => new(a._v ^ b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Select(Vector128Lanes mask, Vector128Lanes a, Vector128Lanes b) => new(Vector128.ConditionalSelect(mask._v, a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes SelectAtMost(Vector128Lanes x, Vector128Lanes limit, Vector128Lanes a, Vector128Lanes b) =>
        new(Vector128.ConditionalSelect(Vector128.LessThanOrEqual(x._v, limit._v), a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Sqrt(Vector128Lanes x) => new(Vector128.Sqrt(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Floor(Vector128Lanes x) => new(Vector128.Floor(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Ceiling(Vector128Lanes x) => new(Vector128.Ceiling(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Round(Vector128Lanes x) => new(Vector128.Round(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes PowerOfTwo(Vector128Lanes n) =>
        new(((Vector128.ConvertToInt32Native(n._v) + Vector128.Create(127)) << 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128Lanes Mantissa(Vector128Lanes x, out Vector128Lanes exponent)
    {
        Vector128<int> bits = x._v.AsInt32();
        exponent = new(Vector128.ConvertToSingle((bits >>> 23) - Vector128.Create(126)));
        return new(((bits & Vector128.Create(0x007FFFFF)) | Vector128.Create(0x3F000000)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128Lanes x) => Vector128.Sum(x._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxOf(Vector128Lanes x) => Largest(x._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector128<float> v)
    {
        Vector128<float> pairs = Sse.Max(v, Vector128.Shuffle(v, Vector128.Create(2, 3, 0, 1)));
        return Sse.Max(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> First(int count) =>
        Vector128.LessThan(Vector128.Create(0, 1, 2, 3), Vector128.Create(count)).AsSingle();
}
