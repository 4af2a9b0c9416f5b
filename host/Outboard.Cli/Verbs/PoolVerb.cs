using System.CommandLine;
using System.Globalization;
using Outboard.Cli.Output;
using Outboard.Memory;
using Spectre.Console;

namespace Outboard.Cli.Verbs;

/// <summary><c>outboard pool</c>: how a pool lays out its objects, and which sets of the caches they start in.</summary>
internal sealed class PoolVerb() : Verb("pool", "Layout, stride, backing memory and histogram of cache sets of a pool.")
{
    private const int CountMax = 1 << 22;
    private const int SizeMax = 1 << 20;
    private const int BarMax = 40;
    private const int BarCount = 16;

    private readonly Option<int> _count = new("--count")
    {
        Description = $"Objects, 1 to {CountMax}.",
        DefaultValueFactory = _ => 8191,
        HelpName = "N",
    };

    private readonly Option<int> _size = new("--size")
    {
        Description = $"Bytes of an object, 1 to {SizeMax}. Default: an mbuf with 2 KiB of data and its headroom.",
        DefaultValueFactory = _ => 2304,
        HelpName = "BYTES",
    };

    private readonly Option<int> _cache = new("--cache")
    {
        Description = $"Objects that a thread may keep, 0 to {MempoolOptions.CacheSizeMax}.",
        DefaultValueFactory = _ => 256,
        HelpName = "N",
    };

    private readonly Option<string> _layout = new("--layout")
    {
        Description = "How objects are placed: spread, packed, page, or all.",
        DefaultValueFactory = _ => "all",
        HelpName = "HOW",
    };

    protected override void AddTo(Command command)
    {
        command.Add(_count);
        command.Add(_size);
        command.Add(_cache);
        command.Add(_layout);
    }

    protected override int Run(ParseResult parsed, VerbContext context)
    {
        int count = Require(parsed.GetValue(_count), 1, CountMax, "--count");
        int size = Require(parsed.GetValue(_size), 1, SizeMax, "--size");
        int cache = Require(parsed.GetValue(_cache), 0, MempoolOptions.CacheSizeMax, "--cache");
        Table table = Tables.Create(
            "layout", ">size", ">stride", ">lines", "backing", ">MiB", "cache", ">sets", ">used", ">fullest", ">fullest/mean", ">resident");
        var geometry = CacheGeometry.Read();
        foreach (MempoolLayout layout in ParseLayouts(parsed.GetRequiredValue(_layout)))
        {
            using var pool = new Mempool(new MempoolOptions
            {
                Name = "pool",
                ObjectCount = count,
                ObjectSize = size,
                CacheSize = Math.Min(cache, count),
                Layout = layout,
            });
            foreach (CacheLevel level in (ReadOnlySpan<CacheLevel>)[geometry.L1Data, geometry.L2])
            {
                Write(context, table, pool, SetHistogram.Of(pool, level));
            }
        }

        if (!context.IsJson)
        {
            context.Console.Write(table);
            context.Console.WriteLine(
                "fullest: objects that start in the fullest set; resident: objects whose first lines fit the cache together");
        }

        return CliProgram.Success;
    }

    private static void Write(VerbContext context, Table table, Mempool pool, SetHistogram histogram)
    {
        string layout = pool.Layout.ToString().ToLowerInvariant();
        long bytes = (long)pool.Memory.ByteCount;
        if (context.IsJson)
        {
            context.Json.Write(json =>
            {
                json.WriteString("layout", layout);
                json.WriteNumber("count", pool.ObjectCount);
                json.WriteNumber("size", pool.ObjectSize);
                json.WriteNumber("stride", pool.Stride);
                json.WriteNumber("cacheSize", pool.CacheSize);
                json.WriteString("backing", pool.Backing.ToString());
                json.WriteNumber("bytes", bytes);
                json.WriteNumber("cacheLevel", histogram.Cache.Level);
                json.WriteNumber("sets", histogram.Cache.SetCount);
                json.WriteNumber("ways", histogram.Cache.WayCount);
                json.WriteNumber("setsUsed", histogram.SetsUsed);
                json.WriteNumber("fullest", histogram.Max);
                json.WriteNumber("mean", Math.Round(histogram.Mean, 3));
                json.WriteNumber("resident", histogram.ResidentCount);
                json.WriteStartArray("histogram");
                foreach (int bar in Fold(histogram.Counts))
                {
                    json.WriteNumberValue(bar);
                }

                json.WriteEndArray();
            });
            return;
        }

        table.Add(
            layout,
            Text(pool.ObjectSize),
            Text(pool.Stride),
            Text(pool.Stride / ObjectStride.LineSize),
            pool.Backing.ToString(),
            (bytes / 1048576.0).ToString("F1", CultureInfo.InvariantCulture),
            $"L{histogram.Cache.Level} {Bars(Fold(histogram.Counts))}",
            Text(histogram.Cache.SetCount),
            Text(histogram.SetsUsed),
            Text(histogram.Max),
            histogram.MaxToMean.ToString("F2", CultureInfo.InvariantCulture),
            Text(histogram.ResidentCount));
    }

    // The sets in order, folded into a few bars, each the sum of its neighbours.
    private static int[] Fold(ReadOnlySpan<int> counts)
    {
        int bars = Math.Min(BarCount, counts.Length);
        int[] folded = new int[bars];
        for (int i = 0; i < counts.Length; i++)
        {
            folded[(int)((long)i * bars / counts.Length)] += counts[i];
        }

        return folded;
    }

    private static string Bars(int[] folded)
    {
        const string Marks = " .:-=+*#%@";
        int most = Math.Max(1, folded.Max());
        return string.Create(Math.Min(folded.Length, BarMax), folded, (text, bars) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = Marks[bars[i] == 0 ? 0 : 1 + (bars[i] * (Marks.Length - 2) / most)];
            }
        });
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Require(int value, int minimum, int maximum, string option) => value >= minimum && value <= maximum
        ? value
        : throw new UserException($"{option} {value} is not {minimum} to {maximum}");

    private static MempoolLayout[] ParseLayouts(string text) => text switch
    {
        "all" => [MempoolLayout.Spread, MempoolLayout.Packed, MempoolLayout.Page],
        "spread" => [MempoolLayout.Spread],
        "packed" => [MempoolLayout.Packed],
        "page" => [MempoolLayout.Page],
        _ => throw new UserException($"--layout {text} is not known; spread, packed, page and all are"),
    };
}
