using BenchmarkDotNet.Attributes;
using Outboard.OpenCL;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Onnx;
using Outboard.Plugins.Ml.OpenCL;
using Outboard.Plugins.Ml.Plan;

namespace Outboard.Benchmarks.OpenCL;

/// <summary>The two forms of a dense layer on this device: tiles in local memory, and registers alone. 256 inferences a batch.</summary>
/// <remarks>dotnet run -c Release --project tests/Outboard.Benchmarks -- --filter '*OpenCLTile*'</remarks>
public class OpenCLTileBenchmarks : IDisposable
{
    private const int Batch = 256;

    private OpenCLContext _context = null!;
    private OpenCLQueue _queue = null!;
    private OpenCLLane _registers = null!;
    private OpenCLLane _local = null!;

    [Params("256-256", "41-64-32-2")]
    public string Network { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        if (!OpenCLProbe.Shared.TrySelect(null, null, out OpenCLDevice? device, out string? reason))
        {
            throw new InvalidOperationException(reason);
        }

        byte[] onnx = OnnxNetwork.Of([.. Network.Split('-').Select(int.Parse)]);
        ModelGraph graph = OnnxImporter.Import(onnx, ConstantEvaluator.Instance);
        _context = device.CreateContext();
        _queue = _context.CreateQueue();
        _registers = Lane(graph, device, usesLocalMemory: false);
        _local = Lane(graph, device, usesLocalMemory: true);
    }

    [Benchmark(Baseline = true, Description = "registers")]
    public void Registers() => Run(_registers);

    [Benchmark(Description = "local memory")]
    public void LocalMemory() => Run(_local);

    [GlobalCleanup]
    public void Dispose()
    {
        _registers.Dispose();
        _local.Dispose();
        _context.Dispose();
        GC.SuppressFinalize(this);
    }

    private OpenCLLane Lane(ModelGraph graph, OpenCLDevice device, bool usesLocalMemory)
    {
        var plan = OpenCLPlan.Of(graph, usesLocalMemory, device.WorkGroupSizeMax);
        return new OpenCLLane(
            new OpenCLModel(_context, _queue, plan, OpenCLProgramCache.ForUser()), _queue, Batch);
    }

    private static void Run(OpenCLLane lane)
    {
        lane.Launch(0, Batch, out OpenCLEvent completion);
        while (!completion.IsComplete)
        {
            Thread.SpinWait(1);
        }

        completion.Release();
    }
}
