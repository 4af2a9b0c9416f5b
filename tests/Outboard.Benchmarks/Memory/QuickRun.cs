using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Outboard.Benchmarks.Memory;

/// <summary>
/// A short harness for loops of a few nanoseconds: every case in turn, one short sample a round, best and median over the rounds. Made to
/// run beside a program in another language that does the same, on the same core, where a benchmark framework would take minutes a case.
/// </summary>
internal sealed unsafe partial class QuickRun
{
    private const double SampleNanoseconds = 200_000;
    private readonly List<Case> _cases = [];

    public void Add(string name, int objectsPerIteration, Action<long> loop) =>
        _cases.Add(new Case(name, objectsPerIteration, loop));

    public void Run(string? filter, int rounds, int processor)
    {
        Case[] cases = [.. _cases.Where(c => filter is null || c.Name.Contains(filter, StringComparison.Ordinal))];

        // Thirty calls and a pause bring a method to its next tier, of which there are three. The compiler's thread needs a processor for
        // that, so this thread binds itself to one only afterwards.
        for (int pass = 0; pass < 8; pass++)
        {
            foreach (Case c in cases)
            {
                for (int i = 0; i < 40; i++)
                {
                    c.Loop(20);
                }
            }

            Thread.Sleep(300);
        }

        Pin(processor);
        foreach (Case c in cases)
        {
            c.Calibrate();
        }

        for (int round = 0; round < rounds; round++)
        {
            foreach (Case c in cases)
            {
                c.Sample();
            }
        }

        Console.WriteLine($"{"case",-52}{"best ns",10}{"median",10}{"bytes",8}");
        foreach (Case c in cases)
        {
            c.Report();
        }
    }

    private static void Pin(int processor)
    {
        ulong mask = 1UL << processor;
        if (OperatingSystem.IsLinux() && processor >= 0 && SetAffinity(0, sizeof(ulong), &mask) != 0)
        {
            Console.WriteLine($"processor {processor} cannot be bound to");
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint size, ulong* mask);

    private sealed class Case(string name, int objects, Action<long> loop)
    {
        private readonly List<double> _samples = [];
        private long _iterations = 16;
        private long _allocated;

        public string Name { get; } = name;

        public Action<long> Loop { get; } = loop;

        public void Calibrate()
        {
            while (true)
            {
                double took = Time();
                if (took > SampleNanoseconds / 2)
                {
                    return;
                }

                _iterations *= 2;
            }
        }

        public void Sample()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            double took = Time();
            _allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            _samples.Add(took / _iterations / objects);
        }

        public void Report()
        {
            _samples.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Name,-52}{_samples[0],10:F3}{_samples[_samples.Count / 2],10:F3}{_allocated,8}"));
        }

        private double Time()
        {
            long start = Stopwatch.GetTimestamp();
            Loop(_iterations);
            return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        }
    }
}
