namespace Outboard.Ethernet;

/// <summary>How a port is configured.</summary>
public sealed record EthernetConfiguration
{
    /// <summary>How many receive queues.</summary>
    public int ReceiveQueueCount { get; init; } = 1;

    /// <summary>How many transmit queues.</summary>
    public int TransmitQueueCount { get; init; } = 1;

    /// <summary>The MTU in bytes: the longest frame less its 14-byte header. 0 for the device's own.</summary>
    public int Mtu { get; init; }

    /// <summary>What the port does to frames it receives.</summary>
    public ReceiveOffloads ReceiveOffloads { get; init; }

    /// <summary>What the port does to frames it transmits.</summary>
    public TransmitOffloads TransmitOffloads { get; init; }

    /// <summary>How received frames are spread over queues.</summary>
    public RssConfiguration Rss { get; init; } = new(RssHashTypes.None);

    /// <summary>Whether receive interrupts will be used.</summary>
    public bool ReceiveInterrupts { get; init; }
}
