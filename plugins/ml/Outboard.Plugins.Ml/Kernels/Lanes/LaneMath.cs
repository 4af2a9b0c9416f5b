using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Ml.Kernels.Lanes;

/// <summary>
/// Elementary functions over registers: range reduction and minimax polynomials, a few 1e-7 relative. The polynomial
/// coefficients are those of the single-precision Cephes library (S. Moshier). NaN passes through all of them.
/// </summary>
internal static class LaneMath<T> where T : struct, ILanes<T>
{
    private static T Zero => T.Broadcast(0f);

    private static T One => T.Broadcast(1f);

    private static T SignBit => T.Broadcast(-0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Abs(T x) => T.And(x, T.Broadcast(BitConverter.Int32BitsToSingle(int.MaxValue)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Negate(T x) => T.Xor(x, SignBit);

    /// <summary>e to the x: x = n ln 2 + r, a polynomial in r, and 2^n in two factors so that subnormal results come out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp(T x)
    {
        // Beyond these limits the result is 0 or infinity; Max and Min give their second operand for NaN.
        x = T.Min(T.Broadcast(89f), T.Max(T.Broadcast(-104f), x));
        T n = T.Round(x * T.Broadcast(1.44269504088896341f));
        T r = T.MultiplyAdd(n, T.Broadcast(-0.693359375f), x);
        r = T.MultiplyAdd(n, T.Broadcast(2.12194440e-4f), r);
        T p = T.Broadcast(1.9875691500e-4f);
        p = T.MultiplyAdd(p, r, T.Broadcast(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Broadcast(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Broadcast(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Broadcast(5.0000001201e-1f));
        p = T.MultiplyAdd(p, r * r, r + One);
        T half = T.Floor(n * T.Broadcast(0.5f));
        return p * T.PowerOfTwo(half) * T.PowerOfTwo(n - half);
    }

    /// <summary>e to the x, minus 1, without losing digits near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpMinusOne(T x)
    {
        // |x| < 0.35: Taylor to x^7, whose next term is below 1e-8 of the result.
        T p = T.Broadcast(1f / 5040);
        p = T.MultiplyAdd(p, x, T.Broadcast(1f / 720));
        p = T.MultiplyAdd(p, x, T.Broadcast(1f / 120));
        p = T.MultiplyAdd(p, x, T.Broadcast(1f / 24));
        p = T.MultiplyAdd(p, x, T.Broadcast(1f / 6));
        p = T.MultiplyAdd(p, x, T.Broadcast(0.5f));
        p = T.MultiplyAdd(p * x, x, x);
        return T.Select(T.Less(Abs(x), T.Broadcast(0.35f)), p, Exp(x) - One);
    }

    /// <summary>Natural logarithm: -infinity at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log(T x)
    {
        T tiny = T.Broadcast(1.17549435e-38f);
        T subnormal = T.Less(x, tiny);
        T scaled = T.Select(subnormal, x * T.Broadcast(8388608f), x);
        T m = T.Mantissa(scaled, out T e);
        e -= T.Select(subnormal, T.Broadcast(23f), Zero);
        T low = T.Less(m, T.Broadcast(0.707106781186547524f));
        e -= T.Select(low, One, Zero);
        m = T.Select(low, m + m, m) - One;
        T z = m * m;
        T p = T.Broadcast(7.0376836292e-2f);
        p = T.MultiplyAdd(p, m, T.Broadcast(-1.1514610310e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(1.1676998740e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(-1.2420140846e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(1.4249322787e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(-1.6668057665e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(2.0000714765e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(-2.4999993993e-1f));
        p = T.MultiplyAdd(p, m, T.Broadcast(3.3333331174e-1f));
        T y = p * m * z;
        y = T.MultiplyAdd(e, T.Broadcast(-2.12194440e-4f), y);
        y = T.MultiplyAdd(z, T.Broadcast(-0.5f), y);
        T result = T.MultiplyAdd(e, T.Broadcast(0.693359375f), m + y);
        T infinity = T.Broadcast(float.PositiveInfinity);
        result = T.Select(T.Equal(x, infinity), infinity, result);
        result = T.Select(T.Equal(x, Zero), T.Broadcast(float.NegativeInfinity), result);
        return T.Select(T.LessOrEqual(Zero, x), result, T.Broadcast(float.NaN));
    }

    /// <summary>log(1 + y) for y in [0, 1], exact near 0 by the ratio of y to the rounded sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LogOnePlus(T y)
    {
        T u = One + y;
        T d = u - One;
        return T.Select(T.Equal(d, Zero), y, Log(u) * (y / T.Select(T.Equal(d, Zero), One, d)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid(T x) => One / (One + Exp(Negate(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh(T x)
    {
        T a = Abs(x);
        T z = x * x;
        T p = T.Broadcast(-5.70498872745e-3f);
        p = T.MultiplyAdd(p, z, T.Broadcast(2.06390887954e-2f));
        p = T.MultiplyAdd(p, z, T.Broadcast(-5.37397155531e-2f));
        p = T.MultiplyAdd(p, z, T.Broadcast(1.33314422036e-1f));
        p = T.MultiplyAdd(p, z, T.Broadcast(-3.33332819422e-1f));
        T small = T.MultiplyAdd(p * z, x, x);
        T large = One - (T.Broadcast(2f) / (Exp(a + a) + One));
        large = T.Or(large, T.And(x, SignBit));
        return T.Select(T.Less(a, T.Broadcast(0.625f)), small, large);
    }

    /// <summary>log(1 + e^x) = max(x, 0) + log(1 + e^-|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Softplus(T x) => T.Max(Zero, x) + LogOnePlus(Exp(Negate(Abs(x))));

    /// <summary>Odd polynomial below 1; above, 1 - erfc by e^(-x^2) / x times a polynomial in 1/x^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf(T x)
    {
        T a = Abs(x);
        T z = x * x;
        T p = T.Broadcast(7.853861353153693e-5f);
        p = T.MultiplyAdd(p, z, T.Broadcast(-8.010193625184903e-4f));
        p = T.MultiplyAdd(p, z, T.Broadcast(5.188327685732524e-3f));
        p = T.MultiplyAdd(p, z, T.Broadcast(-2.685381193529856e-2f));
        p = T.MultiplyAdd(p, z, T.Broadcast(1.128358514861418e-1f));
        p = T.MultiplyAdd(p, z, T.Broadcast(-3.761262582423300e-1f));
        p = T.MultiplyAdd(p, z, T.Broadcast(1.128379165726710f));
        T large = T.Or(One - Erfc(a), T.And(x, SignBit));
        return T.Select(T.Less(a, One), p * x, large);
    }

    /// <summary>1 - erf(a) for a of 1 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erfc(T a)
    {
        T q = One / a;
        T y = q * q;
        T p = T.Broadcast(2.326819970068386e-2f);
        p = T.MultiplyAdd(p, y, T.Broadcast(-1.387039388740657e-1f));
        p = T.MultiplyAdd(p, y, T.Broadcast(3.687424674597105e-1f));
        p = T.MultiplyAdd(p, y, T.Broadcast(-5.824733027278666e-1f));
        p = T.MultiplyAdd(p, y, T.Broadcast(6.210004621745983e-1f));
        p = T.MultiplyAdd(p, y, T.Broadcast(-4.944515323274145e-1f));
        p = T.MultiplyAdd(p, y, T.Broadcast(3.404879937665872e-1f));
        p = T.MultiplyAdd(p, y, T.Broadcast(-2.741127028184656e-1f));
        p = T.MultiplyAdd(p, y, T.Broadcast(5.638259427386472e-1f));
        T r = T.Broadcast(-1.047766399936249e+1f);
        r = T.MultiplyAdd(r, y, T.Broadcast(1.297719955372516e+1f));
        r = T.MultiplyAdd(r, y, T.Broadcast(-7.495518717768503f));
        r = T.MultiplyAdd(r, y, T.Broadcast(2.921019019210786f));
        r = T.MultiplyAdd(r, y, T.Broadcast(-1.015265279202700f));
        r = T.MultiplyAdd(r, y, T.Broadcast(4.218463358204948e-1f));
        r = T.MultiplyAdd(r, y, T.Broadcast(-2.820767439740514e-1f));
        r = T.MultiplyAdd(r, y, T.Broadcast(5.641895067754075e-1f));
        return Exp(Negate(a * a)) * q * T.Select(T.Less(a, T.Broadcast(2f)), p, r);
    }

    /// <summary>x / 2 * (1 + erf(x / sqrt 2)), by erfc on the negative side so that its tail keeps its digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Gelu(T x)
    {
        T s = x * T.Broadcast(0.70710678118654752f);
        T tail = T.Select(T.LessOrEqual(s, T.Broadcast(-1f)), Erfc(T.Max(One, Negate(s))), One + Erf(s));
        return x * T.Broadcast(0.5f) * tail;
    }
}
