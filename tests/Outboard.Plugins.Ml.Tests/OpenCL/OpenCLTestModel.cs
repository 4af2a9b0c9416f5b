using System.Runtime.InteropServices;
using Outboard.OpenCL;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.OpenCL;

namespace Outboard.Plugins.Ml.Tests.OpenCL;

/// <summary>A graph started on the machine's OpenCL device; the test is skipped where there is none.</summary>
internal sealed unsafe class OpenCLTestModel : IDisposable
{
    private readonly OpenCLContext _context;
    private readonly OpenCLQueue _queue;

    public OpenCLTestModel(ModelGraph graph, int batchMax, bool allowInPlace = true, bool usesLocalMemory = false)
    {
        OpenCLDevice device = Device();
        Graph = graph;
        var plan = OpenCLPlan.Of(graph, usesLocalMemory, device.WorkGroupSizeMax);
        _context = device.CreateContext();
        _queue = _context.CreateQueue();
        Model = new OpenCLModel(_context, _queue, plan, OpenCLProgramCache.ForUser());
        Lane = new OpenCLLane(Model, _queue, OpenCLModel.BatchMaxOf(plan, batchMax), allowInPlace);
    }

    public ModelGraph Graph { get; }

    public OpenCLModel Model { get; }

    public OpenCLLane Lane { get; }

    public static OpenCLDevice Device()
    {
        bool isPresent = OpenCLProbe.Shared.TrySelect(null, null, out OpenCLDevice? device, out string? reason);
        Assert.SkipUnless(isPresent, reason ?? "");
        return device!;
    }

    /// <summary>Runs one batch in a slot and returns its outputs.</summary>
    public float[][] Run(float[][] inputs, int inferenceCount, int slot = 0)
    {
        Fill(slot, inputs);
        Lane.Launch(slot, inferenceCount, out OpenCLEvent completion).ThrowIfFailed("Launch");
        return Finish(slot, inferenceCount, ref completion);
    }

    public void Fill(int slot, float[][] inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i].CopyTo(new Span<float>(Lane.Input(slot, i), inputs[i].Length));
        }
    }

    public float[][] Finish(int slot, int inferenceCount, ref OpenCLEvent completion)
    {
        completion.Wait().ThrowIfFailed("clWaitForEvents");
        completion.Release();
        float[][] outputs = new float[Graph.Outputs.Length][];
        for (int i = 0; i < outputs.Length; i++)
        {
            int count = Graph.Outputs[i].Shape.ElementCount * inferenceCount;
            outputs[i] = new ReadOnlySpan<float>(Lane.Output(slot, i), count).ToArray();
        }

        return outputs;
    }

    /// <summary>
    /// Relative, but below 0.1 absolute: sums of terms of order 1 that nearly cancel keep only their digits.
    /// </summary>
    public static void AssertNear(double[] expected, float[] actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double bound = tolerance * Math.Max(0.1, Math.Abs(expected[i]));
            if (!(Math.Abs(expected[i] - actual[i]) <= bound))
            {
                Assert.Fail($"element {i}: {actual[i]:R}, expected {expected[i]:R}");
            }
        }
    }

    public static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    public void Dispose()
    {
        Lane.Dispose();
        Model.Dispose();
        Assert.Equal(1, _context.LiveObjectCount);
        _context.Dispose();
    }
}
