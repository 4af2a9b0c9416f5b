using Outboard.Devices.Driver;

namespace Outboard.Devices;

/// <summary>Stands in for a queue pair while its device does not run: takes nothing, hands back what was left inside.</summary>
internal sealed class IdleQueuePair<TOp>(TOp[] remaining) : OffloadQueuePair<TOp>
    where TOp : unmanaged, IOp
{
    private int _next;

    /// <inheritdoc/>
    public override int InFlightCount => remaining.Length - _next;

    /// <inheritdoc/>
    public override int EnqueueBurst(ReadOnlySpan<TOp> ops)
    {
        Rejection = ops.IsEmpty ? EnqueueRejection.None : EnqueueRejection.NotStarted;
        return 0;
    }

    /// <inheritdoc/>
    public override int DequeueBurst(Span<TOp> ops)
    {
        int count = Math.Min(ops.Length, remaining.Length - _next);
        remaining.AsSpan(_next, count).CopyTo(ops);
        _next += count;
        return count;
    }
}
