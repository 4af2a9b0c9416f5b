using Outboard.Mbufs;

namespace Outboard.Ethernet;

/// <summary>How a receive queue is set up.</summary>
public sealed record ReceiveQueueOptions
{
    /// <summary>Where buffers for received frames come from.</summary>
    public required MbufPool Pool { get; init; }

    /// <summary>How many buffers wait in the queue; a power of two within the device's limits.</summary>
    public int DescriptorCount { get; init; } = 1024;

    /// <summary>Whether the queue stays stopped when the port starts.</summary>
    public bool DeferredStart { get; init; }
}
