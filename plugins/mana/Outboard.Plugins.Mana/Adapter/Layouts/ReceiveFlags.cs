namespace Outboard.Plugins.Mana.Adapter.Layouts;

/// <summary>Second dword of a receive completion. Bits 16 to 24 are the hash type, exactly one of them set.</summary>
[Flags]
internal enum ReceiveFlags : uint
{
    None = 0,
    HashIPv4 = 1u << 16,
    HashTcpIPv4 = 1u << 17,
    HashUdpIPv4 = 1u << 18,
    HashIPv6 = 1u << 19,
    HashTcpIPv6 = 1u << 20,
    HashUdpIPv6 = 1u << 21,
    IPChecksumGood = 1u << 25,
    IPChecksumBad = 1u << 26,
    TcpChecksumGood = 1u << 27,
    TcpChecksumBad = 1u << 28,
    UdpChecksumGood = 1u << 29,
    UdpChecksumBad = 1u << 30,
}
