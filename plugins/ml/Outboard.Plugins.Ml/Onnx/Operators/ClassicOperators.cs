using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Onnx.Operators;

/// <summary>The ai.onnx.ml operators besides trees: scalers, linear models, encoders.</summary>
internal static class ClassicOperators
{
    public static IEnumerable<OnnxOperator> All =>
    [
        new(OnnxOperators.Classic, "Scaler", 1, Scaler),
        new(OnnxOperators.Classic, "Normalizer", 1, Normalizer),
        new(OnnxOperators.Classic, "Binarizer", 1, Binarizer),
        new(OnnxOperators.Classic, "Imputer", 1, Imputer),
        new(OnnxOperators.Classic, "OneHotEncoder", 1, OneHotEncoder),
        new(OnnxOperators.Classic, "LinearRegressor", 1, LinearRegressor),
        new(OnnxOperators.Classic, "LinearClassifier", 1, LinearClassifier),
        new(OnnxOperators.Classic, "ZipMap", 1, ZipMap),
    ];

    public static PostTransform ReadPostTransform(OnnxNode n) => n.String("post_transform", "NONE") switch
    {
        "NONE" => PostTransform.None,
        "LOGISTIC" => PostTransform.Logistic,
        "SOFTMAX" => PostTransform.Softmax,
        "SOFTMAX_ZERO" => PostTransform.SoftmaxZero,
        "PROBIT" => PostTransform.Probit,
        string other => throw n.Refuse($"attribute post_transform='{OnnxImporter.Printable(other)}' is not one of the five transforms"),
    };

    /// <summary>Rows of features as float: [N, F], or [F] shown as one row.</summary>
    public static GraphValue Rows(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        if (x.Type is ElementType.Float64)
        {
            throw n.Refuse("input 0 is float64; comparisons in double precision are not supported");
        }

        if (!x.Type.IsArithmetic())
        {
            throw n.Refuse($"input 0 is {x.Type.Name()}, which is not a number");
        }

        x = n.Builder.Cast(x, ElementType.Float32);
        if (x.Shape.Rank == 1 && !x.Shape.IsBatched)
        {
            return n.Builder.View(x, TensorShape.Of([1, x.Shape[0]]));
        }

        return x.Shape.Rank == 2 ? x : throw n.Refuse($"input 0 is {x.Shape}; it must be rows of features");
    }

    private static void Scaler(OnnxNode n)
    {
        GraphValue x = n.Builder.Cast(n.Input(0), ElementType.Float32);
        float[] offset = n.Floats("offset") ?? [], scale = n.Floats("scale") ?? [];
        int columns = x.Shape.Rank == 0 ? 1 : x.Shape[^1];
        GraphValue y = x;
        if (offset.Length > 0)
        {
            y = n.Builder.Binary(BinaryKind.Sub, y, Vector(offset, "offset"));
        }

        if (scale.Length > 0)
        {
            y = n.Builder.Binary(BinaryKind.Mul, y, Vector(scale, "scale"));
        }

        n.SetOutput(0, y == n.Input(0) ? n.Builder.Alias(y) : y);

        GraphValue Vector(float[] v, string what)
        {
            if (v.Length != 1 && (v.Length != columns || (x.Shape.IsBatched && x.Shape.Rank == 1)))
            {
                throw n.Refuse($"attribute {what} has {v.Length} values for {columns} columns");
            }

            return n.Builder.Constant<float>(
                ElementType.Float32, v.Length == 1 ? TensorShape.Scalar : TensorShape.Of([v.Length]), v);
        }
    }

    private static void Normalizer(OnnxNode n)
    {
        GraphValue x = Rows(n);
        NormalizeKind kind = n.String("norm", "MAX") switch
        {
            "MAX" => NormalizeKind.Max,
            "L1" => NormalizeKind.L1,
            "L2" => NormalizeKind.L2,
            string other => throw n.Refuse($"attribute norm='{OnnxImporter.Printable(other)}'; allowed are MAX, L1 and L2"),
        };
        n.SetOutput(0, n.Builder.Add(new NormalizeOperation
        {
            Origin = n.Description,
            Inputs = [x],
            Outputs = [n.Builder.Temporary(ElementType.Float32, x.Shape)],
            Function = kind,
            Columns = x.Shape[1],
        }));
    }

    private static void Binarizer(OnnxNode n) =>
        n.SetOutput(0, n.Builder.Unary(n.FloatInput(0), UnaryKind.Binarize, n.Float("threshold", 0f)));

    private static void Imputer(OnnxNode n)
    {
        GraphValue x = n.FloatInput(0);
        float[] values = n.Floats("imputed_value_floats") ?? throw n.Refuse("attribute imputed_value_floats is missing");
        float replaced = n.Float("replaced_value_float", 0f);
        int columns = x.Shape.Rank == 0 ? 1 : x.Shape[^1];
        if (values.Length != 1 && (values.Length != columns || (x.Shape.IsBatched && x.Shape.Rank == 1)))
        {
            throw n.Refuse($"attribute imputed_value_floats has {values.Length} values for {columns} columns");
        }

        GraphValue missing = float.IsNaN(replaced)
            ? n.Builder.Unary(x, UnaryKind.IsNaN)
            : n.Builder.Binary(BinaryKind.Equal, x, n.Builder.Scalar(replaced));
        GraphValue fill = n.Builder.Constant<float>(
            ElementType.Float32, values.Length == 1 ? TensorShape.Scalar : TensorShape.Of([values.Length]), values);
        n.SetOutput(0, n.Builder.Add(new WhereOperation
        {
            Origin = n.Description,
            Inputs = [missing, fill, x],
            Outputs = [n.Builder.Temporary(ElementType.Float32, x.Shape)],
        }));
    }

