using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Onnx.Operators;

/// <summary>
/// Puts a forest together from the parallel lists of the attributes: checks every reference, refuses shared nodes and cycles,
/// and numbers the nodes so that branches lead forward.
/// </summary>
internal sealed class TreeBuilder(OnnxNode n)
{
    public const int TargetsMax = 4096;
    private const int DepthMax = 2048;
    private const int NodesMax = 1 << 24;

    private readonly List<Source> _source = [];
    private readonly List<int> _roots = [];
    private readonly List<float> _members = [];
    private readonly Dictionary<(long Tree, long Node), int> _index = [];
    private List<TreeWeight>?[] _weights = [];
    private readonly List<TreeWeight> _leafList = [];
    private bool _flat;

    private record struct Source(int Feature, float Value, TreeMode Mode, bool Missing, bool IsLeaf, int True, int False, int SetStart, int SetCount);

    /// <summary>Nodes of ml opsets 1 and 3: trees and nodes are named by id, leaves are nodes.</summary>
    public void AddNodes(
        long[] trees, long[] ids, long[] features, float[] values, string[] modes, long[] yes, long[] no, long[]? missing)
    {
        int count = ids.Length;
        if (count == 0 || count > NodesMax)
        {
            throw n.Refuse($"{count} tree nodes; allowed are 1 to {NodesMax}");
        }

        if (trees.Length != count || features.Length != count || values.Length != count || modes.Length != count
            || yes.Length != count || no.Length != count || (missing is { Length: > 0 } && missing.Length != count))
        {
            throw n.Refuse("the nodes_ attributes differ in length");
        }

        for (int i = 0; i < count; i++)
        {
            if (!_index.TryAdd((trees[i], ids[i]), i))
            {
                throw n.Refuse($"node {ids[i]} of tree {trees[i]} is given twice");
            }
        }

        bool[] isChild = new bool[count];
        for (int i = 0; i < count; i++)
        {
            bool leaf = modes[i] == "LEAF";
            TreeMode mode = modes[i] switch
            {
                "LEAF" or "BRANCH_LEQ" => TreeMode.LessOrEqual,
                "BRANCH_LT" => TreeMode.Less,
                "BRANCH_GTE" => TreeMode.GreaterOrEqual,
                "BRANCH_GT" => TreeMode.Greater,
                "BRANCH_EQ" => TreeMode.Equal,
                "BRANCH_NEQ" => TreeMode.NotEqual,
                string other => throw n.Refuse($"node mode '{OnnxImporter.Printable(other)}' is unknown"),
            };
            int t = 0, f = 0;
            if (!leaf)
            {
                t = Child(trees[i], ids[i], yes[i]);
                f = Child(trees[i], ids[i], no[i]);
                isChild[t] = true;
                isChild[f] = true;
            }

            _source.Add(new Source(Feature(features[i], leaf), values[i], mode, missing is { Length: > 0 } && missing[i] != 0, leaf, t, f, 0, 0));
        }

        var rooted = new HashSet<long>();
        for (int i = 0; i < count; i++)
        {
            if (isChild[i])
            {
                continue;
            }

            if (!rooted.Add(trees[i]))
            {
                throw n.Refuse($"tree {trees[i]} has two roots");
            }

            _roots.Add(i);
        }

        if (rooted.Count != trees.Distinct().Count())
        {
            throw n.Refuse("a tree has no root: its nodes form a cycle");
        }

        _weights = new List<TreeWeight>?[count];
    }

    public void AddWeights(long[] trees, long[] ids, long[] targets, float[] values, int targetCount)
    {
        int count = ids.Length;
        if (trees.Length != count || targets.Length != count || values.Length != count)
        {
            throw n.Refuse("the weight attributes differ in length");
        }

        for (int i = 0; i < count; i++)
        {
            if (!_index.TryGetValue((trees[i], ids[i]), out int node))
            {
                throw n.Refuse($"a weight names node {ids[i]} of tree {trees[i]}, which does not exist");
            }

            (_weights[node] ??= []).Add(new TreeWeight(Target(targets[i], targetCount), values[i]));
        }
    }

