using System.Runtime.InteropServices;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Ml;
using Outboard.Plugins.Ml.Tests.Support;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Tests.Simd;

/// <summary>The driver through the SDK's own device.</summary>
public sealed unsafe class SimdMlDriverTests
{
    private static MlDevice Open(string arguments = "")
    {
        var policy = new SimdPolicy();
        policy.Set(0);
        var registry = new DriverRegistry(policy);
        registry.Register(new MlPlugin(), "ml", "test");
        MlDevice device = registry.OpenMl("ml_simd0" + arguments);
        device.Configure(new MlConfiguration { QueuePairCount = 1 });
        return device;
    }

    [Theory]
    [InlineData(",max_simd=64")]
    [InlineData(",max_simd=128")]
    [InlineData(",max_simd=256")]
    [InlineData(",max_batch=3")]
    [InlineData("")]
    public void BurstsOfTwoModelsAgreeWithOnnxRuntime(string arguments)
    {
        using MlDevice device = Open(arguments);
        var random = new Random(3);
        byte[] mlp = Models.Mlp(random, [20, 30, 4], ["Relu"], softmax: true);
        byte[] forest = Models.Classifier(random, new Models.ForestOptions { Features = 20, Targets = 3 });
        MlModel a = device.LoadModel(mlp), b = device.LoadModel(forest, new MlModelOptions { Layout = MlIoLayout.Split, Name = "forest" });
        device.Start();
        device.StartModel(a);
        device.StartModel(b);
        using var oracleA = new OnnxOracle(mlp);
        using var oracleB = new OnnxOracle(forest);
        using var pool = new MlOpPool(new MlOpPoolOptions { Name = "ops", Count = 256, BuffersMax = 2 });
        var memory = new List<nint>();
        var expected = new List<(MlOp Op, float[] Values, nint At)>();
        var ops = new List<MlOp>();
        for (int i = 0; i < 100; i++)
        {
            bool first = random.Next(3) != 0;
            int batch = random.Next(5) == 0 ? random.Next(1, 12) : 1;
            float[] x = Models.Uniform(random, 20 * batch, 1f);
            nint input = Take(80 * batch), labels = Take(8 * batch), scores = Take(16 * batch);
            Marshal.Copy(x, 0, input, x.Length);
            Assert.True(pool.TryAlloc(out MlOp op));
            op.ModelId = (first ? a : b).Id;
            op.BatchCount = (ushort)batch;
            op.UserData = (ulong)i;
            op.SetInput(0, new MlBuffer(input, 80 * batch));
            if (first)
            {
                op.SetOutput(0, new MlBuffer(scores, 16 * batch));
            }
            else
            {
                op.SetOutput(0, new MlBuffer(labels, 8 * batch));
                op.SetOutput(1, new MlBuffer(scores, 12 * batch));
            }

            ops.Add(op);
            expected.Add((op, (first ? oracleA : oracleB).Run(x, [batch, 20]), scores));
        }

        MlOp[] all = [.. ops], done = new MlOp[all.Length];
        int sent = 0, got = 0;
        while (got < all.Length)
        {
            sent += device.EnqueueBurst(0, all.AsSpan(sent, Math.Min(13, all.Length - sent)));
            got += device.DequeueBurst(0, done.AsSpan(got, Math.Min(7, done.Length - got)));
        }

        Assert.Equal(all, done);
        foreach ((MlOp op, float[] values, nint at) in expected)
        {
            Assert.Equal(OpStatus.Success, op.Status);
            Close.Equal(values, new ReadOnlySpan<float>((void*)at, values.Length), 2e-5, 2e-6, $"op {op.UserData}");
            op.Free();
        }

        Assert.Equal(100UL, device.Statistics.DequeuedCount);
        Assert.Equal(100UL, device.GetModelStatistics(a).OpCount + device.GetModelStatistics(b).OpCount);
        device.StopModel(a);
        device.UnloadModel(a);
        device.Stop();
        memory.ForEach(Marshal.FreeHGlobal);

        nint Take(int bytes)
        {
            nint at = Marshal.AllocHGlobal(bytes);
            memory.Add(at);
            return at;
        }
    }

