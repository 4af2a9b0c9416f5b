using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Outboard.Regex;

namespace Outboard.Benchmarks.Regex;

/// <summary>
/// Rules over a corpus at every width, for figures beside the programs of the peers kit, in the files those read:
/// <c>quick-regex RULES CORPUS [LIMIT] [CUT] [default|end|all] [SECONDS]</c>, where the corpus is a capture or NAME.payloads. The corpus is walked
/// in slices of eight payloads and the best time of each slice counts, so other work on the machine disturbs little. Rules that the
/// device refuses are left out and counted.
/// </summary>
internal static class RegexQuickRun
{
    private const int Slice = 8;

    public static void Run(string[] args)
    {
        int limit = Number(args, 2, 0);
        int cut = Number(args, 3, 0);
        RegexConfigurationFlags mode = args.Length <= 4 ? RegexConfigurationFlags.None : args[4] switch
        {
            "end" => RegexConfigurationFlags.MatchAsEnd,
            "all" => RegexConfigurationFlags.MatchAll,
            _ => RegexConfigurationFlags.None,
        };
        IEnumerable<RegexRule> all = RegexRuleFile.Read(args[0]);
        RegexRule[] rules = [.. limit > 0 ? all.Take(limit) : all];
        List<byte[]> payloads = RegexCorpus.Read(args[1], cut);
        RegexRule[] taken = Accepted(rules);
        foreach (int width in new[] { 64, 128, 256, 512 })
        {
            var compile = Stopwatch.StartNew();
            using var bench = new RegexBench(taken, payloads, width, mode);
            double compileSeconds = compile.Elapsed.TotalSeconds;
            (double seconds, long matches) = Time(bench, Number(args, 5, 3));
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                @case = $"{Path.GetFileNameWithoutExtension(args[0])}/rules{taken.Length}/payload{(cut == 0 ? "natural" : cut)}",
                device = "regex_simd",
                simd = width,
                metric = "throughput",
                value = Math.Round(bench.ByteCount * 8 / seconds / 1e9, 3),
                unit = "Gbit/s",
                nanosecondsPerPayload = Math.Round(seconds / payloads.Count * 1e9, 1),
                matches,
                refused = rules.Length - taken.Length,
                setUpSeconds = Math.Round(compileSeconds, 3),
                kernels = string.Join(' ', bench.Device.Info.Kernels.Select(static k => k.Kernel)),
            }));
        }
    }

    internal static (double Seconds, long Matches) Time(RegexBench bench, int seconds)
    {
        int slices = (bench.Ops.Length + Slice - 1) / Slice;
        var best = new long[slices];
        Array.Fill(best, long.MaxValue);
        long matches = 0;
        var watch = Stopwatch.StartNew();
        for (int round = 0; round < 4 || watch.Elapsed.TotalSeconds < seconds; round++)
        {
            matches = 0;
            for (int s = 0; s < slices; s++)
            {
                long start = Stopwatch.GetTimestamp();
                matches += bench.Search(s * Slice, Math.Min(Slice, bench.Ops.Length - s * Slice));
                best[s] = Math.Min(best[s], Stopwatch.GetTimestamp() - start);
            }
        }

        return (best.Sum() / (double)Stopwatch.Frequency, matches);
    }

    internal static RegexRule[] Accepted(RegexRule[] rules)
    {
        HashSet<int> refused = [];
        while (true)
        {
            RegexRule[] left = [.. rules.Where(rule => !refused.Contains(rule.Id))];
            try
            {
                new RegexBench(left, [[0]], 64, RegexConfigurationFlags.None).Dispose();
                return left;
            }
            catch (RegexRuleException e)
            {
                refused.UnionWith(e.Errors.Select(static error => error.RuleId));
            }
        }
    }

    internal static int Number(string[] args, int index, int fallback) =>
        args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : fallback;
}
