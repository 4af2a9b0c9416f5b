using BenchmarkDotNet.Attributes;
using Outboard.Devices;
using Outboard.Memory;
using Outboard.Ml;
using Outboard.Plugins;
using Outboard.Plugins.Ml;
using Outboard.Simd;

namespace Outboard.Benchmarks.OpenCL;

/// <summary>
/// The same network on <c>ml_simd</c> and on <c>ml_opencl</c> through the device API: from how many ops at once does OpenCL pay?
/// </summary>
/// <remarks>dotnet run -c Release --project tests/Outboard.Benchmarks -- --filter '*OpenCLMl*'</remarks>
[MemoryDiagnoser]
public class OpenCLMlBenchmarks : IDisposable
{
    private NativeBlock _memory = null!;
    private MlOpPool _pool = null!;
    private MlDevice _simd = null!;
    private MlDevice _openCL = null!;
    private MlOp[] _ops = null!;
    private MlOp[] _back = null!;

    [Params(32, 256, 2048)]
    public int Ops { get; set; }

    [Params("41-64-32-2", "256-256-128-10")]
    public string Network { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        int[] sizes = [.. Network.Split('-').Select(int.Parse)];
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(new MlPlugin(), "ml", "benchmark");
        byte[] onnx = OnnxNetwork.Of(sizes);
        _simd = Open(registry, "ml_simd0", onnx);
        _openCL = Open(registry, "ml_opencl0", onnx);
        _pool = new MlOpPool(new MlOpPoolOptions { Name = "ops", Count = Ops });
        int input = sizes[0] * sizeof(float), output = sizes[^1] * sizeof(float);
        _memory = NativeBlock.Allocate((nuint)((input + output) * Ops));
        _ops = new MlOp[Ops];
        _back = new MlOp[Ops];
        for (int i = 0; i < Ops; i++)
        {
            nint at = _memory.Address + (i * (input + output));
            _pool.TryAlloc(out _ops[i]);
            _ops[i].SetInput(0, new MlBuffer(at, input));
            _ops[i].SetOutput(0, new MlBuffer(at + input, output));
        }
    }

    [Benchmark(Baseline = true, Description = "ml_simd")]
    public void Simd() => Run(_simd);

    [Benchmark(Description = "ml_opencl")]
    public void OpenCL() => Run(_openCL);

    [GlobalCleanup]
    public void Dispose()
    {
        _simd.Dispose();
        _openCL.Dispose();
        _pool.Dispose();
        _memory.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Run(MlDevice device)
    {
        int sent = 0, done = 0;
        while (done < _ops.Length)
        {
            sent += device.EnqueueBurst(0, _ops.AsSpan(sent));
            done += device.DequeueBurst(0, _back.AsSpan(done));
        }
    }

    private static MlDevice Open(DriverRegistry registry, string specifier, byte[] onnx)
    {
        MlDevice device = registry.OpenMl(specifier);
        device.Configure(new MlConfiguration());
        device.ConfigureQueuePair(0, new QueuePairOptions<MlOp> { DescriptorCount = 4096 });
        MlModel model = device.LoadModel(onnx);
        device.Start();
        device.StartModel(model);
        return device;
    }
}
