using Outboard.Captures;
using Outboard.Devices;
using Outboard.Host;
using Outboard.Mbufs;
using Outboard.Regex;

// Searches every frame of a capture for the rules of a file and counts the matches.
// dotnet run -c Release --project samples/01-match-a-burst -- samples/data/campus.pcap samples/data/rules.txt
if (args.Length != 2)
{
    Console.Error.WriteLine("usage: match-a-burst CAPTURE RULES");
    return 2;
}

const int BurstSize = 32;
using OutboardHost host = new();
MbufPool mbufs = host.Own(new MbufPool(new MbufPoolOptions { Name = "frames", Count = 1023 }));
RegexOpPool ops = host.Own(new RegexOpPool(new RegexOpPoolOptions { Name = "searches", Count = 1023, MatchesMax = 64 }));

// Control path: open, configure, set up the queue pair, compile the rules, start.
RegexDevice regex = host.OpenRegex("regex_simd0");
regex.Configure(new RegexConfiguration { QueuePairCount = 1, MatchesMax = 64 });
regex.ConfigureQueuePair(0, new QueuePairOptions<RegexOp> { DescriptorCount = 256 });
regex.AddRules(RegexRuleFile.Read(args[1]));
regex.CompileAndActivate();
regex.Start();

// Data path: bursts. Nothing below is allocated on the managed heap but the dictionary's own entries.
Dictionary<int, int> matchesOfRule = [];
RegexOp[] burst = new RegexOp[BurstSize];
RegexOp[] finished = new RegexOp[BurstSize];
long frames = 0, matches = 0;
using CaptureReader reader = CaptureReader.Open(args[0]);
for (int filled = BurstSize; filled == BurstSize;)
{
    for (filled = 0; filled < BurstSize && reader.TryRead(out CaptureRecord record); filled++)
    {
        if (!mbufs.TryAlloc(out Mbuf frame) || !ops.TryAlloc(out burst[filled]))
        {
            throw new InvalidOperationException("The pools hold more than one burst, so this cannot be.");
        }
        if (!frame.TryAppend(record.CapturedLength, out Span<byte> room))
        {
            Console.Error.WriteLine($"a frame of {record.CapturedLength} bytes; one mbuf of this pool holds {frame.Tailroom}");
            return 1;
        }
        record.Data.CopyTo(room);
        burst[filled].Mbuf = frame;
    }

    // Both directions in one loop: a full queue drains only if somebody dequeues.
    int sent = 0, done = 0;
    while (done < filled)
    {
        sent += regex.EnqueueBurst(0, burst.AsSpan(sent..filled));
        int count = regex.DequeueBurst(0, finished);
        for (int i = 0; i < count; i++)
        {
            foreach (RegexMatch match in finished[i].Matches)
            {
                matches++;
                matchesOfRule[match.RuleId] = matchesOfRule.GetValueOrDefault(match.RuleId) + 1;
            }
            finished[i].FreeWithBuffers();
        }
        done += count;
    }
    frames += filled;
}

regex.Stop();
Console.WriteLine($"{frames} frames, {matches} matches, {matchesOfRule.Count} rules matched; mbufs in use: {mbufs.InUseCount}");
foreach ((int rule, int count) in matchesOfRule.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(15))
{
    Console.WriteLine($"rule {rule}: {count}");
}
return 0;
