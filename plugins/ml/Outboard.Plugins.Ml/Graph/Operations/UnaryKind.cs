namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>Elementwise functions of one tensor. Alpha and Beta are the operator's parameters where it has any.</summary>
internal enum UnaryKind
{
    /// <summary>max(x, 0)</summary>
    Relu,

    /// <summary>x where x &gt;= 0, otherwise Alpha * x</summary>
    LeakyRelu,

    /// <summary>x where x &gt;= 0, otherwise Alpha * (exp(x) - 1)</summary>
    Elu,

    /// <summary>Beta * x where x &gt; 0, otherwise Beta * Alpha * (exp(x) - 1)</summary>
    Selu,

    /// <summary>x where x &gt;= 0, otherwise Alpha * (exp(x / Alpha) - 1)</summary>
    Celu,

    /// <summary>1 / (1 + exp(-x))</summary>
    Sigmoid,
    Tanh,

    /// <summary>log(1 + exp(x))</summary>
    Softplus,

    /// <summary>x / (1 + |x|)</summary>
    Softsign,

    /// <summary>min(max(Alpha * x + Beta, 0), 1)</summary>
    HardSigmoid,

    /// <summary>x * min(max(x / 6 + 1/2, 0), 1)</summary>
    HardSwish,

    /// <summary>x where x &gt; Alpha, otherwise 0</summary>
    ThresholdedRelu,

    /// <summary>x / 2 * (1 + erf(x / sqrt 2))</summary>
    Gelu,

    /// <summary>x / 2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3)))</summary>
    GeluTanh,

    /// <summary>x * tanh(softplus(x))</summary>
    Mish,

    /// <summary>min(max(x, Alpha), Beta)</summary>
    Clip,

    /// <summary>x shrunk towards 0: x + Beta below -Alpha, x - Beta above Alpha, otherwise 0</summary>
    Shrink,
    Exp,
    Log,
    Sqrt,
    Reciprocal,
    Abs,
    Neg,
    Floor,
    Ceil,

    /// <summary>To the nearest integer, halves to even.</summary>
    Round,
    Sign,
    Erf,
    Sin,
    Cos,

    /// <summary>1 where x &gt; Alpha, otherwise 0 (ai.onnx.ml Binarizer)</summary>
    Binarize,

    /// <summary>bool to bool</summary>
    Not,

    /// <summary>float to bool</summary>
    IsNaN,
}
