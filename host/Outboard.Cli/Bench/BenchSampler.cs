using System.Diagnostics;
using Outboard.Host;

namespace Outboard.Cli.Bench;

/// <summary>Times cases by turns, so that what disturbs the machine disturbs all of them alike.</summary>
internal sealed class BenchSampler : IDisposable
{
    /// <summary>How long one sample lasts: short enough to fall between two interruptions, long enough for the clock.</summary>
    private const double SampleSeconds = 0.0005;

    private readonly CycleClock _clock = new();
    private readonly double _secondsPerCase;

    public BenchSampler(double secondsPerCase) => _secondsPerCase = secondsPerCase;

    /// <summary>Runs all cases.</summary>
    public IReadOnlyList<BenchResult> Run(IReadOnlyList<BenchCase> cases)
    {
        Series[] all = [.. cases.Select(c => new Series(c))];
        foreach (Series series in all)
        {
            WarmUp(series);
        }

        // Rounds, forwards and backwards by turns; a round gives each case a twentieth of its time.
        const int Rounds = 20;
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < all.Length; i++)
            {
                Sample(all[round % 2 == 0 ? i : all.Length - 1 - i], _secondsPerCase / Rounds);
            }
        }

        return [.. all.Select(series => series.ToResult(_clock.IsCounter))];
    }

    public void Dispose() => _clock.Dispose();

    /// <summary>Runs a case until its code is compiled for good, and finds how many items a sample takes; a run too short to measure anything has less.</summary>
    private void WarmUp(Series series)
    {
        int items = 256;
        long end = Stopwatch.GetTimestamp() + (long)(Math.Min(0.25, 10 * _secondsPerCase) * Stopwatch.Frequency);
        do
        {
            for (int i = 0; i < 40; i++)
            {
                long start = Stopwatch.GetTimestamp();
                int done = series.Case.Run(items);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                items = (int)Math.Clamp(done * SampleSeconds / Math.Max(seconds, 1e-9), 1, 1 << 22);
            }

            Thread.Sleep(20);
        }
        while (Stopwatch.GetTimestamp() < end);

        series.Items = items;
    }

    private void Sample(Series series, double seconds)
    {
        long end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        do
        {
            BenchPause? pause = series.Case.Pause;
            pause?.Reset();
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            ulong cycles = _clock.Now;
            int done = series.Case.Run(series.Items);
            cycles = _clock.Now - cycles;
            long elapsed = Stopwatch.GetTimestamp() - start;
            double counted = 1 - ((double)(pause?.Ticks ?? 0) / elapsed);
            double nanoseconds = elapsed * (1e9 / Stopwatch.Frequency) * counted;
            series.Add(nanoseconds / done, cycles * counted / done, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }
        while (Stopwatch.GetTimestamp() < end);
    }

    private sealed class Series(BenchCase benchCase)
    {
        private readonly List<double> _nanoseconds = [];
        private double _cycles = double.MaxValue;
        private long _allocated = long.MaxValue;

        public BenchCase Case => benchCase;

        public int Items { get; set; } = 1;

        public void Add(double nanoseconds, double cycles, long allocated)
        {
            _nanoseconds.Add(nanoseconds);
            _cycles = Math.Min(_cycles, cycles);
            _allocated = Math.Min(_allocated, allocated);
        }

        public BenchResult ToResult(bool hasCounter)
        {
            _nanoseconds.Sort();
            int count = _nanoseconds.Count;
            return new BenchResult(
                benchCase, _nanoseconds[0], _nanoseconds[count / 2], _nanoseconds[count * 9 / 10], hasCounter ? _cycles : 0, count, _allocated);
        }
    }
}
