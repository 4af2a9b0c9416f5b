using Outboard.Plugins.Ml.Onnx.Proto;

namespace Outboard.Plugins.Ml.Tests.Support;

/// <summary>Random models from seeds.</summary>
internal static class Models
{
    /// <summary>Layers of Gemm or MatMul + Add with an activation each, softmax or nothing at the end.</summary>
    public static byte[] Mlp(Random random, int[] sizes, string[] activations, bool softmax, bool matMul = false)
    {
        var b = new ModelBuilder().Input("x", 1, "N", sizes[0]).Output("y", 1, "N", sizes[^1]);
        string at = "x";
        for (int i = 1; i < sizes.Length; i++)
        {
            int k = sizes[i - 1], n = sizes[i];
            string w = b.Floats(Uniform(random, k * n, MathF.Sqrt(3f / k)), k, n), c = b.Floats(Uniform(random, n, 0.2f), n);
            at = matMul ? b.Node("Add", [b.Node("MatMul", [at, w]), c]) : b.Node("Gemm", [at, w, c]);
            string activation = activations[(i - 1) % activations.Length];
            if (i < sizes.Length - 1 && activation.Length > 0)
            {
                at = b.Node(activation, [at]);
            }
        }

        b.Node(softmax ? "Softmax" : "Identity", [at], "y", softmax ? [ModelBuilder.A("axis", 1L)] : []);
        return b.Bytes;
    }

    public static float[] Uniform(Random random, int count, float scale)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = ((random.NextSingle() * 2) - 1) * scale;
        }

        return values;
    }

    /// <summary>What a random forest is to be like.</summary>
    public sealed record ForestOptions
    {
        public int Trees { get; init; } = 20;

        public int Depth { get; init; } = 5;

        public int Features { get; init; } = 10;

        public int Targets { get; init; } = 1;

        public string[] Modes { get; init; } = ["BRANCH_LEQ"];

        public string Aggregate { get; init; } = "SUM";

        public string PostTransform { get; init; } = "NONE";

        public bool Missing { get; init; }

        /// <summary>Chance that a branch ends early.</summary>
        public double Ends { get; init; } = 0.1;

        public float[] BaseValues { get; init; } = [];

        /// <summary>Class ids that leaves give weights to; null for all.</summary>
        public int[]? Classes { get; init; }

        public bool PositiveWeights { get; init; }

        public int WeightsPerLeaf { get; init; } = 1;
    }

    public static byte[] Regressor(Random random, ForestOptions o)
    {
        var b = new ModelBuilder().Input("x", 1, "N", o.Features).Output("y", 1, "N", o.Targets);
        List<AttributeProto> a = Forest(random, o, "target");
        a.Add(ModelBuilder.A("n_targets", o.Targets));
        a.Add(ModelBuilder.A("aggregate_function", o.Aggregate));
        b.Node("TreeEnsembleRegressor", "ai.onnx.ml", ["x"], ["y"], [.. a]);
        return b.Bytes;
    }

    public static byte[] Classifier(Random random, ForestOptions o)
    {
        var b = new ModelBuilder().Input("x", 1, "N", o.Features).Output("label", 7, "N").Output("y", 1, "N", o.Targets);
        List<AttributeProto> a = Forest(random, o, "class");
        a.Add(ModelBuilder.A("classlabels_int64s", Enumerable.Range(0, o.Targets).Select(i => (long)i)));
        b.Node("TreeEnsembleClassifier", "ai.onnx.ml", ["x"], ["label", "y"], [.. a]);
        return b.Bytes;
    }

    private static List<AttributeProto> Forest(Random random, ForestOptions o, string prefix)
    {
        List<long> trees = [], ids = [], features = [], yes = [], no = [], missing = [], leafTrees = [], leafIds = [], targets = [];
        List<float> values = [], weights = [];
        List<string> modes = [];
        for (int t = 0; t < o.Trees; t++)
        {
            int next = 0;
            Grow(0);

            long Grow(int level)
            {
                int at = ids.Count;
                long id = next++;
                bool leaf = level == o.Depth || (level > 0 && random.NextDouble() < o.Ends);
                trees.Add(t);
                ids.Add(id);
                features.Add(leaf ? 0 : random.Next(o.Features));
                values.Add(leaf ? 0 : MathF.Round((random.NextSingle() * 2) - 1, 1));
                modes.Add(leaf ? "LEAF" : o.Modes[random.Next(o.Modes.Length)]);
                missing.Add(!leaf && o.Missing && random.Next(2) == 0 ? 1 : 0);
                yes.Add(0);
                no.Add(0);
                if (leaf)
                {
                    int[] classes = o.Classes ?? [.. Enumerable.Range(0, o.Targets)];
                    foreach (int target in classes.OrderBy(_ => random.Next()).Take(o.WeightsPerLeaf))
                    {
                        leafTrees.Add(t);
                        leafIds.Add(id);
                        targets.Add(target);
                        weights.Add(((random.NextSingle() * 2) - (o.PositiveWeights ? 0 : 1)) / o.Trees);
                    }
                }
                else
                {
                    yes[at] = Grow(level + 1);
                    no[at] = Grow(level + 1);
                }

                return id;
            }
        }

        var list = new List<AttributeProto>
        {
            ModelBuilder.A("nodes_treeids", trees),
            ModelBuilder.A("nodes_nodeids", ids),
            ModelBuilder.A("nodes_featureids", features),
            ModelBuilder.A("nodes_values", values),
            ModelBuilder.A("nodes_modes", modes),
            ModelBuilder.A("nodes_truenodeids", yes),
            ModelBuilder.A("nodes_falsenodeids", no),
            ModelBuilder.A("nodes_missing_value_tracks_true", missing),
            ModelBuilder.A(prefix + "_treeids", leafTrees),
            ModelBuilder.A(prefix + "_nodeids", leafIds),
            ModelBuilder.A(prefix + "_ids", targets),
            ModelBuilder.A(prefix + "_weights", weights),
            ModelBuilder.A("post_transform", o.PostTransform),
        };
        if (o.BaseValues.Length > 0)
        {
            list.Add(ModelBuilder.A("base_values", o.BaseValues));
        }

        return list;
    }
}
