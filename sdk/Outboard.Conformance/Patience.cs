namespace Outboard.Conformance;

/// <summary>Ends a poll loop that makes no progress.</summary>
internal struct Patience
{
    private const int LimitMilliseconds = 10_000;
    private long _deadline;

    /// <summary>Notes one turn of the loop.</summary>
    public void Check(bool progress, string seen)
    {
        long now = Environment.TickCount64;
        if (progress || _deadline == 0)
        {
            _deadline = now + LimitMilliseconds;
        }
        else if (now > _deadline)
        {
            throw new ConformanceException($"no progress for {LimitMilliseconds / 1000} s: {seen}.");
        }
        else
        {
            Thread.Yield();
        }
    }
}
