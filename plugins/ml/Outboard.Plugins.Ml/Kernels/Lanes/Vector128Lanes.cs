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

    public static Vector128Lanes LoadPartial(float* from, int count, float fill)
    {
        float* whole = stackalloc float[4];
        for (int i = 0; i < 4; i++)
        {
            whole[i] = i < count ? from[i] : fill;
        }

        return new(Vector128.Load(whole));
    }

    public static void StorePartial(float* to, Vector128Lanes value, int count)
    {
        float* whole = stackalloc float[4];
        value._v.Store(whole);
        for (int i = 0; i < count; i++)
        {
            to[i] = whole[i];
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

    public static float MaxOf(Vector128Lanes x)
    {
        float max = x._v[0];
        for (int i = 1; i < 4; i++)
        {
            float next = x._v[i];
            max = next > max ? next : max;
        }

        return max;
    }
}
