using System.CommandLine;
using Outboard.Memory;

namespace Outboard.Cli.Bench;

/// <summary><c>outboard bench mempool</c>: getting and putting objects, by bulk size, with each kind of cache and none.</summary>
internal sealed class MempoolBench() : BenchVerb("mempool", "Getting and putting pool objects: bulk sizes, with an explicit cache, the thread's own, and none.")
{
    private readonly Option<string> _bulk = new("--bulk")
    {
        Description = "Bulk sizes, 1 to 512.",
        DefaultValueFactory = _ => "1,8,32,256",
        HelpName = "LIST",
    };

    private readonly Option<int> _keep = new("--keep")
    {
        Description = "Objects got before any is put back, 512 to 32768.",
        DefaultValueFactory = _ => 512,
        HelpName = "N",
    };

    protected override void AddOptions(Command command)
    {
        command.Add(_bulk);
        command.Add(_keep);
    }

    protected override IReadOnlyList<BenchCase> CreateCases(ParseResult parsed, BenchScope scope)
    {
        int[] bulks = BenchLists.Parse("--bulk", parsed.GetRequiredValue(_bulk), 1, 512);
        int keep = BenchLists.Parse("--keep", $"{parsed.GetValue(_keep)}", 512, 32768)[0];
        int simd = (int)scope.Context.Simd.Maximum;
        var cases = new List<BenchCase>();
        Mempool cached = scope.Hold(new Mempool(new MempoolOptions { Name = "bench", ObjectCount = 65535, ObjectSize = 2048, CacheSize = 512 }));
        Mempool bare = scope.Hold(new Mempool(new MempoolOptions { Name = "bare", ObjectCount = 65535, ObjectSize = 2048, CacheSize = 0 }));
        MempoolCache cache = scope.Hold(cached.CreateCache("bench"));
        nint[] objects = new nint[keep];
        foreach (int bulk in bulks)
        {
            cases.Add(new BenchCase($"explicit cache, bulk {bulk}", "sdk", simd, "object", 0, items =>
            {
                int turns = Math.Max(1, items / keep);
                for (int turn = 0; turn < turns; turn++)
                {
                    for (int i = 0; i + bulk <= keep; i += bulk)
                    {
                        cache.TryGetBulk(objects.AsSpan(i, bulk));
                    }

                    for (int i = 0; i + bulk <= keep; i += bulk)
                    {
                        cache.PutBulk(objects.AsSpan(i, bulk));
                    }
                }

                return turns * (keep / bulk * bulk);
            }));
            cases.Add(PoolCase("thread's cache", cached, bulk, keep, simd));
            cases.Add(PoolCase("no cache", bare, bulk, keep, simd));
        }

        return cases;
    }

    private static BenchCase PoolCase(string name, Mempool pool, int bulk, int keep, int simd)
    {
        nint[] objects = new nint[keep];
        return new BenchCase($"{name}, bulk {bulk}", "sdk", simd, "object", 0, items =>
        {
            int turns = Math.Max(1, items / keep);
            for (int turn = 0; turn < turns; turn++)
            {
                for (int i = 0; i + bulk <= keep; i += bulk)
                {
                    pool.TryGetBulk(objects.AsSpan(i, bulk));
                }

                for (int i = 0; i + bulk <= keep; i += bulk)
                {
                    pool.PutBulk(objects.AsSpan(i, bulk));
                }
            }

            return turns * (keep / bulk * bulk);
        });
    }
}