    /// <summary>One column for each category: 1 where the value is that category.</summary>
    private static void OneHotEncoder(OnnxNode n)
    {
        GraphValue x = n.Input(0);
        long[] categories = n.Ints("cats_int64s") ?? throw n.Refuse("only integer categories (cats_int64s) are supported");
        if (n.Int("zeros", 1) == 0)
        {
            throw n.Refuse("attribute zeros=0 (fail on an unknown category) is not supported");
        }

        if (!x.Type.IsArithmetic() || x.Shape.Rank == 0)
        {
            throw n.Refuse($"input 0 is {x}; it must be a tensor of numbers");
        }

        x = n.Builder.Cast(x, ElementType.Int64);
        GraphValue spread = n.Builder.View(x, TensorShape.Of([.. x.Shape.Dims, 1], x.Shape.IsBatched));
        GraphValue list = n.Builder.Constant<long>(ElementType.Int64, TensorShape.Of([categories.Length]), categories);
        n.SetOutput(0, n.Builder.Cast(n.Builder.Binary(BinaryKind.Equal, spread, list), ElementType.Float32));
    }

    private static void LinearRegressor(OnnxNode n)
    {
        long targets = n.Int("targets", 1);
        GraphValue y = Linear(n, targets);
        PostTransform transform = ReadPostTransform(n);
        n.SetOutput(0, Transform(n, y, transform));
    }

    /// <summary>Scores, their transform, and the label of the best; one row of coefficients with two labels is the binary case.</summary>
    private static void LinearClassifier(OnnxNode n)
    {
        n.Ignore("multi_class");
        long[]? integers = n.Ints("classlabels_ints");
        string[]? strings = n.Strings("classlabels_strings");
        int labels = integers is { Length: > 0 } ? integers.Length : strings?.Length ?? 0;
        int rows = n.Floats("intercepts")?.Length ?? labels;
        if (labels == 0 || rows == 0 || !(rows == labels || (rows == 1 && labels == 2)))
        {
            throw n.Refuse($"{rows} rows of coefficients for {labels} labels");
        }

        GraphValue y = Linear(n, rows);
        PostTransform transform = ReadPostTransform(n);
        int classes = rows == 1 && labels == 2 ? 2 : rows;
        GraphValue[] outputs = n.Builder.AddAll(new ClassifyOperation
        {
            Origin = n.Description,
            Inputs = [y],
            Outputs =
            [
                n.Builder.Temporary(ElementType.Int64, TensorShape.Of([y.Shape[0]], y.Shape.IsBatched)),
                n.Builder.Temporary(ElementType.Float32, TensorShape.Of([y.Shape[0], classes], y.Shape.IsBatched)),
            ],
            Labels = LabelNumbers(n, integers, strings, labels),
            PostTransform = transform,
            Columns = rows,
            Classes = classes,
        });
        n.SetOutput(0, outputs[0]);
        n.SetOutput(1, outputs[1]);
    }

    /// <summary>Integer labels as they are; string labels as positions, their names kept beside the graph.</summary>
    public static long[] LabelNumbers(OnnxNode n, long[]? integers, string[]? strings, int count)
    {
        if (integers is { Length: > 0 })
        {
            return integers;
        }

        n.Labels = strings;
        return [.. Enumerable.Range(0, count).Select(i => (long)i)];
    }

    /// <summary>x times the transposed coefficients plus the intercepts.</summary>
    private static GraphValue Linear(OnnxNode n, long rows)
    {
        GraphValue x = Rows(n);
        float[] coefficients = n.Floats("coefficients") ?? throw n.Refuse("attribute coefficients is missing");
        float[]? intercepts = n.Floats("intercepts");
        int k = x.Shape[1];
        if (rows < 1 || coefficients.Length != rows * k || (intercepts is { Length: > 0 } && intercepts.Length != rows))
        {
            throw n.Refuse($"{coefficients.Length} coefficients for {rows} rows of {k} features, {intercepts?.Length ?? 0} intercepts");
        }

        float[] weights = new float[coefficients.Length];
        for (int r = 0; r < rows; r++)
        {
            for (int i = 0; i < k; i++)
            {
                weights[(i * rows) + r] = coefficients[(r * k) + i];
            }
        }

        GraphValue y = LinearOperators.Dense(n, x, weights, k, (int)rows);
        if (intercepts is { Length: > 0 })
        {
            y = n.Builder.Binary(
                BinaryKind.Add, y, n.Builder.Constant<float>(ElementType.Float32, TensorShape.Of([intercepts.Length]), intercepts));
        }

        return y;
    }

    private static GraphValue Transform(OnnxNode n, GraphValue y, PostTransform transform)
    {
        switch (transform)
        {
            case PostTransform.None:
                return y;
            case PostTransform.Logistic:
                return n.Builder.Unary(y, UnaryKind.Sigmoid);
            case PostTransform.Softmax when y.Shape[1] > 1:
                return n.Builder.Add(new SoftmaxOperation
                {
                    Origin = n.Description,
                    Inputs = [y],
                    Outputs = [n.Builder.Temporary(ElementType.Float32, y.Shape)],
                    Function = SoftmaxKind.Softmax,
                    Outer = y.Shape[0],
                    Count = y.Shape[1],
                    Inner = 1,
                });
            default:
                throw n.Refuse($"attribute post_transform={transform} is not supported for {y.Shape[1]} targets");
        }
    }

    /// <summary>Sequences of maps do not exist here: the output of the same name is the tensor of probabilities.</summary>
    private static void ZipMap(OnnxNode n)
    {
        n.Ignore("classlabels_int64s");
        n.Ignore("classlabels_strings");
        n.SetOutput(0, n.Builder.Alias(n.FloatInput(0)));
    }
}
