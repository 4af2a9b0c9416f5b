using System.Runtime.InteropServices;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Plan;
using Outboard.Plugins.Ml.Tests.Support;
using Outboard.Testing;

namespace Outboard.Plugins.Ml.Tests.Kernels;

/// <summary>Whole models on inputs and outputs that end at an unreadable page, for every length past two of the widest steps.</summary>
public sealed unsafe class GuardedMemoryTests
{
    [Fact]
    public void LayersOfEveryWidth()
    {
        for (int n = 1; n <= 70; n++)
        {
            var b = new ModelBuilder().Input("x", 1, "N", 3).Output("y", 1, "N", n);
            var random = new Random(n);
            b.Node("Gemm", ["x", b.Floats(Models.Uniform(random, 3 * n, 1f), 3, n), b.Floats(Models.Uniform(random, n, 1f), n)], "y");
            Check(b.Bytes, [1, 2, 4, 5, 9]);
        }
    }

    [Fact]
    public void SoftmaxOfEveryLength()
    {
        for (int n = 1; n <= 40; n++)
        {
            var b = new ModelBuilder().Input("x", 1, "N", n).Output("y", 1, "N", n);
            b.Node("Softmax", ["x"], "y", ModelBuilder.A("axis", 1L));
            Check(b.Bytes, [1, 3, 17]);
        }
    }

    [Fact]
    public void SoftmaxAcrossColumnsOfEveryCount()
    {
        for (int inner = 1; inner <= 40; inner++)
        {
            var b = new ModelBuilder().Input("x", 1, "N", 3, inner).Output("y", 1, "N", 3, inner);
            b.Node("LogSoftmax", ["x"], "y", ModelBuilder.A("axis", 1L));
            Check(b.Bytes, [1, 2]);
        }
    }

    [Fact]
    public void ElementwiseOfEveryLength()
    {
        for (int n = 1; n <= 40; n++)
        {
            var b = new ModelBuilder().Input("x", 1, "N", n).Output("y", 1, "N", n);
            string c = b.Floats(Models.Uniform(new Random(n), n, 1f), n), one = b.Floats([0.5f]);
            b.Node("Max", [b.Node("Mul", [b.Node("Sub", [one, "x"]), c]), b.Node("Add", ["x", one])], "y");
            Check(b.Bytes, [1, 3]);
        }
    }

    [Fact]
    public void ForestsOverEveryNumberOfRows()
    {
        byte[] model = Models.Regressor(new Random(1), new Models.ForestOptions { Trees = 5, Depth = 4, Features = 3, Missing = true });
        Check(model, [.. Enumerable.Range(1, 36)]);
    }

    [Fact]
    public void ProductsOfRunTimeMatrices()
    {
        for (int n = 1; n <= 40; n += 3)
        {
            var b = new ModelBuilder().Input("x", 1, "N", 5, n).Output("y", 1, "N", 5, 5);
            string t = b.Node("Transpose", ["x"], null, ModelBuilder.A("perm", [0L, 2, 1]));
            b.Node("MatMul", ["x", t], "y");
            Check(b.Bytes, [1, 3]);
        }
    }

    /// <summary>Runs on guarded memory at every width that this processor has, and compares with ONNX Runtime.</summary>
    private static void Check(byte[] model, int[] batches)
    {
        var graph = Inference.Import(model);
        using var oracle = new OnnxOracle(model);
        var random = new Random(batches.Length);
        foreach (int batch in batches)
        {
            float[] x = Models.Uniform(random, graph.Inputs[0].Shape.ElementCount * batch, 2f);
            long[] shape = [batch, .. graph.Inputs[0].Shape.Dims[1..].ToArray().Select(d => (long)d)];
            float[] expected = oracle.Run(x, shape);
            foreach (var width in Widths.Present)
            {
                Run(graph, Widths.Kernels(width), x, expected, batch, $"{width} batch {batch}");
            }
        }
    }

    private static void Run(ModelGraph graph, KernelSet kernels, float[] x, float[] expected, int batch, string what)
    {
        using ExecutionPlan plan = PlanBuilder.Build(graph, kernels, 64);
        using var context = new PlanContext(plan);
        int inputs = plan.InputBytes[0] * batch, outputs = plan.OutputBytes[0] * batch;
        using var from = new GuardedMemory(inputs);
        using var to = new GuardedMemory(outputs);
        nint* pointers = stackalloc nint[2];
        pointers[0] = (nint)from.PointerAtEnd(inputs);
        pointers[1] = (nint)to.PointerAtEnd(outputs);
        Marshal.Copy(x, 0, pointers[0], x.Length);
        context.Run((byte**)pointers, (byte**)(pointers + 1), batch);
        Close.Equal(expected, new ReadOnlySpan<float>((void*)pointers[1], outputs / 4), 2e-5, 2e-6, what);
    }
}
