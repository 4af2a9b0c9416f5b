namespace Outboard.Plugins.Ml.Graph;

/// <summary>
/// One step of the model in the plugin's own terms. ONNX nodes are lowered to few kinds of operation (one file each in
/// Operations/), all shapes resolved and all attributes checked, so that a backend implements these kinds and nothing else.
/// </summary>
internal abstract class Operation
{
    /// <summary>Where it came from, for messages: "node 'x' (Gemm, opset 13)".</summary>
    public required string Origin { get; init; }

    /// <summary>What it reads, in the order that the kind defines.</summary>
    public required GraphValue[] Inputs { get; init; }

    /// <summary>What it writes; each value has exactly one producer.</summary>
    public required GraphValue[] Outputs { get; init; }

    /// <summary>The kind, as statistics and messages name it.</summary>
    public abstract string Kind { get; }

    /// <summary>Rough number of elementary steps for one inference, for limits on folding.</summary>
    public virtual long Work => Outputs.Sum(o => (long)o.Shape.ElementCount) + Inputs.Sum(i => (long)i.Shape.ElementCount);

    public override string ToString() => $"{Kind}({string.Join(", ", (object[])Inputs)}) -> {string.Join(", ", (object[])Outputs)}";
}
