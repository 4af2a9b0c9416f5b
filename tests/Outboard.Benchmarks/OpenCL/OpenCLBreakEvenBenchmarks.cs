using System.Numerics;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Outboard.Memory;
using Outboard.OpenCL;

namespace Outboard.Benchmarks.OpenCL;

/// <summary>From how many packets on does a launch pay: xor over 1504-byte packets lying in a pool, in place.</summary>
/// <remarks>
/// The kernel finds its packets by an array of offsets, as a driver over a pool does. The other side is one pass of
/// the widest vectors in the calling thread. dotnet run -c Release --project tests/Outboard.Benchmarks -- --filter
/// '*OpenCLBreakEven*'
/// </remarks>
[MemoryDiagnoser]
public class OpenCLBreakEvenBenchmarks : IDisposable
{
    private const int PacketByteCount = 1504;
    private const int Stride = 2368;
    private const int PacketMax = 4096;

    private const string Source = """
        __kernel void xor_packets(__global uchar *pool, __global const uint *offsets, uchar key)
        {
            __global ulong *packet = (__global ulong *)(pool + offsets[get_global_id(0)]);
            uint half_key = upsample(upsample(key, key), upsample(key, key));
            ulong wide = upsample(half_key, half_key);
            for (int i = 0; i < 188; i++)
            {
                packet[i] ^= wide;
            }
        }
        """;

    private NativeBlock _memory = null!;
    private OpenCLContext _context = null!;
    private OpenCLQueue _queue = null!;
    private OpenCLKernel _kernel = null!;
    private OpenCLBuffer _pool = null!;
    private uint[] _offsets = null!;

    [Params(32, 256, 1024, 4096)]
    public int Packets { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        if (!OpenCLProbe.Shared.TrySelect(null, null, out OpenCLDevice? device, out string? reason))
        {
            throw new InvalidOperationException(reason);
        }

        _memory = NativeBlock.Allocate(PacketMax * Stride);
        _offsets = [.. Enumerable.Range(0, PacketMax).Select(static i => (uint)(i * Stride))];
        _context = device.CreateContext();
        _queue = _context.CreateQueue();
        _pool = _context.CreateBufferOver(_memory.Address, _memory.ByteCount);
        OpenCLBuffer offsets = _context.CreateBuffer(PacketMax * sizeof(uint), OpenCLAccess.Read);
        _queue.Write(offsets, 0, MemoryMarshal.AsBytes(_offsets.AsSpan()));
        _kernel = _context.BuildProgram(Source).CreateKernel("xor_packets");
        _kernel.SetArgument(0, _pool).ThrowIfFailed("clSetKernelArg");
        _kernel.SetArgument(1, offsets).ThrowIfFailed("clSetKernelArg");
        _kernel.SetArgument(2, (byte)0x5A).ThrowIfFailed("clSetKernelArg");
        _queue.ToHost(_pool, 0, _memory.ByteCount, out OpenCLEvent taken).ThrowIfFailed("clEnqueueMapBuffer");
        taken.Wait().ThrowIfFailed("clWaitForEvents");
        taken.Release();
    }

    [Benchmark(Baseline = true, Description = "vectors in the calling thread")]
    public void Inline()
    {
        Span<byte> pool = _memory.AsSpan();
        var key = new Vector<byte>(0x5A);
        for (int i = 0; i < Packets; i++)
        {
            Span<Vector<byte>> packet = MemoryMarshal.Cast<byte, Vector<byte>>(
                pool.Slice((int)_offsets[i], PacketByteCount));
            for (int k = 0; k < packet.Length; k++)
            {
                packet[k] ^= key;
            }
        }
    }

    [Benchmark(Description = "one launch")]
    public void Launch()
    {
        _queue.ToDevice(_pool, 0, _memory.ByteCount);
        _queue.Launch(_kernel, OpenCLRange.Line((nuint)Packets));
        _queue.ToHost(_pool, 0, _memory.ByteCount, out OpenCLEvent completion);
        _queue.Flush();
        while (!completion.IsComplete)
        {
            Thread.SpinWait(1);
        }

        completion.Release();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _context.Dispose();
        _memory.Dispose();
        GC.SuppressFinalize(this);
    }
}
