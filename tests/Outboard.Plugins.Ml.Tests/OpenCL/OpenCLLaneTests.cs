using Outboard.OpenCL;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;
using Outboard.Plugins.Ml.OpenCL;

namespace Outboard.Plugins.Ml.Tests.OpenCL;

public sealed class OpenCLLaneTests
{
    private static readonly UnaryKind[] s_activations =
    [
        UnaryKind.Relu, UnaryKind.LeakyRelu, UnaryKind.Elu, UnaryKind.Selu, UnaryKind.Celu,
        UnaryKind.Sigmoid, UnaryKind.Tanh, UnaryKind.Softplus, UnaryKind.Softsign,
        UnaryKind.HardSigmoid, UnaryKind.HardSwish, UnaryKind.ThresholdedRelu, UnaryKind.Gelu,
        UnaryKind.GeluTanh, UnaryKind.Mish, UnaryKind.Clip, UnaryKind.Exp, UnaryKind.Abs,
        UnaryKind.Neg, UnaryKind.Reciprocal,
    ];

    [Theory]
    [InlineData(new[] { 1, 1 })]
    [InlineData(new[] { 3, 17, 5 })]
    [InlineData(new[] { 41, 64, 32, 2 })]
    [InlineData(new[] { 78, 128, 64, 15 })]
    [InlineData(new[] { 115, 86, 57, 38, 57, 86, 115 })]
    [InlineData(new[] { 256, 256, 128, 10 })]
    public void LayersEqualDoublePrecisionWithinTheBound(int[] sizes)
    {
        ModelGraph graph = TestGraph.Mlp(sizes);
        using var model = new OpenCLTestModel(graph, batchMax: 100);
        foreach (int count in (int[])[1, 2, 31, 32, 33, 100])
        {
            float[][] inputs = [new TestGraph(count).Floats(sizes[0] * count, 3)];

            float[][] outputs = model.Run(inputs, count, slot: count % 4);

            OpenCLTestModel.AssertNear(ReferenceGraph.Run(graph, inputs, count)[0], outputs[0]);
        }
    }

    [Theory]
    [InlineData(new[] { 3, 17, 5 })]
    [InlineData(new[] { 41, 64, 2 })]
    public void TilesInLocalMemoryGiveTheSameBytes(int[] sizes)
    {
        ModelGraph graph = TestGraph.Mlp(sizes);
        using var registers = new OpenCLTestModel(graph, batchMax: 70);
        using var local = new OpenCLTestModel(graph, batchMax: 70, usesLocalMemory: true);
        foreach (int count in (int[])[1, 33, 70])
        {
            float[][] inputs = [new TestGraph(count).Floats(sizes[0] * count, 3)];

            Assert.Equal(
                OpenCLTestModel.Bytes(registers.Run(inputs, count)[0]),
                OpenCLTestModel.Bytes(local.Run(inputs, count)[0]));
        }
    }

