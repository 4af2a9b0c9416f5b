namespace Outboard.Ml;

/// <summary>Facts about <see cref="MlElementType"/>.</summary>
public static class MlElementTypes
{
    /// <summary>The size of one element in bytes.</summary>
    /// <param name="type">The type.</param>
    public static int ByteCount(this MlElementType type) => type switch
    {
        MlElementType.Int8 or MlElementType.UInt8 or MlElementType.Bool
            or MlElementType.Float8E4M3 or MlElementType.Float8E5M2 => 1,
        MlElementType.Int16 or MlElementType.UInt16 or MlElementType.Float16 or MlElementType.BFloat16 => 2,
        MlElementType.Int32 or MlElementType.UInt32 or MlElementType.Float32 => 4,
        MlElementType.Int64 or MlElementType.UInt64 or MlElementType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an element type."),
    };
}
