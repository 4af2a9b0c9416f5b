namespace Outboard.Mbufs;

/// <summary>What a packet is, layer by layer: seven nibbles as in rte_mbuf's packet_type, to be combined with "or".</summary>
[Flags]
public enum MbufPacketType : uint
{
    /// <summary>Nothing is known.</summary>
    Unknown = 0,

    /// <summary>Ethernet.</summary>
    L2Ethernet = 1,

    /// <summary>Ethernet with a time synchronisation payload.</summary>
    L2EthernetTimeSync = 2,

    /// <summary>ARP.</summary>
    L2EthernetArp = 3,

    /// <summary>LLDP.</summary>
    L2EthernetLldp = 4,

    /// <summary>Ethernet with one VLAN tag.</summary>
    L2EthernetVlan = 6,

    /// <summary>Ethernet with two VLAN tags.</summary>
    L2EthernetQinQ = 7,

    /// <summary>MPLS.</summary>
    L2EthernetMpls = 10,

    /// <summary>IPv4 without options.</summary>
    L3IPv4 = 0x10,

    /// <summary>IPv4 with options.</summary>
    L3IPv4Extended = 0x30,

    /// <summary>IPv6 without extension headers.</summary>
    L3IPv6 = 0x40,

    /// <summary>IPv4, options unknown.</summary>
    L3IPv4ExtendedUnknown = 0x90,

    /// <summary>IPv6 with extension headers.</summary>
    L3IPv6Extended = 0xC0,

    /// <summary>IPv6, extension headers unknown.</summary>
    L3IPv6ExtendedUnknown = 0xE0,

    /// <summary>TCP.</summary>
    L4Tcp = 0x100,

    /// <summary>UDP.</summary>
    L4Udp = 0x200,

    /// <summary>A fragment: no layer 4 header is to be found.</summary>
    L4Fragment = 0x300,

    /// <summary>SCTP.</summary>
    L4Sctp = 0x400,

    /// <summary>ICMP.</summary>
    L4Icmp = 0x500,

    /// <summary>Another layer 4 protocol.</summary>
    L4NonFragment = 0x600,

    /// <summary>IGMP.</summary>
    L4Igmp = 0x700,

    /// <summary>IP in IP.</summary>
    TunnelIP = 0x1000,

    /// <summary>GRE.</summary>
    TunnelGre = 0x2000,

    /// <summary>VXLAN.</summary>
    TunnelVxlan = 0x3000,

    /// <summary>NVGRE.</summary>
    TunnelNvgre = 0x4000,

    /// <summary>GENEVE.</summary>
    TunnelGeneve = 0x5000,

    /// <summary>GTP control plane.</summary>
    TunnelGtpC = 0x7000,

    /// <summary>GTP user plane.</summary>
    TunnelGtpU = 0x8000,

    /// <summary>ESP.</summary>
    TunnelEsp = 0x9000,

    /// <summary>Inner Ethernet.</summary>
    InnerL2Ethernet = 0x10000,

    /// <summary>Inner Ethernet with a VLAN tag.</summary>
    InnerL2EthernetVlan = 0x20000,

    /// <summary>Inner IPv4 without options.</summary>
    InnerL3IPv4 = 0x100000,

    /// <summary>Inner IPv4 with options.</summary>
    InnerL3IPv4Extended = 0x200000,

    /// <summary>Inner IPv6 without extension headers.</summary>
    InnerL3IPv6 = 0x300000,

    /// <summary>Inner TCP.</summary>
    InnerL4Tcp = 0x1000000,

    /// <summary>Inner UDP.</summary>
    InnerL4Udp = 0x2000000,

    /// <summary>The nibble of layer 2.</summary>
    L2Mask = 0xF,

    /// <summary>The nibble of layer 3.</summary>
    L3Mask = 0xF0,

    /// <summary>The nibble of layer 4.</summary>
    L4Mask = 0xF00,

    /// <summary>The nibble of the tunnel.</summary>
    TunnelMask = 0xF000,

    /// <summary>The nibble of the inner layer 2.</summary>
    InnerL2Mask = 0xF0000,

    /// <summary>The nibble of the inner layer 3.</summary>
    InnerL3Mask = 0xF00000,

    /// <summary>The nibble of the inner layer 4.</summary>
    InnerL4Mask = 0xF000000,
}
