namespace Outboard.Ml;

/// <summary>The type of a tensor's elements.</summary>
/// <remarks><i>Source</i>: mldev's I/O types, with the two 8-bit float formats of ONNX told apart, and double and bool.</remarks>
public enum MlElementType
{
    /// <summary>8-bit signed.</summary>
    Int8,

    /// <summary>8-bit unsigned.</summary>
    UInt8,

    /// <summary>16-bit signed.</summary>
    Int16,

    /// <summary>16-bit unsigned.</summary>
    UInt16,

    /// <summary>32-bit signed.</summary>
    Int32,

    /// <summary>32-bit unsigned.</summary>
    UInt32,

    /// <summary>64-bit signed.</summary>
    Int64,

    /// <summary>64-bit unsigned.</summary>
    UInt64,

    /// <summary>8-bit float, 4 exponent bits, no infinities (E4M3FN).</summary>
    Float8E4M3,

    /// <summary>8-bit float, 5 exponent bits (E5M2).</summary>
    Float8E5M2,

    /// <summary>IEEE 16-bit float.</summary>
    Float16,

    /// <summary>IEEE 32-bit float.</summary>
    Float32,

    /// <summary>Upper half of an IEEE 32-bit float.</summary>
    BFloat16,

    /// <summary>IEEE 64-bit float.</summary>
    Float64,

    /// <summary>One byte, 0 or 1.</summary>
    Bool,
}
