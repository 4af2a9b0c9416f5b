using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Kernels.Lanes;

namespace Outboard.Plugins.Ml.Kernels.Unary;

/// <summary>One elementwise function, for registers of any width.</summary>
internal interface IUnaryFunction
{
    static abstract T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T>;
}

internal readonly struct ReluFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.Max(T.Broadcast(0f), x);
}

internal readonly struct LeakyReluFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.Select(T.LessOrEqual(T.Broadcast(0f), x), x, x * alpha);
}

internal readonly struct EluFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.Select(T.LessOrEqual(T.Broadcast(0f), x), x, alpha * LaneMath<T>.ExpMinusOne(T.Min(T.Broadcast(0f), x)));
}

internal readonly struct SeluFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        beta * T.Select(T.Less(T.Broadcast(0f), x), x, alpha * LaneMath<T>.ExpMinusOne(T.Min(T.Broadcast(0f), x)));
}

internal readonly struct CeluFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.Select(T.LessOrEqual(T.Broadcast(0f), x), x, alpha * LaneMath<T>.ExpMinusOne(T.Min(T.Broadcast(0f), x) / alpha));
}

internal readonly struct SigmoidFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        LaneMath<T>.Sigmoid(x);
}

internal readonly struct TanhFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        LaneMath<T>.Tanh(x);
}

internal readonly struct SoftplusFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        LaneMath<T>.Softplus(x);
}

internal readonly struct SoftsignFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        x / (T.Broadcast(1f) + LaneMath<T>.Abs(x));
}

internal readonly struct HardSigmoidFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.Min(T.Broadcast(1f), T.Max(T.Broadcast(0f), (alpha * x) + beta));
}

internal readonly struct HardSwishFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        x * T.Min(T.Broadcast(1f), T.Max(T.Broadcast(0f), (x / T.Broadcast(6f)) + T.Broadcast(0.5f)));
}

internal readonly struct ThresholdedReluFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.And(T.Less(alpha, x), x);
}

internal readonly struct GeluFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        LaneMath<T>.Gelu(x);
}

internal readonly struct GeluTanhFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        x * T.Broadcast(0.5f) * (T.Broadcast(1f) + LaneMath<T>.Tanh(T.Broadcast(0.7978845608f) * (x + (T.Broadcast(0.044715f) * x * x * x))));
}

internal readonly struct MishFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        x * LaneMath<T>.Tanh(LaneMath<T>.Softplus(x));
}

internal readonly struct ClipFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.Min(beta, T.Max(alpha, x));
}

internal readonly struct ShrinkFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.Select(T.Less(x, LaneMath<T>.Negate(alpha)), x + beta, T.Select(T.Less(alpha, x), x - beta, T.Broadcast(0f)));
}

internal readonly struct ExpFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        LaneMath<T>.Exp(x);
}

internal readonly struct LogFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        LaneMath<T>.Log(x);
}

internal readonly struct SqrtFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.Sqrt(x);
}

internal readonly struct ReciprocalFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.Broadcast(1f) / x;
}

internal readonly struct AbsFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        LaneMath<T>.Abs(x);
}

internal readonly struct NegFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        LaneMath<T>.Negate(x);
}

internal readonly struct FloorFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.Floor(x);
}

internal readonly struct CeilFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.Ceiling(x);
}

internal readonly struct RoundFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.Round(x);
}

internal readonly struct SignFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.Select(T.Less(T.Broadcast(0f), x), T.Broadcast(1f), T.Select(T.Less(x, T.Broadcast(0f)), T.Broadcast(-1f), x));
}

internal readonly struct ErfFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        LaneMath<T>.Erf(x);
}

internal readonly struct BinarizeFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T x, T alpha, T beta) where T : struct, ILanes<T> =>
        T.And(T.Less(alpha, x), T.Broadcast(1f));
}