    [Fact]
    public void EveryActivationEqualsItsDefinition()
    {
        // One model with an output for each, or the compiler would run twenty times.
        var graph = new TestGraph();
        GraphValue x = TestGraph.Value("x", 1, 9);
        Activation[] functions =
        [
            .. s_activations.Select(static kind => new Activation(kind, 0.3f, 0.7f)),
        ];
        ModelGraph finished = graph.Finish([x], [.. functions.Select(f => graph.Unary(x, f))]);
        using var model = new OpenCLTestModel(finished, batchMax: 20);
        float[][] inputs = [graph.Floats(9 * 20, 6)];

        double[][] expected = ReferenceGraph.Run(finished, inputs, 20);
        float[][] outputs = model.Run(inputs, 20);

        for (int i = 0; i < functions.Length; i++)
        {
            OpenCLTestModel.AssertNear(expected[i], outputs[i]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ActivationsOfLayersEqualTheirDefinition(bool usesLocalMemory)
    {
        var graph = new TestGraph();
        GraphValue x = TestGraph.Value("x", 1, 5);
        UnaryKind[] kinds =
            [UnaryKind.LeakyRelu, UnaryKind.Sigmoid, UnaryKind.Gelu, UnaryKind.Softplus, UnaryKind.Clip];
        GraphValue[] outputs =
            [.. kinds.Select((kind, i) => graph.Dense(x, 3 + (i * 5), new Activation(kind, 0.2f, 0.6f)))];
        ModelGraph finished = graph.Finish([x], outputs);
        using var model = new OpenCLTestModel(finished, batchMax: 12, usesLocalMemory: usesLocalMemory);
        float[][] inputs = [graph.Floats(5 * 12, 4)];

        double[][] expected = ReferenceGraph.Run(finished, inputs, 12);
        float[][] actual = model.Run(inputs, 12);

        for (int i = 0; i < outputs.Length; i++)
        {
            OpenCLTestModel.AssertNear(expected[i], actual[i]);
        }
    }

    [Fact]
    public void LogarithmAndRootEqualTheirDefinition()
    {
        var graph = new TestGraph();
        GraphValue x = TestGraph.Value("x", 1, 8);
        GraphValue positive = graph.Unary(x, new Activation(UnaryKind.Exp));
        ModelGraph finished = graph.Finish(
            [x],
            [
                graph.Unary(positive, new Activation(UnaryKind.Log)),
                graph.Unary(positive, new Activation(UnaryKind.Sqrt)),
                graph.Dense(x, 40, new Activation(UnaryKind.Tanh), hasBias: false),
            ]);
        using var model = new OpenCLTestModel(finished, batchMax: 5);
        float[][] inputs = [graph.Floats(40, 4)];

        double[][] expected = ReferenceGraph.Run(finished, inputs, 5);
        float[][] outputs = model.Run(inputs, 5);

        OpenCLTestModel.AssertNear(expected[0], outputs[0]);
        OpenCLTestModel.AssertNear(expected[1], outputs[1]);
        OpenCLTestModel.AssertNear(expected[2], outputs[2]);
    }

    [Fact]
    public void OperandsAreRepeatedAsShapesSay()
    {
        var graph = new TestGraph();
        GraphValue x = TestGraph.Value("x", 1, 3, 4), z = TestGraph.Value("z", 1, 3, 1);
        GraphValue[] outputs =
        [
            graph.Binary(BinaryKind.Add, x, graph.Constant(4)),
            graph.Binary(BinaryKind.Sub, graph.Constant(3, 1), x),
            graph.Binary(BinaryKind.Mul, x, graph.Constant()),
            graph.Binary(BinaryKind.Div, x, graph.Constant(1, 3, 4)),
            graph.Binary(BinaryKind.Min, x, z),
            graph.Binary(BinaryKind.Max, z, graph.Constant(1, 1, 4)),
            graph.Binary(BinaryKind.PRelu, x, graph.Constant(1, 4)),
            graph.Binary(BinaryKind.Add, x, x),
        ];
        ModelGraph finished = graph.Finish([x, z], outputs);
        using var model = new OpenCLTestModel(finished, batchMax: 6);
        float[][] inputs = [graph.Floats(12 * 6, 4), graph.Floats(3 * 6, 4)];

        double[][] expected = ReferenceGraph.Run(finished, inputs, 6);
        float[][] actual = model.Run(inputs, 6);

        for (int i = 0; i < outputs.Length; i++)
        {
            OpenCLTestModel.AssertNear(expected[i], actual[i]);
        }
    }

    [Fact]
    public void SoftmaxRunsOverItsAxis()
    {
        var graph = new TestGraph();
        GraphValue x = TestGraph.Value("x", 2, 3, 5);
        ModelGraph finished = graph.Finish(
            [x],
            [
                graph.Softmax(x, axis: 1),
                graph.Softmax(x, axis: 2),
                graph.Softmax(x, axis: 1, SoftmaxKind.LogSoftmax),
            ]);
        using var model = new OpenCLTestModel(finished, batchMax: 7);
        float[][] inputs = [graph.Floats(30 * 7, 20)];

        double[][] expected = ReferenceGraph.Run(finished, inputs, 7);
        float[][] outputs = model.Run(inputs, 7);

        for (int i = 0; i < outputs.Length; i++)
        {
            OpenCLTestModel.AssertNear(expected[i], outputs[i]);
        }
    }

    [Fact]
    public void OutputsMayBeInputsConstantsViewsAndTheSameValueTwice()
    {
        var graph = new TestGraph();
        GraphValue x = TestGraph.Value("x", 1, 4);
        GraphValue y = graph.Dense(x, 6);
        var view = new GraphValue("view", ElementType.Float32, TensorShape.Of([1, 2, 3], batched: true)) { ViewOf = y };
        GraphValue constant = graph.Constant(3);
        ModelGraph finished = graph.Finish([x], [x, y, view, constant]);
        using var model = new OpenCLTestModel(finished, batchMax: 3);
        float[][] inputs = [graph.Floats(12)];

        double[][] expected = ReferenceGraph.Run(finished, inputs, 3);
        float[][] outputs = model.Run(inputs, 3);

        Assert.Equal(inputs[0], outputs[0]);
        OpenCLTestModel.AssertNear(expected[1], outputs[1]);
        Assert.Equal(outputs[1], outputs[2]);
        Assert.Equal([.. expected[3], .. expected[3], .. expected[3]], outputs[3].Select(static v => (double)v));
    }

    [Fact]
    public void LayersRunOverEveryRowOfAnInference()
    {
        var graph = new TestGraph();
        GraphValue x = TestGraph.Value("x", 1, 5, 8);
        ModelGraph finished = graph.Finish([x], [graph.Dense(x, 20)]);
        using var model = new OpenCLTestModel(finished, batchMax: 9);
        float[][] inputs = [graph.Floats(40 * 9)];

        OpenCLTestModel.AssertNear(ReferenceGraph.Run(finished, inputs, 9)[0], model.Run(inputs, 9)[0]);
    }

    [Fact]
    public void NotANumberGoesThroughItsOwnInferenceOnly()
    {
        ModelGraph graph = TestGraph.Mlp(10, 20, 4);
        using var model = new OpenCLTestModel(graph, batchMax: 40);
        float[][] inputs = [new TestGraph(1).Floats(400)];
        float[] clean = model.Run(inputs, 40)[0];
        inputs[0][(7 * 10) + 3] = float.NaN;

        float[] outputs = model.Run(inputs, 40)[0];

        for (int i = 0; i < outputs.Length; i++)
        {
            Assert.Equal(i / 4 == 7 ? float.NaN : clean[i], outputs[i]);
        }
    }

    [Fact]
    public void StagingInPlaceAndByCopyGiveTheSameBytes()
    {
        ModelGraph graph = TestGraph.Mlp(41, 64, 32, 2);
        using var shared = new OpenCLTestModel(graph, batchMax: 64);
        using var copied = new OpenCLTestModel(graph, batchMax: 64, allowInPlace: false);
        Assert.Equal(OpenCLSharing.Copied, copied.Lane.Staging.Sharing);
        for (int round = 0; round < 8; round++)
        {
            int count = 64 - (round * 5);
            float[][] inputs = [new TestGraph(round).Floats(41 * count)];

            float[] expected = shared.Run(inputs, count, round % 4)[0];
            float[] actual = copied.Run(inputs, count, round % 4)[0];

            Assert.Equal(OpenCLTestModel.Bytes(expected), OpenCLTestModel.Bytes(actual));
        }
    }

    [Fact]
    public void AnInferenceDoesNotDependOnItsBatch()
    {
        ModelGraph graph = TestGraph.Mlp(41, 64, 32, 2);
        using var model = new OpenCLTestModel(graph, batchMax: 50);
        float[][] inputs = [new TestGraph(3).Floats(41 * 50)];
        float[] together = model.Run(inputs, 50)[0];

        for (int i = 0; i < 50; i++)
        {
            float[] alone = model.Run([inputs[0][(i * 41)..((i + 1) * 41)]], 1)[0];
            Assert.Equal(OpenCLTestModel.Bytes(together[(i * 2)..((i + 1) * 2)]), OpenCLTestModel.Bytes(alone));
        }
    }

    [Fact]
    public void AllSlotsMayBeUnderWayAtOnce()
    {
        ModelGraph graph = TestGraph.Mlp(78, 128, 64, 15);
        using var model = new OpenCLTestModel(graph, batchMax: 32);
        float[][][] inputs =
            [.. Enumerable.Range(0, 4).Select(static s => (float[][])[new TestGraph(s).Floats(78 * 32)])];
        var completions = new OpenCLEvent[4];
        for (int slot = 0; slot < 4; slot++)
        {
            model.Fill(slot, inputs[slot]);
            model.Lane.Launch(slot, 32, out completions[slot]).ThrowIfFailed("Launch");
        }

        for (int slot = 0; slot < 4; slot++)
        {
            float[] output = model.Finish(slot, 32, ref completions[slot])[0];
            OpenCLTestModel.AssertNear(ReferenceGraph.Run(graph, inputs[slot], 32)[0], output);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ALaunchAllocatesNothing(bool allowInPlace)
    {
        using var model = new OpenCLTestModel(TestGraph.Mlp(41, 64, 32, 2), batchMax: 32, allowInPlace);
        model.Run([new float[41 * 32]], 32);
        int failed = 0;

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            failed += model.Lane.Launch(i % 4, 32, out OpenCLEvent completion).IsSuccess ? 0 : 1;
            while (!completion.Poll(out _))
            {
                Thread.Yield();
            }

            completion.Release();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, failed);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void AKernelThatCannotBeLaunchedFailsTheStartAndLeavesNothingBehind()
    {
        OpenCLDevice device = OpenCLTestModel.Device();
        var plan = OpenCLPlan.Of(TestGraph.Mlp(8, 40), usesLocalMemory: false, device.WorkGroupSizeMax);

        // Groups of another shape than the kernel was built for.
        var wrong = DenseTile.For(40, usesLocalMemory: true, device.WorkGroupSizeMax);
        OpenCLStep[] steps = [.. plan.Steps.Select(step => step.Tile is null ? step : new OpenCLStep
        {
            Kernel = step.Kernel,
            Reads = step.Reads,
            Writes = step.Writes,
            ItemCount = step.ItemCount,
            Tile = wrong,
        })];
        var broken = new OpenCLPlan
        {
            Source = plan.Source,
            Steps = steps,
            Constants = plan.Constants,
            ScratchElements = plan.ScratchElements,
            InputElements = plan.InputElements,
            OutputElements = plan.OutputElements,
            IsBatched = true,
        };
        using OpenCLContext context = device.CreateContext();
        using OpenCLQueue queue = context.CreateQueue();
        using var model = new OpenCLModel(context, queue, broken, OpenCLProgramCache.ForUser());
        int before = context.LiveObjectCount;

        OpenCLException e = Assert.Throws<OpenCLException>(() => new OpenCLLane(model, queue, 16));

        Assert.Equal("CL_INVALID_WORK_GROUP_SIZE", e.Status.Name);
        Assert.Equal(before, context.LiveObjectCount);
    }

    [Fact]
    public void AModelThatMixesInferencesRunsOneAtATime()
    {
        var graph = new TestGraph();
        GraphValue x = TestGraph.Value("x", 1, 4);
        ModelGraph finished = graph.Finish([x], [graph.Dense(x, 2)], isBatched: false);
        using var model = new OpenCLTestModel(finished, batchMax: 64);

        Assert.Equal(1, model.Lane.BatchMax);
    }
}
