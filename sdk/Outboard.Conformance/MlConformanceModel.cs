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
        const int Inputs = 6;
        const int Hidden = 19;
        const int Outputs = 3;
        float[] a = Weights(Inputs * Hidden, 1);
        float[] b = Weights(Hidden, 2);
        float[] c = Weights(Hidden * Outputs, 3);
        float[] d = Weights(Outputs, 4);
        var graph = new OnnxWriter();
        graph.AddNode("Gemm", ["x", "A", "b"], "h");
        graph.AddNode("Relu", ["h"], "r");
        graph.AddNode("Gemm", ["r", "C", "d"], "y");
        graph.AddInitializer("A", [Inputs, Hidden], a);
        graph.AddInitializer("b", [Hidden], b);
        graph.AddInitializer("C", [Hidden, Outputs], c);
        graph.AddInitializer("d", [Outputs], d);
        graph.AddInput("x", Inputs);
        graph.AddOutput("y", Outputs);
        return new MlConformanceModel(graph.ToModel("perceptron"), Inputs, Outputs, x =>
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
