using Outboard.Plugins.Ml.Graph.Operations;
using Outboard.Plugins.Ml.Plan;

namespace Outboard.Plugins.Ml.Kernels.Trees;

/// <summary>Lays a checked ensemble out in native memory, as heaps when it can.</summary>
internal static unsafe class ForestLayout
{
    /// <summary>Heap elements above which padding costs more memory than it saves time.</summary>
    private const long HeapElementsMax = 1 << 22;

    public static Forest* Build(TreeEnsemble e, PlanMemory memory, int lanes, int blockDepthMax)
    {
        Forest* f = memory.Allocate<Forest>(1);
        f->TreeCount = e.Roots.Length;
        f->TargetCount = e.TargetCount;
        f->Columns = e.ScoreColumns;
        f->Aggregate = e.Aggregate;
        f->PostTransform = e.PostTransform;
        f->BaseCount = e.BaseValues.Length;
        f->BaseValues = memory.Copy<float>(e.BaseValues);
        f->Labels = e.Labels is null ? null : memory.Copy<long>(e.Labels);
        f->IsBinary = e.IsBinary;
        f->WeightsArePositive = e.WeightsArePositive;
        f->Roots = memory.Copy<int>(e.Roots);
        f->Nodes = memory.Copy<TreeNode>(e.Nodes);
        f->SetMembers = memory.Copy<float>(e.SetMembers);
        f->Weights = memory.Copy<TreeWeight>(e.Weights);
        f->LeafStarts = memory.Allocate<int>(2 * e.Leaves.Length);
        bool single = e.TargetCount == 1 && e.Aggregate is TreeAggregate.Sum or TreeAggregate.Average && e.Labels is null;
        for (int i = 0; i < e.Leaves.Length; i++)
        {
            f->LeafStarts[2 * i] = e.Leaves[i].Start;
            f->LeafStarts[(2 * i) + 1] = e.Leaves[i].Start + e.Leaves[i].Count;
            single &= e.Leaves[i].Count == 1;
        }

        f->IsPlainSum = single && e.TargetCount == 1;
        BuildHeaps(f, e, memory);
        if (f->IsHeap && e.Roots.All(r => DepthOf(e, r) <= blockDepthMax))
        {
            BuildBlocks(f, e, memory, lanes);
        }

        return f;
    }

    /// <summary>The form for rows in registers, out of the heaps: a tree's node h at level l is the heap's.</summary>
    private static void BuildBlocks(Forest* f, TreeEnsemble e, PlanMemory memory, int lanes)
    {
        var lines = new Dictionary<int, int>();
        var blocks = new TreeBlock[f->TreeCount];
        var nodes = new List<BlockNode>();
        var leaves = new List<float>();
        for (int t = 0; t < f->TreeCount; t++)
        {
            int depth = f->Depths[t], padded = Math.Max(3, depth), bottoms = 1 << (padded - 3);
            blocks[t] = new TreeBlock(padded, nodes.Count, leaves.Count);
            for (int i = 0; i < bottoms; i++)
            {
                nodes.Add(Node(t, Math.Max(1, i)));
            }

            for (int b = 0; b < bottoms; b++)
            {
                int root = bottoms + b;
                foreach (int h in new[] { root, 2 * root, (2 * root) + 1, 4 * root, (4 * root) + 1, (4 * root) + 2, (4 * root) + 3 })
                {
                    nodes.Add(Node(t, h));
                }

                for (int i = 0; i < 8; i++)
                {
                    int place = f->Starts[t] + ((((8 * b) + i) >> (padded - depth)));
                    leaves.Add(f->IsPlainSum ? f->LeafValues[place] : BitConverter.Int32BitsToSingle(f->Leaves[place]));
                }
            }
        }

        f->LineCount = Math.Max(1, lines.Count);
        f->Lines = memory.Allocate<BlockLine>(f->LineCount);
        foreach ((int feature, int line) in lines)
        {
            f->Lines[line] = new BlockLine(feature & int.MaxValue, feature < 0);
        }

        f->BlockNodes = memory.Copy<BlockNode>(nodes.ToArray());
        f->BlockLeaves = memory.Copy<float>(leaves.ToArray());
        f->Blocks = memory.Copy<TreeBlock>(blocks);

        BlockNode Node(int tree, int heap)
        {
            // Below the tree's own depth both branches lead to the same leaf: any node will do.
            if (heap >= 1 << f->Depths[tree])
            {
                return new BlockNode(0, float.PositiveInfinity);
            }

            int feature = f->Features[f->Starts[tree] + heap];
            if (!lines.TryGetValue(feature, out int line))
            {
                line = lines.Count;
                lines.Add(feature, line);
            }

            return new BlockNode(line * lanes, f->Thresholds[f->Starts[tree] + heap]);
        }
    }

