namespace Outboard.Plugins.Ml.Graph;

/// <summary>
/// A model ready for a backend: operations in an order that respects their inputs, constants folded, shapes resolved.
/// Nothing in it depends on a backend or a width; a backend reads it and keeps no reference to the ONNX file.
/// </summary>
internal sealed class ModelGraph
{
    public required string Name { get; init; }

    public required string Producer { get; init; }

    public required long Version { get; init; }

    /// <summary>Run-time inputs in graph order.</summary>
    public required GraphValue[] Inputs { get; init; }

    /// <summary>Outputs in graph order. One may be a constant, an input, or a view of either: a backend copies those.</summary>
    public required GraphValue[] Outputs { get; init; }

    public required Operation[] Operations { get; init; }

    /// <summary>
    /// True when dimension 0 of every input and output counts inferences, so that many can run as one. A model whose operators
    /// mix inferences, or that fixes its sizes, runs one at a time.
    /// </summary>
    public required bool IsBatched { get; init; }

    /// <summary>String labels by output name: such an output holds positions in its list (the plugin has no string tensors).</summary>
    public required IReadOnlyDictionary<string, string[]> Labels { get; init; }

    /// <summary>The file's own metadata, with the producer.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Multiply-accumulates and other elementary steps of one inference.</summary>
    public long Work => Operations.Sum(o => o.Work);
}
