using System.Runtime.InteropServices;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Memory;
using Outboard.Ml;
using Outboard.OpenCL;
using Outboard.Plugins.Ml.OpenCL;
using Outboard.Plugins.Ml.Tests.Support;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Tests.OpenCL;

public sealed unsafe class OpenCLMlDriverTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void AnswersEqualThoseOfMlSimdWithinTheBound(int width)
    {
        OpenCLTestModel.Device();
        Assert.SkipWhen((int)SimdPolicy.Recommended < width, $"this processor ends at {(int)SimdPolicy.Recommended}");
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(new MlPlugin(), "ml", "1.0");
        using MlDevice simd = registry.OpenMl($"ml_simd0,max_simd={width}"), openCL = registry.OpenMl("ml_opencl0");
        byte[][] networks =
        [
            Mlp(41, 64, 32, 2),
            Models.Mlp(new Random(2), [30, 50, 20, 7], ["Tanh", "Sigmoid"], softmax: false, matMul: true),
            Models.Mlp(new Random(3), [115, 86, 57, 86, 115], ["LeakyRelu", "Elu"], softmax: false),
        ];
        foreach (byte[] network in networks)
        {
            float[] expected = Infer(simd, network, 300), actual = Infer(openCL, network, 300);

            Close.Equal(expected, actual, relative: 1e-5, absolute: 1e-6, $"width {width}");
        }
    }

    [Fact]
    public void AnswersEqualThoseOfOnnxRuntime()
    {
        using var test = new OpenCLTestDevice();
        byte[] network = Models.Mlp(new Random(4), [20, 30, 4], ["Relu", "Tanh"], softmax: true);
        using var oracle = new OnnxOracle(network);
        MlModel model = test.Load(network);
        MlOp op = test.Make(model, 1, batch: 100);

        Assert.Equal(1, test.Device.EnqueueBurst(0, [op]));
        test.Collect(1);

        float[] expected = oracle.Run(OpenCLTestDevice.Values(op.GetInput(0)), [100, 20]);
        Close.Equal(expected, OpenCLTestDevice.Values(op.GetOutput(0)), relative: 1e-5, absolute: 1e-6);
    }

    [Fact]
    public void OpsOfSeveralModelsComeBackInOrderWithTheirOwnAnswers()
    {
        using var test = new OpenCLTestDevice(",max_batch=16");
        MlModel[] models = [test.Load(Mlp(5, 9, 3)), test.Load(Mlp(8, 4))];
        var random = new Random(1);
        MlOp[] ops =
            [.. Enumerable.Range(0, 300).Select(i => test.Make(models[(random.Next(10) == 0 ? i : i / 40) & 1], i))];
        int sent = 0;
        List<MlOp> back = [];
        while (back.Count < ops.Length)
        {
            sent += test.Device.EnqueueBurst(0, ops.AsSpan(sent, Math.Min(random.Next(40), ops.Length - sent)));
            var burst = new MlOp[random.Next(1, 50)];
            back.AddRange(burst[..test.Device.DequeueBurst(0, burst)]);
        }

        Assert.Equal(ops, back);
        foreach (MlOp op in ops)
        {
            MlOp alone = test.Make(models.Single(m => m.Id == op.ModelId), (int)op.UserData);
            Assert.Equal(1, test.Device.EnqueueBurst(0, [alone]));
            test.Collect(1);
            Assert.Equal(OpStatus.Success, op.Status);
            Assert.Equal(
                OpenCLTestDevice.Values(alone.GetOutput(0)), OpenCLTestDevice.Values(op.GetOutput(0)));
            alone.Free();
        }
    }

    [Fact]
    public void WaitingOpsRunAsFewBatches()
    {
        using var test = new OpenCLTestDevice(",max_batch=64");
        MlModel model = test.Load(Mlp(5, 9, 3));
        MlOp[] ops = [.. Enumerable.Range(0, 256).Select(i => test.Make(model, i))];

        Assert.Equal(256, test.Device.EnqueueBurst(0, ops));
        test.Collect(256);

        MlModelStatistics statistics = test.Device.GetModelStatistics(model);
        Assert.Equal(256ul, statistics.OpCount);
        Assert.Equal(4ul, statistics.BatchCount);
        Assert.Equal(4ul, statistics.BatchSizeHistogram[6]);
        Assert.InRange(statistics.LatencyMinNanoseconds, 1ul, statistics.LatencyMaxNanoseconds);
        Assert.True(statistics.LatencySumNanoseconds >= statistics.LatencyMaxNanoseconds);
    }

    [Fact]
    public void OpsOfManySamplesShareBatches()
    {
        using var test = new OpenCLTestDevice(",max_batch=20");
        MlModel model = test.Load(Mlp(6, 7, 2));
        MlOp[] ops = [.. Enumerable.Range(0, 12).Select(i => test.Make(model, i, batch: 1 + (i % 9)))];

        Assert.Equal(12, test.Device.EnqueueBurst(0, ops));
        test.Collect(12);

        foreach (MlOp op in ops)
        {
            float[] inputs = OpenCLTestDevice.Values(op.GetInput(0));
            float[] outputs = OpenCLTestDevice.Values(op.GetOutput(0));
            for (int sample = 0; sample < op.BatchCount; sample++)
            {
                MlOp alone = test.Make(model, 0);
                inputs.AsSpan(sample * 6, 6).CopyTo(new Span<float>((void*)alone.GetInput(0).Address, 6));
                test.Device.EnqueueBurst(0, [alone]);
                test.Collect(1);
                Assert.Equal(OpenCLTestDevice.Values(alone.GetOutput(0)), outputs[(sample * 2)..((sample * 2) + 2)]);
            }
        }

        MlOp tooLarge = test.Make(model, 0, batch: 21);
        Assert.Equal(0, test.Device.EnqueueBurst(0, [tooLarge]));
        Assert.Equal(EnqueueRejection.InvalidArguments, test.Device.GetRejection(0));
        Assert.Equal("batch 21 for model test; allowed are 1 to 20", test.Device.GetError(tooLarge).Message);
    }

    [Fact]
    public void TensorsMayLieInSegmentsAndInPackets()
    {
        using var test = new OpenCLTestDevice();
        MlModel model = test.Load(Mlp(10, 4));
        MlOp plain = test.Make(model, 5), segmented = test.Make(model, 5), packet = test.Make(model, 5);
        using var pool = new MbufPool(new MbufPoolOptions { Name = "m", Count = 7, CacheSize = 0, DataRoomSize = 256 });

        // 40 bytes in three segments of 17, 0 and 23 bytes; answers split inside a float.
        nint input = segmented.GetInput(0).Address, output = segmented.GetOutput(0).Address;
        MlBuffer* chain = stackalloc MlBuffer[4];
        chain[0] = new MlBuffer(input + 17, 0);
        chain[1] = new MlBuffer(input + 17, 23);
        chain[0].SetNext((nint)(chain + 1));
        var first = new MlBuffer(input, 17);
        first.SetNext((nint)chain);
        segmented.SetInput(0, first);
        chain[2] = new MlBuffer(output + 6, 10);
        var firstOutput = new MlBuffer(output, 6);
        firstOutput.SetNext((nint)(chain + 2));
        segmented.SetOutput(0, firstOutput);

        // The tensor begins in the first segment of a packet and ends in the second; the answer replaces its end.
        Assert.True(pool.TryAlloc(out Mbuf head));
        Assert.True(pool.TryAlloc(out Mbuf tail));
        Assert.True(head.TryAppend(30, out Span<byte> headBytes));
        Assert.True(tail.TryAppend(60, out _));
        Assert.True(head.TryChain(tail));
        head.CopyFrom(new ReadOnlySpan<byte>((void*)plain.GetInput(0).Address, 40), 7);
        packet.SetInput(0, new MlBuffer(head, 7, 40));
        packet.SetOutput(0, new MlBuffer(head, 21, 16));

        Assert.Equal(3, test.Device.EnqueueBurst(0, [plain, segmented, packet]));
        test.Collect(3);

        float[] expected = OpenCLTestDevice.Values(plain.GetOutput(0));
        float[] answer = new float[4];
        Assert.Equal(16, head.CopyTo(MemoryMarshal.AsBytes(answer.AsSpan()), 21));
        Assert.Equal(expected, new ReadOnlySpan<float>((void*)output, 4).ToArray());
        Assert.Equal(expected, answer);
        head.Free();
    }

    [Fact]
    public void SplitLayoutTakesABufferForEachTensor()
    {
        byte[] bytes = SumAndProduct();
        using var test = new OpenCLTestDevice();
        MlModel model = test.Load(bytes, new MlModelOptions { Layout = MlIoLayout.Split });
        Assert.True(test.Ops.TryAlloc(out MlOp op));
        Span<float> a = test.Floats(6, out nint aAddress), b = test.Floats(6, out nint bAddress);
        Span<float> sum = test.Floats(6, out nint sumAddress), product = test.Floats(6, out nint productAddress);
        new TestGraph(1).Floats(6).CopyTo(a);
        new TestGraph(2).Floats(6).CopyTo(b);
        op.ModelId = model.Id;
        op.BatchCount = 2;
        op.SetInput(0, new MlBuffer(aAddress, 24));
        Assert.Equal(0, test.Device.EnqueueBurst(0, [op]));
        Assert.Equal("1 input buffers for model test; 2 are needed", test.Device.GetError(op).Message);
        op.SetInput(1, new MlBuffer(bAddress, 24));
        op.SetOutput(0, new MlBuffer(sumAddress, 24));
        op.SetOutput(1, new MlBuffer(productAddress, 24));

        Assert.Equal(1, test.Device.EnqueueBurst(0, [op]));
        test.Collect(1);

        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(a[i] + b[i], sum[i]);
            Assert.Equal(a[i] * b[i], product[i]);
        }
    }

    [Fact]
    public void PackedSamplesLieOneBehindTheOtherWithAllTheirTensors()
    {
        byte[] bytes = SumAndProduct();
        using var test = new OpenCLTestDevice();
        MlModel model = test.Load(bytes);
        MlOp op = test.Make(model, 3, batch: 4);

        Assert.Equal(1, test.Device.EnqueueBurst(0, [op]));
        test.Collect(1);

        float[] inputs = OpenCLTestDevice.Values(op.GetInput(0)), outputs = OpenCLTestDevice.Values(op.GetOutput(0));
        for (int i = 0; i < 12; i++)
        {
            int sample = i / 3 * 6, element = i % 3;
            float a = inputs[sample + element], b = inputs[sample + 3 + element];
            Assert.Equal(a + b, outputs[sample + element]);
            Assert.Equal(a * b, outputs[sample + 3 + element]);
        }
    }

    [Fact]
    public void AnOperatorWithoutAKernelIsRefusedAtLoadByNodeOperatorAndReason()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 1, "N", 3).Output("y", 1, "N", 3);
        builder.Node("Sin", ["x"], "y");
        using var test = new OpenCLTestDevice();

        MlModelException e = Assert.Throws<MlModelException>(() => test.Device.LoadModel(builder.Bytes));

        Assert.Contains("'sin0'", e.Message);
        Assert.Contains("Sin", e.Message);
        Assert.Contains("the OpenCL backend has no kernel for", e.Message);
        Assert.Empty(test.Device.Models);
    }

    [Fact]
    public void UnloadingAModelWhoseOpsNobodyDequeuesIsAnError()
    {
        using var test = new OpenCLTestDevice();
        MlModel model = test.Load(Mlp(5, 3));
        Assert.Equal(1, test.Device.EnqueueBurst(0, [test.Make(model, 1)]));
        test.Device.StopModel(model);

        DeviceException e = Assert.Throws<DeviceException>(() => test.Device.UnloadModel(model));

        Assert.Contains("1 ops of model test are in flight", e.Message);
        test.Collect(1);
        test.Device.UnloadModel(model);
    }

    [Fact]
    public void AModelIsUnloadedWhileAnotherOneRuns()
    {
        using var test = new OpenCLTestDevice();
        MlModel steady = test.Load(Mlp(5, 3));
        MlOp[] ops = [.. Enumerable.Range(0, 32).Select(i => test.Make(steady, i))];
        int rounds = 0;
        bool isDone = false;
        var poller = new Thread(() =>
        {
            var back = new MlOp[32];
            while (!Volatile.Read(ref isDone))
            {
                int sent = test.Device.EnqueueBurst(0, ops), got = 0;
                while (got < sent)
                {
                    got += test.Device.DequeueBurst(0, back.AsSpan(got));
                }

                rounds++;
            }
        });
        poller.Start();
        byte[] onnx = Mlp(7, 5, 2);
        for (int i = 0; i < 5; i++)
        {
            MlModel passing = test.Load(onnx);
            test.Device.StopModel(passing);
            test.Device.UnloadModel(passing);
        }

        Volatile.Write(ref isDone, true);
        poller.Join();
        Assert.True(rounds > 0);
        Assert.All(ops, static op => Assert.Equal(OpStatus.Success, op.Status));
    }

    [Fact]
    public void DisposeReleasesEveryDeviceObject()
    {
        using var test = new OpenCLTestDevice(queuePairs: 2);
        MlModel model = test.Load(Mlp(5, 9, 3));
        ulong running = Objects();
        test.Device.StopModel(model);
        test.Device.UnloadModel(model);

        // The queues of the two pairs and the one for uploads stay as long as the device is open.
        Assert.True(running > 3);
        Assert.Equal(3ul, Objects());

        ulong Objects() => test.Device.GetExtendedStatistics().Single(static s => s.Name == "device_objects").Value;
    }

    [Fact]
    public void TheReportSaysWhatRunsWhere()
    {
        using var test = new OpenCLTestDevice(",max_batch=128,queues=3");
        MlModelInfo info = test.Load(Mlp(41, 64, 2)).Info;

        Assert.StartsWith("OpenCL: ", test.Device.Info.Backend);
        Assert.Equal(3, test.Device.Info.QueuePairMax);
        Assert.Equal(128, info.BatchMax);
        Assert.Equal(3, info.Steps.Count);
        Assert.Equal(3, info.Kernels.Count);
        Assert.Equal([1, 41], info.Inputs.Single().Shape);
        Assert.Equal(8, info.Outputs.Single().ByteCount);
        Assert.Contains("Gemm", test.Device.Info.Operators);
    }

    [Theory]
    [InlineData("platform=nobody", "no OpenCL platform 'nobody'; there are: ")]
    [InlineData("device=nothing", "no OpenCL device 'nothing'; there are: ")]
    [InlineData("max_batch=0", "max_batch=0 is not a number from 1 to 16384")]
    [InlineData("queues=17", "queues=17 is not a number from 1 to 16")]
    [InlineData("cache=maybe", "cache=maybe is neither on nor off")]
    public void ABadArgumentIsOneClearLine(string argument, string expected)
    {
        DriverRegistry registry = OpenCLPlugin.Registry();

        ArgumentException e = Assert.Throws<ArgumentException>(() => registry.OpenMl($"ml_opencl0,{argument}"));

        Assert.StartsWith("ml_opencl0: ", e.Message);
        Assert.Contains(expected, e.Message);
        Assert.DoesNotContain("\n", e.Message);
    }

    [Fact]
    public void WithoutOpenCLOpeningSaysWhy()
    {
        OpenCLProbe absent = OpenCLProbe.Run("libNoSuchOpenCL.so.1");
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(new AbsentPlugin(absent), "test", "1.0");

        DeviceException e = Assert.Throws<DeviceException>(() => registry.OpenMl("ml_opencl0"));

        Assert.StartsWith("ml_opencl0: no OpenCL loader 'libNoSuchOpenCL.so.1'", e.Message);
    }

    [Fact]
    public void TheDriverIsRegisteredOrAbsentWithTheReason()
    {
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(new WholePlugin(), "test", "1.0");

        DriverEntry entry = registry.Drivers.Single();

        Assert.Equal("ml_opencl", entry.Name);
        Assert.Equal(OpenCLProbe.QuickAbsenceReason(), entry.AbsentReason);
    }

    private static byte[] Mlp(params int[] sizes) =>
        Models.Mlp(new Random(sizes[^1]), sizes, ["Relu"], softmax: true);

    private static byte[] SumAndProduct()
    {
        ModelBuilder builder = new ModelBuilder().Input("a", 1, "N", 3).Input("b", 1, "N", 3)
            .Output("sum", 1, "N", 3).Output("product", 1, "N", 3);
        builder.Node("Add", ["a", "b"], "sum");
        builder.Node("Mul", ["a", "b"], "product");
        return builder.Bytes;
    }

    private static float[] Infer(MlDevice device, byte[] network, int count)
    {
        device.Configure(new MlConfiguration());
        MlModel model = device.LoadModel(network);
        device.Start();
        device.StartModel(model);
        int input = model.Info.Inputs[0].ElementCount, output = model.Info.Outputs[0].ElementCount;
        using NativeBlock memory = NativeBlock.Allocate((nuint)((input + output) * count * sizeof(float)));
        using var pool = new MlOpPool(new MlOpPoolOptions { Name = "ops", Count = count });
        new TestGraph(9).Floats(input * count, 2).CopyTo(new Span<float>((void*)memory.Address, input * count));
        nint results = memory.Address + (input * count * sizeof(float));
        var ops = new MlOp[count];
        for (int i = 0; i < count; i++)
        {
            Assert.True(pool.TryAlloc(out ops[i]));
            ops[i].ModelId = model.Id;
            ops[i].SetInput(0, new MlBuffer(memory.Address + (i * input * sizeof(float)), input * sizeof(float)));
            ops[i].SetOutput(0, new MlBuffer(results + (i * output * sizeof(float)), output * sizeof(float)));
        }

        int sent = 0, done = 0;
        var back = new MlOp[count];
        while (done < count)
        {
            sent += device.EnqueueBurst(0, ops.AsSpan(sent));
            done += device.DequeueBurst(0, back.AsSpan(done));
        }

        Assert.All(back, static op => Assert.Equal(OpStatus.Success, op.Status));
        Array.ForEach(back, static op => op.Free());
        device.Stop();
        return new ReadOnlySpan<float>((void*)results, output * count).ToArray();
    }

    private sealed class AbsentPlugin(OpenCLProbe probe) : IDevicePlugin
    {
        public void Register(IDriverRegistry registry) =>
            registry.AddMl(OpenCLMlDriver.DriverName, context => new OpenCLMlDriver(context, probe));
    }

    private sealed class WholePlugin : IDevicePlugin
    {
        public void Register(IDriverRegistry registry) => OpenCLMlRegistration.Register(registry);
    }
}
