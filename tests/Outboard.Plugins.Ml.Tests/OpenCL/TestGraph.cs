using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Tests.OpenCL;

/// <summary>Builds small model graphs by hand, with weights from a fixed seed.</summary>
internal sealed class TestGraph(int seed = 7)
{
    private readonly Random _random = new(seed);
    private readonly List<Operation> _operations = [];
    private int _number;

    public static GraphValue Value(string name, params int[] dims) =>
        new(name, ElementType.Float32, TensorShape.Of(dims, batched: true));

    /// <summary>Layers of the given sizes, Relu between them and softmax at the end.</summary>
    public static ModelGraph Mlp(params int[] sizes)
    {
        var graph = new TestGraph();
        GraphValue input = Value("x", 1, sizes[0]), x = input;
        for (int i = 1; i < sizes.Length; i++)
        {
            x = graph.Dense(x, sizes[i], i < sizes.Length - 1 ? new Activation(UnaryKind.Relu) : null);
        }

        return graph.Finish([input], [graph.Softmax(x)]);
    }

    public float[] Floats(int count, float scale = 1)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = ((_random.NextSingle() * 2) - 1) * scale;
        }

        return values;
    }

    public GraphValue Constant(params int[] dims)
    {
        var shape = TensorShape.Of(dims);
        return GraphValue.FromElements<float>(Name(), ElementType.Float32, shape, Floats(shape.ElementCount));
    }

    public GraphValue Dense(GraphValue x, int n, Activation? activation = null, bool hasBias = true)
    {
        int k = x.Shape[^1];
        int[] dims = x.Shape.Dims.ToArray();
        dims[^1] = n;
        return Add(new DenseOperation
        {
            Origin = "node 'dense' (Gemm, opset 13)",
            Inputs = [x],
            Outputs = [Value(Name(), dims)],
            K = k,
            N = n,
            Weights = Floats(k * n, 1 / MathF.Sqrt(k)),
            Bias = hasBias ? Floats(n) : null,
            Activation = activation,
        });
    }

    public GraphValue Unary(GraphValue x, Activation function) => Add(new UnaryOperation
    {
        Origin = $"node 'unary' ({function.Kind}, opset 13)",
        Inputs = [x],
        Outputs = [Value(Name(), x.Shape.Dims.ToArray())],
        Function = function,
    });

    public GraphValue Binary(BinaryKind kind, GraphValue a, GraphValue b) => Add(new BinaryOperation
    {
        Origin = $"node 'binary' ({kind}, opset 13)",
        Inputs = [a, b],
        Outputs = [Value(Name(), GraphBuilder.Broadcast(a.Shape, b.Shape).Dims.ToArray())],
        Function = kind,
    });

    public GraphValue Softmax(GraphValue x, int axis = 1, SoftmaxKind kind = SoftmaxKind.Softmax) =>
        Add(new SoftmaxOperation
        {
            Origin = $"node 'softmax' ({kind}, opset 13)",
            Inputs = [x],
            Outputs = [Value(Name(), x.Shape.Dims.ToArray())],
            Function = kind,
            Outer = x.Shape.Product(0, axis),
            Count = x.Shape[axis],
            Inner = x.Shape.Product(axis + 1, x.Shape.Rank),
        });

    public GraphValue Add(Operation operation)
    {
        operation.Outputs[0].Producer = operation;
        _operations.Add(operation);
        return operation.Outputs[0];
    }

    public ModelGraph Finish(GraphValue[] inputs, GraphValue[] outputs, bool isBatched = true) => new()
    {
        Name = "test",
        Producer = "tests",
        Version = 1,
        Inputs = inputs,
        Outputs = outputs,
        Operations = [.. _operations],
        IsBatched = isBatched,
        Labels = new Dictionary<string, string[]>(),
    };

    private string Name() => $"v{_number++}";
}
