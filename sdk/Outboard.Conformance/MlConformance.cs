using System.Runtime.InteropServices;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Ml;
using Outboard.Plugins;

namespace Outboard.Conformance;

/// <summary>The checks that an ml device must pass.</summary>
public sealed class MlConformance : OffloadConformance<MlDevice, MlOp>
{
    /// <summary>How far an answer may be from the oracle's, relative.</summary>
    private const float Tolerance = 1e-5f;

    private readonly MlConformanceModel _model;

    /// <summary>Creates the suite.</summary>
    /// <param name="registry">The drivers.</param>
    /// <param name="specifier">The device.</param>
    /// <param name="model">The model that ops run; <see cref="MlConformanceModel.Perceptron"/> unless the device takes only its own.</param>
    public MlConformance(DriverRegistry registry, string specifier, MlConformanceModel model)
        : base(registry, specifier)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
    }

    private protected override IReadOnlyList<ConformanceCheck> ClassChecks =>
    [
        new("model-life", "A model loads, starts, stops and unloads in that order only.", CheckModelLife),
        new("model-info", "The info names inputs and outputs with shapes, types and sizes.", CheckModelInfo),
        new("hostile-model", "Bytes that are no model are refused, whatever they are.", CheckHostileModel),
        new("models-max", "As many models load as configured, no more.", CheckModelsMax),
        new("model-not-started", "An op for a model that is not started is refused.", CheckModelNotStarted),
        new("batch", "An op with several samples gives an answer for each.", CheckBatch),
        new("buffer-length", "A buffer that is too short is an error with words.", CheckBufferLength),
        new("model-statistics", "A model counts its ops.", CheckModelStatistics),
        new("stop-model-in-flight", "A stopped model completes what is in flight.", CheckStopModelInFlight),
    ];

    private protected override void Configure(MlDevice device, int queuePairCount) =>
        device.Configure(new MlConfiguration { QueuePairCount = queuePairCount, ModelsMax = Math.Min(4, device.Info.ModelsMax) });

    private protected override object Prepare(MlDevice device) => device.LoadModel(_model.Onnx);

    private protected override void PrepareStarted(MlDevice device, object prepared) => device.StartModel((MlModel)prepared);

    private protected override ConformanceWork<MlOp> CreateWork(MlDevice device, object prepared, int count) =>
        new Work(_model, ((MlModel)prepared).Id, count);

    private void CheckModelLife()
    {
        using MlDevice device = Open(Specifier);
        Expect.Throws<InvalidOperationException>(() => device.LoadModel(_model.Onnx), "LoadModel of an opened device", "Opened");
        Configure(device, 1);
        MlModel model = device.LoadModel(_model.Onnx);
        Expect.Equal(MlModelState.Loaded, model.State, "state of a loaded model");
        Expect.Throws<InvalidOperationException>(() => device.StartModel(model), "StartModel before Start", "Configured");
        device.Start();
        Expect.Throws<InvalidOperationException>(() => device.StopModel(model), "StopModel of a loaded model", "Loaded");
        device.StartModel(model);
        Expect.Throws<InvalidOperationException>(() => device.StartModel(model), "StartModel of a started model", "Started");
        Expect.Throws<InvalidOperationException>(() => device.UnloadModel(model), "UnloadModel of a started model", "Started");
        device.StopModel(model);
        device.UnloadModel(model);
        Expect.Equal(MlModelState.Unloaded, model.State, "state of an unloaded model");
        Expect.Throws<InvalidOperationException>(() => device.StartModel(model), "StartModel of an unloaded model");
        MlModel second = device.LoadModel(_model.Onnx);
        device.StartModel(second);
        device.Stop();
        Expect.Equal(MlModelState.Loaded, second.State, "state of a model after the device's stop");
    }

    private void CheckModelInfo()
    {
        using MlDevice device = Open(Specifier);
        Configure(device, 1);
        MlModelInfo info = device.LoadModel(_model.Onnx, new MlModelOptions { Name = "mine" }).Info;
        Expect.Equal("mine", info.Name, "Name");
        Expect.Equal(1, info.Inputs.Count, "inputs");
        Expect.Equal(1, info.Outputs.Count, "outputs");
        Check(info.Inputs[0], _model.InputLength);
        Check(info.Outputs[0], _model.OutputLength);
        Expect.That(info.BatchMin == 1 && info.BatchMax >= 1, $"batches are {info.BatchMin} to {info.BatchMax}.");
        Expect.That(info.MemoryByteCount > 0, "MemoryByteCount is 0.");

        static void Check(MlTensorInfo tensor, int length)
        {
            Expect.Equal(MlElementType.Float32, tensor.ElementType, $"type of {tensor.Name}");
            Expect.Equal(length, tensor.ElementCount, $"elements of {tensor.Name}");
            Expect.Equal(4 * length, tensor.ByteCount, $"bytes of {tensor.Name}");
            Expect.Equal(length, tensor.Shape.Aggregate(1, (product, dim) => product * dim), $"product of the shape of {tensor.Name}");
        }
    }

    private void CheckHostileModel()
    {
        using MlDevice device = Open(Specifier);
        Configure(device, 1);
        var random = new Random(5);
        byte[] noise = new byte[300];
        random.NextBytes(noise);
        Expect.Throws<MlModelException>(() => device.LoadModel(noise), "random bytes");
        Expect.Throws<MlModelException>(() => device.LoadModel(ReadOnlyMemory<byte>.Empty), "no bytes");
        for (int length = 1; length < _model.Onnx.Length; length += 1 + (_model.Onnx.Length / 40))
        {
            Expect.Throws<MlModelException>(() => device.LoadModel(_model.Onnx[..length]), $"a model cut at {length}");
        }

        Expect.Equal(0, device.Models.Count, "models after refusals");
        device.LoadModel(_model.Onnx);
    }

    private void CheckModelsMax()
    {
        using MlDevice device = Open(Specifier);
        Configure(device, 1);
        int max = Math.Min(4, device.Info.ModelsMax);
        MlModel[] models = [.. Enumerable.Range(0, max).Select(_ => device.LoadModel(_model.Onnx))];
        Expect.Equal(max, models.Select(m => m.Id).Distinct().Count(), "distinct ids");
        Expect.Throws<InvalidOperationException>(() => device.LoadModel(_model.Onnx), "one model too many");
        device.UnloadModel(models[0]);
        device.LoadModel(_model.Onnx);
    }

    private void CheckModelNotStarted()
    {
        using MlDevice device = Open(Specifier);
        Configure(device, 1);
        MlModel model = device.LoadModel(_model.Onnx);
        device.Start();
        using var work = new Work(_model, model.Id, 4);
        RequireFailure(device, work, work.Make(1)[0], "a model that is not started");
        device.StartModel(model);
        RunAll(device, 0, work, 2);
        device.StopModel(model);
        RequireFailure(device, work, work.Make(1)[0], "a stopped model");
        MlOp op = work.Make(1)[0];
        op.ModelId = ushort.MaxValue;
        RequireFailure(device, work, op, "a model that does not exist");
        work.RequireAllBack();
    }

    private void CheckBatch() => WithStarted(Specifier, 1, (device, work) =>
    {
        int batch = Math.Min(5, device.Models[0].Info.BatchMax);
        Expect.Offered(batch > 1, "ops with several samples");
        var inputs = GC.AllocateArray<float>(batch * _model.InputLength, pinned: true);
        var outputs = GC.AllocateArray<float>(batch * _model.OutputLength, pinned: true);
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = (i % 17) - 8;
        }

        MlOp op = work.Make(1)[0];
        op.BatchCount = (ushort)batch;
        op.SetInput(0, new MlBuffer(Marshal.UnsafeAddrOfPinnedArrayElement(inputs, 0), 4 * inputs.Length));
        op.SetOutput(0, new MlBuffer(Marshal.UnsafeAddrOfPinnedArrayElement(outputs, 0), 4 * outputs.Length));
        Expect.Equal(1, device.EnqueueBurst(0, [op]), "ops taken");
        var back = new MlOp[1];
        Collect(device, 0, back);
        Expect.Equal(OpStatus.Success, back[0].Status, "status");
        for (int sample = 0; sample < batch; sample++)
        {
            Compare(
                _model.Expected(inputs[(sample * _model.InputLength)..((sample + 1) * _model.InputLength)]),
                outputs.AsSpan(sample * _model.OutputLength, _model.OutputLength), $"sample {sample}");
        }

        work.Free(back);
    });

    private void CheckBufferLength() => WithStarted(Specifier, 1, (device, work) =>
    {
        var memory = GC.AllocateArray<float>(_model.InputLength + _model.OutputLength, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0);
        MlOp op = work.Make(1)[0];
        op.SetInput(0, new MlBuffer(address, (4 * _model.InputLength) - 1));
        RequireFailure(device, (Work)work, op, "an input that is a byte short");
        op = work.Make(1)[0];
        op.SetOutput(0, new MlBuffer(address, (4 * _model.OutputLength) - 1));
        RequireFailure(device, (Work)work, op, "an output that is a byte short");
        op = work.Make(1)[0];
        op.BatchCount = 0;
        RequireFailure(device, (Work)work, op, "a batch of nothing");
    });

    private void CheckModelStatistics() => WithStarted(Specifier, 1, (device, work) =>
    {
        RunAll(device, 0, work, 50);
        MlModelStatistics statistics = device.GetModelStatistics(device.Models[0]);
        Expect.Equal(50ul, statistics.OpCount, "ops of the model");
        Expect.Equal(0ul, statistics.ErrorCount, "errors of the model");
        Expect.That(statistics.BatchCount is >= 1 and <= 50, $"{statistics.BatchCount} batches for 50 ops.");
        Expect.That(
            statistics.LatencyMinNanoseconds <= statistics.LatencyMaxNanoseconds, "the least latency is above the greatest.");
    });

    private void CheckStopModelInFlight() => WithStarted(Specifier, 1, (device, work) =>
    {
        MlOp[] ops = work.Make(16);
        Expect.Equal(16, device.EnqueueBurst(0, ops), "ops taken");
        device.StopModel(device.Models[0]);
        var back = new MlOp[16];
        Collect(device, 0, back);
        foreach (MlOp op in back)
        {
            Expect.Equal(OpStatus.Success, op.Status, $"status of op {op.UserData}");
            work.Verify(op);
        }

        work.Free(back);
        device.UnloadModel(device.Models[0]);
    });

    private static void RequireFailure(MlDevice device, Work work, MlOp op, string what)
    {
        if (device.EnqueueBurst(0, [op]) == 1)
        {
            var back = new MlOp[1];
            Collect(device, 0, back);
        }

        Expect.That(
            op.Status is not (OpStatus.Success or OpStatus.NotProcessed), $"{what}: the op's status is {op.Status}.");
        Expect.That(
            op.ErrorCode != 0 && device.GetError(op).Message.Length != 0, $"{what}: the op has no error in words.");
        work.Free([op]);
    }

    private static void Compare(float[] expected, ReadOnlySpan<float> actual, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            float bound = Tolerance * Math.Max(1, Math.Abs(expected[i]));
            Expect.That(
                Math.Abs(expected[i] - actual[i]) <= bound, $"{what}: output {i} is {actual[i]}, not {expected[i]}.");
        }
    }

    /// <summary>Samples that follow from the number, in pinned memory.</summary>
    private sealed class Work : ConformanceWork<MlOp>
    {
        private readonly MlConformanceModel _model;
        private readonly ushort _modelId;
        private readonly float[] _memory;
        private readonly int _stride;
        private readonly int _slots;
        private int _next;

        public Work(MlConformanceModel model, ushort modelId, int count)
            : base(
                new MlOpPool(new MlOpPoolOptions { Name = "conformance", Count = count }),
                new MbufPool(new MbufPoolOptions { Name = "conformance", Count = 1, CacheSize = 0 }))
        {
            _model = model;
            _modelId = modelId;
            _slots = count;
            _stride = (model.InputLength + model.OutputLength + 15) & ~15;
            _memory = GC.AllocateArray<float>(count * _stride, pinned: true);
        }

        public override void Verify(MlOp op)
        {
            ReadOnlySpan<float> slot = _memory.AsSpan(Slot(op));
            Compare(_model.Expected(slot[.._model.InputLength].ToArray()), slot.Slice(_model.InputLength, _model.OutputLength), $"op {op.UserData}");
        }

        protected override void Fill(MlOp op, int number)
        {
            int at = _next++ % _slots * _stride;
            nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_memory, at);
            op.ModelId = _modelId;
            op.SetInput(0, new MlBuffer(address, 4 * _model.InputLength));
            op.SetOutput(0, new MlBuffer(address + (4 * _model.InputLength), 4 * _model.OutputLength));
            Refill(op, number);
        }

        protected override void Refill(MlOp op, int number)
        {
            Span<float> slot = _memory.AsSpan(Slot(op), _stride);
            for (int i = 0; i < _model.InputLength; i++)
            {
                slot[i] = (((number * 31) + (i * 7)) % 41 / 8f) - 2.5f;
            }

            slot.Slice(_model.InputLength, _model.OutputLength).Fill(float.NaN);
        }

        protected override void Spoil(MlOp op) => op.ModelId = ushort.MaxValue - 1;

        private int Slot(MlOp op) =>
            (int)((op.GetInput(0).Address - Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0)) / sizeof(float));
    }
}