    private static void BuildHeaps(Forest* f, TreeEnsemble e, PlanMemory memory)
    {
        int[] depths = new int[e.Roots.Length];
        long total = 0;
        for (int t = 0; t < depths.Length; t++)
        {
            depths[t] = DepthOf(e, e.Roots[t]);
            if (depths[t] > Forest.DepthMax)
            {
                return;
            }

            total += Math.Max(16, 1 << depths[t]);
        }

        if (total > HeapElementsMax)
        {
            return;
        }

        foreach (TreeNode n in e.Nodes)
        {
            if (!TryNormalise(n, out _, out _, out bool nanLow))
            {
                return;
            }

            f->TracksMissing |= nanLow;
        }

        f->IsHeap = true;
        f->Depths = memory.Copy<int>(depths);
        f->Starts = memory.Allocate<int>(depths.Length);
        f->Thresholds = memory.Allocate<float>((int)total);
        f->Features = memory.Allocate<int>((int)total);
        f->Leaves = memory.Allocate<int>((int)total);
        f->LeafValues = memory.Allocate<float>((int)total);
        int start = 0;
        for (int t = 0; t < depths.Length; t++)
        {
            f->Starts[t] = start;
            Place(f, e, e.Roots[t], 1, 0, depths[t], start);
            start += Math.Max(16, 1 << depths[t]);
        }
    }

    /// <summary>Fills the subtree of one heap place; a leaf above the bottom is repeated under nodes that decide nothing.</summary>
    private static void Place(Forest* f, TreeEnsemble e, int node, int at, int level, int depth, int start)
    {
        if (level == depth)
        {
            int leaf = ~node;
            int place = start + at - (1 << depth);
            f->Leaves[place] = leaf;
            f->LeafValues[place] = e.Leaves[leaf].Count > 0 ? e.Weights[e.Leaves[leaf].Start].Value : 0f;
            return;
        }

        if (node < 0)
        {
            f->Thresholds[start + at] = float.PositiveInfinity;
            f->Features[start + at] = 0;
            Place(f, e, node, 2 * at, level + 1, depth, start);
            Place(f, e, node, (2 * at) + 1, level + 1, depth, start);
            return;
        }

        TreeNode n = e.Nodes[node];
        TryNormalise(n, out float threshold, out bool swapped, out bool nanLow);
        f->Thresholds[start + at] = threshold;
        f->Features[start + at] = n.Feature | (nanLow ? int.MinValue : 0);
        Place(f, e, swapped ? n.False : n.True, 2 * at, level + 1, depth, start);
        Place(f, e, swapped ? n.True : n.False, (2 * at) + 1, level + 1, depth, start);
    }

    /// <summary>
    /// Puts a node as "x at most t": x below t is x at most the float before t, and the two greater modes are the same
    /// with the branches exchanged. NaN fails every comparison, so it takes the false branch unless the node tracks it.
    /// </summary>
    private static bool TryNormalise(TreeNode n, out float threshold, out bool swapped, out bool nanLow)
    {
        threshold = n.Value;
        swapped = n.Mode is TreeMode.Greater or TreeMode.GreaterOrEqual;
        nanLow = n.MissingTracksTrue != swapped;
        if (n.Mode is TreeMode.Less or TreeMode.GreaterOrEqual)
        {
            threshold = MathF.BitDecrement(n.Value);
            return !float.IsNaN(n.Value) && n.Value != float.NegativeInfinity;
        }

        return n.Mode is TreeMode.LessOrEqual or TreeMode.Greater && !float.IsNaN(n.Value);
    }

    /// <summary>Steps on the longest path of a tree, or more than the limit.</summary>
    private static int DepthOf(TreeEnsemble e, int root)
    {
        return Walk(root, 0);

        int Walk(int node, int level) =>
            node < 0 || level > Forest.DepthMax
                ? level
                : Math.Max(Walk(e.Nodes[node].True, level + 1), Walk(e.Nodes[node].False, level + 1));
    }
}
