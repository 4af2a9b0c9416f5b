namespace Outboard.Plugins.Ml.Graph.Operations;

internal enum TreeAggregate
{
    Sum,
    Average,
    Min,
    Max,
}

/// <summary>How a node compares its feature with its value; the true branch is taken when it holds.</summary>
internal enum TreeMode : byte
{
    LessOrEqual,
    Less,
    GreaterOrEqual,
    Greater,
    Equal,
    NotEqual,

    /// <summary>The feature is one of a set (ai.onnx.ml TreeEnsemble 5).</summary>
    Member,
}

/// <summary>
/// A decision node. A branch that is negative is a leaf: its complement indexes the leaves. Branches always lead to a
/// higher node index, so a walk ends (the importer lays the nodes out so).
/// </summary>
internal readonly record struct TreeNode(
    int Feature, float Value, TreeMode Mode, bool MissingTracksTrue, int True, int False, int SetStart, int SetCount);

/// <summary>What a leaf adds: weights [Start, Start + Count) of the weight list.</summary>
internal readonly record struct TreeLeaf(int Start, int Count);

/// <summary>A weight for one target.</summary>
internal readonly record struct TreeWeight(int Target, float Value);

/// <summary>A forest, checked: every index is in range, every tree is finite and no node is shared.</summary>
internal sealed class TreeEnsemble
{
    /// <summary>One root for each tree: a node index, or the complement of a leaf index.</summary>
    public required int[] Roots { get; init; }

    public required TreeNode[] Nodes { get; init; }

    public required TreeLeaf[] Leaves { get; init; }

    public required TreeWeight[] Weights { get; init; }

    /// <summary>Members of the sets that <see cref="TreeMode.Member"/> nodes name.</summary>
    public required float[] SetMembers { get; init; }

    /// <summary>Targets or classes.</summary>
    public required int TargetCount { get; init; }

    /// <summary>Columns of the scores output; 1 target may still give two columns for a binary classifier.</summary>
    public required int ScoreColumns { get; init; }

    public required TreeAggregate Aggregate { get; init; }

    public required PostTransform PostTransform { get; init; }

    /// <summary>Empty, one, or one for each target.</summary>
    public required float[] BaseValues { get; init; }

    /// <summary>Class labels of a classifier (positions where the model's labels are strings); null for a regressor.</summary>
    public long[]? Labels { get; init; }

    /// <summary>Two classes whose weights all belong to one of them.</summary>
    public bool IsBinary { get; init; }

    /// <summary>No weight is negative: the binary score is a probability.</summary>
    public bool WeightsArePositive { get; init; }

    /// <summary>Smallest number of columns the input must have.</summary>
    public int FeatureCountMin { get; init; }

    /// <summary>Nodes on the longest path.</summary>
    public required int Depth { get; init; }
}
