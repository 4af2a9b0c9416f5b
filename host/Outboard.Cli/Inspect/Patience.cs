using Outboard.Host;

namespace Outboard.Cli.Inspect;

/// <summary>How long a stage waits for a device that moves nothing, and how it waits.</summary>
/// <remarks>
/// Software devices finish inside the burst calls; one that works on other threads or elsewhere needs time. Spins first, then
/// yields the CPU: on few CPUs the thread waited for may need this one.
/// </remarks>
internal struct Patience(CycleClock clock, string device)
{
    private const double LimitSeconds = 10;
    private const int SpinMax = 64;

    private ulong _since;
    private int _count;

    /// <summary>Something moved.</summary>
    public void Reset() => _count = 0;

    /// <summary>Nothing moved: waits a little.</summary>
    /// <exception cref="WorkException">Nothing has moved for too long.</exception>
    public void Wait()
    {
        if (_count++ == 0)
        {
            _since = clock.Now;
        }
        else if (_count < SpinMax)
        {
            Thread.SpinWait(16);
        }
        else
        {
            Thread.Yield();
            if ((_count & 0xFFF) == 0 && clock.ToSeconds(clock.Now - _since) > LimitSeconds)
            {
                throw new WorkException($"{device} has moved nothing for {LimitSeconds} s");
            }
        }
    }
}
