using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Microsoft.ML.OnnxRuntime;
using Outboard.Ml;
using Outboard.Plugins;
using Outboard.Plugins.Ml;
using Outboard.Plugins.Ml.Tests.Support;
using Outboard.Simd;

namespace Outboard.Benchmarks.Ml;

/// <summary>
/// A burst of single inferences through ml_simd, enqueue and dequeue included, beside ONNX Runtime on one thread with one
/// call for the whole burst on preallocated tensors: its cheapest form. One operation is one inference.
/// </summary>
/// <remarks><c>dotnet run -c Release --project tests/Outboard.Benchmarks -- --filter '*InferenceBenchmarks*'</c></remarks>
[MemoryDiagnoser]
public class InferenceBenchmarks
{
    private const int Inferences = 256;

    private DriverRegistry _registry = null!;
    private MlDevice _device = null!;
    private MlOpPool _pool = null!;
    private MlOp[] _ops = [];
    private float[] _x = [];
    private float[] _y = [];
    private InferenceSession _session = null!;
    private RunOptions _run = null!;
    private OrtValue[] _inputs = [];
    private OrtValue[] _outputs = [];

    /// <summary>Layer sizes of a perceptron, or a forest of 100 trees of depth 6 over 32 features.</summary>
    [Params("41-64-32-2", "64-128-64-8", "78-128-64-15", "256-256-128-10", "115-86-57-38-57-86-115", "trees")]
    public string Model { get; set; } = "";

    /// <summary>Ops a burst.</summary>
    [Params(1, 32, 256)]
    public int Burst { get; set; }

    /// <summary>The limit on the register width; for ONNX Runtime it has no effect.</summary>
    [Params(64, 128, 256, 512)]
    public int Simd { get; set; }

    /// <summary>Loads the model on both sides.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        bool trees = Model == "trees";
        int[] sizes = trees ? [32, 1] : [.. Model.Split('-').Select(int.Parse)];
        byte[] onnx = trees
            ? Models.Regressor(random, new Models.ForestOptions { Trees = 100, Depth = 6, Features = 32, Ends = 0 })
            : Models.Mlp(random, sizes, ["Relu"], softmax: true);
        var policy = new SimdPolicy();
        policy.Set(Simd);
        _registry = new DriverRegistry(policy);
        _registry.Register(new MlPlugin(), "ml", "bench");
        _device = _registry.OpenMl("ml_simd0");
        _device.Configure(new MlConfiguration());
        MlModel model = _device.LoadModel(onnx);
        _device.Start();
        _device.StartModel(model);
        _x = GC.AllocateArray<float>(Burst * sizes[0], pinned: true);
        _y = GC.AllocateArray<float>(Burst * sizes[^1], pinned: true);
        for (int i = 0; i < _x.Length; i++)
        {
            _x[i] = (random.NextSingle() * 2) - 1;
        }

        _pool = new MlOpPool(new MlOpPoolOptions { Name = "bench", Count = Burst, CacheSize = 0 });
        _ops = new MlOp[Burst];
        _pool.TryAllocBulk(_ops);
        for (int i = 0; i < Burst; i++)
        {
            // Every second slot is swapped with its neighbour, so that the device has to gather, as it would from packets.
            int slot = Burst == 1 ? 0 : i ^ 1;
            _ops[i].ModelId = model.Id;
            _ops[i].SetInput(0, new MlBuffer(Marshal.UnsafeAddrOfPinnedArrayElement(_x, slot * sizes[0]), 4 * sizes[0]));
            _ops[i].SetOutput(0, new MlBuffer(Marshal.UnsafeAddrOfPinnedArrayElement(_y, slot * sizes[^1]), 4 * sizes[^1]));
        }

        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(onnx, options);
        _run = new RunOptions();
        _inputs = [OrtValue.CreateTensorValueFromMemory(_x, [Burst, sizes[0]])];
        _outputs = [OrtValue.CreateTensorValueFromMemory(_y, [Burst, sizes[^1]])];
    }

    /// <summary>Gives everything back.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _pool.FreeBulk(_ops);
        _device.Dispose();
        _pool.Dispose();
        _inputs[0].Dispose();
        _outputs[0].Dispose();
        _run.Dispose();
        _session.Dispose();
    }

    /// <summary>The peer.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Inferences)]
    public void OnnxRuntime()
    {
        for (int i = 0; i < Inferences; i += Burst)
        {
            _session.Run(_run, ["x"], _inputs, ["y"], _outputs);
        }
    }

    /// <summary>Ours.</summary>
    [Benchmark(OperationsPerInvoke = Inferences)]
    public void Device()
    {
        for (int i = 0; i < Inferences; i += Burst)
        {
            _device.EnqueueBurst(0, _ops);
            _device.DequeueBurst(0, _ops);
        }
    }
}
