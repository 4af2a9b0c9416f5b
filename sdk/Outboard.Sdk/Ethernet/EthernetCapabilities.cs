namespace Outboard.Ethernet;

/// <summary>What a port can do beyond receiving and transmitting.</summary>
[Flags]
public enum EthernetCapabilities
{
    /// <summary>Nothing beyond it.</summary>
    None = 0,

    /// <summary>Queues start and stop while the port runs.</summary>
    RuntimeQueueState = 1 << 0,

    /// <summary>RSS key and hash types change while the port runs.</summary>
    LiveRssUpdate = 1 << 1,

    /// <summary>The RSS indirection table changes while the port runs.</summary>
    LiveRetaUpdate = 1 << 2,

    /// <summary>Receive interrupts.</summary>
    ReceiveInterrupts = 1 << 3,

    /// <summary>Promiscuous mode.</summary>
    Promiscuous = 1 << 4,

    /// <summary>Reception of all multicast.</summary>
    AllMulticast = 1 << 5,

    /// <summary>The MTU changes while the port runs.</summary>
    LiveMtu = 1 << 6,

    /// <summary>The port's address can be set.</summary>
    SetMacAddress = 1 << 7,

    /// <summary>The link can be taken down and up.</summary>
    SetLink = 1 << 8,

    /// <summary>The state of descriptors can be asked.</summary>
    DescriptorStatus = 1 << 9,

    /// <summary>Transmitted mbufs can be freed on demand.</summary>
    TransmitCleanup = 1 << 10,
}