    [Fact]
    public void NeighboursOfOneModelRunAsOneBatch()
    {
        using MlDevice device = Open();
        MlModel model = device.LoadModel(Models.Mlp(new Random(1), [4, 8, 2], ["Relu"], softmax: false));
        device.Start();
        device.StartModel(model);
        using var pool = new MlOpPool(new MlOpPoolOptions { Name = "ops", Count = 64 });
        nint memory = Marshal.AllocHGlobal(64 * 32);
        var ops = new MlOp[32];
        for (int i = 0; i < ops.Length; i++)
        {
            Assert.True(pool.TryAlloc(out ops[i]));
            ops[i].ModelId = model.Id;
            ops[i].SetInput(0, new MlBuffer(memory + (64 * i), 16));
            ops[i].SetOutput(0, new MlBuffer(memory + (64 * i) + 32, 8));
        }

        Assert.Equal(32, device.EnqueueBurst(0, ops));
        Assert.Equal(32, device.GetInFlightCount(0));
        Assert.Equal(1, device.DequeueBurst(0, ops.AsSpan(0, 1)));
        MlModelStatistics statistics = device.GetModelStatistics(model);
        Assert.Equal((1UL, 32UL), (statistics.BatchCount, statistics.OpCount));
        Assert.Equal(1UL, statistics.BatchSizeHistogram[5]);
        Assert.Equal(31, device.DequeueBurst(0, ops.AsSpan(1)));
        foreach (MlOp op in ops)
        {
            op.Free();
        }

        Marshal.FreeHGlobal(memory);
    }

