namespace Outboard.Regex.Ids;

/// <summary>Transports that a rule is about.</summary>
[Flags]
internal enum IdsProtocols
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>TCP.</summary>
    Tcp = 1 << 0,

    /// <summary>UDP.</summary>
    Udp = 1 << 1,

    /// <summary>ICMP and ICMPv6.</summary>
    Icmp = 1 << 2,

    /// <summary>Whatever else IP carries.</summary>
    Other = 1 << 3,

    /// <summary>Whatever IP carries.</summary>
    Any = Tcp | Udp | Icmp | Other,
}
