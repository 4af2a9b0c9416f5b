using System.Runtime.InteropServices;
using Outboard.Devices;
using Outboard.Regex;

namespace Outboard.Conformance;

/// <summary>The checks of devices under load and under change, and of sizes.</summary>
public sealed partial class RegexConformance
{
    private IReadOnlyList<ConformanceCheck> ChangeChecks =>
    [
        new("out-of-order", "An out-of-order queue pair gives every op back once.", CheckOutOfOrder),
        new("rule-change-under-load", "While rules change, every op is matched against the old ones or the new, never a mixture.", CheckRuleChange),
        new("removal-under-load", "A device disposed while it is polled gives every op and mbuf back.", CheckRemovalUnderLoad),
        new("training", "What a device learns changes no result.", CheckTraining),
        new("large-offsets", "Matches beyond 64 KiB have their offsets.", CheckLargeOffsets),
        new("truncated-import", "A database cut anywhere is refused, and the rules in force stay.", CheckTruncatedImport),
        new("extended-statistics", "Extended statistics move with the work.", CheckExtendedStatistics),
        new("explain-rules", "Every rule in force is explained.", CheckExplainRules),
    ];

    private void CheckOutOfOrder()
    {
        using RegexDevice device = Open(Specifier);
        Expect.Offered(device.Info.Capabilities.HasFlag(RegexCapabilities.OutOfOrder), "out-of-order queue pairs");
        Configure(device, 1);
        device.ConfigureQueuePair(0, new QueuePairOptions<RegexOp> { DescriptorCount = SmallQueue, OutOfOrder = true });
        object prepared = Prepare(device);
        device.Start();
        using ConformanceWork<RegexOp> work = CreateWork(device, prepared, OpCount);
        RegexOp[] ops = work.Make(OpCount);
        var back = new RegexOp[OpCount];
        int sent = 0;
        int done = 0;
        var patience = new Patience();
        while (done < OpCount)
        {
            sent += device.EnqueueBurst(0, ops.AsSpan(sent));
            int got = device.DequeueBurst(0, back.AsSpan(done));
            done += got;
            patience.Check(got != 0, $"{done} of {OpCount} ops came back");
        }

        Expect.That(back.ToHashSet().SetEquals(ops), "the ops that came back are not those that were enqueued, each once.");
        foreach (RegexOp op in back)
        {
            Expect.Equal(OpStatus.Success, op.Status, $"status of op {op.UserData}");
            work.Verify(op);
        }

        work.Free(back);
        work.RequireAllBack();
    }

