namespace Outboard.Plugins.Mana.Adapter.Layouts;

/// <summary>First byte of a send element's OOB. Bits 0 and 1 are the format: 0 short, 1 long.</summary>
[Flags]
internal enum SendOobFlags : byte
{
    None = 0,
    LongFormat = 0x01,
    FormatMask = 0x03,
    OuterIPv4 = 0x04,
    OuterIPv6 = 0x08,
    IPChecksum = 0x10,
    TcpChecksum = 0x20,
    UdpChecksum = 0x40,
    SuppressCompletion = 0x80,
    AnyChecksum = IPChecksum | TcpChecksum | UdpChecksum,
}
