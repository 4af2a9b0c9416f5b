using Outboard.Ethernet;
using Outboard.Mbufs;
using Outboard.Plugins.Mana.Gdma;

namespace Outboard.Plugins.Mana.Pmd;

/// <summary>From the flags of a completion to those of an mbuf, in two look-ups made for a port's offloads.</summary>
/// <remarks>
/// The six checksum bits of a completion stand together from bit 25 on and index one table. The hash type has exactly
/// one of nine bits set; its number indexes the other, so a single type is never compared with a mask of several.
/// </remarks>
internal sealed class ReceiveFlagTable
{
    public const int ChecksumShift = 25;
    public const int ChecksumMask = 0x3F;

    /// <summary>Index in <see cref="HashFlags"/> and <see cref="PacketTypes"/> of a frame without a hash.</summary>
    public const int NoHash = 32;

    public ReceiveFlagTable(ReceiveOffloads offloads)
    {
        for (int i = 0; i <= ChecksumMask; i++)
        {
            ChecksumFlags[i] = Translate((uint)i << ChecksumShift, offloads);
        }

        MbufPacketType[] types =
        [
            MbufPacketType.L2Ethernet | MbufPacketType.L3IPv4ExtendedUnknown,
            MbufPacketType.L2Ethernet | MbufPacketType.L3IPv4ExtendedUnknown | MbufPacketType.L4Tcp,
            MbufPacketType.L2Ethernet | MbufPacketType.L3IPv4ExtendedUnknown | MbufPacketType.L4Udp,
            MbufPacketType.L2Ethernet | MbufPacketType.L3IPv6ExtendedUnknown,
            MbufPacketType.L2Ethernet | MbufPacketType.L3IPv6ExtendedUnknown | MbufPacketType.L4Tcp,
            MbufPacketType.L2Ethernet | MbufPacketType.L3IPv6ExtendedUnknown | MbufPacketType.L4Udp,
            MbufPacketType.L2Ethernet | MbufPacketType.L3IPv6Extended,
            MbufPacketType.L2Ethernet | MbufPacketType.L3IPv6Extended | MbufPacketType.L4Tcp,
            MbufPacketType.L2Ethernet | MbufPacketType.L3IPv6Extended | MbufPacketType.L4Udp,
        ];
        for (int i = 0; i < types.Length; i++)
        {
            PacketTypes[i] = types[i];
            HashFlags[i] = offloads.HasFlag(ReceiveOffloads.RssHash) ? MbufOffloadFlags.ReceiveRssHash : 0;
        }
    }

    public MbufOffloadFlags[] ChecksumFlags { get; } = new MbufOffloadFlags[ChecksumMask + 1];

    /// <summary>By the number of trailing zeros of the hash type, which is 32 for none.</summary>
    public MbufOffloadFlags[] HashFlags { get; } = new MbufOffloadFlags[NoHash + 1];

    /// <summary>
    /// By the same number. The hash of addresses alone says nothing of what follows them: it may be a fragment.
    /// </summary>
    public MbufPacketType[] PacketTypes { get; } = new MbufPacketType[NoHash + 1];

    private static MbufOffloadFlags Translate(uint completion, ReceiveOffloads offloads)
    {
        MbufOffloadFlags flags = MbufOffloadFlags.None;
        if (offloads.HasFlag(ReceiveOffloads.Ipv4Checksum))
        {
            flags |= (completion & CompletionEntry.IPBad) != 0 ? MbufOffloadFlags.ReceiveIPChecksumBad
                : (completion & CompletionEntry.IPGood) != 0 ? MbufOffloadFlags.ReceiveIPChecksumGood : 0;
        }

        uint transport = offloads.HasFlag(ReceiveOffloads.TcpChecksum)
            ? CompletionEntry.TcpGood | CompletionEntry.TcpBad
            : 0;
        transport |= offloads.HasFlag(ReceiveOffloads.UdpChecksum)
            ? CompletionEntry.UdpGood | CompletionEntry.UdpBad
            : 0;
        transport &= completion;
        return flags | ((transport & (CompletionEntry.TcpBad | CompletionEntry.UdpBad)) != 0
            ? MbufOffloadFlags.ReceiveL4ChecksumBad
            : transport != 0 ? MbufOffloadFlags.ReceiveL4ChecksumGood : 0);
    }
}
