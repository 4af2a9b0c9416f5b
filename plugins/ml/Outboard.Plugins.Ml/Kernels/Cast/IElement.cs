namespace Outboard.Plugins.Ml.Kernels.Cast;

/// <summary>How one element type is read and written for conversion.</summary>
internal unsafe interface IElement
{
    /// <summary>True when the source is exact as a long (or as the bits of an unsigned one).</summary>
    static abstract bool IsInteger { get; }

    static abstract bool IsUnsignedLong { get; }

    static abstract double ReadReal(byte* x, nint i);

    static abstract long ReadInteger(byte* x, nint i);

    static abstract void WriteReal(byte* y, nint i, double value);

    static abstract void WriteInteger(byte* y, nint i, long value, bool unsigned);
}

internal readonly unsafe struct Float32Element : IElement
{
    public static bool IsInteger => false;

    public static bool IsUnsignedLong => false;

    public static double ReadReal(byte* x, nint i) => ((float*)x)[i];

    public static long ReadInteger(byte* x, nint i) => 0;

    public static void WriteReal(byte* y, nint i, double value) => ((float*)y)[i] = (float)value;

    public static void WriteInteger(byte* y, nint i, long value, bool unsigned) =>
        ((float*)y)[i] = unsigned ? (ulong)value : value;
}

internal readonly unsafe struct Float64Element : IElement
{
    public static bool IsInteger => false;

    public static bool IsUnsignedLong => false;

    public static double ReadReal(byte* x, nint i) => ((double*)x)[i];

    public static long ReadInteger(byte* x, nint i) => 0;

    public static void WriteReal(byte* y, nint i, double value) => ((double*)y)[i] = value;

    public static void WriteInteger(byte* y, nint i, long value, bool unsigned) =>
        ((double*)y)[i] = unsigned ? (ulong)value : value;
}

internal readonly unsafe struct Float16Element : IElement
{
    public static bool IsInteger => false;

    public static bool IsUnsignedLong => false;

    public static double ReadReal(byte* x, nint i) => (double)((Half*)x)[i];

    public static long ReadInteger(byte* x, nint i) => 0;

    public static void WriteReal(byte* y, nint i, double value) => ((Half*)y)[i] = (Half)value;

    public static void WriteInteger(byte* y, nint i, long value, bool unsigned) =>
        ((Half*)y)[i] = unsigned ? (Half)(ulong)value : (Half)value;
}

internal readonly unsafe struct BFloat16Element : IElement
{
    public static bool IsInteger => false;

    public static bool IsUnsignedLong => false;

    public static double ReadReal(byte* x, nint i) => BrainFloat.ToReal(((ushort*)x)[i]);

    public static long ReadInteger(byte* x, nint i) => 0;

    public static void WriteReal(byte* y, nint i, double value) => ((ushort*)y)[i] = BrainFloat.FromReal(value);

    public static void WriteInteger(byte* y, nint i, long value, bool unsigned) =>
        ((ushort*)y)[i] = BrainFloat.FromReal(unsigned ? (ulong)value : value);
}

internal readonly unsafe struct Int8Element : IElement
{
    public static bool IsInteger => true;

    public static bool IsUnsignedLong => false;

    public static double ReadReal(byte* x, nint i) => ((sbyte*)x)[i];

    public static long ReadInteger(byte* x, nint i) => ((sbyte*)x)[i];

    public static void WriteReal(byte* y, nint i, double value) => ((sbyte*)y)[i] = sbyte.CreateSaturating(value);

    public static void WriteInteger(byte* y, nint i, long value, bool unsigned) => ((sbyte*)y)[i] = unchecked((sbyte)value);
}

internal readonly unsafe struct Int16Element : IElement
{
    public static bool IsInteger => true;

    public static bool IsUnsignedLong => false;

    public static double ReadReal(byte* x, nint i) => ((short*)x)[i];

    public static long ReadInteger(byte* x, nint i) => ((short*)x)[i];

    public static void WriteReal(byte* y, nint i, double value) => ((short*)y)[i] = short.CreateSaturating(value);

    public static void WriteInteger(byte* y, nint i, long value, bool unsigned) => ((short*)y)[i] = unchecked((short)value);
}

