using System.CommandLine;
using Outboard.Captures;
using Outboard.Cli.Inspect;
using Outboard.Mbufs;
using Outboard.Regex;

namespace Outboard.Cli.Bench;

/// <summary><c>outboard bench regex</c>: a rule set over the packets of a capture, or over a file cut into payloads.</summary>
internal sealed class RegexBench() : BenchVerb("regex", "A rule set over the packets of a capture, or over a file cut into payloads.")
{
    private readonly Option<string> _device = new("--device")
    {
        Description = "The device, without a number.",
        DefaultValueFactory = _ => "regex_simd",
        HelpName = "DEVICE",
    };

    private readonly Option<string?> _rules = new("--rules") { Description = "A rule file; the sample rules otherwise.", HelpName = "FILE" };

    private readonly Option<string> _corpus = new("--corpus")
    {
        Description = "A capture, or any file.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string> _sizes = new("--sizes")
    {
        Description = "Payload sizes that a file that is no capture is cut into, 1 to 16384.",
        DefaultValueFactory = _ => "1024",
        HelpName = "LIST",
    };

    private readonly Option<int> _burst = new("--burst")
    {
        Description = "Ops a burst, 1 to 512.",
        DefaultValueFactory = _ => 32,
        HelpName = "N",
    };

    private readonly Option<bool> _widths = new("--widths") { Description = "Every SIMD width, side by side." };

    protected override void AddOptions(Command command)
    {
        command.Add(_device);
        command.Add(_rules);
        command.Add(_corpus);
        command.Add(_sizes);
        command.Add(_burst);
        command.Add(_widths);
    }

    protected override IReadOnlyList<BenchCase> CreateCases(ParseResult parsed, BenchScope scope)
    {
        IReadOnlyList<RegexRule> rules = RuleFile.Read(parsed.GetValue(_rules) ?? DefaultData.Rules).Rules;
        string corpus = parsed.GetRequiredValue(_corpus);
        int burst = BenchLists.Parse("--burst", $"{parsed.GetValue(_burst)}", 1, 512)[0];
        var cases = new List<BenchCase>();
        int number = 0;
        int[] sizes = BenchLists.Parse("--sizes", parsed.GetRequiredValue(_sizes), 1, 16384);
        foreach (int width in BenchLists.Widths(parsed.GetValue(_widths), scope.Context.Simd))
        {
            RegexDevice device = scope.Hold(
                scope.Host.OpenRegex(DeviceNames.Numbered(parsed.GetRequiredValue(_device), number++, width)));
            device.Configure(new RegexConfiguration { MatchesMax = 64 });
            device.AddRules(rules);
            device.CompileAndActivate();
            device.Start();
            foreach ((string name, List<byte[]> payloads) in Corpus(corpus, sizes))
            {
                cases.Add(Create(scope, device, $"{rules.Count} rules/{name}", payloads, burst, width));
            }
        }

        return cases;
    }

    private static BenchCase Create(
        BenchScope scope, RegexDevice device, string name, List<byte[]> payloads, int burst, int width)
    {
        MbufPool mbufs = scope.Hold(new MbufPool(new MbufPoolOptions
        {
            Name = name,
            Count = payloads.Count,
            DataRoomSize = payloads.Max(payload => payload.Length) + MbufPoolOptions.DefaultHeadroom,
        }));
        RegexOpPool pool = scope.Hold(new RegexOpPool(new RegexOpPoolOptions { Name = name, Count = payloads.Count, MatchesMax = 64 }));
        var ops = new RegexOp[payloads.Count];
        for (int i = 0; i < ops.Length; i++)
        {
            if (!pool.TryAlloc(out ops[i]) || !mbufs.TryAlloc(out Mbuf mbuf) || !mbuf.TryAppend(payloads[i].Length, out Span<byte> room))
            {
                throw new WorkException("the benchmark's pools are too small.");
            }

            payloads[i].CopyTo(room);
            ops[i].Mbuf = mbuf;
        }

        var back = new RegexOp[burst];
        int next = 0;
        return new BenchCase(name, device.Name, width, "op", payloads.Average(payload => payload.Length), _ =>
        {
            // One pass over the whole corpus, so that a sample never sees easy payloads only.
            next = 0;
            int done = 0;
            while (done < ops.Length)
            {
                int count = Math.Min(burst, ops.Length - next);
                next += device.EnqueueBurst(0, ops.AsSpan(next, count));
                done += device.DequeueBurst(0, back);
            }

            return done;
        });
    }

    private static IEnumerable<(string Name, List<byte[]> Payloads)> Corpus(string path, int[] sizes)
    {
        string shown = Path.GetFileName(path);
        List<byte[]>? packets = TryReadCapture(path);
        if (packets is not null)
        {
            yield return (shown, packets);
            yield break;
        }

        byte[] bytes = File.ReadAllBytes(path);
        foreach (int size in sizes)
        {
            List<byte[]> cut = [.. bytes.Chunk(size).Take(100_000)];
            yield return cut.Count != 0 ? ($"{shown}/{size}", cut) : throw new UserException($"{path} is empty.");
        }
    }

    /// <summary>The packets of a capture, or null when the file is none.</summary>
    private static List<byte[]>? TryReadCapture(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserException($"--corpus {path}: there is no such file.");
        }

        var packets = new List<byte[]>();
        try
        {
            using CaptureReader reader = CaptureReader.Open(path);
            while (packets.Count < 20_000 && reader.TryRead(out CaptureRecord record))
            {
                packets.Add(record.Data.ToArray());
            }
        }
        catch (CaptureFormatException) when (packets.Count == 0)
        {
            return null;
        }

        return packets.Count != 0 ? packets : throw new UserException($"{path} holds no packets.");
    }
}
