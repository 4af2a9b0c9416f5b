using BenchmarkDotNet.Attributes;
using Outboard.Plugins.Regex.Kernels.WindowHash;
using Outboard.Plugins.Regex.Kernels.WindowShuffle;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;
using Outboard.Testing;

namespace Outboard.Benchmarks.Regex;

/// <summary>
/// The literal search by itself at each width, over the frames of the sample capture: so many literals, cut at seeded places out of other
/// frames of it with two bytes changed, as rule sets of a few dozen up to all of an intrusion detection system.
/// </summary>
[MemoryDiagnoser]
public class LiteralSearchBenchmarks
{
    private const int Frames = 2048;

    private readonly LiteralHit[] _hits = new LiteralHit[256];
    private List<byte[]> _frames = [];
    private LiteralSearcher? _searcher;

    [Params(64, 128, 256, 512)]
    public int Width { get; set; }

    [Params(8, 200, 1000, 17_000)]
    public int Literals { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        string data = Path.Combine(SharedVectors.RepositoryRoot ?? ".", "samples", "data");
        List<byte[]> all = RegexCorpus.Read(Path.Combine(data, "campus.pcap"));
        _frames = all[..Frames];
        LiteralIndex index = LiteralIndex.Build(Cut(all[Frames..]), PayloadModel.Default);
        _searcher = new LiteralSearcher(
            index,
            WindowShuffleTable.At(Array.FindIndex(WindowShuffleTable.Rows, row => row.Width <= (SimdWidth)Width && row.IsSupported)),
            WindowHashTable.At(Array.FindIndex(WindowHashTable.Rows, row => row.Width <= (SimdWidth)Width && row.IsSupported)));
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public long Search()
    {
        long total = 0;
        foreach (byte[] frame in _frames)
        {
            LiteralCursor cursor = default;
            bool done;
            do
            {
                done = _searcher!.Search(frame, ref cursor, _hits, out int count);
                total += count;
            }
            while (!done);
        }

        return total;
    }

    private List<LiteralSpec> Cut(List<byte[]> frames)
    {
        var random = new Random(1);
        List<LiteralSpec> specs = [];
        while (specs.Count < Literals)
        {
            byte[] frame = frames[random.Next(frames.Count)];
            int length = random.Next(4, 24);
            if (frame.Length < length)
            {
                continue;
            }

            byte[] piece = frame.AsSpan(random.Next(frame.Length - length + 1), length).ToArray();
            piece[random.Next(length)] = (byte)random.Next(256);
            piece[random.Next(length)] = (byte)random.Next(256);
            specs.Add(new LiteralSpec(
                Array.ConvertAll(piece, static value => new MaskedByte(value, MaskedByte.ExactMask)), specs.Count, 0));
        }

        return specs;
    }
}
