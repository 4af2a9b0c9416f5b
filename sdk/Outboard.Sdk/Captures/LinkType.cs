namespace Outboard.Captures;

/// <summary>What the first byte of a captured frame belongs to: the LINKTYPE_ registry of pcap and pcapng.</summary>
/// <remarks>
/// Any 16-bit value is carried through reading and writing; the names below are the common ones.
/// <para><b>Source</b>: the registry of link-layer header type values kept with the pcap format.</para>
/// </remarks>
public enum LinkType : ushort
{
    /// <summary>BSD loopback: a 4-byte address family in the byte order of the capturing host.</summary>
    Null = 0,

    /// <summary>Ethernet II or IEEE 802.3, without preamble.</summary>
    Ethernet = 1,

    /// <summary>IEEE 802.5 token ring.</summary>
    TokenRing = 6,

    /// <summary>Serial line IP.</summary>
    Slip = 8,

    /// <summary>Point-to-point protocol.</summary>
    Ppp = 9,

    /// <summary>Point-to-point protocol in HDLC-like framing.</summary>
    PppHdlc = 50,

    /// <summary>PPP over Ethernet session packets.</summary>
    PppEthernet = 51,

    /// <summary>A raw IPv4 or IPv6 packet; the version nibble says which.</summary>
    Raw = 101,

    /// <summary>Cisco HDLC.</summary>
    CiscoHdlc = 104,

    /// <summary>IEEE 802.11 frames.</summary>
    Ieee80211 = 105,

    /// <summary>OpenBSD loopback: a 4-byte address family in network byte order.</summary>
    Loop = 108,

    /// <summary>Linux "cooked" capture, version 1.</summary>
    LinuxSll = 113,

    /// <summary>IEEE 802.11 frames behind a radiotap header.</summary>
    Ieee80211Radiotap = 127,

    /// <summary>First of sixteen values reserved for private use.</summary>
    User0 = 147,

    /// <summary>Last of sixteen values reserved for private use.</summary>
    User15 = 162,

    /// <summary>A raw IPv4 packet.</summary>
    IPv4 = 228,

    /// <summary>A raw IPv6 packet.</summary>
    IPv6 = 229,

    /// <summary>Linux netlink messages.</summary>
    Netlink = 253,

    /// <summary>Linux "cooked" capture, version 2.</summary>
    LinuxSll2 = 276,
}