    /// <summary>Nodes of ml opset 5: one flat list, leaves in a list of their own.</summary>
    public void AddFlat(
        long[] roots, long[] features, float[] splits, byte[] modes, long[] yes, long[] yesLeaf, long[] no, long[] noLeaf,
        long[]? missing, float[] members, long[] leafTargets, float[] leafWeights, int targetCount)
    {
        _flat = true;
        int count = features.Length, leaves = leafTargets.Length, at = 0;
        if (count == 0 || count > NodesMax || leaves == 0)
        {
            throw n.Refuse($"{count} tree nodes and {leaves} leaves; allowed are 1 to {NodesMax}");
        }

        if (splits.Length != count || modes.Length != count || yes.Length != count || yesLeaf.Length != count || no.Length != count
            || noLeaf.Length != count || (missing is { Length: > 0 } && missing.Length != count) || leafWeights.Length != leaves)
        {
            throw n.Refuse("the nodes_ or leaf_ attributes differ in length");
        }

        for (int i = 0; i < leaves; i++)
        {
            _leafList.Add(new TreeWeight(Target(leafTargets[i], targetCount), leafWeights[i]));
        }

        for (int i = 0; i < count; i++)
        {
            if (modes[i] > (byte)TreeMode.Member)
            {
                throw n.Refuse($"node mode {modes[i]} is unknown");
            }

            int start = _members.Count;
            if (modes[i] == (byte)TreeMode.Member)
            {
                // The sets follow each other in the order of their nodes, each ended by a NaN.
                while (at < members.Length && !float.IsNaN(members[at]))
                {
                    _members.Add(members[at++]);
                }

                at++;
            }

            _source.Add(new Source(
                Feature(features[i], false), splits[i], (TreeMode)modes[i], missing is { Length: > 0 } && missing[i] != 0, false,
                Branch(yes[i], yesLeaf[i] != 0), Branch(no[i], noLeaf[i] != 0), start, _members.Count - start));
        }

        foreach (long root in roots)
        {
            _roots.Add(root >= 0 && root < count ? (int)root : throw n.Refuse($"tree root {root} is not one of {count} nodes"));
        }

        if (_roots.Count == 0)
        {
            throw n.Refuse("there are no trees");
        }

        int Branch(long to, bool leaf)
        {
            int limit = leaf ? leaves : count;
            if (to < 0 || to >= limit)
            {
                throw n.Refuse($"a branch leads to {(leaf ? "leaf" : "node")} {to} of {limit}");
            }

            return leaf ? ~(int)to : (int)to;
        }
    }

    public TreeEnsemble Build(
        int targets, int columns, TreeAggregate aggregate, PostTransform transform, float[] baseValues, long[]? labels, bool binary, bool positive)
    {
        var nodes = new List<TreeNode>(_source.Count);
        var leaves = new List<TreeLeaf>();
        var weights = new List<TreeWeight>();
        int[] roots = new int[_roots.Count];
        bool[] seen = new bool[_source.Count];
        int depth = 0, features = 0;
        if (_flat)
        {
            for (int i = 0; i < _leafList.Count; i++)
            {
                leaves.Add(new TreeLeaf(i, 1));
            }

            weights.AddRange(_leafList);
        }

        // Pre-order, true branch first; a patch is where the number of the next node has to be written.
        var pending = new Stack<(int Source, int Parent, bool IsTrue, int Depth)>();
        for (int r = 0; r < roots.Length; r++)
        {
            pending.Push((_roots[r], -1, false, 1));
            while (pending.TryPop(out var item))
            {
                int number = Place(item.Source, item.Depth);
                if (item.Parent < 0)
                {
                    roots[r] = number;
                }
                else
                {
                    TreeNode parent = nodes[item.Parent];
                    nodes[item.Parent] = item.IsTrue ? parent with { True = number } : parent with { False = number };
                }
            }
        }

        return new TreeEnsemble
        {
            Roots = roots,
            Nodes = [.. nodes],
            Leaves = [.. leaves],
            Weights = [.. weights],
            SetMembers = [.. _members],
            TargetCount = targets,
            ScoreColumns = columns,
            Aggregate = aggregate,
            PostTransform = transform,
            BaseValues = baseValues,
            Labels = labels,
            IsBinary = binary,
            WeightsArePositive = positive,
            FeatureCountMin = features,
            Depth = depth,
        };

        int Place(int source, int level)
        {
            if (source < 0)
            {
                return source;   // ml opset 5: already the complement of a leaf
            }

            if (seen[source])
            {
                throw n.Refuse("a tree node is reached twice: the trees share nodes or have a cycle");
            }

            seen[source] = true;
            Source s = _source[source];
            if (s.IsLeaf)
            {
                List<TreeWeight> own = _weights[source] ?? [];
                leaves.Add(new TreeLeaf(weights.Count, own.Count));
                weights.AddRange(own);
                return ~(leaves.Count - 1);
            }

            if (level > DepthMax)
            {
                throw n.Refuse($"a tree is deeper than {DepthMax} nodes");
            }

            depth = Math.Max(depth, level);
            features = Math.Max(features, s.Feature + 1);
            nodes.Add(new TreeNode(s.Feature, s.Value, s.Mode, s.Missing, 0, 0, s.SetStart, s.SetCount));
            pending.Push((s.False, nodes.Count - 1, false, level + 1));
            pending.Push((s.True, nodes.Count - 1, true, level + 1));
            return nodes.Count - 1;
        }
    }

    private int Child(long tree, long parent, long id) =>
        _index.TryGetValue((tree, id), out int child)
            ? child
            : throw n.Refuse($"node {parent} of tree {tree} branches to node {id}, which does not exist");

    private int Feature(long feature, bool leaf) =>
        leaf ? 0 : feature is >= 0 and < TensorShape.ElementsMax ? (int)feature : throw n.Refuse($"a node tests feature {feature}");

    private int Target(long target, int count) =>
        target >= 0 && target < count ? (int)target : throw n.Refuse($"a weight is for target {target} of {count}");
}
