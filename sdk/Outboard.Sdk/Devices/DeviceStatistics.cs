namespace Outboard.Devices;

/// <summary>The four counters that every offload device keeps, over all queue pairs since the last reset.</summary>
/// <param name="EnqueuedCount">Ops taken by enqueue.</param>
/// <param name="DequeuedCount">Ops handed back by dequeue, failed ones included.</param>
/// <param name="EnqueueErrorCount">Ops refused because they were invalid (a full queue is not an error).</param>
/// <param name="DequeueErrorCount">Ops handed back with a status other than success.</param>
public readonly record struct DeviceStatistics(
    ulong EnqueuedCount, ulong DequeuedCount, ulong EnqueueErrorCount, ulong DequeueErrorCount)
{
    /// <summary>Adds counter by counter.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static DeviceStatistics operator +(DeviceStatistics left, DeviceStatistics right) => new(
        left.EnqueuedCount + right.EnqueuedCount,
        left.DequeuedCount + right.DequeuedCount,
        left.EnqueueErrorCount + right.EnqueueErrorCount,
        left.DequeueErrorCount + right.DequeueErrorCount);

    /// <summary>Subtracts counter by counter.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static DeviceStatistics operator -(DeviceStatistics left, DeviceStatistics right) => new(
        left.EnqueuedCount - right.EnqueuedCount,
        left.DequeuedCount - right.DequeuedCount,
        left.EnqueueErrorCount - right.EnqueueErrorCount,
        left.DequeueErrorCount - right.DequeueErrorCount);
}
