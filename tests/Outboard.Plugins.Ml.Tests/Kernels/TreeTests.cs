using System.Runtime.InteropServices;
using Outboard.Plugins.Ml.Tests.Support;

namespace Outboard.Plugins.Ml.Tests.Kernels;

/// <summary>Random forests of every shape against ONNX Runtime, and every width against scalar bit by bit.</summary>
public sealed class TreeTests
{
    private static readonly string[][] s_modes =
    [
        ["BRANCH_LEQ"], ["BRANCH_LT"], ["BRANCH_GTE"], ["BRANCH_GT"], ["BRANCH_EQ"], ["BRANCH_NEQ"],
        ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT"],
    ];

    public static TheoryData<int, string, string> Regressors
    {
        get
        {
            var data = new TheoryData<int, string, string>();
            for (int m = 0; m < s_modes.Length; m++)
            {
                data.Add(m, "SUM", "NONE");
                data.Add(m, "AVERAGE", "NONE");
            }

            foreach (string aggregate in new[] { "MIN", "MAX" })
            {
                data.Add(0, aggregate, "NONE");
            }

            foreach (string transform in new[] { "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT" })
            {
                data.Add(0, "SUM", transform);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Regressors))]
    public void RegressorsAgreeWithOnnxRuntime(int modes, string aggregate, string transform)
    {
        for (int seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            int targets = seed % 3 == 0 ? 3 : 1;
            var options = new Models.ForestOptions
            {
                Trees = random.Next(1, 30),
                Depth = seed % 4 == 3 ? 11 : random.Next(1, 9),
                Ends = seed % 4 == 3 ? 0.3 : 0.1,
                Targets = targets,
                Modes = s_modes[modes],
                Aggregate = aggregate,
                PostTransform = transform,
                Missing = seed % 2 == 0 && modes < 4,
                BaseValues = seed % 5 == 0 ? Models.Uniform(random, targets, 1f) : [],
                WeightsPerLeaf = targets == 1 ? 1 : random.Next(1, 4),
                PositiveWeights = transform == "PROBIT",
            };
            if (transform == "PROBIT")
            {
                options = options with { BaseValues = [] };
            }

            byte[] model = Models.Regressor(random, options);
            Compare(model, random, options.Features, targets, labels: false, $"seed {seed} {options}");
        }
    }

    [Theory]
    [InlineData("NONE")]
    [InlineData("LOGISTIC")]
    [InlineData("SOFTMAX")]
    [InlineData("SOFTMAX_ZERO")]
    public void ClassifiersAgreeWithOnnxRuntime(string transform)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            int classes = seed % 2 == 0 ? 2 : random.Next(3, 6);
            int[]? only = classes == 2 ? (seed % 3) switch { 0 => [0], 1 => [1], _ => null } : null;
            var options = new Models.ForestOptions
            {
                Trees = random.Next(1, 20),
                Depth = random.Next(1, 7),
                Targets = classes,
                PostTransform = transform,
                Classes = only,
                PositiveWeights = seed % 4 < 2,
                WeightsPerLeaf = only is null && seed % 8 > 3 ? classes : 1,
                BaseValues = seed % 7 == 0 ? Models.Uniform(random, classes, 0.5f) : classes == 2 && seed % 7 == 3 ? [0.25f] : [],
            };
            Compare(Models.Classifier(random, options), random, options.Features, classes, labels: true, $"seed {seed} {options}");
        }
    }

    private static void Compare(byte[] model, Random random, int features, int columns, bool labels, string what)
    {
        var graph = Inference.Import(model);
        using var oracle = new OnnxOracle(model);
        byte[][]? scalar = null;
        const int Rows = 37;
        float[] x = Models.Uniform(random, Rows * features, 1.2f);
        for (int i = 0; i < x.Length; i++)
        {
            // Values that meet thresholds exactly, and some that are missing.
            x[i] = random.Next(4) == 0 ? MathF.Round(x[i], 1) : random.Next(20) == 0 ? float.NaN : x[i];
        }

        float[] expected = oracle.Run(x, [Rows, features]);
        long[] expectedLabels = labels ? oracle.RunLabels(x, [Rows, features], "label") : [];
        foreach (var width in Widths.Present)
        {
            using var inference = new Inference(graph, Widths.Kernels(width));
            byte[][] y = inference.Run([MemoryMarshal.AsBytes(x.AsSpan()).ToArray()], Rows);
            scalar ??= y;
            Assert.Equal(scalar[^1], y[^1]);

            // The probit formula takes the root of the difference of two near numbers, which lifts one rounding to 1e-3.
            double bound = what.Contains("PROBIT", StringComparison.Ordinal) ? 1e-3 : 2e-6;
            Close.Equal(expected, MemoryMarshal.Cast<byte, float>(y[^1]), 1e-5, bound, $"{what} {width} columns {columns}");
            if (labels)
            {
                Assert.True(MemoryMarshal.Cast<byte, long>(y[0]).SequenceEqual(expectedLabels), what + " labels");
            }
        }
    }
}
