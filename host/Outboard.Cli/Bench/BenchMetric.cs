namespace Outboard.Cli.Bench;

/// <summary>A figure that follows from the samples of one case or of several.</summary>
/// <param name="Case">The case, or the part of their name that several have in common.</param>
/// <param name="Device">On which device.</param>
/// <param name="Simd">The SIMD limit in bits.</param>
/// <param name="Metric">What.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what.</param>
internal sealed record BenchMetric(string Case, string Device, int Simd, string Metric, double Value, string Unit);
