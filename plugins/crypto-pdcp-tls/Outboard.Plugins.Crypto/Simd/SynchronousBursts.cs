using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>Working memory for the synchronous face, which any number of threads may be in: as many bursts as there ever were threads at once.</summary>
internal sealed class SynchronousBursts : IDisposable
{
    // As many threads at once; a further one waits until one of them leaves.
    private const int BurstMax = 64;

    private readonly Burst?[] _free = new Burst?[BurstMax];
    private readonly List<Burst> _all = [];
    private readonly Lock _lock = new();

    /// <summary>Takes a burst; it allocates only when more threads are in it than ever before.</summary>
    public Burst Take()
    {
        for (var wait = default(SpinWait); ; wait.SpinOnce())
        {
            for (int i = 0; i < BurstMax; i++)
            {
                if (Volatile.Read(ref _free[i]) is not null && Interlocked.Exchange(ref _free[i], null) is { } burst)
                {
                    return burst;
                }
            }

            lock (_lock)
            {
                if (_all.Count < BurstMax)
                {
                    var made = new Burst();
                    _all.Add(made);
                    return made;
                }
            }
        }
    }

    /// <summary>Gives a burst back; there is a slot for each.</summary>
    public void Return(Burst burst)
    {
        for (int i = 0; ; i = (i + 1) % BurstMax)
        {
            if (Volatile.Read(ref _free[i]) is null && Interlocked.CompareExchange(ref _free[i], burst, null) is null)
            {
                return;
            }
        }
    }

    /// <summary>What all threads did.</summary>
    public EngineCounters ReadCounters()
    {
        var sum = default(EngineCounters);
        lock (_lock)
        {
            foreach (Burst burst in _all)
            {
                sum.Add(burst.Counters);
            }
        }

        return sum;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (Burst burst in _all)
            {
                burst.Dispose();
            }

            _all.Clear();
        }
    }
}
