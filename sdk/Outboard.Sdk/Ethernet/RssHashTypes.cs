namespace Outboard.Ethernet;

/// <summary>Over which headers the RSS hash is taken.</summary>
[Flags]
public enum RssHashTypes
{
    /// <summary>No hash: every frame goes to queue 0.</summary>
    None = 0,

    /// <summary>IPv4 addresses.</summary>
    Ipv4 = 1 << 0,

    /// <summary>IPv4 addresses and TCP ports.</summary>
    Ipv4Tcp = 1 << 1,

    /// <summary>IPv4 addresses and UDP ports.</summary>
    Ipv4Udp = 1 << 2,

    /// <summary>IPv6 addresses.</summary>
    Ipv6 = 1 << 3,

    /// <summary>IPv6 addresses and TCP ports.</summary>
    Ipv6Tcp = 1 << 4,

    /// <summary>IPv6 addresses and UDP ports.</summary>
    Ipv6Udp = 1 << 5,

    /// <summary>All of them.</summary>
    All = Ipv4 | Ipv4Tcp | Ipv4Udp | Ipv6 | Ipv6Tcp | Ipv6Udp,
}
