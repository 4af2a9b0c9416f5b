using Outboard.Simd;

namespace Outboard.Ml;

/// <summary>What a loaded model is.</summary>
public sealed record MlModelInfo
{
    /// <summary>Its name: of the load options, or the graph's own.</summary>
    public required string Name { get; init; }

    /// <summary>The model's own version number as text.</summary>
    public required string Version { get; init; }

    /// <summary>How tensors lie in buffers.</summary>
    public required MlIoLayout Layout { get; init; }

    /// <summary>The least batch an op may ask for.</summary>
    public required int BatchMin { get; init; }

    /// <summary>The greatest batch an op may ask for.</summary>
    public required int BatchMax { get; init; }

    /// <summary>The inputs, in order.</summary>
    public required IReadOnlyList<MlTensorInfo> Inputs { get; init; }

    /// <summary>The outputs, in order.</summary>
    public required IReadOnlyList<MlTensorInfo> Outputs { get; init; }

    /// <summary>The size of the blob that <see cref="MlDevice.UpdateParameters"/> takes, in bytes; 0 when there is none.</summary>
    public required long ParameterByteCount { get; init; }

    /// <summary>The native memory that the model holds, in bytes.</summary>
    public required long MemoryByteCount { get; init; }

    /// <summary>Multiplications and additions for one batch of size 1.</summary>
    public required long MacCount { get; init; }

    /// <summary>The steps of the plan, one line each, in order.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>Which kernel each operation runs on, and why.</summary>
    public required IReadOnlyList<KernelChoice> Kernels { get; init; }

    /// <summary>The model's own metadata.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
}
