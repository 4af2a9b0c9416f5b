using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Kernels.Trees;

/// <summary>
/// A forest as the kernels read it. When every node can be put as "x at most t" and no tree is deeper than
/// <see cref="DepthMax"/>, each tree is a complete heap counted from 1: node i branches to 2i when x[Feature] is at most
/// Threshold, otherwise to 2i + 1, and after Depth steps the index minus 2^Depth is the place of the leaf. Otherwise
/// <see cref="Nodes"/> holds the nodes as they came.
/// </summary>
internal unsafe struct Forest
{
    public const int DepthMax = 8;

    public int TreeCount;
    public bool IsHeap;

    /// <summary>Bit 31 of a feature number says that NaN goes to 2i; clear everywhere when false.</summary>
    public bool TracksMissing;

    /// <summary>Every leaf has one weight, for target 0 of 1, and weights are summed.</summary>
    public bool IsPlainSum;

    /// <summary>For each heap its depth and the place of its first element in Thresholds, Features and Leaves.</summary>
    public int* Depths;
    public int* Starts;
    public float* Thresholds;
    public int* Features;

    /// <summary>
    /// The same trees for rows in registers: each padded to a depth of at least 3, its upper nodes as a heap from 1, then its
    /// bottom subtrees of 7 nodes and 8 leaves each, all in the order of use. Null when no such form was built.
    /// </summary>
    public TreeBlock* Blocks;
    public BlockNode* BlockNodes;

    /// <summary>Weights for a plain sum, otherwise leaf numbers, as 32 bits each.</summary>
    public float* BlockLeaves;

    /// <summary>What the rows are turned into before: one line of lanes for each feature that some node tests.</summary>
    public int LineCount;
    public BlockLine* Lines;

    /// <summary>Leaf numbers by place, and for a plain sum the weights themselves.</summary>
    public int* Leaves;
    public float* LeafValues;

    public int* Roots;
    public TreeNode* Nodes;
    public float* SetMembers;

    /// <summary>Weights of leaf i: LeafStarts[i] to LeafStarts[i + 1].</summary>
    public int* LeafStarts;
    public TreeWeight* Weights;

    public int TargetCount;
    public int Columns;
    public TreeAggregate Aggregate;
    public PostTransform PostTransform;
    public int BaseCount;
    public float* BaseValues;
    public long* Labels;
    public bool IsBinary;
    public bool WeightsArePositive;
}
