using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Graph;

/// <summary>
/// Passes over the lowered operations: what follows a fully connected layer (bias, scale by column, activation) goes into it,
/// and what no output depends on is dropped.
/// </summary>
internal static class Fusion
{
    /// <summary>Operations that go into one layer; each may copy its weights, so that a long chain must not fold whole.</summary>
    private const int AbsorbedMax = 8;

    public static Operation[] Apply(GraphBuilder builder, GraphValue[] outputs)
    {
        Dictionary<GraphValue, int> uses = CountUses(builder.Operations, outputs);
        var result = new List<Operation?>(builder.Operations.Count);
        var layers = new Dictionary<GraphValue, (DenseOperation Operation, int At, int Absorbed)>();
        foreach (Operation operation in builder.Operations)
        {
            if (!operation.Outputs.Any(o => uses.GetValueOrDefault(o) > 0))
            {
                continue;
            }

            if (Source(operation, uses, layers) is { } dense && layers[dense.Y] is { Absorbed: < AbsorbedMax } layer
                && Absorb(dense, operation) is { } fused)
            {
                // It moves to where its consumer stood, since the other operand may be computed in between.
                result[layer.At] = null;
                layers.Remove(dense.Y);
                layers[fused.Y] = (fused, result.Count, layer.Absorbed + 1);
                fused.Y.Producer = fused;
                result.Add(fused);
                continue;
            }

            if (operation is DenseOperation own)
            {
                layers[own.Y] = (own, result.Count, 0);
            }

            result.Add(operation);
        }

        return [.. result.OfType<Operation>()];
    }

    /// <summary>How often each stored value is read, graph outputs included; operations that nothing reads count for nothing.</summary>
    private static Dictionary<GraphValue, int> CountUses(IReadOnlyList<Operation> operations, GraphValue[] outputs)
    {
        var uses = new Dictionary<GraphValue, int>();
        foreach (GraphValue o in outputs)
        {
            Count(o);
        }

        for (int i = operations.Count - 1; i >= 0; i--)
        {
            if (operations[i].Outputs.Any(uses.ContainsKey))
            {
                foreach (GraphValue input in operations[i].Inputs)
                {
                    Count(input);
                }
            }
        }

        return uses;

        void Count(GraphValue v) => uses[v.Storage] = uses.GetValueOrDefault(v.Storage) + 1;
    }

    /// <summary>The layer whose result this operation alone reads, directly and not through another shape.</summary>
    private static DenseOperation? Source(
        Operation operation, Dictionary<GraphValue, int> uses, Dictionary<GraphValue, (DenseOperation Operation, int At, int Absorbed)> layers)
    {
        foreach (GraphValue input in operation.Inputs)
        {
            if (layers.TryGetValue(input, out var layer) && uses.GetValueOrDefault(input) == 1 && layer.Operation.Activation is null)
            {
                return layer.Operation;
            }
        }

        return null;
    }

    private static DenseOperation? Absorb(DenseOperation dense, Operation next)
    {
        switch (next)
        {
            case UnaryOperation unary when unary.Y.Type == ElementType.Float32:
                return With(dense, unary.Y, dense.Weights, dense.Bias, unary.Function);

            case BinaryOperation { Function: BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul or BinaryKind.Div } binary
                when binary.Y.Shape.Equals(dense.Y.Shape):
                bool left = ReferenceEquals(binary.A, dense.Y);
                GraphValue other = left ? binary.B : binary.A;
                if (Columns(other, dense) is not { } v)
                {
                    return null;
                }

                float[] bias = dense.Bias is null ? new float[dense.N] : (float[])dense.Bias.Clone();
                switch (binary.Function)
                {
                    case BinaryKind.Add:
                        Apply(bias, (b, i) => b + v[i]);
                        return With(dense, binary.Y, dense.Weights, bias, null);
                    case BinaryKind.Sub when left:
                        Apply(bias, (b, i) => b - v[i]);
                        return With(dense, binary.Y, dense.Weights, bias, null);
                    case BinaryKind.Mul:
                        Apply(bias, (b, i) => b * v[i]);
                        return With(dense, binary.Y, Scaled(dense, v, (w, s) => w * s), bias, null);
                    case BinaryKind.Div when left:
                        Apply(bias, (b, i) => b / v[i]);
                        return With(dense, binary.Y, Scaled(dense, v, (w, s) => w / s), bias, null);
                    default:
                        return null;
                }

            default:
                return null;
        }
    }

    private static DenseOperation With(DenseOperation dense, GraphValue y, float[] weights, float[]? bias, Activation? activation) => new()
    {
        Origin = dense.Origin,
        Inputs = dense.Inputs,
        Outputs = [y],
        Weights = weights,
        Bias = bias,
        K = dense.K,
        N = dense.N,
        Activation = activation,
    };

    /// <summary>A finite float constant as one value for each column, or null when it is anything else.</summary>
    private static float[]? Columns(GraphValue value, DenseOperation dense)
    {
        if (!value.IsConstant || value.Type != ElementType.Float32)
        {
            return null;
        }

        int count = value.Shape.ElementCount;
        bool row = count == dense.N && value.Shape.Rank > 0 && value.Shape[^1] == dense.N;
        if (count != 1 && !row)
        {
            return null;
        }

        float[] columns = new float[dense.N];
        ReadOnlySpan<float> from = value.Elements<float>();
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = from[count == 1 ? 0 : i];
            if (!float.IsFinite(columns[i]))
            {
                return null;
            }
        }

        return columns;
    }

    private static void Apply(float[] bias, Func<float, int, float> f)
    {
        for (int i = 0; i < bias.Length; i++)
        {
            bias[i] = f(bias[i], i);
        }
    }

    private static float[] Scaled(DenseOperation dense, float[] v, Func<float, float, float> f)
    {
        float[] w = new float[dense.Weights.Length];
        for (int i = 0; i < w.Length; i++)
        {
            w[i] = f(dense.Weights[i], v[i % dense.N]);
        }

        return w;
    }
}
