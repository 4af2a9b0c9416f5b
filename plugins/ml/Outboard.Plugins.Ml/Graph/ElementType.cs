namespace Outboard.Plugins.Ml.Graph;

/// <summary>Element type of a tensor. The numbers are those of ONNX's TensorProto.DataType.</summary>
internal enum ElementType
{
    Undefined = 0,
    Float32 = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Float64 = 11,
    UInt32 = 12,
    UInt64 = 13,
    BFloat16 = 16,
}

internal static class ElementTypes
{
    /// <summary>Bytes of one element; 0 for a type that no buffer holds here.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool => 1,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Float64 or ElementType.Int64 or ElementType.UInt64 => 8,
        _ => 0,
    };

    /// <summary>The types arithmetic is done in; half floats and bool are only converted and moved.</summary>
    public static bool IsArithmetic(this ElementType type) =>
        type.Size() != 0 && type is not (ElementType.Bool or ElementType.Float16 or ElementType.BFloat16);

    public static string Name(this ElementType type) =>
        Enum.IsDefined(type) ? type.ToString().ToLowerInvariant() : $"type {(int)type}";
}
