using Outboard.Ml.Features;

namespace Outboard.Samples.TrainClassifier;

/// <summary>A small multi-layer perceptron, trained by Adam on the cross entropy; one thread, so that a seed gives one result.</summary>
internal sealed class Mlp
{
    private const float FirstMoment = 0.9f;
    private const float SecondMoment = 0.999f;
    private const float WeightDecay = 1e-4f;

    private readonly int[] _sizes;
    private readonly float[][] _weights;
    private readonly float[][] _biases;
    private readonly float[][] _outputs;
    private readonly float[][] _deltas;
    private readonly float[][] _weightGradients;
    private readonly float[][] _biasGradients;
    private readonly float[][] _moments;
    private int _steps;

    public Mlp(int[] sizes, Random random)
    {
        _sizes = sizes;
        int layers = sizes.Length - 1;
        _weights = new float[layers][];
        _biases = new float[layers][];
        _outputs = new float[layers][];
        _deltas = new float[layers][];
        _weightGradients = new float[layers][];
        _biasGradients = new float[layers][];
        _moments = new float[layers * 4][];
        for (int l = 0; l < layers; l++)
        {
            int rows = sizes[l + 1], columns = sizes[l];
            _weights[l] = new float[rows * columns];
            float scale = MathF.Sqrt(2f / columns);
            for (int i = 0; i < _weights[l].Length; i++)
            {
                _weights[l][i] = (float)((random.NextDouble() * 2) - 1) * scale;
            }
            _biases[l] = new float[rows];
            _outputs[l] = new float[rows];
            _deltas[l] = new float[rows];
            _weightGradients[l] = new float[rows * columns];
            _biasGradients[l] = new float[rows];
            _moments[l * 4] = new float[rows * columns];
            _moments[(l * 4) + 1] = new float[rows * columns];
            _moments[(l * 4) + 2] = new float[rows];
            _moments[(l * 4) + 3] = new float[rows];
        }
    }

    public int LayerCount => _weights.Length;

    public int Inputs(int layer) => _sizes[layer];

    public int Outputs(int layer) => _sizes[layer + 1];

    /// <summary>Weights of a layer, [outputs, inputs].</summary>
    public float[] Weights(int layer) => _weights[layer];

    public float[] Biases(int layer) => _biases[layer];

    public int Predict(ReadOnlySpan<float> input)
    {
        ReadOnlySpan<float> scores = Forward(input);
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    /// <summary>Adds the gradient of one example to the batch.</summary>
    public float Learn(ReadOnlySpan<float> input, int truth, float weight)
    {
        float[] scores = Forward(input);
        float top = scores.Max();
        float sum = 0;
        float[] delta = _deltas[^1];
        for (int i = 0; i < scores.Length; i++)
        {
            delta[i] = MathF.Exp(scores[i] - top);
            sum += delta[i];
        }
        float loss = -MathF.Log(Math.Max(delta[truth] / sum, 1e-9f));
        for (int i = 0; i < scores.Length; i++)
        {
            delta[i] = ((delta[i] / sum) - (i == truth ? 1f : 0f)) * weight;
        }
        for (int l = LayerCount - 1; l >= 0; l--)
        {
            Accumulate(l, l == 0 ? input : _outputs[l - 1]);
            if (l > 0)
            {
                Propagate(l);
            }
        }
        return loss * weight;
    }

    /// <summary>Applies the batch gathered by <see cref="Learn"/>.</summary>
    public void Step(float rate, int batch)
    {
        _steps++;
        float first = 1f - MathF.Pow(FirstMoment, _steps);
        float second = 1f - MathF.Pow(SecondMoment, _steps);
        for (int l = 0; l < LayerCount; l++)
        {
            Adam(_weights[l], _weightGradients[l], _moments[l * 4], _moments[(l * 4) + 1], rate, first, second, batch, WeightDecay);
            Adam(_biases[l], _biasGradients[l], _moments[(l * 4) + 2], _moments[(l * 4) + 3], rate, first, second, batch, 0f);
        }
    }

    /// <summary>Folds (x - mean) / deviation into the first layer, so that the model takes the features as they are.</summary>
    public void FoldScaling(float[] means, float[] deviations)
    {
        for (int row = 0; row < _sizes[1]; row++)
        {
            float shift = 0;
            for (int column = 0; column < PacketFeatures.Count; column++)
            {
                ref float weight = ref _weights[0][(row * PacketFeatures.Count) + column];
                weight /= deviations[column];
                shift += weight * means[column];
            }
            _biases[0][row] -= shift;
        }
    }

    private float[] Forward(ReadOnlySpan<float> input)
    {
        for (int l = 0; l < LayerCount; l++)
        {
            ReadOnlySpan<float> from = l == 0 ? input : _outputs[l - 1];
            int columns = _sizes[l];
            for (int row = 0; row < _sizes[l + 1]; row++)
            {
                ReadOnlySpan<float> weights = _weights[l].AsSpan(row * columns, columns);
                float sum = _biases[l][row];
                for (int i = 0; i < columns; i++)
                {
                    sum += weights[i] * from[i];
                }
                _outputs[l][row] = l < LayerCount - 1 ? Math.Max(sum, 0f) : sum;
            }
        }
        return _outputs[^1];
    }

    private void Accumulate(int layer, ReadOnlySpan<float> input)
    {
        int columns = _sizes[layer];
        for (int row = 0; row < _sizes[layer + 1]; row++)
        {
            float delta = _deltas[layer][row];
            if (delta == 0)
            {
                continue;
            }
            _biasGradients[layer][row] += delta;
            Span<float> gradients = _weightGradients[layer].AsSpan(row * columns, columns);
            for (int i = 0; i < columns; i++)
            {
                gradients[i] += delta * input[i];
            }
        }
    }

    private void Propagate(int layer)
    {
        int columns = _sizes[layer];
        float[] below = _deltas[layer - 1];
        Array.Clear(below);
        for (int row = 0; row < _sizes[layer + 1]; row++)
        {
            float delta = _deltas[layer][row];
            for (int i = 0; i < columns; i++)
            {
                below[i] += delta * _weights[layer][(row * columns) + i];
            }
        }
        for (int i = 0; i < columns; i++)
        {
            below[i] = _outputs[layer - 1][i] > 0 ? below[i] : 0f;
        }
    }

    private static void Adam(
        float[] values, float[] gradients, float[] moments, float[] squares, float rate, float first, float second, int batch, float decay)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float gradient = gradients[i] / batch;
            moments[i] = (FirstMoment * moments[i]) + ((1 - FirstMoment) * gradient);
            squares[i] = (SecondMoment * squares[i]) + ((1 - SecondMoment) * gradient * gradient);
            values[i] -= rate * ((moments[i] / first / (MathF.Sqrt(squares[i] / second) + 1e-8f)) + (decay * values[i]));
            gradients[i] = 0;
        }
    }
}
