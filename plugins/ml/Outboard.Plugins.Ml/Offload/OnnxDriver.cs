using Outboard.Devices;
using Outboard.Ml;
using Outboard.Ml.Driver;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Onnx;
using Outboard.Plugins.Ml.Plan;

namespace Outboard.Plugins.Ml.Offload;

/// <summary>
/// What the ml drivers share whatever they run models on: the table of models, their life, and the words of errors.
/// </summary>
/// <typeparam name="TModel">A loaded model of the backend.</typeparam>
internal abstract class OnnxDriver<TModel> : MlDriver
    where TModel : LoadedModel
{
    private const int UnloadWaitMilliseconds = 1000;

    private ulong _loaded;
    private ulong _unloaded;
    private ulong _started;
    private ulong _stopped;

    /// <summary>Models by id; a queue pair reads its element once for each op.</summary>
    protected TModel?[] Models { get; private set; } = [];

    public override void Configure(MlConfiguration configuration) => Models = new TModel?[configuration.ModelsMax];

    public sealed override MlModelInfo LoadModel(ushort id, ReadOnlyMemory<byte> onnx, MlModelOptions options)
    {
        try
        {
            ModelGraph graph = OnnxImporter.Import(onnx.Span, ConstantEvaluator.Instance);
            if (graph.Inputs.Length > byte.MaxValue || graph.Outputs.Length > byte.MaxValue)
            {
                throw new ModelException(
                    $"it has {graph.Inputs.Length} inputs and {graph.Outputs.Length} outputs; "
                    + $"at most {byte.MaxValue} each are supported");
            }

            TModel model = Load(id, graph, options);
            Volatile.Write(ref Models[id], model);
            _loaded++;
            return model.Info;
        }
        catch (ModelException e)
        {
            string name = options.Name is null ? "" : " " + options.Name;
            throw new MlModelException($"{Info.Name}: the model{name} is refused: {e.Message}", e);
        }
    }

    public override void StartModel(ushort id)
    {
        Models[id]!.IsStarted = true;
        _started++;
    }

    public sealed override void StopModel(ushort id)
    {
        Models[id]!.IsStarted = false;
        _stopped++;
    }

    /// <summary>
    /// An enqueue counts its op before it looks whether the model is started; after the process-wide barrier it has
    /// either seen the model stopped or its count is seen here.
    /// </summary>
    public sealed override void UnloadModel(ushort id)
    {
        TModel model = Models[id]!;
        model.IsStarted = false;
        Interlocked.MemoryBarrierProcessWide();
        long deadline = Environment.TickCount64 + UnloadWaitMilliseconds;
        var spin = new SpinWait();
        while (model.InFlightCount != 0)
        {
            if (Environment.TickCount64 > deadline)
            {
                throw new DeviceException(
                    Info.Name,
                    $"{model.InFlightCount} ops of model {model.Info.Name} are in flight and nobody dequeues them.");
            }

            spin.SpinOnce();
        }

        Volatile.Write(ref Models[id], null);
        model.Dispose();
        _unloaded++;
    }

    public sealed override MlModelStatistics ReadModelStatistics(ushort id) => Models[id]!.ReadStatistics();

    public override string DescribeError(MlOp op) =>
        OpErrors.Describe(op, op.ModelId < Models.Length ? Models[op.ModelId] : null);

    public sealed override IReadOnlyList<ExtendedStatistic> ReadExtendedStatistics()
    {
        var list = new List<ExtendedStatistic>();
        Add(list, "models_loaded", _loaded);
        Add(list, "models_unloaded", _unloaded);
        Add(list, "models_started", _started);
        Add(list, "models_stopped", _stopped);
        AddStatistics(list);
        return list;
    }

    protected static void Add(List<ExtendedStatistic> list, string name, ulong value) =>
        list.Add(new ExtendedStatistic(list.Count, name, value));

    /// <summary>
    /// Makes a model ready, with all memory it will need; <see cref="ModelException"/> when it cannot be run.
    /// </summary>
    protected abstract TModel Load(ushort id, ModelGraph graph, MlModelOptions options);

    /// <summary>Adds the backend's own counters with <see cref="Add"/>.</summary>
    protected abstract void AddStatistics(List<ExtendedStatistic> list);

    protected override void Dispose(bool disposing)
    {
        foreach (TModel? model in Models)
        {
            model?.Dispose();
        }
    }
}
