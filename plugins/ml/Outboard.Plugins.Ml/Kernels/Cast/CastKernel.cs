using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Graph;

namespace Outboard.Plugins.Ml.Kernels.Cast;

internal struct CastArguments
{
    public int X;
    public int Y;
    public int Count;
    public bool Batched;
}

/// <summary>
/// Conversion between element types, one by one. Everything passes through double or long, whichever holds the source
/// exactly: float to integer truncates towards zero and saturates, integer to integer wraps, NaN becomes 0.
/// </summary>
internal static unsafe class CastKernel
{
    public static delegate*<void*, byte**, int, void> Entry(ElementType from, ElementType to) => from switch
    {
        ElementType.Float32 => To<Float32Element>(to),
        ElementType.Float64 => To<Float64Element>(to),
        ElementType.Float16 => To<Float16Element>(to),
        ElementType.BFloat16 => To<BFloat16Element>(to),
        ElementType.Int8 => To<Int8Element>(to),
        ElementType.Int16 => To<Int16Element>(to),
        ElementType.Int32 => To<Int32Element>(to),
        ElementType.Int64 => To<Int64Element>(to),
        ElementType.UInt8 => To<UInt8Element>(to),
        ElementType.UInt16 => To<UInt16Element>(to),
        ElementType.UInt32 => To<UInt32Element>(to),
        ElementType.UInt64 => To<UInt64Element>(to),
        ElementType.Bool => To<BoolElement>(to),
        _ => null,
    };

    private static delegate*<void*, byte**, int, void> To<TFrom>(ElementType to) where TFrom : struct, IElement => to switch
    {
        ElementType.Float32 => &Run<TFrom, Float32Element>,
        ElementType.Float64 => &Run<TFrom, Float64Element>,
        ElementType.Float16 => &Run<TFrom, Float16Element>,
        ElementType.BFloat16 => &Run<TFrom, BFloat16Element>,
        ElementType.Int8 => &Run<TFrom, Int8Element>,
        ElementType.Int16 => &Run<TFrom, Int16Element>,
        ElementType.Int32 => &Run<TFrom, Int32Element>,
        ElementType.Int64 => &Run<TFrom, Int64Element>,
        ElementType.UInt8 => &Run<TFrom, UInt8Element>,
        ElementType.UInt16 => &Run<TFrom, UInt16Element>,
        ElementType.UInt32 => &Run<TFrom, UInt32Element>,
        ElementType.UInt64 => &Run<TFrom, UInt64Element>,
        ElementType.Bool => &Run<TFrom, BoolElement>,
        _ => null,
    };

    // Caller guarantees: arguments point to CastArguments whose slots hold Count elements for each inference.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TFrom, TTo>(void* arguments, byte** slots, int batch)
        where TFrom : struct, IElement
        where TTo : struct, IElement
    {
        var p = (CastArguments*)arguments;
        byte* x = slots[p->X], y = slots[p->Y];
        nint count = p->Batched ? (nint)p->Count * batch : p->Count;
        for (nint i = 0; i < count; i++)
        {
            if (TFrom.IsInteger)
            {
                TTo.WriteInteger(y, i, TFrom.ReadInteger(x, i), TFrom.IsUnsignedLong);
            }
            else
            {
                TTo.WriteReal(y, i, TFrom.ReadReal(x, i));
            }
        }
    }
}
