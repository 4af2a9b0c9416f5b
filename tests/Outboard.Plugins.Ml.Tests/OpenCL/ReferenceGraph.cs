using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Tests.OpenCL;

/// <summary>Computes a graph in double precision, straight from the definitions: the oracle for backends.</summary>
internal static class ReferenceGraph
{
    /// <summary>The outputs for a batch of inputs, each tensor as one array of all inferences.</summary>
    public static double[][] Run(ModelGraph graph, float[][] inputs, int inferenceCount)
    {
        Dictionary<GraphValue, double[]> values = new(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < inputs.Length; i++)
        {
            values[graph.Inputs[i]] = [.. inputs[i].Select(static v => (double)v)];
        }

        foreach (Operation operation in graph.Operations)
        {
            double[] y = new double[operation.Outputs[0].Shape.ElementCount * inferenceCount];
            values[operation.Outputs[0]] = y;
            switch (operation)
            {
                case DenseOperation dense:
                    Dense(dense, Get(values, dense.X), y);
                    break;
                case UnaryOperation unary:
                    double[] x = Get(values, unary.X);
                    for (int i = 0; i < y.Length; i++)
                    {
                        y[i] = Apply(unary.Function, x[i]);
                    }

                    break;
                case BinaryOperation binary:
                    Binary(binary, Get(values, binary.A), Get(values, binary.B), y);
                    break;
                case SoftmaxOperation softmax:
                    Softmax(softmax, Get(values, softmax.X), y);
                    break;
                default:
                    throw new NotSupportedException(operation.Kind);
            }
        }

        return [.. graph.Outputs.Select(output => Get(values, output))];
    }

    private static double[] Get(Dictionary<GraphValue, double[]> values, GraphValue value) => value.IsConstant
        ? [.. value.Elements<float>().ToArray().Select(static v => (double)v)]
        : values[value.Storage];

    private static void Dense(DenseOperation dense, double[] x, double[] y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            int row = i / dense.N, column = i % dense.N;
            double sum = dense.Bias?[column] ?? 0;
            for (int k = 0; k < dense.K; k++)
            {
                sum += x[(row * dense.K) + k] * dense.Weights[(k * dense.N) + column];
            }

            y[i] = dense.Activation is { } activation ? Apply(activation, sum) : sum;
        }
    }

    private static void Binary(BinaryOperation binary, double[] a, double[] b, double[] y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            double p = a[Index(binary.A.Shape, binary.Y.Shape, i)], q = b[Index(binary.B.Shape, binary.Y.Shape, i)];
            y[i] = binary.Function switch
            {
                BinaryKind.Add => p + q,
                BinaryKind.Sub => p - q,
                BinaryKind.Mul => p * q,
                BinaryKind.Div => p / q,
                BinaryKind.Min => Math.Min(p, q),
                BinaryKind.Max => Math.Max(p, q),
                BinaryKind.PRelu => p < 0 ? p * q : p,
                _ => throw new NotSupportedException($"{binary.Function}"),
            };
        }
    }

    private static int Index(TensorShape operand, TensorShape result, int i)
    {
        int[] coordinates = new int[result.Rank];
        for (int axis = result.Rank - 1; axis >= 0; axis--)
        {
            coordinates[axis] = axis == 0 ? i : i % result[axis];
            i /= result[axis];
        }

        int index = 0;
        for (int axis = 0; axis < operand.Rank; axis++)
        {
            int at = coordinates[result.Rank - operand.Rank + axis];
            bool isMoving = operand[axis] != 1 || (axis == 0 && operand.IsBatched);
            index = (index * operand[axis]) + (isMoving ? at : 0);
        }

        return index;
    }

    private static void Softmax(SoftmaxOperation softmax, double[] x, double[] y)
    {
        for (int lane = 0; lane < y.Length / softmax.Count; lane++)
        {
            int start = (lane / softmax.Inner * softmax.Count * softmax.Inner) + (lane % softmax.Inner);
            int[] places = [.. Enumerable.Range(0, softmax.Count).Select(k => start + (k * softmax.Inner))];
            double top = places.Max(place => x[place]);
            double sum = places.Sum(place => Math.Exp(x[place] - top));
            foreach (int place in places)
            {
                double logarithm = x[place] - top - Math.Log(sum);
                y[place] = softmax.Function == SoftmaxKind.LogSoftmax ? logarithm : Math.Exp(logarithm);
            }
        }
    }

    private static double Apply(Activation f, double x) => f.Kind switch
    {
        UnaryKind.Relu => x < 0 ? 0 : x,
        UnaryKind.LeakyRelu => x < 0 ? f.Alpha * x : x,
        UnaryKind.Elu => x < 0 ? f.Alpha * ExpMinusOne(x) : x,
        UnaryKind.Selu => f.Beta * (x < 0 ? f.Alpha * ExpMinusOne(x) : x),
        UnaryKind.Celu => x < 0 ? f.Alpha * ExpMinusOne(x / f.Alpha) : x,
        UnaryKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        UnaryKind.Tanh => Math.Tanh(x),
        UnaryKind.Softplus => Softplus(x),
        UnaryKind.Softsign => x / (1 + Math.Abs(x)),
        UnaryKind.HardSigmoid => Math.Clamp((f.Alpha * x) + f.Beta, 0, 1),
        UnaryKind.HardSwish => x * Math.Clamp((x / 6) + 0.5, 0, 1),
        UnaryKind.ThresholdedRelu => x <= f.Alpha ? 0 : x,
        UnaryKind.Gelu => x / 2 * (1 + Erf(x / Math.Sqrt(2))),
        UnaryKind.GeluTanh => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        UnaryKind.Mish => x * Math.Tanh(Softplus(x)),
        UnaryKind.Clip => Math.Clamp(x, f.Alpha, f.Beta),
        UnaryKind.Exp => Math.Exp(x),
        UnaryKind.Log => Math.Log(x),
        UnaryKind.Sqrt => Math.Sqrt(x),
        UnaryKind.Reciprocal => 1 / x,
        UnaryKind.Abs => Math.Abs(x),
        UnaryKind.Neg => -x,
        _ => throw new NotSupportedException($"{f.Kind}"),
    };

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static double ExpMinusOne(double x) => Math.Abs(x) > 1e-5 ? Math.Exp(x) - 1 : x + (x * x / 2);

    /// <summary>Maclaurin series; converges to double precision for the |x| below 6 that tests use.</summary>
    private static double Erf(double x)
    {
        double term = x, sum = x;
        for (int n = 1; n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
