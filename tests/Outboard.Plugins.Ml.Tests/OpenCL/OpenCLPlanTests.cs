using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;
using Outboard.Plugins.Ml.OpenCL;

namespace Outboard.Plugins.Ml.Tests.OpenCL;

public sealed class OpenCLPlanTests
{
    [Fact]
    public void AnOperationWithoutAKernelIsRefusedByNodeAndKind()
    {
        var graph = new TestGraph();
        GraphValue x = TestGraph.Value("x", 1, 4);
        ModelGraph finished = graph.Finish([x], [graph.Binary(BinaryKind.Pow, x, x)]);

        ModelException e = Assert.Throws<ModelException>(() => OpenCLPlan.Of(finished, false, 4096));

        Assert.StartsWith(
            "node 'binary' (Pow, opset 13): the OpenCL backend has no kernel for Pow; it runs ", e.Message);
        Assert.DoesNotContain("\n", e.Message);
    }

    [Fact]
    public void AFusedActivationWithoutAKernelIsNamed()
    {
        var graph = new TestGraph();
        GraphValue x = TestGraph.Value("x", 1, 4);
        ModelGraph finished = graph.Finish([x], [graph.Dense(x, 2, new Activation(UnaryKind.Sin))]);

        ModelException e = Assert.Throws<ModelException>(() => OpenCLPlan.Of(finished, false, 4096));

        Assert.StartsWith("node 'dense' (Gemm, opset 13): the OpenCL backend has no kernel for Sin", e.Message);
    }

    [Fact]
    public void OtherTypesThanFloatAreRefused()
    {
        var graph = new TestGraph();
        var x = new GraphValue("x", ElementType.Int64, TensorShape.Of([1, 4], batched: true));
        ModelGraph finished = graph.Finish([x], [x]);

        ModelException e = Assert.Throws<ModelException>(() => OpenCLPlan.Of(finished, false, 4096));

        Assert.Contains("'x' is int64; the OpenCL backend takes float32 only", e.Message);
    }

    [Fact]
    public void EveryStepHasItsKernelAndSourceHasNoOther()
    {
        var plan = OpenCLPlan.Of(TestGraph.Mlp(41, 64, 32, 2), false, 4096);

        Assert.Equal(4, plan.Steps.Length);
        Assert.All(plan.Steps, step => Assert.Contains($" {step.Kernel}(", plan.Source.Replace("\n", " ")));
        Assert.Equal(4, plan.Source.Split("__kernel").Length - 1);
        Assert.Equal([64, 32, 2], plan.ScratchElements);
        Assert.Equal(6, plan.Constants.Length);
    }

    [Theory]
    [InlineData(1, 4096)]
    [InlineData(16, 4096)]
    [InlineData(17, 256)]
    [InlineData(1000, 128)]
    [InlineData(1000, 64)]
    [InlineData(5, 4)]
    public void TilesCoverAllColumnsWithinTheGroupLimit(int n, int workGroupSizeMax)
    {
        foreach (bool usesLocalMemory in (bool[])[false, true])
        {
            var tile = DenseTile.For(n, usesLocalMemory, workGroupSizeMax);

            Assert.InRange(tile.GroupX * tile.GroupY, 1, workGroupSizeMax);
            Assert.True(tile.PaddedColumns >= n);
            Assert.True((tile.ColumnGroups - 1) * tile.Columns < n);

            // OpenCL 3.0 API, table 5: a device of the full profile has 32 KiB of local memory or more.
            Assert.InRange(tile.LocalByteCount, 0, 32 * 1024);
        }
    }

    [Fact]
    public void TheBatchIsBoundedByWhatKernelsCanCount()
    {
        var small = OpenCLPlan.Of(TestGraph.Mlp(41, 64, 2), false, 4096);
        var graph = new TestGraph();
        GraphValue x = TestGraph.Value("x", 1, 1 << 20);
        var large = OpenCLPlan.Of(graph.Finish([x], [graph.Unary(x, new Activation(UnaryKind.Relu))]), false, 4096);

        Assert.Equal(256, OpenCLModel.BatchMaxOf(small, 256));
        Assert.Equal(127, OpenCLModel.BatchMaxOf(large, 256));
    }
}
