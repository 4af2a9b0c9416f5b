using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Onnx.Operators;

/// <summary>Operators that work element by element, with broadcasting where they have several inputs.</summary>
internal static class ElementwiseOperators
{
    public static IEnumerable<OnnxOperator> All =>
    [
        Plain("Relu", UnaryKind.Relu),
        Plain("Sigmoid", UnaryKind.Sigmoid),
        Plain("Tanh", UnaryKind.Tanh),
        Plain("Softplus", UnaryKind.Softplus),
        Plain("Softsign", UnaryKind.Softsign),
        Plain("HardSwish", UnaryKind.HardSwish),
        Plain("Mish", UnaryKind.Mish),
        Plain("Exp", UnaryKind.Exp),
        Plain("Log", UnaryKind.Log),
        Plain("Sqrt", UnaryKind.Sqrt),
        Plain("Reciprocal", UnaryKind.Reciprocal),
        Plain("Floor", UnaryKind.Floor),
        Plain("Ceil", UnaryKind.Ceil),
        Plain("Round", UnaryKind.Round),
        Plain("Erf", UnaryKind.Erf),
        Plain("Sin", UnaryKind.Sin),
        Plain("Cos", UnaryKind.Cos),
        Numeric("Abs", UnaryKind.Abs),
        Numeric("Neg", UnaryKind.Neg),
        Numeric("Sign", UnaryKind.Sign),
        With("LeakyRelu", 1, n => new Activation(UnaryKind.LeakyRelu, n.Float("alpha", 0.01f))),
        With("Elu", 1, n => new Activation(UnaryKind.Elu, n.Float("alpha", 1f))),
        With("Celu", 12, n => new Activation(UnaryKind.Celu, n.Float("alpha", 1f))),
        With("ThresholdedRelu", 1, n => new Activation(UnaryKind.ThresholdedRelu, n.Float("alpha", 1f))),
        With("HardSigmoid", 1, n => new Activation(UnaryKind.HardSigmoid, n.Float("alpha", 0.2f), n.Float("beta", 0.5f))),
        With("Selu", 1, n => new Activation(
            UnaryKind.Selu,
            n.Float("alpha", n.Opset < 6 ? 1.6732f : 1.67326319217681884765625f),
            n.Float("gamma", n.Opset < 6 ? 1.0507f : 1.05070102214813232421875f))),
        With("Shrink", 9, n => new Activation(UnaryKind.Shrink, n.Float("lambd", 0.5f), n.Float("bias", 0f))),
        With("Gelu", 20, n => n.String("approximate", "none") switch
        {
            "none" => new Activation(UnaryKind.Gelu),
            "tanh" => new Activation(UnaryKind.GeluTanh),
            string other => throw n.Refuse($"attribute approximate='{other}'; allowed are none and tanh"),
        }),
        new(OnnxOperators.Core, "Swish", 24, Swish),
        new(OnnxOperators.Core, "Clip", 1, Clip),
        new(OnnxOperators.Core, "PRelu", 1, PRelu),
        new(OnnxOperators.Core, "Not", 1, n => n.SetOutput(0, n.Builder.Unary(n.Input(0, ElementType.Bool), UnaryKind.Not))),
        new(OnnxOperators.Core, "IsNaN", 9, n => n.SetOutput(0, n.Builder.Unary(n.FloatInput(0), UnaryKind.IsNaN))),
        Pair("Add", BinaryKind.Add),
        Pair("Sub", BinaryKind.Sub),
        Pair("Mul", BinaryKind.Mul),
        Pair("Div", BinaryKind.Div),
        Pair("Less", BinaryKind.Less),
        Pair("LessOrEqual", BinaryKind.LessOrEqual),
        Pair("Greater", BinaryKind.Greater),
        Pair("GreaterOrEqual", BinaryKind.GreaterOrEqual),
        Pair("Equal", BinaryKind.Equal),
        new(OnnxOperators.Core, "Pow", 1, Pow),
        new(OnnxOperators.Core, "Mod", 10, Mod),
        Logic("And", BinaryKind.And),
        Logic("Or", BinaryKind.Or),
        Logic("Xor", BinaryKind.Xor),
        Many("Sum", BinaryKind.Add, false),
        Many("Mean", BinaryKind.Add, true),
        Many("Max", BinaryKind.Max, false),
        Many("Min", BinaryKind.Min, false),
        new(OnnxOperators.Core, "Where", 9, Where),
    ];

    private static OnnxOperator Plain(string name, UnaryKind kind) => new(OnnxOperators.Core, name, 1, n =>
    {
        n.Ignore("consumed_inputs");
        n.SetOutput(0, n.Builder.Unary(n.FloatInput(0), kind));
    });

