using System.CommandLine;
using System.Globalization;
using Outboard.Cli.Output;
using Outboard.Cli.Verbs;
using Outboard.Host;
using Spectre.Console;

namespace Outboard.Cli.Bench;

/// <summary>One benchmark: its options, its cases, and the table that all benchmarks print.</summary>
internal abstract class BenchVerb(string name, string description) : Verb(name, description)
{
    private readonly Option<double> _seconds = new("--seconds")
    {
        Description = "How long each case is sampled.",
        DefaultValueFactory = _ => 1,
        HelpName = "S",
    };

    private readonly Option<string?> _cpu = new("--cpu")
    {
        Description = "The CPU that the measuring thread is pinned to; the last one otherwise.",
        HelpName = "N",
    };

    protected sealed override void AddTo(Command command)
    {
        AddOptions(command);
        command.Add(_seconds);
        command.Add(_cpu);
    }

    protected sealed override int Run(ParseResult parsed, VerbContext context)
    {
        double seconds = parsed.GetValue(_seconds);
        if (!(seconds is >= 0.01 and <= 3600))
        {
            throw new UserException($"--seconds {seconds} is not 0.01 to 3600.");
        }

        string? cpu = parsed.GetValue(_cpu);
        using var lcores = new LcoreGroup(cpu is null ? LcoreList.Parse($"{LcoreList.Available[^1]}") : LcoreList.Parse(cpu));
        using var scope = new BenchScope(context);
        IReadOnlyList<BenchCase> cases = CreateCases(parsed, scope);
        using var sampler = new BenchSampler(seconds);
        IReadOnlyList<BenchResult> results = [];
        lcores[0].Launch(_ => results = sampler.Run(cases));
        lcores.Join();
        if (context.IsJson)
        {
            foreach (BenchResult result in results)
            {
                WriteJson(context.Json, result);
            }

            foreach (BenchMetric metric in Derive(results))
            {
                WriteJson(context.Json, metric);
            }
        }
        else
        {
            WriteText(context.Console, results);
            WriteFacts(context.Console, results);

            // What belongs to one case is in its row already.
            WriteText(context.Console, [.. Derive(results).Where(metric => !results.Any(result => result.Case.Name == metric.Case))]);
        }

        return CliProgram.Success;
    }

    /// <summary>Adds the benchmark's own options.</summary>
    protected abstract void AddOptions(Command command);

    /// <summary>Sets everything up and says what is timed.</summary>
    protected abstract IReadOnlyList<BenchCase> CreateCases(ParseResult parsed, BenchScope scope);

    /// <summary>Further figures, each a line of its own.</summary>
    protected virtual IEnumerable<BenchMetric> Derive(IReadOnlyList<BenchResult> results) => [];

    private static void WriteJson(JsonLines lines, BenchMetric metric) => lines.Write(json =>
    {
        json.WriteString("case", metric.Case);
        json.WriteString("device", metric.Device);
        json.WriteNumber("simd", metric.Simd);
        json.WriteString("metric", metric.Metric);
        json.WriteNumber("value", Math.Round(metric.Value, 4));
        json.WriteString("unit", metric.Unit);
    });

    private static void WriteText(IAnsiConsole console, IReadOnlyList<BenchMetric> metrics)
    {
        if (metrics.Count == 0)
        {
            return;
        }

        Table table = Tables.Create("case", "device", ">simd", "metric", ">value", "unit");
        foreach (BenchMetric metric in metrics)
        {
            table.Add(
                metric.Case,
                metric.Device,
                $"{metric.Simd}",
                metric.Metric,
                metric.Value.ToString("0.000", CultureInfo.InvariantCulture),
                metric.Unit);
        }

        console.Write(table);
    }

    private static void WriteJson(JsonLines lines, BenchResult result) => lines.Write(json =>
    {
        json.WriteString("case", result.Case.Name);
        json.WriteString("device", result.Case.Device);
        json.WriteNumber("simd", result.Case.Simd);
        json.WriteString("metric", $"time per {result.Case.Unit}");
        json.WriteNumber("value", Math.Round(result.Least, 4));
        json.WriteString("unit", "ns");
        json.WriteNumber("median", Math.Round(result.Median, 4));
        json.WriteNumber("p90", Math.Round(result.P90, 4));
        json.WriteNumber("rate", Math.Round(result.Rate));
        if (result.LeastCycles != 0)
        {
            json.WriteNumber("cycles", Math.Round(result.LeastCycles, 3));
        }

        if (result.Case.BytesPerItem != 0)
        {
            json.WriteNumber("gbps", Math.Round(result.Gbps, 3));
        }

        json.WriteNumber("allocated", result.AllocatedBytes);
        json.WriteNumber("samples", result.SampleCount);
        foreach ((string name, double value) in result.Case.Facts())
        {
            json.WriteNumber(name, Math.Round(value, 4));
        }
    });

    private static void WriteText(IAnsiConsole console, IReadOnlyList<BenchResult> results)
    {
        bool ratios = results.GroupBy(r => r.Case.Name).Any(group => group.Count() > 1);
        bool rates = results.Any(r => r.Case.BytesPerItem != 0);
        var columns = new List<string> { "case", "device", ">simd", ">ns least", ">ns median", ">ns p90", ">cycles", ">M/s" };
        columns.AddRange(rates ? [">Gbit/s"] : []);
        columns.AddRange(ratios ? [">ratio"] : []);
        columns.Add(">alloc B");
        Table table = Tables.Create([.. columns]);
        foreach (IGrouping<string, BenchResult> group in results.GroupBy(result => result.Case.Name))
        {
            double slowest = group.First().Least;
            foreach (BenchResult result in group)
            {
                var cells = new List<string>
                {
                    $"{result.Case.Name} per {result.Case.Unit}",
                    result.Case.Device,
                    $"{result.Case.Simd}",
                    Number(result.Least),
                    Number(result.Median),
                    Number(result.P90),
                    result.LeastCycles == 0 ? "-" : Number(result.LeastCycles),
                    Number(result.Rate / 1e6),
                };
                cells.AddRange(rates ? [result.Case.BytesPerItem == 0 ? "-" : Number(result.Gbps)] : []);
                cells.AddRange(ratios ? [Number(slowest / result.Least)] : []);
                cells.Add($"{result.AllocatedBytes}");
                table.Add([.. cells]);
            }
        }

        console.Write(table);
    }

    private static void WriteFacts(IAnsiConsole console, IReadOnlyList<BenchResult> results)
    {
        IReadOnlyList<(string Name, double Value)> first = results.Count == 0 ? [] : results[0].Case.Facts();
        if (first.Count == 0)
        {
            return;
        }

        Table table = Tables.Create(["case", ">simd", .. first.Select(static fact => $">{fact.Name}")]);
        foreach (BenchResult result in results)
        {
            table.Add([
                result.Case.Name,
                $"{result.Case.Simd}",
                .. result.Case.Facts().Select(static fact => fact.Value.ToString("0.###", CultureInfo.InvariantCulture)),
            ]);
        }

        console.Write(table);
    }

    private static string Number(double value) => value.ToString(
        value switch
        {
            < 10 => "0.00",
            < 1000 => "0.0",
            _ => "0",
        },
        CultureInfo.InvariantCulture);
}
