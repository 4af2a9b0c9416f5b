using System.Numerics;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>One model's counters on one queue pair. Written by the thread in the bursts, read by any other.</summary>
internal sealed class OpenCLMlCounters
{
    /// <summary>An op's batch count has 16 bits, and a batch holds no more.</summary>
    public const int HistogramLength = 17;

    public ulong OpCount { get; set; }

    public ulong ErrorCount { get; set; }

    public ulong BatchCount { get; private set; }

    public ulong LatencyMin { get; private set; } = ulong.MaxValue;

    public ulong LatencyMax { get; private set; }

    public ulong LatencySum { get; private set; }

    public ulong[] Histogram { get; } = new ulong[HistogramLength];

    public void AddBatch(int inferenceCount, TimeSpan latency)
    {
        ulong nanoseconds = (ulong)latency.Ticks * (1_000_000_000 / TimeSpan.TicksPerSecond);
        BatchCount++;
        LatencyMin = Math.Min(LatencyMin, nanoseconds);
        LatencyMax = Math.Max(LatencyMax, nanoseconds);
        LatencySum += nanoseconds;
        Histogram[BitOperations.Log2((uint)inferenceCount)]++;
    }

    public void Clear()
    {
        OpCount = ErrorCount = BatchCount = LatencyMax = LatencySum = 0;
        LatencyMin = ulong.MaxValue;
        Histogram.AsSpan().Clear();
    }
}
