using Outboard.Devices;
using Outboard.Ml.Driver;

namespace Outboard.Ml;

/// <summary>A device that runs ONNX models.</summary>
/// <remarks>
/// <code>
/// Configure -> [ConfigureQueuePair ...] -> LoadModel ... -> Start -> StartModel ...
///   -> EnqueueBurst / DequeueBurst ... -> StopModel -> UnloadModel -> Stop -> Dispose
/// </code>
/// Models load in any state from configured on and start only while the device runs. A stop of the device stops its models.
/// <para><i>Source</i>: DPDK's mldev.</para>
/// </remarks>
public sealed class MlDevice : OffloadDevice<MlOp>
{
    private readonly MlDriver _driver;
    private MlModel?[] _models = [];

    internal MlDevice(MlDriver driver, bool withChecks)
        : base(driver, withChecks) => _driver = driver;

    /// <summary>What the device is and can do.</summary>
    public MlDeviceInfo Info => _driver.Info;

    /// <summary>The models loaded now.</summary>
    public IReadOnlyList<MlModel> Models
    {
        get
        {
            lock (Control)
            {
                return [.. _models.OfType<MlModel>()];
            }
        }
    }

    private protected override bool OffersOutOfOrder => Info.Capabilities.HasFlag(MlCapabilities.OutOfOrder);

    /// <summary>Configures the device; models loaded before are unloaded.</summary>
    /// <param name="configuration">How.</param>
    /// <remarks><i>Order</i>: any but started.</remarks>
    /// <exception cref="InvalidOperationException">Called out of order, or ops wait to be dequeued.</exception>
    /// <exception cref="ArgumentException">A number is outside the device's limits.</exception>
    public void Configure(MlConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        lock (Control)
        {
            Require("Configure", DeviceState.Opened, DeviceState.Configured, DeviceState.Stopped);
            RequireRange(configuration.QueuePairCount, 1, Info.QueuePairMax, nameof(configuration.QueuePairCount));
            RequireRange(configuration.ModelsMax, 1, Info.ModelsMax, nameof(configuration.ModelsMax));
            RequireDrained();
            UnloadAll();
            _driver.Configure(configuration);
            _models = new MlModel?[configuration.ModelsMax];
            ResetQueuePairs(configuration.QueuePairCount);
            State = DeviceState.Configured;
        }
    }

    /// <summary>Loads a model.</summary>
    /// <param name="onnx">The ONNX file's bytes, from anywhere: they may be hostile.</param>
    /// <param name="options">How, or null for the defaults.</param>
    /// <remarks><i>Order</i>: configured, started or stopped.</remarks>
    /// <exception cref="MlModelException">The model is malformed or not supported.</exception>
    /// <exception cref="InvalidOperationException">Called out of order, or as many models as configured are loaded.</exception>
    public MlModel LoadModel(ReadOnlyMemory<byte> onnx, MlModelOptions? options = null)
    {
        options ??= new MlModelOptions();
        lock (Control)
        {
            Require("LoadModel", DeviceState.Configured, DeviceState.Started, DeviceState.Stopped);
            int id = Array.IndexOf(_models, null);
            if (id < 0)
            {
                throw new InvalidOperationException($"{Name}: {_models.Length} models are loaded, as many as configured.");
            }

            Check(options);
            var model = new MlModel((ushort)id, _driver.LoadModel((ushort)id, onnx, options));
            _models[id] = model;
            return model;
        }
    }

    /// <summary>Starts a model: ops for it are taken from now on.</summary>
    /// <param name="model">The model; loaded.</param>
    /// <remarks><i>Order</i>: started.</remarks>
    /// <exception cref="InvalidOperationException">Called out of order, or the model is not loaded or already started.</exception>
    public void StartModel(MlModel model)
    {
        lock (Control)
        {
            Require("StartModel", DeviceState.Started);
            RequireModel("StartModel", model, MlModelState.Loaded);
            _driver.StartModel(model.Id);
            model.State = MlModelState.Started;
        }
    }

    /// <summary>Stops a model: later ops for it are refused, those in flight are completed.</summary>
    /// <param name="model">The model; started.</param>
    /// <exception cref="InvalidOperationException">The model is not started.</exception>
    public void StopModel(MlModel model)
    {
        lock (Control)
        {
            Require("StopModel", DeviceState.Started);
            RequireModel("StopModel", model, MlModelState.Started);
            _driver.StopModel(model.Id);
            model.State = MlModelState.Loaded;
        }
    }

    /// <summary>Unloads a model once its ops in flight are done, and frees its memory.</summary>
    /// <param name="model">The model; loaded, not started.</param>
    /// <exception cref="InvalidOperationException">The model is started or unloaded already.</exception>
    public void UnloadModel(MlModel model)
    {
        lock (Control)
        {
            Require("UnloadModel", DeviceState.Configured, DeviceState.Started, DeviceState.Stopped);
            RequireModel("UnloadModel", model, MlModelState.Loaded);
            Unload(model);
        }
    }

