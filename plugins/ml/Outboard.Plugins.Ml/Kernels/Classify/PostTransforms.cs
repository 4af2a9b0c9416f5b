using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Kernels.Classify;

/// <summary>
/// The ends of the ai.onnx.ml models, on one row of scores. They are scalar at every width, so that scores of trees are equal
/// bit by bit whatever width walked them; rows are a handful of numbers.
/// </summary>
internal static unsafe class PostTransforms
{
    public static void Apply(PostTransform transform, float* scores, int count)
    {
        switch (transform)
        {
            case PostTransform.Logistic:
                for (int i = 0; i < count; i++)
                {
                    scores[i] = Logistic(scores[i]);
                }

                break;
            case PostTransform.Probit:
                for (int i = 0; i < count; i++)
                {
                    scores[i] = Probit(scores[i]);
                }

                break;
            case PostTransform.Softmax:
                Softmax(scores, count, false);
                break;
            case PostTransform.SoftmaxZero:
                Softmax(scores, count, true);
                break;
        }
    }

    public static float Logistic(float x)
    {
        float v = 1f / (1f + MathF.Exp(-MathF.Abs(x)));
        return x < 0 ? 1f - v : v;
    }

    /// <summary>sqrt 2 times the inverse error function of 2x - 1, by Winitzki's formula, as ONNX Runtime takes it.</summary>
    public static float Probit(float x)
    {
        float y = (2f * x) - 1f;
        float sign = y < 0 ? -1f : 1f;
        float log = MathF.Log((1f - y) * (1f + y));
        float v = (2f / (3.14159f * 0.147f)) + (0.5f * log);
        return 1.41421356f * (sign * MathF.Sqrt(-v + MathF.Sqrt((v * v) - (1f / 0.147f * log))));
    }

    /// <summary>Softmax; the "zero" form leaves scores of 0 out of the sum and scales them instead.</summary>
    private static void Softmax(float* scores, int count, bool skipZero)
    {
        float max = float.MinValue;
        for (int i = 0; i < count; i++)
        {
            max = scores[i] > max ? scores[i] : max;
        }

        float atMax = MathF.Exp(-max), sum = 0;
        for (int i = 0; i < count; i++)
        {
            if (skipZero && MathF.Abs(scores[i]) <= 0.0000001f)
            {
                scores[i] *= atMax;
            }
            else
            {
                scores[i] = MathF.Exp(scores[i] - max);
                sum += scores[i];
            }
        }

        for (int i = 0; i < count; i++)
        {
            scores[i] /= sum;
        }
    }
}
