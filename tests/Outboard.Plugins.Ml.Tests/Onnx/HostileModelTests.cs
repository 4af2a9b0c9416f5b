using System.Diagnostics;
using Google.Protobuf;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Onnx.Proto;
using Outboard.Plugins.Ml.Tests.Support;

namespace Outboard.Plugins.Ml.Tests.Onnx;

/// <summary>Models made to hurt are refused with a message, never with another exception.</summary>
public sealed class HostileModelTests
{
    private static string Refusal(ModelBuilder b) => Assert.Throws<ModelException>(() =>
    {
        using var i = new Inference(Inference.Import(b.Bytes), Widths.Kernels(64));
    }).Message;

    [Fact]
    public void ACycleIsRefused()
    {
        var b = new ModelBuilder().Input("x", 1, "N", 4).Output("y", 1, "N", 4);
        b.Node("Add", ["x", "b"], "a");
        b.Node("Relu", ["a"], "b");
        b.Node("Relu", ["b"], "y");
        Assert.Contains("cycle", Refusal(b), StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingInitialiserIsRefused()
    {
        var b = new ModelBuilder().Input("x", 1, "N", 4).Output("y", 1, "N", 4);
        b.Node("Gemm", ["x", "w"], "y");
        Assert.Equal("node 'gemm0' (Gemm, ai.onnx opset 13): input 'w' is not defined by anything", Refusal(b));
    }

    [Theory]
    [InlineData(1L << 40)]
    [InlineData(long.MaxValue)]
    [InlineData(-5)]
    public void HugeDimensionsAreRefused(long dim)
    {
        var b = new ModelBuilder().Input("x", 1, "N", 4, 4).Output("y", 1, "N", 4);
        b.Node("Reshape", ["x", b.Longs(dim, dim)], "y");
        Refusal(b);
    }

    [Fact]
    public void AnExpandBombIsRefused()
    {
        var b = new ModelBuilder().Input("x", 1, "N", 4).Output("y", 1, "N", 4);
        string at = b.Longs(1, 2, 3, 4);
        for (int i = 0; i < 60; i++)
        {
            at = b.Node("Concat", [at, at], null, ModelBuilder.A("axis", 0L));
        }

        b.Node("Add", ["x", b.Node("Cast", [at], null, ModelBuilder.A("to", 1L))], "y");
        Refusal(b);
    }

    [Fact]
    public void ManyLayersOverOneLargeWeightAreRefused()
    {
        var b = new ModelBuilder().Input("x", 1, "N", 1000).Output("y", 1, "N", 1000);
        string w = b.Floats(new float[1_000_000], 1000, 1000), at = "x";
        for (int i = 0; i < 200; i++)
        {
            at = b.Node("MatMul", [at, w]);
        }

        b.Node("Identity", [at], "y");
        Assert.Contains("constants of the model", Refusal(b), StringComparison.Ordinal);
    }

    [Fact]
    public void AConstantOfAGigabyteIsRefusedBeforeItIsMade()
    {
        var b = new ModelBuilder().Input("x", 1, "N", 4).Output("y", 1, "N", 4);
        string c = b.Node("ConstantOfShape", [b.Longs(1 << 27)]);
        b.Node("Add", ["x", c], "y");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(b);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20);
    }

    [Fact]
    public void ALongChainOfViewsLoads()
    {
        var b = new ModelBuilder().Input("x", 1, "N", 4).Output("y", 1, "N", 4);
        string at = "x";
        for (int i = 0; i < 20_000; i++)
        {
            at = b.Node("Identity", [at]);
        }

        b.Node("Relu", [at], "y");
        Assert.Single(Inference.Import(b.Bytes).Operations);
    }

    [Fact]
    public void ExternalDataIsRefused()
    {
        var b = new ModelBuilder().Input("x", 1, "N", 4).Output("y", 1, "N", 4);
        var tensor = new TensorProto { Name = "w", DataType = 1, DataLocation = TensorProto.Types.DataLocation.External };
        tensor.Dims.Add(4);
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "/etc/passwd" });
        b.Graph.Initializer.Add(tensor);
        b.Node("Add", ["x", "w"], "y");
        Assert.Contains("external file", Refusal(b), StringComparison.Ordinal);
    }

    [Fact]
    public void DataThatDoesNotFitItsShapeIsRefused()
    {
        var b = new ModelBuilder().Input("x", 1, "N", 4).Output("y", 1, "N", 4);
        b.Node("Add", ["x", b.Floats([1, 2, 3], 4)], "y");
        Assert.Contains("12 bytes of data for float32[4], which needs 16", Refusal(b), StringComparison.Ordinal);
    }

    [Fact]
    public void AnAttributeNobodyReadsIsRefused()
    {
        var b = new ModelBuilder().Input("x", 1, "N", 4).Output("y", 1, "N", 4);
        b.Node("Relu", ["x"], "y", ModelBuilder.A("strange", 3L));
        Assert.Contains("attribute 'strange' is not supported", Refusal(b), StringComparison.Ordinal);
    }

    [Fact]
    public void ATreeThatSharesNodesIsRefused()
    {
        var b = new ModelBuilder().Input("x", 1, "N", 4).Output("y", 1, "N", 1);
        b.Node("TreeEnsembleRegressor", "ai.onnx.ml", ["x"], ["y"],
            ModelBuilder.A("nodes_treeids", [0L, 0, 0]), ModelBuilder.A("nodes_nodeids", [0L, 1, 2]),
            ModelBuilder.A("nodes_featureids", [0L, 0, 0]), ModelBuilder.A("nodes_values", [0f, 0, 0]),
            ModelBuilder.A("nodes_modes", ["BRANCH_LEQ", "BRANCH_LEQ", "LEAF"]),
            ModelBuilder.A("nodes_truenodeids", [1L, 2, 0]), ModelBuilder.A("nodes_falsenodeids", [2L, 2, 0]),
            ModelBuilder.A("target_treeids", [0L]), ModelBuilder.A("target_nodeids", [2L]),
            ModelBuilder.A("target_ids", [0L]), ModelBuilder.A("target_weights", [1f]));
        Assert.Contains("share nodes or have a cycle", Refusal(b), StringComparison.Ordinal);
    }

    [Fact]
    public void MutatedAndRandomBytesNeverDoMoreThanRefuse()
    {
        var random = new Random(11);
        byte[][] seeds =
        [
            Models.Mlp(random, [8, 12, 3], ["Relu", "Tanh"], softmax: true),
            Models.Classifier(random, new Models.ForestOptions { Trees = 3, Depth = 3, Targets = 3 }),
            Reshapes(),
        ];
        var kernels = Widths.Kernels(64);
        var clock = Stopwatch.StartNew();
        int loaded = 0, refused = 0;
        for (int i = 0; i < 6000 && clock.Elapsed.TotalSeconds < 10; i++)
        {
            byte[] bytes = (byte[])seeds[i % seeds.Length].Clone();
            switch (random.Next(4))
            {
                case 0:
                    bytes = bytes[..random.Next(bytes.Length)];
                    break;
                case 1:
                    random.NextBytes(bytes.AsSpan(random.Next(bytes.Length)));
                    break;
                default:
                    for (int k = random.Next(1, 6); k > 0; k--)
                    {
                        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    }

                    break;
            }

            try
            {
                using var inference = new Inference(Inference.Import(bytes), kernels, 4);
                inference.Run([.. inference.Plan.InputBytes.Select(b => new byte[b])], 1);
                loaded++;
            }
            catch (ModelException)
            {
                refused++;
            }
        }

        Assert.True(loaded > 10 && refused > 1000, $"{loaded} loaded, {refused} refused");
    }

    [Fact]
    public void MutatedStructuresNeverDoMoreThanRefuse()
    {
        var random = new Random(12);
        byte[] seed = Reshapes();
        var kernels = Widths.Kernels(64);
        for (int i = 0; i < 3000; i++)
        {
            ModelProto model = ModelProto.Parser.ParseFrom(seed);
            for (int k = random.Next(1, 4); k > 0; k--)
            {
                NodeProto node = model.Graph.Node[random.Next(model.Graph.Node.Count)];
                switch (random.Next(6))
                {
                    case 0 when node.Attribute.Count > 0:
                        node.Attribute[0].I = random.NextInt64(-5, 9);
                        break;
                    case 1:
                        node.OpType = model.Graph.Node[random.Next(model.Graph.Node.Count)].OpType;
                        break;
                    case 2 when node.Input.Count > 0:
                        node.Input[random.Next(node.Input.Count)] = random.Next(3) == 0 ? "x" : model.Graph.Initializer[random.Next(model.Graph.Initializer.Count)].Name;
                        break;
                    case 3:
                        TensorProto tensor = model.Graph.Initializer[random.Next(model.Graph.Initializer.Count)];
                        if (tensor.Int64Data.Count > 0)
                        {
                            tensor.Int64Data[random.Next(tensor.Int64Data.Count)] = random.Next(4) == 0 ? random.NextInt64() : random.NextInt64(-9, 9);
                        }

                        break;
                    case 4 when node.Input.Count > 1:
                        node.Input.RemoveAt(node.Input.Count - 1);
                        break;
                    default:
                        model.Graph.Input[0].Type.TensorType.Shape.Dim[random.Next(3)].DimValue = random.Next(0, 9);
                        break;
                }
            }

            try
            {
                using var inference = new Inference(Inference.Import(model.ToByteArray()), kernels, 4);
                inference.Run([.. inference.Plan.InputBytes.Select(b => new byte[b])], 1);
            }
            catch (ModelException)
            {
            }
        }
    }

    /// <summary>A chain through every operator that takes shapes, axes or indices.</summary>
    private static byte[] Reshapes()
    {
        var b = new ModelBuilder().Input("x", 1, "N", 4, 6).Output("y", 1, "N", 2);
        string at = b.Node("Transpose", ["x"], null, ModelBuilder.A("perm", [0L, 2, 1]));
        at = b.Node("Reshape", [at, b.Longs(0, 24)]);
        at = b.Node("Unsqueeze", [at, b.Longs(1)]);
        at = b.Node("Squeeze", [at, b.Longs(1)]);
        at = b.Node("Slice", [at, b.Longs(2), b.Longs(20), b.Longs(1), b.Longs(3)]);
        at = b.Node("Concat", [at, at], null, ModelBuilder.A("axis", 1L));
        at = b.Node("Pad", [at, b.Longs(0, 1, 0, 2)]);
        at = b.Node("Gather", [at, b.Longs(0, 3, -1, 5)], null, ModelBuilder.A("axis", 1L));
        at = b.Node("Tile", [at, b.Longs(1, 3)]);
        at = b.Node("Flatten", [at], null, ModelBuilder.A("axis", 1L));
        at = b.Node("Softmax", [at], null, ModelBuilder.A("axis", -1L));
        at = b.Node("ReduceSum", [at, b.Longs(1)], null, ModelBuilder.A("keepdims", 1L));
        at = b.Node("Expand", [at, b.Longs(1, 6)]);
        at = b.Node("MatMul", [at, b.Floats(new float[18], 6, 3)]);
        at = b.Node("ArgMax", [at], null, ModelBuilder.A("axis", 1L));
        at = b.Node("Cast", [at], null, ModelBuilder.A("to", 1L));
        b.Node("Concat", [at, at], "y", ModelBuilder.A("axis", 1L));
        return b.Bytes;
    }
}
