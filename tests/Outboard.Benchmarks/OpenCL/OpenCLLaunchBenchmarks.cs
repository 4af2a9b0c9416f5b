using BenchmarkDotNet.Attributes;
using Outboard.Memory;
using Outboard.OpenCL;

namespace Outboard.Benchmarks.OpenCL;

/// <summary>What it costs to hand work to an OpenCL device and to learn that it is done, whatever the work.</summary>
/// <remarks>dotnet run -c Release --project tests/Outboard.Benchmarks -- --filter '*OpenCLLaunch*'</remarks>
[MemoryDiagnoser]
public class OpenCLLaunchBenchmarks : IDisposable
{
    private const int Depth = 32;
    private const nuint Range = 4096;

    private readonly OpenCLEvent[] _events = new OpenCLEvent[Depth];
    private NativeBlock _memory = null!;
    private OpenCLContext _context = null!;
    private OpenCLQueue _queue = null!;
    private OpenCLKernel _kernel = null!;
    private OpenCLBuffer _inPlace = null!;
    private OpenCLBuffer _copied = null!;

    [GlobalSetup]
    public void SetUp()
    {
        if (!OpenCLProbe.Shared.TrySelect(null, null, out OpenCLDevice? device, out string? reason))
        {
            throw new InvalidOperationException(reason);
        }

        _memory = NativeBlock.Allocate(2 * Range, MemoryBacking.Pages, MemoryBacking.Allocator);
        _context = device.CreateContext();
        _queue = _context.CreateQueue();
        _inPlace = _context.CreateBufferOver(_memory.Address, Range);
        _copied = _context.CreateBufferOver(
            _memory.Address + (nint)Range, Range, OpenCLAccess.ReadWrite, allowInPlace: false);
        _kernel = _context
            .BuildProgram("__kernel void one(__global int *x, int v) { x[get_global_id(0)] = v; }")
            .CreateKernel("one");
        _kernel.SetArgument(0, _inPlace).ThrowIfFailed("clSetKernelArg");
        _kernel.SetArgument(1, 1).ThrowIfFailed("clSetKernelArg");
        _queue.ToHost(_inPlace, 0, Range, out OpenCLEvent taken).ThrowIfFailed("clEnqueueMapBuffer");
        taken.Wait().ThrowIfFailed("clWaitForEvents");
        taken.Release();
    }

    [Benchmark(Description = "set two arguments")]
    public bool SetArguments() => _kernel.SetArgument(0, _inPlace).IsSuccess & _kernel.SetArgument(1, 2).IsSuccess;

    [Benchmark(Description = "launch, poll until over", Baseline = true)]
    public void RoundTrip()
    {
        _queue.Launch(_kernel, OpenCLRange.Line(1, 1), out OpenCLEvent completion);
        _queue.Flush();
        Await(ref completion);
    }

    [Benchmark(Description = "launch, 32 deep", OperationsPerInvoke = Depth)]
    public void Deep()
    {
        for (int i = 0; i < Depth; i++)
        {
            _queue.Launch(_kernel, OpenCLRange.Line(1, 1), out _events[i]);
        }

        _queue.Flush();
        for (int i = 0; i < Depth; i++)
        {
            Await(ref _events[i]);
        }
    }

    [Benchmark(Description = "hand over, launch, take back 4 KiB in place")]
    public void InPlace() => Exchange(_inPlace);

    [Benchmark(Description = "hand over, launch, take back 4 KiB by copy")]
    public void Copied() => Exchange(_copied);

    [GlobalCleanup]
    public void Dispose()
    {
        _context.Dispose();
        _memory.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Exchange(OpenCLBuffer buffer)
    {
        _queue.ToDevice(buffer, 0, Range);
        _queue.Launch(_kernel, OpenCLRange.Line(1, 1));
        _queue.ToHost(buffer, 0, Range, out OpenCLEvent completion);
        _queue.Flush();
        Await(ref completion);
    }

    private static void Await(ref OpenCLEvent completion)
    {
        while (!completion.IsComplete)
        {
            Thread.SpinWait(1);
        }

        completion.Release();
    }
}
