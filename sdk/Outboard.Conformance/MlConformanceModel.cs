namespace Outboard.Conformance;

/// <summary>A model that ml checks run, with an oracle of its own.</summary>
/// <param name="Onnx">The file's bytes.</param>
/// <param name="InputLength">Float inputs of one sample.</param>
/// <param name="OutputLength">Float outputs of one sample.</param>
/// <param name="Expected">What one sample gives.</param>
public sealed record MlConformanceModel(
    ReadOnlyMemory<byte> Onnx, int InputLength, int OutputLength, Func<float[], float[]> Expected)
{
    /// <summary>A perceptron of one hidden layer: relu(x A + b) C + d, made of Gemm and Relu, 6 inputs, 3 outputs.</summary>
    public static MlConformanceModel Perceptron { get; } = CreatePerceptron();

    private static MlConformanceModel CreatePerceptron()
    {
        const int inputs = 6;
        const int hidden = 19;
        const int outputs = 3;
        float[] a = Weights(inputs * hidden, 1);
        float[] b = Weights(hidden, 2);
        float[] c = Weights(hidden * outputs, 3);
        float[] d = Weights(outputs, 4);
        var graph = new OnnxWriter();
        graph.AddNode("Gemm", ["x", "A", "b"], "h");
        graph.AddNode("Relu", ["h"], "r");
        graph.AddNode("Gemm", ["r", "C", "d"], "y");
        graph.AddInitializer("A", [inputs, hidden], a);
        graph.AddInitializer("b", [hidden], b);
        graph.AddInitializer("C", [hidden, outputs], c);
        graph.AddInitializer("d", [outputs], d);
        graph.AddInput("x", inputs);
        graph.AddOutput("y", outputs);
        return new MlConformanceModel(graph.ToModel("perceptron"), inputs, outputs, x =>
            Layer(Layer(x, a, b, relu: true), c, d, relu: false));
    }

    private static float[] Layer(float[] x, float[] weights, float[] bias, bool relu)
    {
        var y = new float[bias.Length];
        for (int j = 0; j < y.Length; j++)
        {
            double sum = bias[j];
            for (int i = 0; i < x.Length; i++)
            {
                sum += (double)x[i] * weights[(i * y.Length) + j];
            }

            y[j] = (float)(relu ? Math.Max(sum, 0) : sum);
        }

        return y;
    }

    private static float[] Weights(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(-64, 65) / 64f)];
    }
}
