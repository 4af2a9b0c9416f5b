using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Mana.Adapter.Frames;

/// <summary>Finds IP, TCP and UDP in a frame. Every read is within the frame, whatever its bytes say.</summary>
internal static unsafe class FrameParser
{
    public const byte Tcp = 6;
    public const byte Udp = 17;

    private const ushort EtherTypeIPv4 = 0x0800;
    private const ushort EtherTypeIPv6 = 0x86DD;
    private const ushort EtherTypeVlan = 0x8100;
    private const ushort EtherTypeServiceVlan = 0x88A8;
    private const int EthernetHeader = 14;
    private const int VlanTagMax = 2;
    private const int ExtensionHeaderMax = 8;
    private const int PortsLength = 4;

    public static void Parse(byte* frame, int length, out ParsedFrame parsed)
    {
        parsed = default;
        if (length < EthernetHeader)
        {
            return;
        }

        int offset = EthernetHeader;
        ushort type = Read16(frame + 12);
        for (int tag = 0; tag < VlanTagMax && type is EtherTypeVlan or EtherTypeServiceVlan; tag++)
        {
            if (length < offset + 4)
            {
                return;
            }

            type = Read16(frame + offset + 2);
            offset += 4;
        }

        if (type == EtherTypeIPv4)
        {
            ParseIPv4(frame, length, offset, ref parsed);
        }
        else if (type == EtherTypeIPv6)
        {
            ParseIPv6(frame, length, offset, ref parsed);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Read16(byte* p) => BinaryPrimitives.ReverseEndianness(*(ushort*)p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ParseIPv4(byte* frame, int length, int offset, ref ParsedFrame parsed)
    {
        byte* ip = frame + offset;
        int room = length - offset;
        if (room < 20 || (ip[0] >> 4) != 4)
        {
            return;
        }

        int header = (ip[0] & 15) * 4;
        if (header < 20 || room < header)
        {
            return;
        }

        parsed.Network = 4;
        parsed.NetworkOffset = (ushort)offset;
        parsed.NetworkHeaderLength = (ushort)header;
        int total = Read16(ip + 2);

        // Hosts leave the length 0 in segments that were to be cut before the wire; such a one ends with its frame.
        total = total == 0 ? room : total;
        if (total < header)
        {
            return;
        }

        parsed.NetworkEnd = offset + total;
        parsed.IsWhole = total <= room;

        // More-fragments and the fragment offset; not don't-fragment.
        if ((Read16(ip + 6) & 0x3FFF) != 0)
        {
            parsed.IsFragment = true;
            return;
        }

        SetTransport(ip[9], length, offset + header, ref parsed);
    }

    private static void ParseIPv6(byte* frame, int length, int offset, ref ParsedFrame parsed)
    {
        const int Header = 40;
        byte* ip = frame + offset;
        int room = length - offset;
        if (room < Header || (ip[0] >> 4) != 6)
        {
            return;
        }

        parsed.Network = 6;
        parsed.NetworkOffset = (ushort)offset;
        parsed.NetworkHeaderLength = Header;
        int total = Header + Read16(ip + 4);
        parsed.NetworkEnd = offset + total;
        parsed.IsWhole = total <= room;
        int at = offset + Header;
        byte next = ip[6];
        for (int i = 0; i < ExtensionHeaderMax; i++)
        {
            const byte HopByHop = 0;
            const byte Routing = 43;
            const byte Fragment = 44;
            const byte Authentication = 51;
            const byte DestinationOptions = 60;
            if (next is not (HopByHop or Routing or Fragment or Authentication or DestinationOptions))
            {
                break;
            }

            if (length < at + 8)
            {
                return;
            }

            byte* extension = frame + at;
            switch (next)
            {
                case Fragment:
                    // Offset (13 bits) and more-fragments; an atomic fragment has neither.
                    if ((Read16(extension + 2) & 0xFFF9) != 0)
                    {
                        parsed.IsFragment = true;
                        return;
                    }

                    at += 8;
                    break;
                case Authentication:
                    at += (extension[1] + 2) * 4;
                    break;
                default:
                    parsed.IsRouted |= next == Routing && extension[3] != 0;
                    at += (extension[1] + 1) * 8;
                    break;
            }

            next = extension[0];
        }

        SetTransport(next, length, at, ref parsed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetTransport(byte protocol, int length, int offset, ref ParsedFrame parsed)
    {
        if (protocol is Tcp or Udp && offset + PortsLength <= length && offset + PortsLength <= parsed.NetworkEnd)
        {
            parsed.Transport = protocol;
            parsed.TransportOffset = (ushort)offset;
        }
    }
}
