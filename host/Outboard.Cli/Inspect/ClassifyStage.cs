using System.Runtime.InteropServices;
using Outboard.Devices;
using Outboard.Host;
using Outboard.Memory;
using Outboard.Ml;
using Outboard.Ml.Features;

namespace Outboard.Cli.Inspect;

/// <summary>The third and fourth stage: numbers out of every frame, and a class out of the numbers.</summary>
/// <remarks>The burst is one batch, as far as the model allows: one op, rows back to back in native memory.</remarks>
internal sealed class ClassifyStage : IDisposable
{
    private readonly MlDevice _device;
    private readonly MlModel _model;
    private readonly MlOpPool _pool;
    private readonly InspectCounters _counters;
    private readonly CycleClock _clock;
    private readonly NativeBlock _input;
    private readonly NativeBlock _output;
    private readonly MlOp[] _op = new MlOp[1];
    private readonly string[] _classes;
    private readonly long[] _found;
    private readonly int _batchMin;
    private readonly int _batchMax;

    /// <param name="device">The device; started.</param>
    /// <param name="model">The model; started and of the right form.</param>
    /// <param name="classes">Its classes.</param>
    /// <param name="counters">Where to count.</param>
    /// <param name="clock">To wait by.</param>
    /// <param name="burst">Frames a burst.</param>
    public ClassifyStage(
        MlDevice device, MlModel model, string[] classes, InspectCounters counters, CycleClock clock, int burst)
    {
        _device = device;
        _model = model;
        _classes = classes;
        _found = new long[classes.Length];
        _counters = counters;
        _clock = clock;
        _batchMin = Math.Max(1, model.Info.BatchMin);
        _batchMax = Math.Clamp(model.Info.BatchMax, _batchMin, ushort.MaxValue);
        int rows = Math.Max(burst, _batchMin);
        _input = NativeBlock.Allocate((nuint)(rows * PacketFeatures.Count * sizeof(float)));
        _output = NativeBlock.Allocate((nuint)(rows * classes.Length * sizeof(float)));
        _input.AsSpan().Clear();
        _pool = new MlOpPool(new MlOpPoolOptions { Name = "ml ops", Count = 1, CacheSize = 0 });
    }

    /// <summary>Ops that are not in the pool.</summary>
    public int InUseCount => _pool.InUseCount;

    /// <summary>The classes found, with their frames.</summary>
    public IEnumerable<(string Name, long Count)> Found => _classes.Zip(_found).Where(pair => pair.Second != 0);

    private Span<float> Input => MemoryMarshal.Cast<byte, float>(_input.AsSpan());

    private Span<float> Output => MemoryMarshal.Cast<byte, float>(_output.AsSpan());

    /// <summary>Takes the numbers out of the frames.</summary>
    public void Extract(FrameBurst frames)
    {
        Span<float> rows = Input;
        for (int i = 0; i < frames.Count; i++)
        {
            PacketFeatures.Extract(
                frames.Frames[i].Data, frames.Headers[i].LinkType, rows.Slice(i * PacketFeatures.Count, PacketFeatures.Count));
        }
    }

    /// <summary>Classifies the burst.</summary>
    public void Run(FrameBurst frames)
    {
        for (int first = 0; first < frames.Count;)
        {
            int count = Math.Min(frames.Count - first, _batchMax);
            Infer(first, count);
            first += count;
        }

        int width = _classes.Length;
        ReadOnlySpan<float> scores = Output;
        for (int i = 0; i < frames.Count; i++)
        {
            _found[IndexOfMax(scores.Slice(i * width, width))]++;
        }

        _counters.Classified += frames.Count;
    }

    public void Dispose()
    {
        _pool.Dispose();
        _input.Dispose();
        _output.Dispose();
    }

    private static int IndexOfMax(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }

        return best;
    }

    private void Infer(int first, int count)
    {
        if (!_pool.TryAlloc(out MlOp op))
        {
            throw new WorkException("an ml op is missing from its pool");
        }

        int rows = Math.Max(count, _batchMin);
        op.ModelId = _model.Id;
        op.BatchCount = (ushort)rows;
        op.SetInput(0, Slice(_input, first, rows, PacketFeatures.Count));
        op.SetOutput(0, Slice(_output, first, rows, _classes.Length));
        _op[0] = op;
        var patience = new Patience(_clock, _device.Name);
        while (_device.EnqueueBurst(0, _op) == 0)
        {
            if (_device.GetRejection(0) is EnqueueRejection.InvalidArguments or EnqueueRejection.InvalidSession)
            {
                Fail(op);
            }

            patience.Wait();
        }

        patience.Reset();
        while (_device.DequeueBurst(0, _op) == 0)
        {
            patience.Wait();
        }

        if (op.Status != OpStatus.Success)
        {
            Fail(op);
        }

        op.Free();
    }

    private static MlBuffer Slice(NativeBlock block, int first, int rows, int width)
    {
        int row = width * sizeof(float);
        return new MlBuffer(block.Address + (first * row), rows * row);
    }

    private void Fail(MlOp op)
    {
        string reason = _device.GetError(op).Message;
        op.Free();
        throw new WorkException($"{_device.Name}: the model {_model.Info.Name} failed: {reason}");
    }
}
