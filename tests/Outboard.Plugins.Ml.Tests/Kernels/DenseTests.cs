using Outboard.Plugins.Ml.Tests.Support;

namespace Outboard.Plugins.Ml.Tests.Kernels;

/// <summary>Fully connected networks against ONNX Runtime.</summary>
public sealed class DenseTests
{
    private static readonly string[] s_activations = ["Relu", "Tanh", "Sigmoid", "LeakyRelu", "Elu", "Softplus", "Selu", "", "HardSigmoid", "Softsign"];

    [Theory]
    [MemberData(nameof(Widths.Bits), MemberType = typeof(Widths))]
    public void RandomNetworksAgreeWithOnnxRuntime(int bits)
    {
        var kernels = Widths.Kernels(bits);
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int[] sizes = [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => random.Next(1, 100))];
            string[] activations = [.. Enumerable.Range(0, 3).Select(_ => s_activations[random.Next(s_activations.Length)])];
            byte[] model = Models.Mlp(random, sizes, activations, random.Next(2) == 0, random.Next(2) == 0);
            using var inference = new Inference(Inference.Import(model), kernels, random.Next(1, 64));
            using var oracle = new OnnxOracle(model);
            Assert.True(inference.Plan.Graph.IsBatched);
            foreach (int batch in new[] { 1, 2, 3, 4, 5, 7, 8, 9, 31, 33 })
            {
                float[] x = Models.Uniform(random, batch * sizes[0], 2f);
                Close.Equal(oracle.Run(x, [batch, sizes[0]]), inference.RunFloat(x, batch), 2e-5, 2e-6, $"seed {seed} batch {batch}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths.Bits), MemberType = typeof(Widths))]
    public void ARowDoesNotDependOnItsBatch(int bits)
    {
        var kernels = Widths.Kernels(bits);
        var random = new Random(7);
        byte[] model = Models.Mlp(random, [41, 70, 33, 3], ["Relu", "Tanh"], softmax: true);
        using var inference = new Inference(Inference.Import(model), kernels);
        float[] x = Models.Uniform(random, 37 * 41, 1f);
        float[] together = inference.RunFloat(x, 37);
        for (int row = 0; row < 37; row++)
        {
            float[] alone = inference.RunFloat(x[(row * 41)..((row + 1) * 41)], 1);
            Assert.Equal(together[(row * 3)..((row * 3) + 3)], alone);
        }
    }

    [Fact]
    public void BiasAndActivationGoIntoTheLayer()
    {
        byte[] model = Models.Mlp(new Random(1), [10, 20, 5], ["Relu"], softmax: true, matMul: true);
        var graph = Inference.Import(model);
        Assert.Equal(["Dense", "Dense", "Softmax"], graph.Operations.Select(o => o.Kind));
    }
}
