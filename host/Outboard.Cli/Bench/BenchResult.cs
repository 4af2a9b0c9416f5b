namespace Outboard.Cli.Bench;

/// <summary>What the samples of one case say.</summary>
/// <param name="Case">The case.</param>
/// <param name="Least">The best sample, in nanoseconds an item.</param>
/// <param name="Median">The middle sample, in nanoseconds an item.</param>
/// <param name="P90">The sample that nine of ten are no worse than.</param>
/// <param name="LeastCycles">The best sample, in cycles of the time stamp counter an item; 0 where there is no counter.</param>
/// <param name="SampleCount">How many samples.</param>
/// <param name="AllocatedBytes">Managed bytes that the cleanest sample allocated.</param>
internal sealed record BenchResult(
    BenchCase Case, double Least, double Median, double P90, double LeastCycles, int SampleCount, long AllocatedBytes)
{
    /// <summary>Items a second, of the best sample.</summary>
    public double Rate => 1e9 / Least;

    /// <summary>Gbit/s of payload, of the best sample.</summary>
    public double Gbps => Case.BytesPerItem * 8 / Least;
}
