namespace Outboard.Ml;

/// <summary>How a model is loaded.</summary>
public sealed record MlModelOptions
{
    /// <summary>Its name in reports, or null for the graph's own.</summary>
    public string? Name { get; init; }

    /// <summary>How tensors lie in op buffers.</summary>
    public MlIoLayout Layout { get; init; } = MlIoLayout.Packed;

    /// <summary>The folder that external data may be read from, or null to refuse models with external data.</summary>
    public string? ExternalDataFolder { get; init; }

    /// <summary>Inputs given as raw bytes; needs <see cref="MlCapabilities.ByteInput"/>.</summary>
    public IReadOnlyList<MlInputEncoding> ByteInputs { get; init; } = [];
}
