using Outboard.Devices;
using Outboard.Devices.Driver;

namespace Outboard.Ml.Driver;

/// <summary>An ml device as its author writes it.</summary>
/// <remarks>The <see cref="MlDevice"/> in front has checked order, ids, states and capabilities.</remarks>
public abstract class MlDriver : OffloadDriver<MlOp>
{
    /// <summary>What the device is and can do.</summary>
    public abstract MlDeviceInfo Info { get; }

    /// <inheritdoc/>
    public sealed override DeviceInfo BaseInfo => Info;

    /// <summary>Takes a configuration; no model is loaded.</summary>
    /// <param name="configuration">Within the limits of the info.</param>
    public abstract void Configure(MlConfiguration configuration);

    /// <summary>Loads a model, with all memory that it will need.</summary>
    /// <param name="id">The id that ops will name; free.</param>
    /// <param name="onnx">The file's bytes, from anywhere: they may be hostile.</param>
    /// <param name="options">How; within the capabilities.</param>
    /// <exception cref="MlModelException">Refused.</exception>
    public abstract MlModelInfo LoadModel(ushort id, ReadOnlyMemory<byte> onnx, MlModelOptions options);

    /// <summary>Takes ops for the model from now on.</summary>
    /// <param name="id">A loaded model.</param>
    public abstract void StartModel(ushort id);

    /// <summary>Refuses later ops for the model; completes those in flight. Queue pairs may be polled meanwhile.</summary>
    /// <param name="id">A started model.</param>
    public abstract void StopModel(ushort id);

    /// <summary>Frees the model once no op of it is in flight.</summary>
    /// <param name="id">A model that is not started.</param>
    /// <exception cref="DeviceException">Ops of it are still in flight and nobody dequeues them.</exception>
    public abstract void UnloadModel(ushort id);

    /// <summary>Replaces a model's parameters; called only with <see cref="MlCapabilities.UpdateParameters"/>.</summary>
    /// <param name="id">A model that is not started.</param>
    /// <param name="parameters">The blob, of the right length.</param>
    public virtual void UpdateParameters(ushort id, ReadOnlySpan<byte> parameters) =>
        throw new NotSupportedException($"{Info.Name} cannot update parameters.");

    /// <summary>Replaces a model; called only with <see cref="MlCapabilities.ReplaceModel"/>.</summary>
    /// <param name="id">A loaded or started model.</param>
    /// <param name="onnx">The new file's bytes.</param>
    /// <exception cref="MlModelException">Refused, or its inputs and outputs differ; the old model stays.</exception>
    public virtual void ReplaceModel(ushort id, ReadOnlyMemory<byte> onnx) =>
        throw new NotSupportedException($"{Info.Name} cannot replace models.");

    /// <summary>The counters of a model.</summary>
    /// <param name="id">A model that is not unloaded.</param>
    public abstract MlModelStatistics ReadModelStatistics(ushort id);

    /// <summary>Says why an op failed.</summary>
    /// <param name="op">An op with an error code that this driver set.</param>
    public abstract string DescribeError(MlOp op);
}
