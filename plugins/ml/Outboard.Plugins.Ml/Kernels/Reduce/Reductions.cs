using System.Numerics;

namespace Outboard.Plugins.Ml.Kernels.Reduce;

/// <summary>How elements are folded into one.</summary>
internal interface IReduction
{
    static abstract T Start<T>() where T : unmanaged, INumber<T>;

    static abstract T Add<T>(T sum, T x) where T : unmanaged, INumber<T>;

    static abstract T Finish<T>(T sum, int count) where T : unmanaged, INumber<T>;
}

internal readonly struct SumReduction : IReduction
{
    public static T Start<T>() where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T sum, T x) where T : unmanaged, INumber<T> => sum + x;

    public static T Finish<T>(T sum, int count) where T : unmanaged, INumber<T> => sum;
}

internal readonly struct MeanReduction : IReduction
{
    public static T Start<T>() where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T sum, T x) where T : unmanaged, INumber<T> => sum + x;

    public static T Finish<T>(T sum, int count) where T : unmanaged, INumber<T> => sum / T.CreateTruncating(count);
}

internal readonly struct ProdReduction : IReduction
{
    public static T Start<T>() where T : unmanaged, INumber<T> => T.One;

    public static T Add<T>(T sum, T x) where T : unmanaged, INumber<T> => sum * x;

    public static T Finish<T>(T sum, int count) where T : unmanaged, INumber<T> => sum;
}

internal readonly struct MaxReduction : IReduction
{
    public static T Start<T>() where T : unmanaged, INumber<T> => Limits.Lowest<T>();

    public static T Add<T>(T sum, T x) where T : unmanaged, INumber<T> => T.Max(sum, x);

    public static T Finish<T>(T sum, int count) where T : unmanaged, INumber<T> => sum;
}

internal readonly struct MinReduction : IReduction
{
    public static T Start<T>() where T : unmanaged, INumber<T> => Limits.Highest<T>();

    public static T Add<T>(T sum, T x) where T : unmanaged, INumber<T> => T.Min(sum, x);

    public static T Finish<T>(T sum, int count) where T : unmanaged, INumber<T> => sum;
}

internal readonly struct L1Reduction : IReduction
{
    public static T Start<T>() where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T sum, T x) where T : unmanaged, INumber<T> => sum + (T.IsNegative(x) ? T.Zero - x : x);

    public static T Finish<T>(T sum, int count) where T : unmanaged, INumber<T> => sum;
}

internal readonly struct L2Reduction : IReduction
{
    public static T Start<T>() where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T sum, T x) where T : unmanaged, INumber<T> => sum + (x * x);

    public static T Finish<T>(T sum, int count) where T : unmanaged, INumber<T> => T.CreateTruncating(Math.Sqrt(double.CreateTruncating(sum)));
}

internal readonly struct SumSquareReduction : IReduction
{
    public static T Start<T>() where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T sum, T x) where T : unmanaged, INumber<T> => sum + (x * x);

    public static T Finish<T>(T sum, int count) where T : unmanaged, INumber<T> => sum;
}

internal readonly struct LogSumReduction : IReduction
{
    public static T Start<T>() where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T sum, T x) where T : unmanaged, INumber<T> => sum + x;

    public static T Finish<T>(T sum, int count) where T : unmanaged, INumber<T> => T.CreateTruncating(Math.Log(double.CreateTruncating(sum)));
}

internal interface IOrder
{
    static abstract bool Before<T>(T a, T b) where T : unmanaged, INumber<T>;
}

internal readonly struct GreaterOrder : IOrder
{
    public static bool Before<T>(T a, T b) where T : unmanaged, INumber<T> => a > b;
}

internal readonly struct LessOrder : IOrder
{
    public static bool Before<T>(T a, T b) where T : unmanaged, INumber<T> => a < b;
}
