using BenchmarkDotNet.Attributes;
using Outboard.Regex;
using Outboard.Testing;

namespace Outboard.Benchmarks.Regex;

/// <summary>The sample rules over the frames of the sample capture, in bursts of 32, at each width; per frame, start and length included.</summary>
[MemoryDiagnoser]
public class RegexSearchBenchmarks : IDisposable
{
    private const int Frames = 4096;

    private RegexBench? _bench;

    [Params(64, 128, 256, 512)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        string data = Path.Combine(SharedVectors.RepositoryRoot ?? ".", "samples", "data");
        List<byte[]> frames = RegexCorpus.Read(Path.Combine(data, "campus.pcap"));
        _bench = new RegexBench(
            RegexRuleFile.Read(Path.Combine(data, "rules.txt")), frames[..Frames], Width, RegexConfigurationFlags.None);
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public long Search() => _bench!.Search(0, Frames);

    [GlobalCleanup]
    public void Dispose() => _bench?.Dispose();
}
