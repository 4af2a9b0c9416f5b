using Outboard.Plugins.Ml.Graph.Operations;
using Outboard.Plugins.Ml.Kernels.Unary;
using Outboard.Plugins.Ml.Tests.Support;
using Outboard.Testing;

namespace Outboard.Plugins.Ml.Tests.Kernels;

/// <summary>Elementwise functions against double precision, and on memory that ends at an unreadable page.</summary>
public sealed unsafe class UnaryTests
{
    public static TheoryData<int, string> Cases()
    {
        var data = new TheoryData<int, string>();
        foreach (int bits in (int[])[64, 128, 256, 512])
        {
            foreach (UnaryKind kind in Enum.GetValues<UnaryKind>())
            {
                if (kind is not (UnaryKind.Not or UnaryKind.IsNaN or UnaryKind.Sin or UnaryKind.Cos))
                {
                    data.Add(bits, kind.ToString());
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryWidthIsCloseToDoublePrecision(int bits, string name)
    {
        UnaryKind kind = Enum.Parse<UnaryKind>(name);
        (float alpha, float beta) = Parameters(kind);
        var x = new List<float> { 0f, -0f, 1f, -1f, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue, float.NaN, float.PositiveInfinity, float.NegativeInfinity };
        var random = new Random(1);
        for (int i = 0; i < 3000; i++)
        {
            float scale = MathF.Pow(10, random.Next(-6, 3));
            x.Add(((random.NextSingle() * 2) - 1) * scale);
        }

        float[] y = Run(bits, kind, alpha, beta, [.. x]);
        for (int i = 0; i < y.Length; i++)
        {
            double expected = (float)Exact(kind, x[i], alpha, beta);
            Assert.True(
                Close.Within(expected, y[i], 2e-6, Slack(kind)) || (float.IsNaN(y[i]) && float.IsNaN(x[i])),
                $"{kind}({x[i]:G9}): expected {expected:G9}, got {y[i]:G9}");
        }
    }

    [Theory]
    [MemberData(nameof(Widths.Bits), MemberType = typeof(Widths))]
    public void NothingIsTouchedPastTheEnd(int bits)
    {
        for (int count = 0; count <= 40; count++)
        {
            using var memory = new GuardedMemory(Math.Max(4, count * 4));
            var at = (float*)memory.PointerAtEnd(count * 4);
            new Span<float>(at, count).Fill(2f);
            Apply(bits, UnaryKind.Sqrt, 0, 0, at, at, count);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(MathF.Sqrt(2f), at[i], 1e-6f);
            }
        }
    }

    private static float[] Run(int bits, UnaryKind kind, float alpha, float beta, float[] x)
    {
        float[] y = new float[x.Length];
        fixed (float* from = x, to = y)
        {
            Apply(bits, kind, alpha, beta, from, to, x.Length);
        }

        return y;
    }

    private static void Apply(int bits, UnaryKind kind, float alpha, float beta, float* x, float* y, int count)
    {
        var arguments = new UnaryArguments { X = 0, Y = 1, Count = count, Alpha = alpha, Beta = beta };
        nint* slots = stackalloc nint[2];
        slots[0] = (nint)x;
        slots[1] = (nint)y;
        Widths.Kernels(bits).Unary(kind)(&arguments, (byte**)slots, 1);
    }

    private static (float Alpha, float Beta) Parameters(UnaryKind kind) => kind switch
    {
        UnaryKind.LeakyRelu => (0.01f, 0),
        UnaryKind.Elu => (1.5f, 0),
        UnaryKind.Selu => (1.6732632f, 1.050701f),
        UnaryKind.Celu => (2f, 0),
        UnaryKind.HardSigmoid => (0.2f, 0.5f),
        UnaryKind.ThresholdedRelu => (0.7f, 0),
        UnaryKind.Clip => (-0.5f, 2.5f),
        UnaryKind.Shrink => (0.5f, 0.25f),
        UnaryKind.Binarize => (0.1f, 0),
        _ => (0, 0),
    };

    /// <summary>Absolute slack where the function's own cancellation near a zero makes a relative bound meaningless.</summary>
    private static double Slack(UnaryKind kind) => kind switch
    {
        UnaryKind.Log or UnaryKind.Gelu or UnaryKind.GeluTanh or UnaryKind.Mish or UnaryKind.HardSwish or UnaryKind.HardSigmoid
            or UnaryKind.Shrink => 3e-7,
        _ => 1e-30,
    };

    private static double Exact(UnaryKind kind, double x, double a, double b) => kind switch
    {
        UnaryKind.Relu => double.IsNaN(x) ? x : Math.Max(x, 0),
        UnaryKind.LeakyRelu => x >= 0 ? x : a * x,
        UnaryKind.Elu => x >= 0 ? x : a * ExpM1(x),
        UnaryKind.Selu => b * (x > 0 ? x : a * ExpM1(x)),
        UnaryKind.Celu => x >= 0 ? x : a * ExpM1(x / a),
        UnaryKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        UnaryKind.Tanh => Math.Tanh(x),
        UnaryKind.Softplus => Math.Max(x, 0) + LogP1(Math.Exp(-Math.Abs(x))),
        UnaryKind.Softsign => double.IsInfinity(x) ? double.NaN : x / (1 + Math.Abs(x)),
        UnaryKind.HardSigmoid => double.IsNaN(x) ? x : Math.Clamp((a * x) + b, 0, 1),
        UnaryKind.HardSwish => double.IsNegativeInfinity(x) ? double.NaN : x * Math.Clamp((x / 6) + 0.5, 0, 1),
        UnaryKind.ThresholdedRelu => x > a ? x : 0,
        UnaryKind.Gelu => double.IsNegativeInfinity(x) ? double.NaN : x / 2 * (x < 0 ? Erfc(-x / Math.Sqrt(2)) : 2 - Erfc(x / Math.Sqrt(2))),
        UnaryKind.GeluTanh => double.IsNegativeInfinity(x) ? double.NaN : x * 0.5 * (1 + Math.Tanh(0.7978845608028654 * (x + (0.044715 * x * x * x)))),
        UnaryKind.Mish => double.IsNegativeInfinity(x) ? double.NaN : x * Math.Tanh(Math.Max(x, 0) + LogP1(Math.Exp(-Math.Abs(x)))),
        UnaryKind.Clip => double.IsNaN(x) ? x : Math.Clamp(x, a, b),
        UnaryKind.Shrink => x < -a ? x + b : x > a ? x - b : 0,
        UnaryKind.Exp => Math.Exp(x),
        UnaryKind.Log => Math.Log(x),
        UnaryKind.Sqrt => Math.Sqrt(x),
        UnaryKind.Reciprocal => 1 / x,
        UnaryKind.Abs => Math.Abs(x),
        UnaryKind.Neg => -x,
        UnaryKind.Floor => Math.Floor(x),
        UnaryKind.Ceil => Math.Ceiling(x),
        UnaryKind.Round => Math.Round(x),
        UnaryKind.Sign => double.IsNaN(x) ? x : Math.Sign(x),
        UnaryKind.Erf => x < 0 ? Erfc(-x) - 1 : Math.Abs(x) < 0.5 ? Series(x) : 1 - Erfc(x),
        UnaryKind.Binarize => x > a ? 1 : 0,
        _ => throw new NotSupportedException(kind.ToString()),
    };

    private static double ExpM1(double x) => Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1;

    private static double LogP1(double x) => x < 1e-5 ? x - (x * x / 2) : Math.Log(1 + x);

    /// <summary>1 - erf(x) for x of 0 or more: the series near 0, a continued fraction beyond.</summary>
    private static double Erfc(double x)
    {
        if (double.IsNaN(x) || x > 30)
        {
            return double.IsNaN(x) ? x : 0;
        }

        if (x < 2.5)
        {
            return 1 - Series(x);
        }

        double f = 0;
        for (int k = 60; k > 0; k--)
        {
            f = k / 2.0 / (x + f);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + f);
    }

    private static double Series(double x)
    {
        double term = x, sum = x;
        for (int n = 1; n < 100; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
