using System.Buffers.Binary;

namespace Outboard.Plugins.Mana.Tests.Support;

/// <summary>Frames built byte by byte, and checksums by the letter of RFC 1071: the oracle of these tests.</summary>
internal static class Frames
{
    public const byte Tcp = 6;
    public const byte Udp = 17;

    /// <summary>
    /// The one's complement of the one's complement sum of 16-bit words, as RFC 1071 section 4.1 has it.
    /// </summary>
    public static ushort Checksum(ReadOnlySpan<byte> data, uint sum = 0)
    {
        for (int i = 0; i < data.Length; i += 2)
        {
            sum += (uint)(data[i] << 8) + (i + 1 < data.Length ? data[i + 1] : 0u);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    /// <summary>Ethernet, IPv4 or IPv6, TCP or UDP, payload of given length and seed, right checksums.</summary>
    public static byte[] Build(
        int version,
        byte protocol,
        int payload,
        int seed = 1,
        ushort sourcePort = 1000,
        ushort destinationPort = 2000,
        int padding = 0)
    {
        int l3 = version == 4 ? 20 : 40;
        int l4 = protocol == Tcp ? 20 : 8;
        byte[] frame = new byte[14 + l3 + l4 + payload + padding];
        var random = new Random(seed);
        random.NextBytes(frame);
        new byte[] { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2 }.CopyTo(frame, 0);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), version == 4 ? (ushort)0x0800 : (ushort)0x86DD);
        Span<byte> ip = frame.AsSpan(14, l3);
        if (version == 4)
        {
            ip[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(l3 + l4 + payload));
            ip[6] = 0x40;
            ip[7] = 0;
            ip[9] = protocol;
        }
        else
        {
            ip[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(l4 + payload));
            ip[6] = protocol;
        }

        Span<byte> transport = frame.AsSpan(14 + l3, l4 + payload);
        BinaryPrimitives.WriteUInt16BigEndian(transport, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(transport[2..], destinationPort);
        if (protocol == Udp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)transport.Length);
        }
        else
        {
            transport[12] = 0x50;
        }

        SetChecksums(frame, 14, version, protocol, l4 + payload);
        return frame;
    }

    /// <summary>Puts right checksums into a frame.</summary>
    public static void SetChecksums(Span<byte> frame, int l2, int version, byte protocol, int transportLength)
    {
        Span<byte> ip = frame[l2..];
        int l3 = version == 4 ? 20 : 40;
        if (version == 4)
        {
            ip.Slice(10, 2).Clear();
            BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip[..20]));
        }

        Span<byte> transport = ip.Slice(l3, transportLength);
        int field = protocol == Tcp ? 16 : 6;
        transport.Slice(field, 2).Clear();
        ushort checksum = TransportChecksum(ip, version, protocol, transport);
        BinaryPrimitives.WriteUInt16BigEndian(
            transport[field..], checksum == 0 && protocol == Udp ? (ushort)0xFFFF : checksum);
    }

    /// <summary>What the transport checksum adds up to; 0 when the one in place is right.</summary>
    public static ushort TransportChecksum(
        ReadOnlySpan<byte> ip, int version, byte protocol, ReadOnlySpan<byte> transport)
    {
        byte[] pseudo = new byte[(version == 4 ? 8 : 32) + 4];
        (version == 4 ? ip.Slice(12, 8) : ip.Slice(8, 32)).CopyTo(pseudo);
        BinaryPrimitives.WriteUInt16BigEndian(pseudo.AsSpan(pseudo.Length - 4), protocol);
        BinaryPrimitives.WriteUInt16BigEndian(pseudo.AsSpan(pseudo.Length - 2), (ushort)transport.Length);
        return Checksum(transport, (ushort)~Checksum(pseudo));
    }
}
