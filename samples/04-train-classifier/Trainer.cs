using Outboard.Ml.Features;

namespace Outboard.Samples.TrainClassifier;

/// <summary>Scales the features, balances the classes, trains.</summary>
internal static class Trainer
{
    private const int Seed = 20_260;
    private const int Epochs = 40;
    private const int Batch = 64;

    // Ports are hidden from some examples with payload, so that what the payload looks like has to be learnt too.
    private const double PortDropout = 0.30;
    private const float Jitter = 0.03f;

    public static Mlp Train(Dataset data, Action<int, float> progress)
    {
        Random random = new(Seed);
        (float[] means, float[] deviations) = Scaling(data);
        float[] weights = ClassWeights(data);
        Mlp model = new([PacketFeatures.Count, 48, 24, TrafficClasses.Count], random);
        int[] order = [.. Enumerable.Range(0, data.Count)];
        float[] input = new float[PacketFeatures.Count];
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(order);
            float rate = 2e-3f * (0.5f + (0.5f * MathF.Cos(MathF.PI * epoch / Epochs)));
            float loss = 0;
            for (int at = 0; at < order.Length; at += Batch)
            {
                int count = Math.Min(Batch, order.Length - at);
                for (int i = 0; i < count; i++)
                {
                    int example = order[at + i];
                    Disturb(data.Features[example], input, data.Classes[example], random);
                    for (int f = 0; f < input.Length; f++)
                    {
                        input[f] = (input[f] - means[f]) / deviations[f];
                    }
                    int truth = (int)data.Classes[example];
                    loss += model.Learn(input, truth, weights[truth]);
                }
                model.Step(rate, count);
            }
            progress(epoch + 1, loss / order.Length);
        }
        model.FoldScaling(means, deviations);
        return model;
    }

    // What differs from one network to the next without changing what a frame is: tags, padding, the options and windows of
    // another TCP, the range clients take ports from, and services on ports of their own.
    private static void Disturb(float[] features, float[] input, TrafficClass truth, Random random)
    {
        features.CopyTo(input, 0);
        bool payload = features[30] == 0;
        bool syn = features[12] != 0;
        if (random.NextDouble() < 0.3)
        {
            input[0] = Math.Max(input[0], 60 / 1514f);
        }
        input[5] = random.NextDouble() < 0.06 ? 1f : input[5];
        input[6] = random.NextDouble() < 0.04 ? 1f : input[6];
        if (features[7] != 0 && truth != TrafficClass.Scan && random.NextDouble() < 0.35)
        {
            input[18] = syn ? random.Next(1, 6) * 0.1f : random.Next(0, 2) * 0.3f;
            input[19] = 0.4f + (0.6f * random.NextSingle());
        }
        if (truth != TrafficClass.Scan && random.NextDouble() < 0.35)
        {
            input[27] = Math.Max(input[26], MathF.Log2(random.Next(1_024, 65_536)) / 16f);
        }

        // Without payload the ports are all there is to tell a protocol by.
        if (payload && random.NextDouble() < PortDropout)
        {
            Array.Clear(input, 20, 6);
            input[26] = MathF.Log2(random.Next(1, 65_536)) / 16f;
            input[27] = Math.Max(input[26], input[27]);
        }
        for (int f = 32; f < 58; f++)
        {
            input[f] *= 1f + (((random.NextSingle() * 2) - 1) * Jitter);
        }
    }

    private static (float[] Means, float[] Deviations) Scaling(Dataset data)
    {
        float[] means = new float[PacketFeatures.Count], deviations = new float[PacketFeatures.Count];
        for (int f = 0; f < PacketFeatures.Count; f++)
        {
            double sum = 0, squares = 0;
            foreach (float[] features in data.Features)
            {
                sum += features[f];
                squares += features[f] * (double)features[f];
            }
            double mean = sum / data.Count;
            means[f] = (float)mean;

            // A feature that hardly varies in the training capture must not explode on a frame where it does.
            deviations[f] = (float)Math.Max(Math.Sqrt(Math.Max(0, (squares / data.Count) - (mean * mean))), 0.02);
        }
        return (means, deviations);
    }

    // The square root of the inverse frequency: rare classes count more, but not so much that they drown the others.
    private static float[] ClassWeights(Dataset data)
    {
        float[] counts = new float[TrafficClasses.Count];
        foreach (TrafficClass truth in data.Classes)
        {
            counts[(int)truth]++;
        }
        return [.. counts.Select(count => MathF.Sqrt(data.Count / (float)TrafficClasses.Count / Math.Max(count, 1f)))];
    }
}
