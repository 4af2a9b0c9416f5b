using System.CommandLine;
using Outboard.Memory;

namespace Outboard.Cli.Bench;

/// <summary><c>outboard bench ring</c>: enqueue and dequeue of 8-byte elements on one core, by burst and by kind of ring.</summary>
internal sealed class RingBench() : BenchVerb("ring", "Enqueue and dequeue on one core: SP/SC, MP/MC and the preemption-safe kinds, by burst.")
{
    private readonly Option<string> _burst = new("--burst")
    {
        Description = "Burst sizes, 1 to 1024.",
        DefaultValueFactory = _ => "1,8,32,256",
        HelpName = "LIST",
    };

    protected override void AddOptions(Command command) => command.Add(_burst);

    protected override IReadOnlyList<BenchCase> CreateCases(ParseResult parsed, BenchScope scope)
    {
        var cases = new List<BenchCase>();
        foreach (int burst in BenchLists.Parse("--burst", parsed.GetRequiredValue(_burst), 1, 1024))
        {
            foreach (RingSync sync in Enum.GetValues<RingSync>())
            {
                Ring<long> ring = scope.Hold(new Ring<long>(new RingOptions { Name = "bench", Size = 4096, Producer = sync, Consumer = sync }));
                long[] elements = new long[burst];
                cases.Add(new BenchCase($"{sync}, burst {burst}", "sdk", (int)scope.Context.Simd.Maximum, "element", 0, items =>
                {
                    int turns = Math.Max(1, items / burst);
                    for (int turn = 0; turn < turns; turn++)
                    {
                        ring.EnqueueBurst(elements);
                        ring.DequeueBurst(elements);
                    }

                    return turns * burst;
                }));
            }
        }

        return cases;
    }
}
