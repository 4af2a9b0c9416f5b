using System.Numerics;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Kernels.Lanes;

namespace Outboard.Plugins.Ml.Kernels.Binary;

/// <summary>One elementwise function of two operands, for float registers of any width and for single numbers of any type.</summary>
internal interface IBinaryFunction : ISingleFunction
{
    static abstract T Apply<T>(T a, T b) where T : struct, ILanes<T>;
}

internal readonly struct AddFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T a, T b) where T : struct, ILanes<T> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TNumber Single<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => a + b;
}

internal readonly struct SubFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T a, T b) where T : struct, ILanes<T> => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TNumber Single<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => a - b;
}

internal readonly struct MulFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T a, T b) where T : struct, ILanes<T> => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TNumber Single<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => a * b;
}

internal readonly struct DivFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T a, T b) where T : struct, ILanes<T> => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TNumber Single<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => Arithmetic.Divide(a, b);
}

internal readonly struct MinFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.Select(T.Equal(b, b), T.Min(b, a), b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TNumber Single<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => TNumber.Min(a, b);
}

internal readonly struct MaxFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.Select(T.Equal(b, b), T.Max(b, a), b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TNumber Single<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => TNumber.Max(a, b);
}

internal readonly struct PReluFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.Select(T.LessOrEqual(T.Broadcast(0f), a), a, a * b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TNumber Single<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => a >= TNumber.Zero ? a : a * b;
}

/// <summary>Functions without a register form.</summary>
internal interface ISingleFunction
{
    static abstract TNumber Single<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber>;
}

internal readonly struct PowFunction : ISingleFunction
{
    public static TNumber Single<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => Arithmetic.Power(a, b);
}

internal readonly struct ModFunction : ISingleFunction
{
    public static TNumber Single<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => Arithmetic.Modulo(a, b);
}

internal readonly struct FModFunction : ISingleFunction
{
    public static TNumber Single<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => Arithmetic.Remainder(a, b);
}

/// <summary>A comparison of two numbers.</summary>
internal interface IComparison
{
    static abstract bool Holds<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber>;
}

internal readonly struct LessComparison : IComparison
{
    public static bool Holds<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => a < b;
}

internal readonly struct LessOrEqualComparison : IComparison
{
    public static bool Holds<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => a <= b;
}

internal readonly struct GreaterComparison : IComparison
{
    public static bool Holds<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => a > b;
}

internal readonly struct GreaterOrEqualComparison : IComparison
{
    public static bool Holds<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => a >= b;
}

internal readonly struct EqualComparison : IComparison
{
    public static bool Holds<TNumber>(TNumber a, TNumber b) where TNumber : unmanaged, INumber<TNumber> => a == b;
}