    private void CheckRuleChange()
    {
        using RegexDevice device = Open(Specifier);
        Expect.Offered(device.Info.Capabilities.HasFlag(RegexCapabilities.RuntimeCompilation), "compiling while it runs");
        Configure(device, 1);
        device.AddRules([RegexRule.FromText(1, "old"), RegexRule.FromText(2, "same")]);
        device.CompileAndActivate();
        device.Start();
        Exception? failure = null;
        bool ended = false;
        int before = 0;
        int after = 0;
        var poller = new Thread(() =>
        {
            try
            {
                while (!Volatile.Read(ref ended))
                {
                    string seen = Search(device, "old same new");
                    Expect.That(seen is "1@0+3 2@4+4" or "2@4+4 3@9+3", $"matches while rules change are '{seen}'.");
                    _ = seen[0] == '1' ? before++ : after++;
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        poller.Start();
        for (int i = 0; i < 60; i++)
        {
            bool even = i % 2 == 0;
            Expect.That(device.RemoveRule(even ? 1 : 3), "the rule to be removed was not there.");
            device.AddRules([even ? RegexRule.FromText(3, "new") : RegexRule.FromText(1, "old")]);
            device.CompileAndActivate();
            Thread.Yield();
        }

        Volatile.Write(ref ended, true);
        poller.Join();
        Expect.That(failure is null, $"the polling thread failed: {failure?.Message}");
        Expect.Equal("1@0+3 2@4+4", Search(device, "old same new"), $"matches after {before} searches with the old rules and {after} with the new");
    }

    private void CheckRemovalUnderLoad()
    {
        RegexDevice device = Open(Specifier);
        Configure(device, 1);
        device.ConfigureQueuePair(0, new QueuePairOptions<RegexOp> { DescriptorCount = SmallQueue });
        object prepared = Prepare(device);
        device.Start();
        using ConformanceWork<RegexOp> work = CreateWork(device, prepared, SmallQueue);
        RegexOp[] ops = work.Make(SmallQueue);
        using var polling = new ManualResetEventSlim();
        Exception? failure = null;
        bool ended = false;
        int turns = 0;
        List<RegexOp> owned = [.. ops];
        var poller = new Thread(() =>
        {
            try
            {
                var back = new RegexOp[8];
                while (!Volatile.Read(ref ended))
                {
                    int burst = Math.Min(5, owned.Count);
                    int sent = device.EnqueueBurst(0, owned.GetRange(0, burst).ToArray());
                    owned.RemoveRange(0, sent);
                    int got = device.DequeueBurst(0, back.AsSpan(0, 3));
                    owned.AddRange(back.AsSpan(0, got));
                    if (++turns == 50)
                    {
                        polling.Set();
                    }
                }
            }
            catch (Exception e)
            {
                failure = e;
                polling.Set();
            }
        });
        poller.Start();
        polling.Wait();
        device.Dispose();
        Thread.Sleep(20);
        Volatile.Write(ref ended, true);
        poller.Join();
        Expect.That(failure is null, $"the polling thread failed: {failure?.Message}");
        Expect.That(owned.Distinct().Count() == owned.Count, "an op came back twice.");
        work.Free(CollectionsMarshal.AsSpan(owned));
        work.RequireAllBack();
    }

    private void CheckTraining()
    {
        using RegexDevice device = Open(Specifier);
        if (!device.Info.IsTrainable)
        {
            Configure(device, 1);
            Expect.Throws<NotSupportedException>(() => device.TrainOn("abc"u8), "training of a device that does not learn");
            Expect.Offered(false, "training");
        }

        Configure(device, 1);
        device.AddRules([RegexRule.FromText(1, "needle"), RegexRule.FromText(2, "hay+stack"), RegexRule.FromText(3, "[0-9]{3}x")]);
        byte[][] samples = [[], [.. "needle haystack 123x"u8], new byte[100_000], [.. Enumerable.Range(0, 65536).Select(static i => (byte)(i * 7))]];
        foreach (byte[] sample in samples)
        {
            device.TrainOn(sample);
            device.CompileAndActivate();
            device.Start();
            Expect.Equal(
                "1@1+6 2@8+9 3@18+4 1@22+6", Search(device, ".needle.hayystack.123xneedle"), $"matches after a sample of {sample.Length} bytes");
            device.Stop();
        }
    }

    private void CheckLargeOffsets()
    {
        const int Length = 100_000;
        const int Segment = 2000;
        WithRules([(1, "needle")], device =>
        {
            Expect.Offered(device.Info.PayloadLengthMax >= Length, $"payloads of {Length} bytes");
            Expect.Offered(device.Info.SegmentsMax >= Length / Segment, $"payloads of {Length / Segment} segments");
            var payload = new byte[Length];
            int[] places = [65_530, 65_536, 98_301, Length - 6];
            foreach (int place in places)
            {
                "needle"u8.CopyTo(payload.AsSpan(place));
            }

            int[] cuts = [.. Enumerable.Range(1, (Length / Segment) - 1).Select(static i => i * Segment)];
            Expect.Equal(string.Join(' ', places.Select(static p => $"1@{p}+6")), Search(device, payload, null, cuts), "matches");
        });
    }

    private void CheckTruncatedImport() => WithRules([(1, "needle"), (2, "other")], device =>
    {
        Expect.Offered(device.Info.Capabilities.HasFlag(RegexCapabilities.RuntimeCompilation), "an import while it runs");
        byte[] database = device.ExportRules();
        int step = Math.Max(1, database.Length / 4096);
        for (int length = 0; length < database.Length; length += step)
        {
            Expect.Throws<FormatException>(() => device.ImportRules(database.AsMemory(0, length)), $"a database cut at {length}");
        }

        Expect.Throws<FormatException>(() => device.ImportRules(new byte[database.Length]), "a database of zeros");
        Expect.Equal("1@1+6", Search(device, ".needle"), "matches after the refusals");
    });

    private void CheckExtendedStatistics() => WithRules([(1, "needle")], device =>
    {
        IReadOnlyList<ExtendedStatistic> before = device.GetExtendedStatistics();
        Expect.Offered(before.Count != 0, "extended statistics");
        Search(device, "..needle..needle");
        IReadOnlyList<ExtendedStatistic> after = device.GetExtendedStatistics();
        Expect.That(before.Select(static s => s.Name).SequenceEqual(after.Select(static s => s.Name)), "names of extended statistics changed.");
        Expect.That(
            before.Zip(after).Any(static pair => pair.Second.Value > pair.First.Value), "no extended statistic moved with a payload and its matches.");
        foreach (ExtendedStatistic statistic in after)
        {
            Expect.That(
                statistic.Name.Length != 0 && statistic.Name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'),
                $"the name '{statistic.Name}' is not lower case with underscores.");
        }
    });

    private void CheckExplainRules() => WithRules([(3, "needle"), (1, "other"), (2, "third")], device =>
    {
        IReadOnlyList<RegexRuleReport> reports = device.ExplainRules();
        Expect.Equal("1 2 3", string.Join(' ', reports.Select(static r => r.RuleId).Order()), "rules explained");
        Expect.That(
            reports.All(static r => r.Tier.Length != 0 && r.Automaton.Length != 0 && r.Reason.Length != 0), "a report has an empty member.");
    });
}