internal readonly unsafe struct Int32Element : IElement
{
    public static bool IsInteger => true;

    public static bool IsUnsignedLong => false;

    public static double ReadReal(byte* x, nint i) => ((int*)x)[i];

    public static long ReadInteger(byte* x, nint i) => ((int*)x)[i];

    public static void WriteReal(byte* y, nint i, double value) => ((int*)y)[i] = int.CreateSaturating(value);

    public static void WriteInteger(byte* y, nint i, long value, bool unsigned) => ((int*)y)[i] = unchecked((int)value);
}

internal readonly unsafe struct Int64Element : IElement
{
    public static bool IsInteger => true;

    public static bool IsUnsignedLong => false;

    public static double ReadReal(byte* x, nint i) => ((long*)x)[i];

    public static long ReadInteger(byte* x, nint i) => ((long*)x)[i];

    public static void WriteReal(byte* y, nint i, double value) => ((long*)y)[i] = long.CreateSaturating(value);

    public static void WriteInteger(byte* y, nint i, long value, bool unsigned) => ((long*)y)[i] = unchecked((long)value);
}

internal readonly unsafe struct UInt8Element : IElement
{
    public static bool IsInteger => true;

    public static bool IsUnsignedLong => false;

    public static double ReadReal(byte* x, nint i) => ((byte*)x)[i];

    public static long ReadInteger(byte* x, nint i) => ((byte*)x)[i];

    public static void WriteReal(byte* y, nint i, double value) => ((byte*)y)[i] = byte.CreateSaturating(value);

    public static void WriteInteger(byte* y, nint i, long value, bool unsigned) => ((byte*)y)[i] = unchecked((byte)value);
}

internal readonly unsafe struct UInt16Element : IElement
{
    public static bool IsInteger => true;

    public static bool IsUnsignedLong => false;

    public static double ReadReal(byte* x, nint i) => ((ushort*)x)[i];

    public static long ReadInteger(byte* x, nint i) => ((ushort*)x)[i];

    public static void WriteReal(byte* y, nint i, double value) => ((ushort*)y)[i] = ushort.CreateSaturating(value);

    public static void WriteInteger(byte* y, nint i, long value, bool unsigned) => ((ushort*)y)[i] = unchecked((ushort)value);
}

internal readonly unsafe struct UInt32Element : IElement
{
    public static bool IsInteger => true;

    public static bool IsUnsignedLong => false;

    public static double ReadReal(byte* x, nint i) => ((uint*)x)[i];

    public static long ReadInteger(byte* x, nint i) => ((uint*)x)[i];

    public static void WriteReal(byte* y, nint i, double value) => ((uint*)y)[i] = uint.CreateSaturating(value);

    public static void WriteInteger(byte* y, nint i, long value, bool unsigned) => ((uint*)y)[i] = unchecked((uint)value);
}

internal readonly unsafe struct UInt64Element : IElement
{
    public static bool IsInteger => true;

    public static bool IsUnsignedLong => true;

    public static double ReadReal(byte* x, nint i) => ((ulong*)x)[i];

    public static long ReadInteger(byte* x, nint i) => (long)((ulong*)x)[i];

    public static void WriteReal(byte* y, nint i, double value) => ((ulong*)y)[i] = ulong.CreateSaturating(value);

    public static void WriteInteger(byte* y, nint i, long value, bool unsigned) => ((ulong*)y)[i] = unchecked((ulong)value);
}

internal readonly unsafe struct BoolElement : IElement
{
    public static bool IsInteger => true;

    public static bool IsUnsignedLong => false;

    public static double ReadReal(byte* x, nint i) => x[i] != 0 ? 1 : 0;

    public static long ReadInteger(byte* x, nint i) => x[i] != 0 ? 1 : 0;

    public static void WriteReal(byte* y, nint i, double value) => y[i] = value != 0 ? (byte)1 : (byte)0;

    public static void WriteInteger(byte* y, nint i, long value, bool unsigned) => y[i] = value != 0 ? (byte)1 : (byte)0;
}

/// <summary>The upper half of a float.</summary>
internal static class BrainFloat
{
    public static double ToReal(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>To nearest, halves to even; NaN stays NaN.</summary>
    public static ushort FromReal(double value)
    {
        float single = (float)value;
        uint bits = BitConverter.SingleToUInt32Bits(single);
        return float.IsNaN(single) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
