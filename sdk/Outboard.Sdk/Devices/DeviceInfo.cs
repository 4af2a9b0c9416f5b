using Outboard.Simd;

namespace Outboard.Devices;

/// <summary>What a device is and can do; each class adds its own limits and capabilities.</summary>
public abstract record DeviceInfo
{
    /// <summary>The instance's name, such as <c>regex_simd0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The driver's name, such as <c>regex_simd</c>.</summary>
    public required string Driver { get; init; }

    /// <summary>The class.</summary>
    public abstract DeviceClass Class { get; }

    /// <summary>What the work runs on, in words: <c>SIMD</c>, <c>OpenCL: PoCL ...</c>, <c>software adapter</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>Which kernel each operation runs on, and why.</summary>
    public required IReadOnlyList<KernelChoice> Kernels { get; init; }

    /// <summary>The greatest number of queue pairs (for a port: of queues of each direction).</summary>
    public required int QueuePairMax { get; init; }

    /// <summary>The greatest number of descriptors in a queue: how many ops may be in flight.</summary>
    public required int DescriptorMax { get; init; }

    /// <summary>What the device can do, one word each, for people; the class's capability members are for programs.</summary>
    public abstract IReadOnlyList<string> CapabilityNames { get; }
}
