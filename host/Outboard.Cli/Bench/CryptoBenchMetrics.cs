namespace Outboard.Cli.Bench;

/// <summary>What the crypto benchmarks print besides time an op.</summary>
internal static class CryptoBenchMetrics
{
    /// <summary>Cycles an op, throughput, and over the sizes of one algorithm cycles a byte and cycles an op.</summary>
    public static IEnumerable<BenchMetric> Derive(IReadOnlyList<BenchResult> results)
    {
        foreach (BenchResult result in results)
        {
            BenchCase one = result.Case;
            if (result.LeastCycles != 0)
            {
                yield return new BenchMetric(one.Name, one.Device, one.Simd, "cycles per op", result.LeastCycles, "cycles");
            }

            yield return one.BytesPerItem != 0
                ? new BenchMetric(one.Name, one.Device, one.Simd, "throughput", result.Gbps, "Gbit/s")
                : new BenchMetric(one.Name, one.Device, one.Simd, "throughput", result.Rate, "ops/s");
        }

        IEnumerable<IGrouping<(string, string, int), BenchResult>> groups = results
            .Where(result => result.LeastCycles != 0 && result.Case.BytesPerItem != 0)
            .GroupBy(result => (Algorithm(result.Case.Name), result.Case.Device, result.Case.Simd));
        foreach (IGrouping<(string Algorithm, string Device, int Simd), BenchResult> group in groups)
        {
            if (Fit([.. group.Select(result => (result.Case.BytesPerItem, result.LeastCycles))]) is var (slope, intercept))
            {
                (string algorithm, string device, int simd) = group.Key;
                yield return new BenchMetric(algorithm, device, simd, "slope", slope, "cycles/byte");
                yield return new BenchMetric(algorithm, device, simd, "intercept", intercept, "cycles/op");
            }
        }
    }

    /// <summary>The line through the points that is least far from them in relative terms; null for fewer than two sizes.</summary>
    /// <remarks>Relative, so that the large sizes, whose cycles are many, do not decide the intercept alone.</remarks>
    internal static (double Slope, double Intercept)? Fit(IReadOnlyList<(double Size, double Cycles)> points)
    {
        double weights = 0, sizes = 0, cycles = 0, squares = 0, products = 0;
        foreach ((double x, double y) in points)
        {
            double weight = 1 / (y * y);
            weights += weight;
            sizes += weight * x;
            cycles += weight * y;
            squares += weight * x * x;
            products += weight * x * y;
        }

        double divisor = (weights * squares) - (sizes * sizes);
        if (points.Select(point => point.Size).Distinct().Count() < 2)
        {
            return null;
        }

        double slope = ((weights * products) - (sizes * cycles)) / divisor;
        return (slope, (cycles - (slope * sizes)) / weights);
    }

    private static string Algorithm(string name)
    {
        int slash = name.LastIndexOf('/');
        return slash < 0 ? name : name[..slash];
    }
}
