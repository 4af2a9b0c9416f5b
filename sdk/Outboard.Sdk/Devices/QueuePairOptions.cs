namespace Outboard.Devices;

/// <summary>How one queue pair of an offload device is set up.</summary>
/// <typeparam name="TOp">The op handle.</typeparam>
public record QueuePairOptions<TOp>
{
    /// <summary>How many ops may be in flight; a power of two, up to <see cref="DeviceInfo.DescriptorMax"/>.</summary>
    public int DescriptorCount { get; init; } = 1024;

    /// <summary>Called at stop for each op that is still inside; without it they wait for dequeue calls after the stop.</summary>
    public FlushCallback<TOp>? Flush { get; init; }

    /// <summary>Whether ops may complete out of order; only where the class and the device offer it.</summary>
    public bool OutOfOrder { get; init; }
}
