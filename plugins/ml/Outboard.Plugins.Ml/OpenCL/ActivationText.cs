using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>Elementwise functions as OpenCL C expressions.</summary>
/// <remarks>
/// NaN goes through every one of them: comparisons are written so that NaN takes the branch that returns the operand.
/// Forms that lose digits in the definition (exp(x) - 1, log(1 + exp(x))) use the function made for them.
/// </remarks>
internal static class ActivationText
{
    /// <summary>The function applied to an operand, or null when there is none.</summary>
    /// <param name="function">The function and its parameters.</param>
    /// <param name="x">An expression without side effects; it is repeated.</param>
    /// <param name="type">The expression's type: float or a vector of it.</param>
    public static string? Of(Activation function, string x, string type)
    {
        string a = Literal(function.Alpha, type), b = Literal(function.Beta, type);
        string zero = Literal(0, type), half = Literal(0.5f, type), one = Literal(1, type);
        string softplus = $"(fmax({x}, {zero}) + log1p(exp(-fabs({x}))))";
        return function.Kind switch
        {
            UnaryKind.Relu => $"({x} < {zero} ? {zero} : {x})",
            UnaryKind.LeakyRelu => $"({x} < {zero} ? {a} * {x} : {x})",
            UnaryKind.Elu => $"({x} < {zero} ? {a} * expm1({x}) : {x})",
            UnaryKind.Selu => $"({b} * ({x} < {zero} ? {a} * expm1({x}) : {x}))",
            UnaryKind.Celu => $"({x} < {zero} ? {a} * expm1({x} / {a}) : {x})",
            UnaryKind.Sigmoid => $"({one} / ({one} + exp(-{x})))",
            UnaryKind.Tanh => $"tanh({x})",
            UnaryKind.Softplus => $"(isnan({x}) ? {x} : {softplus})",
            UnaryKind.Softsign => $"({x} / ({one} + fabs({x})))",
            UnaryKind.HardSigmoid => Between($"({a} * {x} + {b})", zero, one),
            UnaryKind.HardSwish => $"({x} * {Between($"({x} / {Literal(6, type)} + {half})", zero, one)})",
            UnaryKind.ThresholdedRelu => $"({x} <= {a} ? {zero} : {x})",
            UnaryKind.Gelu => $"({half} * {x} * ({one} + erf({x} * {Literal(0.70710678f, type)})))",
            UnaryKind.GeluTanh =>
                $"({half} * {x} * ({one} + tanh({Literal(0.79788456f, type)} * "
                + $"({x} + {Literal(0.044715f, type)} * {x} * {x} * {x}))))",
            UnaryKind.Mish => $"({x} * tanh({softplus}))",
            UnaryKind.Clip => Between(x, a, b),
            UnaryKind.Exp => $"exp({x})",
            UnaryKind.Log => $"log({x})",
            UnaryKind.Sqrt => $"sqrt({x})",
            UnaryKind.Reciprocal => $"({one} / {x})",
            UnaryKind.Abs => $"fabs({x})",
            UnaryKind.Neg => $"(-{x})",
            _ => null,
        };
    }

    private static string Between(string x, string low, string high) =>
        $"({x} < {low} ? {low} : ({x} > {high} ? {high} : {x}))";

    /// <summary>By its bits, so that no digit, sign of zero or infinity is lost in print.</summary>
    private static string Literal(float value, string type) =>
        $"({type})(as_float(0x{BitConverter.SingleToUInt32Bits(value):X8}u))";
}
