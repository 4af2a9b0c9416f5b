using System.Diagnostics;

namespace Outboard.Host.Tests;

public sealed class CycleClockTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ClockGoesForwardAndAgreesWithStopwatch(bool useCounter)
    {
        using var clock = new CycleClock(useCounter);
        long start = Stopwatch.GetTimestamp();
        ulong first = clock.Now;
        Thread.Sleep(50);
        ulong second = clock.Now;
        double expected = Stopwatch.GetElapsedTime(start).TotalSeconds;

        Assert.True(second > first);

        // Another process may take the CPU between two readings: the bounds only tell a wrong unit from a right one.
        Assert.InRange(clock.ToSeconds(second - first), 0.045, expected * 1.2);
    }

    [Fact]
    public void CounterIsUsedOnThisPlatform()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
                == System.Runtime.InteropServices.Architecture.X64,
            "the time stamp counter is read on x64 Linux only");
        using var clock = new CycleClock();

        Assert.True(clock.IsCounter);
        Assert.InRange(clock.Frequency, 5e8, 1e10);
    }

    [Fact]
    public void ReadingAllocatesNothing()
    {
        using var clock = new CycleClock();
        ulong sum = clock.Now;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            sum += clock.Now;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0ul, sum);
    }
}
