using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Onnx.Operators;

/// <summary>Tree ensembles of ai.onnx.ml 1, 3 and 5.</summary>
internal static class TreeOperators
{
    public static IEnumerable<OnnxOperator> All =>
    [
        new(OnnxOperators.Classic, "TreeEnsembleClassifier", 1, Classifier),
        new(OnnxOperators.Classic, "TreeEnsembleRegressor", 1, Regressor),
        new(OnnxOperators.Classic, "TreeEnsemble", 5, Ensemble),
    ];

    private static void Regressor(OnnxNode n)
    {
        GraphValue x = ClassicOperators.Rows(n);
        long targets = n.Int("n_targets", 1);
        if (targets is < 1 or > TreeBuilder.TargetsMax)
        {
            throw n.Refuse($"attribute n_targets={targets}; allowed are 1 to {TreeBuilder.TargetsMax}");
        }

        TreeAggregate aggregate = n.String("aggregate_function", "SUM") switch
        {
            "SUM" => TreeAggregate.Sum,
            "AVERAGE" => TreeAggregate.Average,
            "MIN" => TreeAggregate.Min,
            "MAX" => TreeAggregate.Max,
            string other => throw n.Refuse($"attribute aggregate_function='{OnnxImporter.Printable(other)}' is not SUM, AVERAGE, MIN or MAX"),
        };
        PostTransform transform = ClassicOperators.ReadPostTransform(n);
        var trees = new TreeBuilder(n);
        ReadNodes(n, trees);
        trees.AddWeights(
            Required(n, "target_treeids"), Required(n, "target_nodeids"), Required(n, "target_ids"), Numbers(n, "target_weights"), (int)targets);
        TreeEnsemble ensemble = trees.Build((int)targets, (int)targets, aggregate, transform, BaseValues(n, (int)targets), null, false, false);
        Emit(n, x, ensemble);
    }

    private static void Classifier(OnnxNode n)
    {
        GraphValue x = ClassicOperators.Rows(n);
        long[]? integers = n.Ints("classlabels_int64s");
        string[]? strings = n.Strings("classlabels_strings");
        int classes = integers is { Length: > 0 } ? integers.Length : strings?.Length ?? 0;
        if (classes is < 1 or > TreeBuilder.TargetsMax)
        {
            throw n.Refuse($"{classes} class labels; allowed are 1 to {TreeBuilder.TargetsMax}");
        }

        PostTransform transform = ClassicOperators.ReadPostTransform(n);
        var trees = new TreeBuilder(n);
        ReadNodes(n, trees);
        long[] ids = Required(n, "class_ids");
        float[] weights = Numbers(n, "class_weights");
        trees.AddWeights(Required(n, "class_treeids"), Required(n, "class_nodeids"), ids, weights, classes);
        bool binary = classes == 2 && ids.Distinct().Count() == 1;
        bool positive = weights.All(w => !(w < 0));
        if (binary && transform == PostTransform.Probit)
        {
            throw n.Refuse("attribute post_transform=PROBIT is not defined for a binary classifier with one score");
        }

        TreeEnsemble ensemble = trees.Build(
            classes, classes, TreeAggregate.Sum, transform, BaseValues(n, classes),
            ClassicOperators.LabelNumbers(n, integers, strings, classes), binary, positive);
        Emit(n, x, ensemble);
    }

    private static void ReadNodes(OnnxNode n, TreeBuilder trees)
    {
        n.Ignore("nodes_hitrates");
        n.Ignore("nodes_hitrates_as_tensor");
        trees.AddNodes(
            Required(n, "nodes_treeids"),
            Required(n, "nodes_nodeids"),
            Required(n, "nodes_featureids"),
            Numbers(n, "nodes_values"),
            n.Strings("nodes_modes") ?? throw n.Refuse("attribute nodes_modes is missing"),
            Required(n, "nodes_truenodeids"),
            Required(n, "nodes_falsenodeids"),
            n.Ints("nodes_missing_value_tracks_true"));
    }

