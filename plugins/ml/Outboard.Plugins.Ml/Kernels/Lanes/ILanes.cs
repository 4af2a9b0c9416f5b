using Outboard.Simd;

namespace Outboard.Plugins.Ml.Kernels.Lanes;

/// <summary>
/// A register of floats. Elementwise kernels are written once over this and compiled for each width; the scalar one is a
/// single float and uses no vector instruction. Masks are lanes of all ones or all zeros in the same type.
/// </summary>
internal unsafe interface ILanes<T> where T : struct, ILanes<T>
{
    static abstract SimdWidth Width { get; }

    /// <summary>Floats in one register.</summary>
    static abstract int Count { get; }

    static abstract bool IsSupported { get; }

    static abstract T Broadcast(float value);

    /// <summary>Reads Count floats.</summary>
    static abstract T Load(float* from);

    static abstract void Store(float* to, T value);

    /// <summary>Reads 0 to Count floats and fills the rest.</summary>
    static abstract T LoadPartial(float* from, int count, float fill);

    static abstract void StorePartial(float* to, T value, int count);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    /// <summary>a * b + c; one rounding where the CPU fuses it.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>The smaller; b when either is NaN or both are zeros, as MINPS defines it.</summary>
    static abstract T Min(T a, T b);

    /// <summary>The larger; b when either is NaN or both are zeros, as MAXPS defines it.</summary>
    static abstract T Max(T a, T b);

    static abstract T Less(T a, T b);

    static abstract T LessOrEqual(T a, T b);

    static abstract T Equal(T a, T b);

    static abstract T And(T a, T b);

    static abstract T Or(T a, T b);

    static abstract T Xor(T a, T b);

    /// <summary>a in the lanes of the mask, otherwise b.</summary>
    static abstract T Select(T mask, T a, T b);

    /// <summary>
    /// a where x is at most the limit, otherwise b. One expression, since a 512-bit mask that is stored between the comparison
    /// and the choice leaves its mask register.
    /// </summary>
    static abstract T SelectAtMost(T x, T limit, T a, T b);

    static abstract T Sqrt(T x);

    static abstract T Floor(T x);

    static abstract T Ceiling(T x);

    /// <summary>To the nearest integer, halves to even.</summary>
    static abstract T Round(T x);

    /// <summary>2 to the power n for integral n from -126 to 127.</summary>
    static abstract T PowerOfTwo(T n);

    /// <summary>Splits a positive normal x into m * 2^e with m in [0.5, 1).</summary>
    static abstract T Mantissa(T x, out T exponent);

    /// <summary>Sum of the lanes in a fixed order.</summary>
    static abstract float Sum(T x);

    static abstract float MaxOf(T x);
}
