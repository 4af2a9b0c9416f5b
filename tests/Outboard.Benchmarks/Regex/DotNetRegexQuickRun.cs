using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Outboard.Regex;

namespace Outboard.Benchmarks.Regex;

/// <summary>
/// The rules of the class beside those of System.Text.RegularExpressions, which knows one pattern at a time: <c>quick-dotnet-regex RULES CORPUS
/// [LIMIT] [CUT] [SECONDS]</c>. A rule is one pass over the payloads, widened to text beforehand; the best time of each rule counts. Rules that either
/// side refuses are left out of both and counted.
/// </summary>
internal static class DotNetRegexQuickRun
{
    private static readonly (string Name, RegexOptions Options)[] s_engines =
    [
        ("compiled", RegexOptions.Compiled),
        ("non-backtracking", RegexOptions.NonBacktracking),
    ];

    public static void Run(string[] args)
    {
        int limit = RegexQuickRun.Number(args, 2, 200);
        int cut = RegexQuickRun.Number(args, 3, 0);
        int seconds = RegexQuickRun.Number(args, 4, 3);
        RegexRule[] rules = [.. RegexRuleFile.Read(args[0]).Take(limit == 0 ? int.MaxValue : limit)];
        List<byte[]> payloads = RegexCorpus.Read(args[1], cut);
        string[] texts = [.. payloads.Select(Encoding.Latin1.GetString)];
        long bytes = payloads.Sum(static payload => (long)payload.Length);
        RegexRule[] taken = [.. RegexQuickRun.Accepted(rules).Where(static rule => s_engines.All(engine => TryCreate(rule, engine.Options) is not null))];
        using (var bench = new RegexBench(taken, payloads, 512, RegexConfigurationFlags.None))
        {
            (double best, long matches) = RegexQuickRun.Time(bench, seconds);
            Report("regex_simd", best, matches);
        }

        foreach ((string name, RegexOptions options) in s_engines)
        {
            var compile = Stopwatch.StartNew();
            System.Text.RegularExpressions.Regex[] compiled = [.. taken.Select(rule => TryCreate(rule, options)!)];
            double milliseconds = compile.Elapsed.TotalMilliseconds;
            (double best, long matches) = Time(compiled, texts, seconds);
            Report($"dotnet-{name}", best, matches, milliseconds);
        }

        void Report(string engine, double best, long matches, double? compileMilliseconds = null) => Console.WriteLine(JsonSerializer.Serialize(new
        {
            @case = $"{Path.GetFileNameWithoutExtension(args[0])}/rules{taken.Length}/payload{(cut == 0 ? "natural" : cut.ToString(CultureInfo.InvariantCulture))}",
            device = engine,
            metric = "throughput",
            value = Math.Round(bytes * 8 / best / 1e9, 4),
            unit = "Gbit/s",
            matches,
            refused = rules.Length - taken.Length,
            compile_ms = compileMilliseconds,
        }));
    }

    private static (double Seconds, long Matches) Time(System.Text.RegularExpressions.Regex[] rules, string[] texts, int seconds)
    {
        var best = new long[rules.Length];
        Array.Fill(best, long.MaxValue);
        long matches = 0;
        var watch = Stopwatch.StartNew();
        for (int round = 0; round < 3 || watch.Elapsed.TotalSeconds < seconds; round++)
        {
            matches = 0;
            for (int r = 0; r < rules.Length; r++)
            {
                long start = Stopwatch.GetTimestamp();
                foreach (string text in texts)
                {
                    matches += rules[r].Count(text);
                }

                best[r] = Math.Min(best[r], Stopwatch.GetTimestamp() - start);
            }
        }

        return (best.Sum() / (double)Stopwatch.Frequency, matches);
    }

    /// <summary>The rule, or null where the engine does not take it.</summary>
    private static System.Text.RegularExpressions.Regex? TryCreate(RegexRule rule, RegexOptions options)
    {
        options |= RegexOptions.CultureInvariant
            | (rule.Flags.HasFlag(RegexRuleFlags.Caseless) ? RegexOptions.IgnoreCase : 0)
            | (rule.Flags.HasFlag(RegexRuleFlags.DotAll) ? RegexOptions.Singleline : 0)
            | (rule.Flags.HasFlag(RegexRuleFlags.MultiLine) ? RegexOptions.Multiline : 0)
            | (rule.Flags.HasFlag(RegexRuleFlags.Extended) ? RegexOptions.IgnorePatternWhitespace : 0);
        try
        {
            return new System.Text.RegularExpressions.Regex(Encoding.Latin1.GetString(rule.Pattern.Span), options);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
