using System.Buffers.Binary;
using Outboard.Ethernet;
using Outboard.Mbufs;
using Outboard.Plugins.Mana.Gdma;

namespace Outboard.Plugins.Mana.Pmd;

/// <summary>What an mbuf asks the adapter to do, checked, and put in the terms of a send element.</summary>
internal unsafe struct TransmitRequest
{
    /// <summary>Longest headers that may be copied to put a pseudo-header sum in.</summary>
    public const int HeaderMax = 256;

    private const int UdpChecksumOffset = 6;
    private const int TcpChecksumOffset = 16;

    /// <summary>Bits for the first eight bytes of OOB.</summary>
    public ulong OobBits;

    /// <summary>Where the pseudo-header sum goes in the frame, or 0 for nowhere.</summary>
    public int ChecksumOffset;

    /// <summary>The sum, in the order of the frame's bytes.</summary>
    public ushort PseudoHeader;

    /// <summary>Bytes of headers up to and with the checksum field.</summary>
    public int HeaderLength;

    public bool InsertVlan;

    // What this driver does, or what only describes the frame. Any other transmit bit is refused, not ignored.
    private const MbufOffloadFlags Understood =
        MbufOffloadFlags.TransmitIPChecksum | MbufOffloadFlags.TransmitL4Mask | MbufOffloadFlags.TransmitIPv4
        | MbufOffloadFlags.TransmitIPv6 | MbufOffloadFlags.TransmitVlan;

    /// <summary>Every bit that asks for something on transmit.</summary>
    public const MbufOffloadFlags AnyTransmit =
        MbufOffloadFlags.TransmitOuterUdpChecksum | MbufOffloadFlags.TransmitUdpSegmentation
        | MbufOffloadFlags.TransmitSecurityOffload | MbufOffloadFlags.TransmitMacSec
        | MbufOffloadFlags.TransmitTunnelMask | MbufOffloadFlags.TransmitQinQ
        | MbufOffloadFlags.TransmitTcpSegmentation | MbufOffloadFlags.TransmitIeee1588Timestamp
        | MbufOffloadFlags.TransmitOuterIPChecksum | MbufOffloadFlags.TransmitOuterIPv4
        | MbufOffloadFlags.TransmitOuterIPv6 | Understood;

    /// <summary>Reads an mbuf's request.</summary>
    /// <param name="mbuf">The frame.</param>
    /// <param name="offloads">What the port was configured for.</param>
    /// <param name="request">The request.</param>
    /// <returns>Whether the adapter can do it.</returns>
    public static bool TryRead(Mbuf mbuf, TransmitOffloads offloads, out TransmitRequest request)
    {
        request = default;
        MbufOffloadFlags flags = mbuf.OffloadFlags & AnyTransmit;
        if ((flags & ~Understood) != 0)
        {
            return false;
        }

        request.InsertVlan = (flags & MbufOffloadFlags.TransmitVlan) != 0;
        if (request.InsertVlan && (offloads & TransmitOffloads.VlanInsert) == 0)
        {
            return false;
        }

        bool ipChecksum = (flags & MbufOffloadFlags.TransmitIPChecksum) != 0;
        MbufOffloadFlags transport = flags & MbufOffloadFlags.TransmitL4Mask;
        return (!ipChecksum && transport == 0)
            || TryReadChecksums(mbuf, flags, ipChecksum, transport, offloads, ref request);
    }

    private static bool TryReadChecksums(
        Mbuf mbuf,
        MbufOffloadFlags flags,
        bool ipChecksum,
        MbufOffloadFlags transport,
        TransmitOffloads offloads,
        ref TransmitRequest request)
    {
        bool v4 = (flags & MbufOffloadFlags.TransmitIPv4) != 0;
        bool v6 = (flags & MbufOffloadFlags.TransmitIPv6) != 0;
        int l2 = mbuf.L2Length;
        int l3 = mbuf.L3Length;
        bool tcp = transport == MbufOffloadFlags.TransmitTcpChecksum;
        bool udp = transport == MbufOffloadFlags.TransmitUdpChecksum;
        if (v4 == v6 || (ipChecksum && (!v4 || (offloads & TransmitOffloads.Ipv4Checksum) == 0))
            || (tcp && (offloads & TransmitOffloads.TcpChecksum) == 0)
            || (udp && (offloads & TransmitOffloads.UdpChecksum) == 0)
            || (transport != 0 && !tcp && !udp)
            || l2 < MtuRules.EthernetHeader || l3 < (v4 ? 20 : 40) || l2 + l3 > TransmitOob.L4OffsetMax)
        {
            return false;
        }

        request.OobBits = (v4 ? TransmitOob.OuterIPv4 : TransmitOob.OuterIPv6)
            | (ipChecksum ? TransmitOob.IPChecksum : 0);
        if (transport == 0)
        {
            request.HeaderLength = l2 + l3;
            return l2 + l3 <= mbuf.PacketLength;
        }

        int fieldOffset = l2 + l3 + (tcp ? TcpChecksumOffset : UdpChecksumOffset);
        request.HeaderLength = fieldOffset + 2;
        request.ChecksumOffset = fieldOffset;
        request.OobBits |= (tcp ? TransmitOob.TcpChecksum : TransmitOob.UdpChecksum) | TransmitOob.L4Offset(l2 + l3);
        int headerEnd = l2 + l3 + (tcp ? 20 : 8);
        return headerEnd <= mbuf.PacketLength && request.HeaderLength <= HeaderMax
            && TrySumPseudoHeader(mbuf, v4, l2, l3, tcp, out request.PseudoHeader);
    }

    /// <summary>
    /// Sums the pseudo-header of RFC 9293 and RFC 8200 section 8.1. The length is the IP header's: a frame may be
    /// padded.
    /// </summary>
    private static bool TrySumPseudoHeader(Mbuf mbuf, bool v4, int l2, int l3, bool tcp, out ushort sum)
    {
        Span<byte> scratch = stackalloc byte[40];
        sum = 0;
        int fixedHeader = v4 ? 20 : 40;
        if (!mbuf.TryRead(l2, fixedHeader, scratch, out ReadOnlySpan<byte> ip) || ip[0] >> 4 != (v4 ? 4 : 6))
        {
            return false;
        }

        int length = v4
            ? BinaryPrimitives.ReadUInt16BigEndian(ip[2..]) - l3
            : 40 + BinaryPrimitives.ReadUInt16BigEndian(ip[4..]) - l3;
        if (length < (tcp ? 20 : 8) || l2 + l3 + length > mbuf.PacketLength)
        {
            return false;
        }

        ReadOnlySpan<byte> addresses = v4 ? ip.Slice(12, 8) : ip.Slice(8, 32);
        uint total = (uint)length + (tcp ? 6u : 17u);
        for (int i = 0; i < addresses.Length; i += 2)
        {
            total += BinaryPrimitives.ReadUInt16BigEndian(addresses[i..]);
        }

        total = (total & 0xFFFF) + (total >> 16);
        total = (total & 0xFFFF) + (total >> 16);
        sum = BinaryPrimitives.ReverseEndianness((ushort)total);
        return true;
    }
}