    private static void Ensemble(OnnxNode n)
    {
        GraphValue x = ClassicOperators.Rows(n);
        n.Ignore("nodes_hitrates");
        long targets = n.Int("n_targets", 1);
        if (targets is < 1 or > TreeBuilder.TargetsMax)
        {
            throw n.Refuse($"attribute n_targets={targets}; allowed are 1 to {TreeBuilder.TargetsMax}");
        }

        TreeAggregate aggregate = n.Int("aggregate_function", 1) switch
        {
            0 => TreeAggregate.Average,
            1 => TreeAggregate.Sum,
            2 => TreeAggregate.Min,
            3 => TreeAggregate.Max,
            long other => throw n.Refuse($"attribute aggregate_function={other}; allowed are 0 to 3"),
        };
        PostTransform transform = n.Int("post_transform", 0) switch
        {
            0 => PostTransform.None,
            1 => PostTransform.Softmax,
            2 => PostTransform.Logistic,
            3 => PostTransform.SoftmaxZero,
            4 => PostTransform.Probit,
            long other => throw n.Refuse($"attribute post_transform={other}; allowed are 0 to 4"),
        };
        GraphValue modes = n.Tensor("nodes_modes") ?? throw n.Refuse("attribute nodes_modes is missing");
        if (modes.Type != ElementType.UInt8)
        {
            throw n.Refuse($"attribute nodes_modes is {modes.Type.Name()}; it must be uint8");
        }

        var trees = new TreeBuilder(n);
        trees.AddFlat(
            Required(n, "tree_roots"),
            Required(n, "nodes_featureids"),
            FloatTensor(n, "nodes_splits") ?? throw n.Refuse("attribute nodes_splits is missing"),
            modes.Constant!,
            Required(n, "nodes_truenodeids"),
            Required(n, "nodes_trueleafs"),
            Required(n, "nodes_falsenodeids"),
            Required(n, "nodes_falseleafs"),
            n.Ints("nodes_missing_value_tracks_true"),
            FloatTensor(n, "membership_values") ?? [],
            Required(n, "leaf_targetids"),
            FloatTensor(n, "leaf_weights") ?? throw n.Refuse("attribute leaf_weights is missing"),
            (int)targets);
        Emit(n, x, trees.Build((int)targets, (int)targets, aggregate, transform, [], null, false, false));
    }

    private static void Emit(OnnxNode n, GraphValue x, TreeEnsemble ensemble)
    {
        if (x.Shape[1] < ensemble.FeatureCountMin)
        {
            throw n.Refuse($"a node tests feature {ensemble.FeatureCountMin - 1} of an input with {x.Shape[1]} columns");
        }

        GraphValue scores = n.Builder.Temporary(
            ElementType.Float32, TensorShape.Of([x.Shape[0], ensemble.ScoreColumns], x.Shape.IsBatched));
        bool classifies = ensemble.Labels is not null;
        GraphValue[] outputs = n.Builder.AddAll(new TreeEnsembleOperation
        {
            Origin = n.Description,
            Inputs = [x],
            Outputs = classifies
                ? [n.Builder.Temporary(ElementType.Int64, TensorShape.Of([x.Shape[0]], x.Shape.IsBatched)), scores]
                : [scores],
            Ensemble = ensemble,
        });
        for (int i = 0; i < outputs.Length; i++)
        {
            n.SetOutput(i, outputs[i]);
        }
    }

    private static long[] Required(OnnxNode n, string name) => n.Ints(name) ?? throw n.Refuse($"attribute {name} is missing");

    /// <summary>A float list, or from ml opset 3 on a tensor in its place.</summary>
    private static float[] Numbers(OnnxNode n, string name)
    {
        float[]? tensor = FloatTensor(n, name + "_as_tensor");
        return tensor ?? n.Floats(name) ?? throw n.Refuse($"attribute {name} is missing");
    }

    private static float[]? FloatTensor(OnnxNode n, string name)
    {
        if (n.Tensor(name) is not { } tensor)
        {
            return null;
        }

        return tensor.Type == ElementType.Float32
            ? tensor.Elements<float>().ToArray()
            : throw n.Refuse($"attribute {name} is {tensor.Type.Name()}; only float32 is supported");
    }

    private static float[] BaseValues(OnnxNode n, int targets)
    {
        float[] values = FloatTensor(n, "base_values_as_tensor") ?? n.Floats("base_values") ?? [];
        return values.Length is 0 or 1 || values.Length == targets
            ? values
            : throw n.Refuse($"attribute base_values has {values.Length} values for {targets} targets");
    }
}
