using Outboard.Devices.Driver;

namespace Outboard.Devices;

/// <summary>Watches a queue pair for misuse: two threads inside, an op enqueued twice, an op handed back that was not inside.</summary>
/// <remarks>Stands in front of the driver's queue pair when the device is opened with <c>checks=on</c>; it allocates and throws, which the plain path never does.</remarks>
internal sealed class CheckedQueuePair<TOp>(string device, OffloadQueuePair<TOp> inner) : OffloadQueuePair<TOp>
    where TOp : unmanaged, IOp, IEquatable<TOp>
{
    private readonly HashSet<TOp> _inside = [];
    private int _thread;

    /// <inheritdoc/>
    public override int InFlightCount => inner.InFlightCount;

    /// <inheritdoc/>
    public override int EnqueueBurst(ReadOnlySpan<TOp> ops)
    {
        Enter();
        try
        {
            for (int i = 0; i < ops.Length; i++)
            {
                if (ops[i].IsNull)
                {
                    throw new InvalidOperationException($"{device}: op {i} of the burst is null.");
                }

                if (_inside.Contains(ops[i]) || ops[..i].Contains(ops[i]))
                {
                    throw new InvalidOperationException($"{device}: op {i} of the burst is in the device already.");
                }
            }

            int count = inner.EnqueueBurst(ops);
            foreach (TOp op in ops[..count])
            {
                _inside.Add(op);
            }

            Rejection = inner.Rejection;
            Count();
            return count;
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    public override int DequeueBurst(Span<TOp> ops)
    {
        Enter();
        try
        {
            int count = inner.DequeueBurst(ops);
            foreach (TOp op in ops[..count])
            {
                if (!_inside.Remove(op))
                {
                    throw new InvalidOperationException($"{device}: the driver handed back an op that it did not have.");
                }
            }

            Count();
            return count;
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => inner.Dispose();

    private void Count()
    {
        DeviceStatistics statistics = inner.Statistics;
        EnqueuedCount = statistics.EnqueuedCount;
        DequeuedCount = statistics.DequeuedCount;
        EnqueueErrorCount = statistics.EnqueueErrorCount;
        DequeueErrorCount = statistics.DequeueErrorCount;
    }

    private void Enter()
    {
        int other = Interlocked.CompareExchange(ref _thread, Environment.CurrentManagedThreadId, 0);
        if (other != 0)
        {
            throw new InvalidOperationException(
                $"{device}: thread {Environment.CurrentManagedThreadId} entered a queue pair that thread {other} is in.");
        }
    }

    private void Leave() => Volatile.Write(ref _thread, 0);
}
