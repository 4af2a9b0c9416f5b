namespace Outboard.Ethernet;

/// <summary>How a transmit queue is set up.</summary>
public sealed record TransmitQueueOptions
{
    /// <summary>How many frames may wait in the queue; a power of two within the device's limits.</summary>
    public int DescriptorCount { get; init; } = 1024;

    /// <summary>Whether the queue stays stopped when the port starts.</summary>
    public bool DeferredStart { get; init; }
}