    /// <summary>Replaces a model's parameters.</summary>
    /// <param name="model">The model; loaded, not started.</param>
    /// <param name="parameters">
    /// The initialisers' raw little-endian elements, in the order of their names, back to back;
    /// <see cref="MlModelInfo.ParameterByteCount"/> bytes.
    /// </param>
    /// <exception cref="NotSupportedException">Not among the device's capabilities.</exception>
    /// <exception cref="ArgumentException">The length is wrong.</exception>
    public void UpdateParameters(MlModel model, ReadOnlySpan<byte> parameters)
    {
        lock (Control)
        {
            RequireCapability(MlCapabilities.UpdateParameters);
            RequireModel("UpdateParameters", model, MlModelState.Loaded);
            if (parameters.Length != model.Info.ParameterByteCount)
            {
                throw new ArgumentException(
                    $"{Name}: the parameters of {model.Info.Name} are {model.Info.ParameterByteCount} bytes, not {parameters.Length}.");
            }

            _driver.UpdateParameters(model.Id, parameters);
        }
    }

    /// <summary>Replaces a model, running or not, by another with the same inputs and outputs under the same id; no op is lost.</summary>
    /// <param name="model">The model; its <see cref="MlModel.Info"/> stays that of the old one.</param>
    /// <param name="onnx">The new ONNX file's bytes.</param>
    /// <exception cref="NotSupportedException">Not among the device's capabilities.</exception>
    /// <exception cref="MlModelException">The new model is refused; the old one stays.</exception>
    public void ReplaceModel(MlModel model, ReadOnlyMemory<byte> onnx)
    {
        lock (Control)
        {
            RequireCapability(MlCapabilities.ReplaceModel);
            RequireModel("ReplaceModel", model, MlModelState.Loaded, MlModelState.Started);
            _driver.ReplaceModel(model.Id, onnx);
        }
    }

    /// <summary>The counters of a model.</summary>
    /// <param name="model">The model; not unloaded.</param>
    public MlModelStatistics GetModelStatistics(MlModel model)
    {
        lock (Control)
        {
            RequireModel("GetModelStatistics", model, MlModelState.Loaded, MlModelState.Started);
            return _driver.ReadModelStatistics(model.Id);
        }
    }

    /// <summary>Why an op failed, in words. A control call: it allocates.</summary>
    /// <param name="op">A dequeued or refused op.</param>
    public MlOpError GetError(MlOp op) => new(op.ErrorCode, op.ErrorCode == 0 ? "no error" : _driver.DescribeError(op));

    /// <summary>Turns real values into an input's own type.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">The input's index.</param>
    /// <param name="values">The values.</param>
    /// <param name="destination">The tensor's bytes; as many elements as <paramref name="values"/>.</param>
    /// <param name="rounding">How half-way values are rounded.</param>
    public void Quantize(
        MlModel model, int input, ReadOnlySpan<float> values, Span<byte> destination, MlRounding rounding = MlRounding.HalfToEven)
    {
        ArgumentNullException.ThrowIfNull(model);
        MlTensorInfo tensor = model.Info.Inputs[input];
        MlConversions.FromFloat(values, destination, tensor.ElementType, tensor.Scale, tensor.ZeroPoint, rounding);
    }

    /// <summary>Turns an output's elements into real values.</summary>
    /// <param name="model">The model.</param>
    /// <param name="output">The output's index.</param>
    /// <param name="source">The tensor's bytes.</param>
    /// <param name="values">Where to; as many as there are elements.</param>
    public void Dequantize(MlModel model, int output, ReadOnlySpan<byte> source, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(model);
        MlTensorInfo tensor = model.Info.Outputs[output];
        MlConversions.ToFloat(source, values, tensor.ElementType, tensor.Scale, tensor.ZeroPoint);
    }

    private protected override void StopCore()
    {
        base.StopCore();
        foreach (MlModel? model in _models)
        {
            if (model?.State == MlModelState.Started)
            {
                _driver.StopModel(model.Id);
                model.State = MlModelState.Loaded;
            }
        }
    }

    private protected override void DisposeCore()
    {
        base.DisposeCore();
        UnloadAll();
    }

    private void UnloadAll()
    {
        foreach (MlModel? model in _models)
        {
            if (model is not null)
            {
                Unload(model);
            }
        }
    }

    private void Unload(MlModel model)
    {
        _driver.UnloadModel(model.Id);
        model.State = MlModelState.Unloaded;
        _models[model.Id] = null;
    }

    private void Check(MlModelOptions options)
    {
        if (options.Layout == MlIoLayout.Split)
        {
            RequireCapability(MlCapabilities.SplitLayout);
        }

        if (options.ExternalDataFolder is not null)
        {
            RequireCapability(MlCapabilities.ExternalData);
        }

        if (options.ByteInputs.Count != 0)
        {
            RequireCapability(MlCapabilities.ByteInput);
        }
    }

    private void RequireCapability(MlCapabilities capability)
    {
        ThrowIfDisposed();
        if (!Info.Capabilities.HasFlag(capability))
        {
            throw new NotSupportedException($"{Name}: {capability} is not among the device's capabilities: {Info.Capabilities}.");
        }
    }

    private void RequireModel(string call, MlModel model, params ReadOnlySpan<MlModelState> allowed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ThrowIfDisposed();
        bool ours = model.Id < _models.Length && ReferenceEquals(_models[model.Id], model);
        if (!ours || !allowed.Contains(model.State))
        {
            throw new InvalidOperationException(
                $"{Name}: {call} is not possible while model {model.Info.Name} is "
                + (ours ? $"{model.State}; it must be {string.Join(" or ", allowed.ToArray())}." : "not loaded on this device."));
        }
    }
}
