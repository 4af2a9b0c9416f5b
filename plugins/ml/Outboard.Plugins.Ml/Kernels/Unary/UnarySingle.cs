using System.Numerics;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Kernels.Unary;

/// <summary>Functions of numbers other than float, and those without a register form, one by one at every width.</summary>
internal static unsafe class UnarySingle<TNumber> where TNumber : unmanaged, INumber<TNumber>
{
    public static delegate*<void*, byte**, int, void> Entry(UnaryKind kind) => kind switch
    {
        UnaryKind.Abs => &Run<AbsNumber>,
        UnaryKind.Neg => &Run<NegNumber>,
        UnaryKind.Sign => &Run<SignNumber>,
        UnaryKind.Sin when typeof(TNumber) == typeof(float) => &Run<SinNumber>,
        UnaryKind.Cos when typeof(TNumber) == typeof(float) => &Run<CosNumber>,
        UnaryKind.Not when typeof(TNumber) == typeof(byte) => &Run<NotNumber>,
        UnaryKind.IsNaN when typeof(TNumber) == typeof(float) => &IsNaN,
        _ => null,
    };

    // Caller guarantees for both: arguments point to UnaryArguments, the slots hold Count elements for each inference.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TFunction>(void* arguments, byte** slots, int batch) where TFunction : struct, INumberFunction
    {
        var a = (UnaryArguments*)arguments;
        var x = (TNumber*)slots[a->X];
        var y = (TNumber*)slots[a->Y];
        nint count = a->Batched ? (nint)a->Count * batch : a->Count;
        for (nint i = 0; i < count; i++)
        {
            y[i] = TFunction.Apply(x[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void IsNaN(void* arguments, byte** slots, int batch)
    {
        var a = (UnaryArguments*)arguments;
        var x = (TNumber*)slots[a->X];
        byte* y = slots[a->Y];
        nint count = a->Batched ? (nint)a->Count * batch : a->Count;
        for (nint i = 0; i < count; i++)
        {
            y[i] = TNumber.IsNaN(x[i]) ? (byte)1 : (byte)0;
        }
    }
}

/// <summary>One function of a single number.</summary>
internal interface INumberFunction
{
    static abstract T Apply<T>(T x) where T : unmanaged, INumber<T>;
}

internal readonly struct AbsNumber : INumberFunction
{
    public static T Apply<T>(T x) where T : unmanaged, INumber<T> => T.IsNegative(x) ? T.Zero - x : x;
}

internal readonly struct NegNumber : INumberFunction
{
    public static T Apply<T>(T x) where T : unmanaged, INumber<T> => T.Zero - x;
}

internal readonly struct SignNumber : INumberFunction
{
    public static T Apply<T>(T x) where T : unmanaged, INumber<T> => T.IsZero(x) || T.IsNaN(x) ? x : T.CreateTruncating(T.Sign(x));
}

internal readonly struct SinNumber : INumberFunction
{
    public static T Apply<T>(T x) where T : unmanaged, INumber<T> => T.CreateTruncating(MathF.Sin(float.CreateTruncating(x)));
}

internal readonly struct CosNumber : INumberFunction
{
    public static T Apply<T>(T x) where T : unmanaged, INumber<T> => T.CreateTruncating(MathF.Cos(float.CreateTruncating(x)));
}

internal readonly struct NotNumber : INumberFunction
{
    public static T Apply<T>(T x) where T : unmanaged, INumber<T> => T.IsZero(x) ? T.One : T.Zero;
}
