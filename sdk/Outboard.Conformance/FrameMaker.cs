using System.Buffers.Binary;
using Outboard.Ethernet;

namespace Outboard.Conformance;

/// <summary>UDP frames with right checksums, between addresses of RFC 5737.</summary>
internal static class FrameMaker
{
    /// <summary>A frame of one flow for each number.</summary>
    /// <param name="destination">The port's address.</param>
    /// <param name="number">Chooses flow and content.</param>
    /// <param name="length">Bytes without frame check sequence, 60 or more.</param>
    public static byte[] Udp(MacAddress destination, int number, int length)
    {
        byte[] frame = new byte[length];
        ((ReadOnlySpan<byte>)destination).CopyTo(frame);
        frame[6] = 0x02;
        frame[11] = 0x77;
        frame[12] = 0x08;
        Span<byte> ip = frame.AsSpan(14);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(length - 14));
        ip[8] = 64;
        ip[9] = 17;
        ((ReadOnlySpan<byte>)[192, 0, 2, 1, 198, 51, 100, 2]).CopyTo(ip[12..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip[..20], 0));
        Span<byte> udp = ip[20..];
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], 4789);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        new Random(number).NextBytes(udp[8..]);
        SetFlow(frame, number);
        return frame;
    }

    /// <summary>Sets the source port and the UDP checksum.</summary>
    public static void SetFlow(byte[] frame, int number)
    {
        Span<byte> udp = frame.AsSpan(34);
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)(1024 + (number & 0x7FFF)));
        udp[6..8].Clear();
        ushort sum = Checksum(udp, PseudoHeader(frame.AsSpan(14), udp.Length));
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], sum == 0 ? (ushort)0xFFFF : sum);
    }

    private static uint PseudoHeader(ReadOnlySpan<byte> ip, int length)
    {
        uint sum = 17 + (uint)length;
        for (int i = 12; i < 20; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(ip[i..]);
        }

        return sum;
    }

    /// <summary>RFC 1071, byte pair by byte pair.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> bytes, uint sum)
    {
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)((bytes[i] << 8) | (i + 1 < bytes.Length ? bytes[i + 1] : 0));
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
