using System.Numerics;

namespace Outboard.Plugins.Ml.Kernels.Binary;

/// <summary>Arithmetic of single numbers that never throws: integers wrap, and division by zero gives 0.</summary>
internal static class Arithmetic
{
    public static T Divide<T>(T a, T b) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
        {
            return a / b;
        }

        // ONNX leaves integer division by zero open; the smallest number by -1 would trap, and wraps like a negation.
        return T.IsZero(b) ? T.Zero : b == T.Zero - T.One && T.IsNegative(b) ? T.Zero - a : a / b;
    }

    /// <summary>Remainder with the sign of the dividend.</summary>
    public static T Remainder<T>(T a, T b) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
        {
            return a % b;
        }

        return T.IsZero(b) || (b == T.Zero - T.One && T.IsNegative(b)) ? T.Zero : a % b;
    }

    /// <summary>Remainder with the sign of the divisor.</summary>
    public static T Modulo<T>(T a, T b) where T : unmanaged, INumber<T>
    {
        T r = Remainder(a, b);
        return !T.IsZero(r) && T.IsNegative(r) != T.IsNegative(b) ? r + b : r;
    }

    /// <summary>Power by squaring for integers; a negative exponent gives what the truncated fraction is.</summary>
    public static T Power<T>(T a, T b) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
        {
            return T.CreateTruncating(MathF.Pow(float.CreateTruncating(a), float.CreateTruncating(b)));
        }

        if (typeof(T) == typeof(double))
        {
            return T.CreateTruncating(Math.Pow(double.CreateTruncating(a), double.CreateTruncating(b)));
        }

        if (T.IsNegative(b))
        {
            return T.IsZero(a - T.One) ? T.One : a == T.Zero - T.One ? (T.IsEvenInteger(b) ? T.One : a) : T.Zero;
        }

        ulong e = ulong.CreateTruncating(b);
        T result = T.One;
        for (; e != 0; e >>= 1)
        {
            if ((e & 1) != 0)
            {
                result *= a;
            }

            a *= a;
        }

        return result;
    }
}
