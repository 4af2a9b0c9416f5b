using System.Runtime.InteropServices;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Onnx;
using Outboard.Plugins.Ml.Plan;

namespace Outboard.Plugins.Ml.Tests.Support;

/// <summary>One loaded model at one width, run over byte arrays.</summary>
internal sealed unsafe class Inference : IDisposable
{
    private readonly ExecutionPlan _plan;
    private readonly PlanContext _context;

    public Inference(ModelGraph graph, KernelSet kernels, int batchMax = 256)
    {
        _plan = PlanBuilder.Build(graph, kernels, batchMax);
        _context = new PlanContext(_plan);
    }

    public ExecutionPlan Plan => _plan;

    public static ModelGraph Import(ReadOnlySpan<byte> onnx) => OnnxImporter.Import(onnx, ConstantEvaluator.Instance);

    public byte[][] Run(byte[][] inputs, int batch)
    {
        byte[][] outputs = [.. _plan.OutputBytes.Select(b => new byte[b * (_plan.Graph.IsBatched ? batch : 1)])];
        var pins = new List<GCHandle>();
        nint[] ins = [.. inputs.Select(Pin)], outs = [.. outputs.Select(Pin)];
        fixed (nint* i = ins, o = outs)
        {
            _context.Run((byte**)i, (byte**)o, batch);
        }

        pins.ForEach(p => p.Free());
        return outputs;

        nint Pin(byte[] bytes)
        {
            GCHandle handle = GCHandle.Alloc(bytes, GCHandleType.Pinned);
            pins.Add(handle);
            return handle.AddrOfPinnedObject();
        }
    }

    public float[] RunFloat(float[] input, int batch) =>
        MemoryMarshal.Cast<byte, float>(Run([MemoryMarshal.AsBytes(input.AsSpan()).ToArray()], batch)[^1]).ToArray();

    public void Dispose()
    {
        _context.Dispose();
        _plan.Dispose();
    }
}
