using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Kernels.Lanes;

/// <summary>One float, with plain arithmetic: two roundings where wider registers fuse.</summary>
internal readonly unsafe struct ScalarLanes(float value) : ILanes<ScalarLanes>
{
    private readonly float _v = value;

    public static SimdWidth Width => SimdWidth.Scalar;

    public static int Count => 1;

    public static bool IsSupported => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Load(float* from) => new(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, ScalarLanes value) => *to = value._v;

    public static ScalarLanes LoadPartial(float* from, int count, float fill) => new(count > 0 ? *from : fill);

    public static void StorePartial(float* to, ScalarLanes value, int count)
    {
        if (count > 0)
        {
            *to = value._v;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes operator +(ScalarLanes a, ScalarLanes b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes operator -(ScalarLanes a, ScalarLanes b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes operator *(ScalarLanes a, ScalarLanes b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes operator /(ScalarLanes a, ScalarLanes b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes MultiplyAdd(ScalarLanes a, ScalarLanes b, ScalarLanes c) => new((a._v * b._v) + c._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Min(ScalarLanes a, ScalarLanes b) => new(a._v < b._v ? a._v : b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Max(ScalarLanes a, ScalarLanes b) => new(a._v > b._v ? a._v : b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Less(ScalarLanes a, ScalarLanes b) => Mask(a._v < b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes LessOrEqual(ScalarLanes a, ScalarLanes b) => Mask(a._v <= b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Equal(ScalarLanes a, ScalarLanes b) => Mask(a._v == b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes And(ScalarLanes a, ScalarLanes b) => Bits(Bits(a) & Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Or(ScalarLanes a, ScalarLanes b) => Bits(Bits(a) | Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Xor(ScalarLanes a, ScalarLanes b) => Bits(Bits(a) ^ Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Select(ScalarLanes mask, ScalarLanes a, ScalarLanes b) => Bits(mask) != 0 ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes SelectAtMost(ScalarLanes x, ScalarLanes limit, ScalarLanes a, ScalarLanes b) =>
        x._v <= limit._v ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Sqrt(ScalarLanes x) => new(MathF.Sqrt(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Floor(ScalarLanes x) => new(MathF.Floor(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Ceiling(ScalarLanes x) => new(MathF.Ceiling(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Round(ScalarLanes x) => new(MathF.Round(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes PowerOfTwo(ScalarLanes n) => Bits((uint)((int)n._v + 127) << 23);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLanes Mantissa(ScalarLanes x, out ScalarLanes exponent)
    {
        uint bits = Bits(x);
        exponent = new((int)(bits >> 23) - 126);
        return Bits((bits & 0x007FFFFF) | 0x3F000000);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(ScalarLanes x) => x._v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxOf(ScalarLanes x) => x._v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ScalarLanes Mask(bool b) => Bits(b ? uint.MaxValue : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(ScalarLanes x) => BitConverter.SingleToUInt32Bits(x._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ScalarLanes Bits(uint x) => new(BitConverter.UInt32BitsToSingle(x));
}
