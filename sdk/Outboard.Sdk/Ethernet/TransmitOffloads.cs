namespace Outboard.Ethernet;

/// <summary>What a port does to frames it transmits, where an mbuf's flags ask for it.</summary>
/// <remarks><i>Source</i>: ethdev's transmit offloads.</remarks>
[Flags]
public enum TransmitOffloads
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Inserts a VLAN tag.</summary>
    VlanInsert = 1 << 0,

    /// <summary>Writes the IPv4 header checksum.</summary>
    Ipv4Checksum = 1 << 1,

    /// <summary>Writes the UDP checksum.</summary>
    UdpChecksum = 1 << 2,

    /// <summary>Writes the TCP checksum.</summary>
    TcpChecksum = 1 << 3,

    /// <summary>Writes the SCTP checksum.</summary>
    SctpChecksum = 1 << 4,

    /// <summary>Cuts large TCP segments.</summary>
    TcpSegmentation = 1 << 5,

    /// <summary>Cuts large UDP datagrams.</summary>
    UdpSegmentation = 1 << 6,

    /// <summary>Takes frames in chains of mbufs.</summary>
    MultiSegment = 1 << 15,

    /// <summary>Frees mbufs of one pool with a reference count of 1 without looking.</summary>
    FastFree = 1 << 16,

    /// <summary>Protects packets in line.</summary>
    Security = 1 << 17,
}
