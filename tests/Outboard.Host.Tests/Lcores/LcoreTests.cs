namespace Outboard.Host.Tests;

public sealed class LcoreTests
{
    [Fact]
    public void WorkerRunsPinnedUnderItsName()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "threads are bound to CPUs on Linux only");
        int cpu = LcoreList.Available[^1];
        using var lcores = new LcoreGroup(LcoreList.Parse($"{cpu}"));
        string? name = null;
        string allowed = string.Empty;

        lcores[0].Launch(self =>
        {
            name = Thread.CurrentThread.Name;
            Assert.True(self.IsPinned);
            allowed = File.ReadAllLines("/proc/thread-self/status").Single(line => line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal));
        });
        lcores.Join();

        Assert.Equal($"lcore-{cpu}", name);
        Assert.Equal($"{cpu}", allowed.Split(':')[1].Trim());
    }

    [Fact]
    public void StopFlagEndsAPollLoop()
    {
        using var lcores = new LcoreGroup(LcoreList.Available);
        int polls = 0;
        for (int i = 0; i < lcores.Count; i++)
        {
            lcores[i].Launch(self =>
            {
                while (!self.IsStopRequested)
                {
                    Interlocked.Increment(ref polls);
                    Thread.Yield();
                }
            });
        }

        SpinWait.SpinUntil(() => Volatile.Read(ref polls) > 100, TimeSpan.FromSeconds(10));
        lcores.RequestStop();
        lcores.Join();

        Assert.True(polls > 0);
        Assert.False(lcores[0].IsRunning);
    }

    [Fact]
    public void JoinThrowsWhatTheWorkerThrewAndTheLcoreCanBeUsedAgain()
    {
        using var lcores = new LcoreGroup(LcoreList.Parse($"{LcoreList.Available[0]}"));
        lcores[0].Launch(_ => throw new IOException("from the worker"));

        Assert.Equal("from the worker", Assert.Throws<IOException>(lcores.Join).Message);

        bool ran = false;
        lcores[0].Launch(_ => ran = true);
        lcores.Join();
        Assert.True(ran);
    }

    [Fact]
    public void SecondWorkerIsRefusedUntilTheFirstIsJoined()
    {
        using var lcores = new LcoreGroup(LcoreList.Parse($"{LcoreList.Available[0]}"));
        lcores[0].Launch(_ => { });

        Assert.Throws<InvalidOperationException>(() => lcores[0].Launch(_ => { }));
    }
}
