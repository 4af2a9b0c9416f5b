using Outboard.Devices;
using Outboard.Memory;
using Outboard.Ml;

namespace Outboard.Plugins.Ml.Tests.OpenCL;

/// <summary>A configured device with an op pool and native memory for tensors.</summary>
internal sealed unsafe class OpenCLTestDevice : IDisposable
{
    private readonly NativeBlock _memory = NativeBlock.Allocate(4 << 20, MemoryBacking.Pages, MemoryBacking.Allocator);
    private int _used;

    public OpenCLTestDevice(string arguments = "", int queuePairs = 1, int descriptors = 1024)
    {
        Device = OpenCLPlugin.Registry().OpenMl($"ml_opencl0{arguments}");
        Device.Configure(new MlConfiguration { QueuePairCount = queuePairs, ModelsMax = 4 });
        for (int i = 0; i < queuePairs; i++)
        {
            Device.ConfigureQueuePair(i, new QueuePairOptions<MlOp> { DescriptorCount = descriptors });
        }
    }

    public MlDevice Device { get; }

    public MlOpPool Ops { get; } = new(new MlOpPoolOptions { Name = "ops", Count = 2047, BuffersMax = 4 });

    public MlModel Load(byte[] onnx, MlModelOptions? options = null)
    {
        MlModel model = Device.LoadModel(onnx, options);
        if (Device.State != DeviceState.Started)
        {
            Device.Start();
        }

        Device.StartModel(model);
        return model;
    }

    public Span<float> Floats(int count, out nint address)
    {
        address = _memory.Address + _used;
        _used += count * sizeof(float);
        Assert.True((nuint)_used <= _memory.ByteCount);
        return new Span<float>((void*)address, count);
    }

    /// <summary>A packed op over fresh memory; its input follows from the seed.</summary>
    public MlOp Make(MlModel model, int seed, int batch = 1)
    {
        Assert.True(Ops.TryAlloc(out MlOp op));
        int inputs = model.Info.Inputs.Sum(static t => t.ElementCount) * batch;
        int outputs = model.Info.Outputs.Sum(static t => t.ElementCount) * batch;
        new TestGraph(seed).Floats(inputs, 2).CopyTo(Floats(inputs, out nint input));
        Floats(outputs, out nint output).Fill(float.NaN);
        op.ModelId = model.Id;
        op.BatchCount = (ushort)batch;
        op.UserData = (ulong)seed;
        op.SetInput(0, new MlBuffer(input, inputs * sizeof(float)));
        op.SetOutput(0, new MlBuffer(output, outputs * sizeof(float)));
        return op;
    }

    /// <summary>Waits for as many ops as asked for.</summary>
    public MlOp[] Collect(int count, int queuePair = 0)
    {
        var back = new MlOp[count];
        int done = 0;
        long start = Environment.TickCount64;
        while (done < count)
        {
            int got = Device.DequeueBurst(queuePair, back.AsSpan(done));
            done += got;
            Assert.True(Environment.TickCount64 - start < 30_000, $"{done} of {count} ops came back");
            if (got == 0)
            {
                Thread.Yield();
            }
        }

        return back;
    }

    public static float[] Values(in MlBuffer buffer) =>
        new ReadOnlySpan<float>((void*)buffer.Address, buffer.Length / sizeof(float)).ToArray();

    public void Dispose()
    {
        Device.Dispose();
        Ops.Dispose();
        _memory.Dispose();
    }
}