    [Fact]
    public void BadOpsAreRefusedWithWords()
    {
        using MlDevice device = Open();
        MlModel model = device.LoadModel(
            Models.Mlp(new Random(1), [4, 8, 2], ["Relu"], softmax: false), new MlModelOptions { Name = "tiny" });
        device.Start();
        using var pool = new MlOpPool(new MlOpPoolOptions { Name = "ops", Count = 4, BuffersMax = 2 });
        nint memory = Marshal.AllocHGlobal(256);
        Assert.True(pool.TryAlloc(out MlOp op));
        op.ModelId = model.Id;
        Expect(EnqueueRejection.InvalidSession, "not started");
        device.StartModel(model);
        Expect(EnqueueRejection.InvalidArguments, "0 input buffers for model tiny; 1 are needed");
        op.SetInput(0, new MlBuffer(memory, 15));
        Expect(EnqueueRejection.InvalidArguments, "an input buffer is too short for a batch of 1 of model tiny: 16 bytes are needed");
        op.SetInput(0, new MlBuffer(memory, 16));
        Expect(EnqueueRejection.InvalidArguments, "0 output buffers");
        op.SetOutput(0, new MlBuffer(memory + 128, 7));
        Expect(EnqueueRejection.InvalidArguments, "an output buffer is too short");
        op.SetOutput(0, new MlBuffer(memory + 128, 8));
        op.BatchCount = 0;
        Expect(EnqueueRejection.InvalidArguments, "batch 0 for model tiny; allowed are 1 to 65535");
        op.BatchCount = 1;
        op.ModelId = 9;
        Expect(EnqueueRejection.InvalidSession, "model 9 is not loaded");
        op.ModelId = model.Id;
        Assert.Equal(1, device.EnqueueBurst(0, [op]));
        Assert.Equal(1, device.DequeueBurst(0, new MlOp[2]));
        Assert.Equal(OpStatus.Success, op.Status);
        op.Free();
        Marshal.FreeHGlobal(memory);

        void Expect(EnqueueRejection rejection, string words)
        {
            Assert.Equal(0, device.EnqueueBurst(0, [op]));
            Assert.Equal(rejection, device.GetRejection(0));
            Assert.Contains(words, device.GetError(op).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void SegmentedInputsAndOutputsGiveTheSameResults()
    {
        using MlDevice device = Open();
        var random = new Random(5);
        byte[] onnx = Models.Mlp(random, [16, 8, 6], ["Relu"], softmax: true);
        MlModel model = device.LoadModel(onnx);
        device.Start();
        device.StartModel(model);
        using var oracle = new OnnxOracle(onnx);
        using var pool = new MlOpPool(new MlOpPoolOptions { Name = "ops", Count = 4 });
        var memory = (byte*)NativeMemory.AllocZeroed(4096);
        float[] x = Models.Uniform(random, 32, 1f);
        Span<byte> bytes = MemoryMarshal.AsBytes(x.AsSpan());
        var tails = (MlBuffer*)(memory + 2048);
        bytes[..50].CopyTo(new Span<byte>(memory, 50));
        bytes[50..].CopyTo(new Span<byte>(memory + 100, 78));
        tails[0] = new MlBuffer((nint)memory + 100, 78);
        tails[1] = new MlBuffer((nint)memory + 600, 45);
        var input = new MlBuffer((nint)memory, 50);
        input.SetNext((nint)tails);
        var output = new MlBuffer((nint)memory + 500, 3);
        output.SetNext((nint)(tails + 1));
        Assert.True(pool.TryAlloc(out MlOp op));
        op.ModelId = model.Id;
        op.BatchCount = 2;
        op.SetInput(0, input);
        op.SetOutput(0, output);
        Assert.Equal(1, device.EnqueueBurst(0, [op]));
        Assert.Equal(1, device.DequeueBurst(0, new MlOp[1]));
        byte[] joined = [.. new Span<byte>(memory + 500, 3), .. new Span<byte>(memory + 600, 45)];
        Close.Equal(oracle.Run(x, [2, 16]), MemoryMarshal.Cast<byte, float>(joined), 2e-5, 2e-6);
        op.Free();
        NativeMemory.Free(memory);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void AnOutputMayLieOnItsInput(int batch)
    {
        using MlDevice device = Open();
        var random = new Random(6);
        byte[] onnx = Models.Mlp(random, [6, 50, 6], ["Tanh"], softmax: false);
        MlModel model = device.LoadModel(onnx);
        device.Start();
        device.StartModel(model);
        using var oracle = new OnnxOracle(onnx);
        using var pool = new MlOpPool(new MlOpPoolOptions { Name = "ops", Count = 4 });
        float[] x = Models.Uniform(random, 6 * batch, 1f);
        float[] expected = oracle.Run(x, [batch, 6]);
        fixed (float* at = x)
        {
            Assert.True(pool.TryAlloc(out MlOp op));
            op.ModelId = model.Id;
            op.BatchCount = (ushort)batch;
            op.SetInput(0, new MlBuffer((nint)at, 24 * batch));
            op.SetOutput(0, new MlBuffer((nint)at, 24 * batch));
            Assert.Equal(1, device.EnqueueBurst(0, [op]));
            Assert.Equal(1, device.DequeueBurst(0, new MlOp[1]));
            Close.Equal(expected, x, 2e-5, 2e-6);
            op.Free();
        }
    }

    [Fact]
    public void APacketChainIsAnInput()
    {
        using MlDevice device = Open();
        var random = new Random(8);
        byte[] onnx = Models.Mlp(random, [16, 8, 3], ["Relu"], softmax: true);
        MlModel model = device.LoadModel(onnx);
        device.Start();
        device.StartModel(model);
        using var oracle = new OnnxOracle(onnx);
        using var pool = new MlOpPool(new MlOpPoolOptions { Name = "ops", Count = 4 });
        using var packets = new MbufPool(new MbufPoolOptions { Name = "packets", Count = 8, CacheSize = 0 });
        float[] x = Models.Uniform(random, 16, 1f);
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(x.AsSpan());
        Assert.True(packets.TryAlloc(out Mbuf head));
        Assert.True(packets.TryAlloc(out Mbuf tail));
        Assert.True(head.TryAppend(30, out Span<byte> first));
        Assert.True(tail.TryAppend(50, out Span<byte> second));
        bytes[..20].CopyTo(first[10..]);
        bytes[20..].CopyTo(second);
        Assert.True(head.TryChain(tail));
        float* y = stackalloc float[3];
        Assert.True(pool.TryAlloc(out MlOp op));
        op.ModelId = model.Id;
        op.SetInput(0, new MlBuffer(head, 10, 64));
        op.SetOutput(0, new MlBuffer((nint)y, 12));
        Assert.Equal(1, device.EnqueueBurst(0, [op]));
        Assert.Equal(1, device.DequeueBurst(0, new MlOp[1]));
        Close.Equal(oracle.Run(x, [1, 16]), new ReadOnlySpan<float>(y, 3), 2e-5, 2e-6);
        op.SetInput(0, new MlBuffer(head, 40, 64));
        Assert.Equal(0, device.EnqueueBurst(0, [op]));
        op.Free();
        head.Free();
    }

    [Fact]
    public void ABurstAllocatesNothing()
    {
        using MlDevice device = Open();
        MlModel model = device.LoadModel(Models.Mlp(new Random(1), [41, 64, 32, 2], ["Relu"], softmax: true));
        device.Start();
        device.StartModel(model);
        using var pool = new MlOpPool(new MlOpPoolOptions { Name = "ops", Count = 64 });
        nint memory = Marshal.AllocHGlobal(256 * 32);
        var ops = new MlOp[32];
        for (int i = 0; i < ops.Length; i++)
        {
            Assert.True(pool.TryAlloc(out ops[i]));
            ops[i].ModelId = model.Id;
            ops[i].SetInput(0, new MlBuffer(memory + (256 * i), 164));
            ops[i].SetOutput(0, new MlBuffer(memory + (256 * i) + 192, 8));
        }

        Burst();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Burst();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        foreach (MlOp op in ops)
        {
            op.Free();
        }

        Marshal.FreeHGlobal(memory);

        void Burst()
        {
            device.EnqueueBurst(0, ops);
            device.DequeueBurst(0, ops);
        }
    }

    [Fact]
    public void AModelThatCannotRunIsRefusedWithNodeOperatorAndReason()
    {
        using MlDevice device = Open();
        var b = new ModelBuilder().Input("x", 1, "N", 4).Output("y", 1, "N", 4);
        b.Node("Einsum", ["x"], "y");
        var e = Assert.Throws<MlModelException>(() => device.LoadModel(b.Bytes));
        Assert.Contains("node 'einsum0' (Einsum, ai.onnx opset 13): the operator is not supported", e.Message, StringComparison.Ordinal);
    }
}