    private static OnnxOperator Numeric(string name, UnaryKind kind) => new(OnnxOperators.Core, name, 1, n =>
    {
        n.Ignore("consumed_inputs");
        GraphValue x = n.Input(0);
        if (!x.Type.IsArithmetic())
        {
            throw n.Refuse($"input 0 is {x.Type.Name()}, which is not a number");
        }

        n.SetOutput(0, n.Builder.Unary(x, kind));
    });

    private static OnnxOperator With(string name, int opset, Func<OnnxNode, Activation> read) => new(OnnxOperators.Core, name, opset, n =>
    {
        n.Ignore("consumed_inputs");
        Activation a = read(n);
        n.SetOutput(0, n.Builder.Unary(n.FloatInput(0), a.Kind, a.Alpha, a.Beta));
    });

    private static void Swish(OnnxNode n)
    {
        GraphValue x = n.FloatInput(0);
        float alpha = n.Float("alpha", 1f);
        GraphValue inner = alpha == 1f ? x : n.Builder.Binary(BinaryKind.Mul, x, n.Builder.Scalar(alpha));
        n.SetOutput(0, n.Builder.Binary(BinaryKind.Mul, x, n.Builder.Unary(inner, UnaryKind.Sigmoid)));
    }

    /// <summary>Limits are attributes up to opset 10 and inputs since; constant float limits make it one function.</summary>
    private static void Clip(OnnxNode n)
    {
        n.Ignore("consumed_inputs");
        GraphValue x = n.Input(0);
        if (n.Opset < 11)
        {
            x = n.FloatInput(0);
            n.SetOutput(0, n.Builder.Unary(
                x, UnaryKind.Clip, n.Float("min", float.NegativeInfinity), n.Float("max", float.PositiveInfinity)));
            return;
        }

        GraphValue? low = n.OptionalInput(1), high = n.OptionalInput(2);
        bool constant = x.Type == ElementType.Float32 && (low?.IsConstant ?? true) && (high?.IsConstant ?? true);
        if (constant && IsOne(low) && IsOne(high))
        {
            float min = low is null ? float.NegativeInfinity : low.Elements<float>()[0];
            float max = high is null ? float.PositiveInfinity : high.Elements<float>()[0];
            n.SetOutput(0, n.Builder.Unary(x, UnaryKind.Clip, min, max));
            return;
        }

        GraphValue y = x;
        if (low is not null)
        {
            RequireSame(n, x, low);
            y = n.Builder.Binary(BinaryKind.Max, y, low);
        }

        if (high is not null)
        {
            RequireSame(n, x, high);
            y = n.Builder.Binary(BinaryKind.Min, y, high);
        }

        n.SetOutput(0, y);

        bool IsOne(GraphValue? v) => v is null || (v.Type == ElementType.Float32 && v.Shape.ElementCount == 1);
    }

    private static void PRelu(OnnxNode n)
    {
        n.Ignore("consumed_inputs");
        GraphValue x = n.FloatInput(0);
        GraphValue slope = n.FloatInput(1);
        if (n.Opset < 7 && slope.Shape.Rank == 1 && slope.Shape.ElementCount > 1 && x.Shape.Rank > 2)
        {
            // Before opset 7 a slope for each channel was a plain vector.
            Span<int> dims = stackalloc int[x.Shape.Rank - 1];
            dims.Fill(1);
            dims[0] = slope.Shape.ElementCount;
            slope = n.Builder.View(slope, TensorShape.Of(dims));
        }

        n.SetOutput(0, n.Builder.Binary(BinaryKind.PRelu, x, slope));
    }

    private static OnnxOperator Pair(string name, BinaryKind kind) => new(OnnxOperators.Core, name, 1, n =>
    {
        n.Ignore("consumed_inputs");
        (GraphValue a, GraphValue b) = Operands(n);
        bool comparesBool = kind == BinaryKind.Equal && a.Type == ElementType.Bool;
        if (!a.Type.IsArithmetic() && !comparesBool)
        {
            throw n.Refuse($"operands are {a.Type.Name()}, which is not supported");
        }

        n.SetOutput(0, n.Builder.Binary(kind, a, b));
    });

    private static OnnxOperator Logic(string name, BinaryKind kind) => new(OnnxOperators.Core, name, 1, n =>
    {
        (GraphValue a, GraphValue b) = Operands(n);
        if (a.Type != ElementType.Bool)
        {
            throw n.Refuse($"operands are {a.Type.Name()}; they must be bool");
        }

        n.SetOutput(0, n.Builder.Binary(kind, a, b));
    });

