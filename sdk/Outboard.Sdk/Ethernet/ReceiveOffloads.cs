namespace Outboard.Ethernet;

/// <summary>What a port does to frames it receives.</summary>
/// <remarks><i>Source</i>: ethdev's receive offloads.</remarks>
[Flags]
public enum ReceiveOffloads
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Takes the VLAN tag out of the frame.</summary>
    VlanStrip = 1 << 0,

    /// <summary>Checks the IPv4 header checksum.</summary>
    Ipv4Checksum = 1 << 1,

    /// <summary>Checks the UDP checksum.</summary>
    UdpChecksum = 1 << 2,

    /// <summary>Checks the TCP checksum.</summary>
    TcpChecksum = 1 << 3,

    /// <summary>Joins TCP segments.</summary>
    TcpLro = 1 << 4,

    /// <summary>Receives a frame into a chain of mbufs.</summary>
    Scatter = 1 << 13,

    /// <summary>Notes the time of reception.</summary>
    Timestamp = 1 << 14,

    /// <summary>Opens protected packets in line.</summary>
    Security = 1 << 15,

    /// <summary>Keeps the frame check sequence.</summary>
    KeepCrc = 1 << 16,

    /// <summary>Checks the SCTP checksum.</summary>
    SctpChecksum = 1 << 17,

    /// <summary>Gives the RSS hash.</summary>
    RssHash = 1 << 19,
}
