using System.Diagnostics;

namespace Outboard.Cli.Bench;

/// <summary>Time inside a sample that does not count: putting input back that the work has changed.</summary>
internal sealed class BenchPause
{
    private long _start;

    /// <summary>What was left out since <see cref="Reset"/>, in ticks of <see cref="Stopwatch"/>.</summary>
    public long Ticks { get; private set; }

    /// <summary>Starts a sample.</summary>
    public void Reset() => Ticks = 0;

    /// <summary>What follows does not count.</summary>
    public void Begin() => _start = Stopwatch.GetTimestamp();

    /// <summary>What follows counts.</summary>
    public void End() => Ticks += Stopwatch.GetTimestamp() - _start;
}
