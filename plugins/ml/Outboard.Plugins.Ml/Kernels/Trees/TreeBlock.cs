namespace Outboard.Plugins.Ml.Kernels.Trees;

/// <summary>Where one tree's nodes and leaves start.</summary>
internal readonly record struct TreeBlock(int Depth, int Nodes, int Leaves);

/// <summary>A node: the place of its feature's line, in floats, and its threshold.</summary>
internal readonly record struct BlockNode(int Line, float Threshold);

/// <summary>A line of one feature; where NaN counts as low it is replaced by minus infinity, else it fails the comparison by itself.</summary>
internal readonly record struct BlockLine(int Feature, bool NanIsLow);
