namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>Elementwise functions of two tensors.</summary>
internal enum BinaryKind
{
    Add,
    Sub,
    Mul,
    Div,
    Min,
    Max,
    Pow,

    /// <summary>Remainder with the sign of the divisor (ONNX Mod, fmod 0).</summary>
    Mod,

    /// <summary>Remainder with the sign of the dividend (ONNX Mod, fmod 1).</summary>
    FMod,

    /// <summary>a where a &gt;= 0, otherwise a * b.</summary>
    PRelu,

    /// <summary>From here on the result is bool.</summary>
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,

    /// <summary>From here on the operands are bool too.</summary>
    And,
    Or,
    Xor,
}