    private static OnnxOperator Many(string name, BinaryKind kind, bool mean) => new(OnnxOperators.Core, name, 1, n =>
    {
        n.Ignore("consumed_inputs");
        GraphValue sum = n.Input(0);
        if (!sum.Type.IsArithmetic())
        {
            throw n.Refuse($"input 0 is {sum.Type.Name()}, which is not a number");
        }

        for (int i = 1; i < n.InputCount; i++)
        {
            GraphValue next = n.Input(i);
            RequireSame(n, sum, next);
            sum = n.Builder.Binary(kind, sum, next);
        }

        if (mean && n.InputCount > 1)
        {
            sum = n.Builder.Binary(BinaryKind.Div, sum, n.Builder.Scalar(n.InputCount, sum.Type));
        }

        n.SetOutput(0, sum == n.Input(0) ? n.Builder.Alias(sum) : sum);
    });

    /// <summary>The exponent may be of another type; it is brought to the base's.</summary>
    private static void Pow(OnnxNode n)
    {
        GraphValue a = n.Input(0), b = n.Input(1);
        if (!a.Type.IsArithmetic() || !b.Type.IsArithmetic())
        {
            throw n.Refuse($"operands are {a.Type.Name()} and {b.Type.Name()}, which are not both numbers");
        }

        if (a.Type != b.Type && a.Type is not (ElementType.Float32 or ElementType.Float64))
        {
            // An integer base with another exponent type: exact in double for what integers can hold.
            GraphValue wide = n.Builder.Binary(
                BinaryKind.Pow, n.Builder.Cast(a, ElementType.Float64), n.Builder.Cast(b, ElementType.Float64));
            n.SetOutput(0, n.Builder.Cast(wide, a.Type));
            return;
        }

        n.SetOutput(0, n.Builder.Binary(BinaryKind.Pow, a, n.Builder.Cast(b, a.Type)));
    }

    private static void Mod(OnnxNode n)
    {
        (GraphValue a, GraphValue b) = Operands(n);
        bool fmod = n.Flag("fmod", false);
        bool floating = a.Type is ElementType.Float32 or ElementType.Float64;
        if (!a.Type.IsArithmetic())
        {
            throw n.Refuse($"operands are {a.Type.Name()}, which is not a number");
        }

        if (floating && !fmod)
        {
            throw n.Refuse("attribute fmod=0 is not defined for floating point");
        }

        n.SetOutput(0, n.Builder.Binary(fmod ? BinaryKind.FMod : BinaryKind.Mod, a, b));
    }

    private static void Where(OnnxNode n)
    {
        GraphValue condition = n.Input(0, ElementType.Bool), a = n.Input(1), b = n.Input(2);
        RequireSame(n, a, b);
        TensorShape shape = GraphBuilder.Broadcast(GraphBuilder.Broadcast(condition.Shape, a.Shape), b.Shape);
        n.SetOutput(0, n.Builder.Add(new WhereOperation
        {
            Origin = n.Description,
            Inputs = [condition, a, b],
            Outputs = [n.Builder.Temporary(a.Type, shape)],
        }));
    }

    /// <summary>Two operands of one type; up to opset 6 broadcasting was asked for and aligned by an attribute.</summary>
    private static (GraphValue A, GraphValue B) Operands(OnnxNode n)
    {
        GraphValue a = n.Input(0), b = n.Input(1);
        RequireSame(n, a, b);
        if (n.Opset >= 7)
        {
            return (a, b);
        }

        bool broadcast = n.Flag("broadcast", false);
        bool hasAxis = n.Attribute("axis") is not null;
        int axis = (int)Math.Clamp(n.Int("axis", -1), -TensorShape.RankMax, TensorShape.RankMax);
        if (!broadcast)
        {
            return a.Shape.SameDims(b.Shape)
                ? (a, b)
                : throw n.Refuse($"shapes {a.Shape} and {b.Shape} differ and attribute broadcast is not set");
        }

        if (hasAxis && b.Shape.Rank > 0)
        {
            axis = n.Axis(axis, Math.Max(1, a.Shape.Rank));
            int trailing = a.Shape.Rank - axis - b.Shape.Rank;
            if (trailing < 0)
            {
                throw n.Refuse($"attribute axis={axis} does not fit shapes {a.Shape} and {b.Shape}");
            }

            if (trailing > 0)
            {
                Span<int> dims = stackalloc int[b.Shape.Rank + trailing];
                dims.Fill(1);
                b.Shape.Dims.CopyTo(dims);
                b = n.Builder.View(b, TensorShape.Of(dims, b.Shape.IsBatched));
            }
        }

        return (a, b);
    }

    private static void RequireSame(OnnxNode n, GraphValue a, GraphValue b)
    {
        if (a.Type != b.Type)
        {
            throw n.Refuse($"operands are {a.Type.Name()} and {b.Type.Name()}; they must be of one type");
        }
    }
}
