using Outboard.Plugins.Ml.Graph.Operations;
using Outboard.Plugins.Ml.Plan;

namespace Outboard.Plugins.Ml.Kernels.Trees;

/// <summary>Lays a checked ensemble out in native memory, as heaps when it can.</summary>
internal static unsafe class ForestLayout
{
    /// <summary>Heap elements above which padding costs more memory than it saves time.</summary>
    private const long HeapElementsMax = 1 << 22;

    public static Forest* Build(TreeEnsemble e, PlanMemory memory)
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
        return f;
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
