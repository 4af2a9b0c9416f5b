namespace Outboard.Mbufs;

/// <summary>What a device found out about a received packet, and what it is asked to do to a transmitted one. Bits as in rte_mbuf's ol_flags.</summary>
/// <remarks>Bits 23 to 40 are dynamic: see <see cref="MbufDynamics"/>.</remarks>
[Flags]
public enum MbufOffloadFlags : ulong
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>The frame came with a VLAN tag, which is in VlanTci.</summary>
    ReceiveVlan = 1UL << 0,

    /// <summary>RssHash holds the hash that chose the receive queue.</summary>
    ReceiveRssHash = 1UL << 1,

    /// <summary>The frame matched a flow rule.</summary>
    ReceiveFlowDirector = 1UL << 2,

    /// <summary>The layer 4 checksum is wrong.</summary>
    ReceiveL4ChecksumBad = 1UL << 3,

    /// <summary>The IP header checksum is wrong.</summary>
    ReceiveIPChecksumBad = 1UL << 4,

    /// <summary>The outer IP header checksum is wrong.</summary>
    ReceiveOuterIPChecksumBad = 1UL << 5,

    /// <summary>The VLAN tag was taken out of the frame.</summary>
    ReceiveVlanStripped = 1UL << 6,

    /// <summary>The IP header checksum is right.</summary>
    ReceiveIPChecksumGood = 1UL << 7,

    /// <summary>The layer 4 checksum is right.</summary>
    ReceiveL4ChecksumGood = 1UL << 8,

    /// <summary>A precision time protocol frame.</summary>
    ReceivePtp = 1UL << 9,

    /// <summary>The time of arrival was taken by the device.</summary>
    ReceivePtpTimestamp = 1UL << 10,

    /// <summary>FlowId holds the id of the matching flow rule.</summary>
    ReceiveFlowDirectorId = 1UL << 13,

    /// <summary>Hash holds flexible bytes of the flow rule.</summary>
    ReceiveFlowDirectorFlex = 1UL << 14,

    /// <summary>Both VLAN tags were taken out of the frame.</summary>
    ReceiveQinQStripped = 1UL << 15,

    /// <summary>Several received segments were coalesced.</summary>
    ReceiveLro = 1UL << 16,

    /// <summary>Security processing was done by the device.</summary>
    ReceiveSecurityOffload = 1UL << 18,

    /// <summary>Security processing by the device failed.</summary>
    ReceiveSecurityOffloadFailed = 1UL << 19,

    /// <summary>The frame came with two VLAN tags, the outer one in OuterVlanTci.</summary>
    ReceiveQinQ = 1UL << 20,

    /// <summary>The outer layer 4 checksum is wrong.</summary>
    ReceiveOuterL4ChecksumBad = 1UL << 21,

    /// <summary>The outer layer 4 checksum is right.</summary>
    ReceiveOuterL4ChecksumGood = 1UL << 22,

    /// <summary>Compute the outer UDP checksum.</summary>
    TransmitOuterUdpChecksum = 1UL << 41,

    /// <summary>Cut the UDP payload into segments.</summary>
    TransmitUdpSegmentation = 1UL << 42,

    /// <summary>Do security processing in the device.</summary>
    TransmitSecurityOffload = 1UL << 43,

    /// <summary>Do MACsec in the device.</summary>
    TransmitMacSec = 1UL << 44,

    /// <summary>Insert two VLAN tags.</summary>
    TransmitQinQ = 1UL << 49,

    /// <summary>Cut the TCP payload into segments.</summary>
    TransmitTcpSegmentation = 1UL << 50,

    /// <summary>Take the time of departure.</summary>
    TransmitIeee1588Timestamp = 1UL << 51,

    /// <summary>Compute the IP header checksum.</summary>
    TransmitIPChecksum = 1UL << 54,

    /// <summary>The frame is IPv4.</summary>
    TransmitIPv4 = 1UL << 55,

    /// <summary>The frame is IPv6.</summary>
    TransmitIPv6 = 1UL << 56,

    /// <summary>Insert a VLAN tag.</summary>
    TransmitVlan = 1UL << 57,

    /// <summary>Compute the outer IP header checksum.</summary>
    TransmitOuterIPChecksum = 1UL << 58,

    /// <summary>The outer header is IPv4.</summary>
    TransmitOuterIPv4 = 1UL << 59,

    /// <summary>The outer header is IPv6.</summary>
    TransmitOuterIPv6 = 1UL << 60,

    /// <summary>The data is in an external buffer.</summary>
    External = 1UL << 61,

    /// <summary>The data is in another mbuf's buffer.</summary>
    Indirect = 1UL << 62,

    /// <summary>What is known of the IP checksum: neither bit unknown, both none in the packet though its data is fine.</summary>
    ReceiveIPChecksumMask = ReceiveIPChecksumBad | ReceiveIPChecksumGood,

    /// <summary>What is known of the layer 4 checksum, as for IP.</summary>
    ReceiveL4ChecksumMask = ReceiveL4ChecksumBad | ReceiveL4ChecksumGood,

    /// <summary>What is known of the outer layer 4 checksum, as for IP.</summary>
    ReceiveOuterL4ChecksumMask = ReceiveOuterL4ChecksumBad | ReceiveOuterL4ChecksumGood,

    /// <summary>Compute the TCP checksum; a value of <see cref="TransmitL4Mask"/>.</summary>
    TransmitTcpChecksum = 1UL << 52,

    /// <summary>Compute the SCTP checksum; a value of <see cref="TransmitL4Mask"/>.</summary>
    TransmitSctpChecksum = 2UL << 52,

    /// <summary>Compute the UDP checksum; a value of <see cref="TransmitL4Mask"/>.</summary>
    TransmitUdpChecksum = 3UL << 52,

    /// <summary>The two bits that choose a layer 4 checksum.</summary>
    TransmitL4Mask = 3UL << 52,

    /// <summary>The tunnel is VXLAN; a value of <see cref="TransmitTunnelMask"/>.</summary>
    TransmitTunnelVxlan = 1UL << 45,

    /// <summary>The tunnel is GRE.</summary>
    TransmitTunnelGre = 2UL << 45,

    /// <summary>The tunnel is IP in IP.</summary>
    TransmitTunnelIpip = 3UL << 45,

    /// <summary>The tunnel is GENEVE.</summary>
    TransmitTunnelGeneve = 4UL << 45,

    /// <summary>The tunnel is MPLS in UDP.</summary>
    TransmitTunnelMplsInUdp = 5UL << 45,

    /// <summary>The tunnel is VXLAN-GPE.</summary>
    TransmitTunnelVxlanGpe = 6UL << 45,

    /// <summary>The tunnel is GTP.</summary>
    TransmitTunnelGtp = 7UL << 45,

    /// <summary>The tunnel is ESP.</summary>
    TransmitTunnelEsp = 8UL << 45,

    /// <summary>Some tunnel over IP.</summary>
    TransmitTunnelIP = 0xDUL << 45,

    /// <summary>Some tunnel over UDP.</summary>
    TransmitTunnelUdp = 0xEUL << 45,

    /// <summary>The four bits that name the tunnel.</summary>
    TransmitTunnelMask = 0xFUL << 45,

    /// <summary>The bits that <see cref="MbufDynamics"/> hands out.</summary>
    DynamicMask = 0x3FFFFUL << 23,

    /// <summary>Bits of an mbuf whose data is not in its own buffer.</summary>
    AttachedMask = External | Indirect,
}
