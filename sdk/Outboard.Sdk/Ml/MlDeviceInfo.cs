using Outboard.Devices;

namespace Outboard.Ml;

/// <summary>What an ml device is and can do.</summary>
public sealed record MlDeviceInfo : DeviceInfo
{
    /// <inheritdoc/>
    public override DeviceClass Class => DeviceClass.Ml;

    /// <summary>The greatest number of models at once.</summary>
    public required int ModelsMax { get; init; }

    /// <summary>The greatest number of inputs, and of outputs, of a model.</summary>
    public required int IoMax { get; init; }

    /// <summary>The greatest number of segments of a buffer.</summary>
    public required int SegmentsMax { get; init; }

    /// <summary>The alignment that a buffer needs, in bytes; 1 for none.</summary>
    public required int BufferAlignment { get; init; }

    /// <summary>What the device can do beyond running models.</summary>
    public required MlCapabilities Capabilities { get; init; }

    /// <summary>The operators that models may use, as <c>Gemm</c> or <c>ai.onnx.ml.TreeEnsembleRegressor</c>.</summary>
    public required IReadOnlyList<string> Operators { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> CapabilityNames =>
        [.. Enum.GetValues<MlCapabilities>().Where(c => c != 0 && Capabilities.HasFlag(c)).Select(c => c.ToString()), .. Operators];
}
