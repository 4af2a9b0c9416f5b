using Outboard.Captures;
using Outboard.Cli.Inspect;
using Outboard.Host;
using Outboard.Testing;

namespace Outboard.Cli.Tests.Inspect;

public sealed class InspectSessionTests : TemporaryFolder
{
    private const int WarmBursts = 60;
    private const int WarmRunMax = 20;

    private static readonly TimeSpan s_warmPause = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData("Tls13")]
    [InlineData("Pdcp")]
    [InlineData("None")]
    public void ABurstAllocatesNothing(string protection)
    {
        using var host = new OutboardHost(new OutboardHostOptions { LoadOnDemand = true });
        ProtectionKind kind = Enum.Parse<ProtectionKind>(protection);
        InspectOptions options = Options(CliRun.Campus, kind) with { Output = InFolder("out.pcap"), Burst = 32 };

        // Code that is not optimised yet boxes the flags that it tests; optimising happens beside the run, when it happens.
        long allocated = MeasureAllocation(host, options);
        for (int i = 0; i < WarmRunMax && allocated != 0; i++)
        {
            Thread.Sleep(s_warmPause);
            allocated = MeasureAllocation(host, options);
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void EveryPublishedCaptureComesThroughAndBack()
    {
        Assert.SkipUnless(SharedVectors.TryFind("ethdev/pcap", out string folder), SharedVectors.Reason("ethdev/pcap"));
        using var host = new OutboardHost(new OutboardHostOptions { LoadOnDemand = true });
        string rules = Write("few.rules", "1:/GET \\/[^ ]*/\n2:/\\x16\\x03[\\x00-\\x03]/s\n");
        int done = 0;
        foreach (string path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            string output = InFolder("out.pcapng");
            string back = InFolder("back.pcapng");
            InspectOptions options = Options(path, done % 2 == 0 ? ProtectionKind.Tls13 : ProtectionKind.Pdcp) with { Output = output, Rules = [rules] };
            List<string>? expected = TryReadAll(path);
            if (expected is null)
            {
                Assert.ThrowsAny<FormatException>(() => Run(host, options));
                continue;
            }

            InspectCounters counters = Run(host, options);
            Assert.Equal(expected.Count, counters.Frames);
            if (expected.Count != 0)
            {
                using (var unprotector = new Unprotector(host, "crypto_simd0", output, options.Key!, back))
                {
                    while (unprotector.RunBurst())
                    {
                    }

                    unprotector.Commit();
                    Assert.Equal(0, unprotector.Leaked);
                }

                Assert.Equal(expected, TryReadAll(back));
            }

            done++;
        }

        Assert.True(done > 50);
    }

    [Fact]
    public void AnAbandonedSessionLeaksNothing()
    {
        using var host = new OutboardHost(new OutboardHostOptions { LoadOnDemand = true });
        var session = new InspectSession(host, Options(CliRun.Campus, ProtectionKind.Tls13) with { Output = InFolder("out.pcap") });
        Assert.True(session.Pipeline.RunBurst());
        session.Close();

        Assert.Equal(0, session.Leaked);
        session.Dispose();
        Assert.Empty(Files);
    }

    private static long MeasureAllocation(OutboardHost host, InspectOptions options)
    {
        using var session = new InspectSession(host, options);
        for (int i = 0; i < WarmBursts; i++)
        {
            Assert.True(session.Pipeline.RunBurst());
        }

        // At the end of the capture the wire closes its file and the port raises an event; that is no burst's doing.
        long last = session.Capture.Length * 9 / 10;
        long frames = session.Counters.Frames;
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (session.Capture.Position < last && session.Pipeline.RunBurst())
        {
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(session.Counters.Frames > 2 * frames);
        session.Close();
        Assert.Equal(0, session.Leaked);
        return allocated;
    }

    private static InspectOptions Options(string capture, ProtectionKind kind) => new()
    {
        Capture = capture,
        Rules = [DefaultData.Rules],
        Model = DefaultData.Model,
        Protection = kind,
        Key = kind == ProtectionKind.None ? null : ProtectionKey.Create(kind),
    };

    private static InspectCounters Run(OutboardHost host, InspectOptions options)
    {
        using var session = new InspectSession(host, options);
        while (session.Pipeline.RunBurst())
        {
        }

        session.Close();
        Assert.Equal(0, session.Leaked);
        session.Commit();
        return session.Counters;
    }

    private static List<string>? TryReadAll(string path)
    {
        try
        {
            using var reader = CaptureReader.Open(path);
            var all = new List<string>();
            while (reader.TryRead(out CaptureRecord record))
            {
                all.Add($"{record.Timestamp} {record.OriginalLength} {record.LinkType} {Convert.ToHexString(record.Data)}");
            }

            return all;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
