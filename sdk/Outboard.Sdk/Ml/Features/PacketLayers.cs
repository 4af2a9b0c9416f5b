using System.Buffers.Binary;
using Outboard.Captures;

namespace Outboard.Ml.Features;

/// <summary>Where the layers of one frame begin; what is cut short or malformed simply ends the descent.</summary>
public ref struct PacketLayers
{
    /// <summary>The value of <see cref="Network"/> for ARP: its EtherType.</summary>
    public const int Arp = 0x0806;

    private const int TunnelsMax = 4;
    private const int ExtensionHeadersMax = 8;

    private ReadOnlySpan<byte> _frame;
    private int _end;

    /// <summary>4, 6, <see cref="Arp"/>, or 0 for none of them.</summary>
    public int Network { get; private set; }

    /// <summary>IP protocol number of a transport header that is there in full, or -1.</summary>
    public int Transport { get; private set; }

    /// <summary>Whether a VLAN tag, an MPLS label or a PPPoE header was stepped over.</summary>
    public bool IsTagged { get; private set; }

    /// <summary>Whether the layers are those inside a tunnel.</summary>
    public bool IsTunnelled { get; private set; }

    /// <summary>Whether the packet is a fragment of a larger one.</summary>
    public bool IsFragment { get; private set; }

    /// <summary>Whether the transport has ports.</summary>
    public bool HasPorts { get; private set; }

    /// <summary>The source port; 0 where there is none.</summary>
    public int SourcePort { get; private set; }

    /// <summary>The destination port; 0 where there is none.</summary>
    public int DestinationPort { get; private set; }

    /// <summary>Where the transport header begins, in bytes from the start of the frame.</summary>
    public int TransportOffset { get; private set; }

    /// <summary>Where the payload of the transport begins, in bytes from the start of the frame.</summary>
    public int PayloadOffset { get; private set; }

    /// <summary>The payload's length in bytes; 0 where there is none.</summary>
    public int PayloadLength { get; private set; }

    /// <summary>The innermost source address; empty without IP.</summary>
    public ReadOnlySpan<byte> Source { get; private set; }

    /// <summary>The innermost destination address; empty without IP.</summary>
    public ReadOnlySpan<byte> Destination { get; private set; }

    /// <summary>Finds the layers of a frame.</summary>
    /// <param name="frame">The frame, of any length; must outlive the result.</param>
    /// <param name="linkType">What its first byte belongs to; a type not known here has no layers.</param>
    public static PacketLayers Parse(ReadOnlySpan<byte> frame, LinkType linkType)
    {
        PacketLayers layers = new() { _frame = frame, _end = frame.Length, Transport = -1 };
        switch (linkType)
        {
            case LinkType.Ethernet:
                layers.ReadEthernet(0, 0);
                break;
            case LinkType.Raw or LinkType.IPv4 or LinkType.IPv6:
                layers.ReadIp(0, 0);
                break;
            case LinkType.Null or LinkType.Loop:
                layers.ReadIp(4, 0);
                break;
            case LinkType.LinuxSll:
                layers.ReadEtherType(14, 0);
                break;
            case LinkType.LinuxSll2 when frame.Length >= 20:
                layers.ReadNetwork(BinaryPrimitives.ReadUInt16BigEndian(frame), 20, 0);
                break;
        }
        return layers;
    }

    private readonly int Word(int offset) => BinaryPrimitives.ReadUInt16BigEndian(_frame[offset..]);

    private void ReadEthernet(int offset, int depth) => ReadEtherType(offset + 12, depth);

    private void ReadEtherType(int offset, int depth)
    {
        for (int tags = 0; tags < 4 && offset + 2 <= _end; tags++)
        {
            int type = Word(offset);
            offset += 2;
            if (type is 0x8100 or 0x88A8 or 0x9100)
            {
                IsTagged = true;
                offset += 2;
                continue;
            }
            ReadNetwork(type, offset, depth);
            return;
        }
    }

    private void ReadNetwork(int type, int offset, int depth)
    {
        switch (type)
        {
            case 0x0800 or 0x86DD:
                ReadIp(offset, depth);
                break;
            case Arp:
                Network = Arp;
                break;
            case 0x8847 or 0x8848:
                IsTagged = true;
                while (offset + 4 <= _end && (_frame[offset + 2] & 1) == 0)
                {
                    offset += 4;
                }
                ReadIp(offset + 4, depth);
                break;
            case 0x8864:
                IsTagged = true;
                ReadIp(offset + 8, depth);
                break;
        }
    }

    private void ReadIp(int offset, int depth)
    {
        if (offset >= _end || depth > TunnelsMax)
        {
            return;
        }
        int version = _frame[offset] >> 4;
        if (version == 4 && offset + 20 <= _end)
        {
            ReadIPv4(offset, depth);
        }
        else if (version == 6 && offset + 40 <= _end)
        {
            ReadIPv6(offset, depth);
        }
    }

    private void ReadIPv4(int offset, int depth)
    {
        int header = (_frame[offset] & 15) * 4;
        int total = Word(offset + 2);
        if (header < 20 || offset + header > _end)
        {
            return;
        }
        Network = 4;
        Source = _frame.Slice(offset + 12, 4);
        Destination = _frame.Slice(offset + 16, 4);

        // Padding behind a short packet is no payload; 0 is what segmentation offload leaves.
        if (total >= header && offset + total < _end)
        {
            _end = offset + total;
        }
        int fragment = Word(offset + 6);
        IsFragment = (fragment & 0x3FFF) != 0;
        ReadTransport((fragment & 0x1FFF) != 0 ? -1 : _frame[offset + 9], offset + header, depth);
    }

    private void ReadIPv6(int offset, int depth)
    {
        Network = 6;
        Source = _frame.Slice(offset + 8, 16);
        Destination = _frame.Slice(offset + 24, 16);
        int length = Word(offset + 4);
        if (length != 0 && offset + 40 + length < _end)
        {
            _end = offset + 40 + length;
        }
        int next = _frame[offset + 6];
        int at = offset + 40;
        for (int i = 0; i < ExtensionHeadersMax && next is 0 or 43 or 44 or 60 && at + 8 <= _end; i++)
        {
            int size = next == 44 ? 8 : (_frame[at + 1] + 1) * 8;
            if (next == 44 && (Word(at + 2) & 0xFFF9) != 0)
            {
                IsFragment = true;
                if ((Word(at + 2) & 0xFFF8) != 0)
                {
                    ReadTransport(-1, at + 8, depth);
                    return;
                }
            }
            next = _frame[at];
            at += size;
        }
        ReadTransport(next, Math.Min(at, _end), depth);
    }

    private void ReadTransport(int protocol, int offset, int depth)
    {
        TransportOffset = offset;
        switch (protocol)
        {
            case 6 when offset + 20 <= _end:
                SetPorts(offset);
                SetPayload(6, offset + Math.Max(20, (_frame[offset + 12] >> 4) * 4));
                break;
            case 17 when offset + 8 <= _end:
                SetPorts(offset);
                SetPayload(17, offset + 8);
                ReadTunnel(offset + 8, depth);
                break;
            case 1 or 58 when offset + 8 <= _end:
                SetPayload(protocol, offset + 8);
                break;
            case 4 or 41:
                IsTunnelled = true;
                ReadIp(offset, depth + 1);
                break;
            case 47 when offset + 4 <= _end:
                ReadGre(offset, depth);
                break;
            default:
                SetPayload(-1, offset);
                break;
        }
    }

    private void SetPorts(int offset)
    {
        HasPorts = true;
        SourcePort = Word(offset);
        DestinationPort = Word(offset + 2);
    }

    private void SetPayload(int transport, int offset)
    {
        Transport = transport;
        PayloadOffset = Math.Min(offset, _end);
        PayloadLength = _end - PayloadOffset;
    }

    private void ReadGre(int offset, int depth)
    {
        IsTunnelled = true;
        int flags = Word(offset);
        int type = Word(offset + 2);
        offset += 4 + ((flags & 0x8000) != 0 ? 4 : 0) + ((flags & 0x2000) != 0 ? 4 : 0) + ((flags & 0x1000) != 0 ? 4 : 0);
        ReadInner(type, offset, depth);
    }

    private void ReadTunnel(int offset, int depth)
    {
        if (DestinationPort == 4789 && offset + 8 <= _end)
        {
            IsTunnelled = true;
            ReadInner(0x6558, offset + 8, depth);
        }
        else if (DestinationPort == 6081 && offset + 8 <= _end)
        {
            IsTunnelled = true;
            ReadInner(Word(offset + 2), offset + 8 + ((_frame[offset] & 0x3F) * 4), depth);
        }
    }

    // 0x6558: an Ethernet frame inside.
    private void ReadInner(int type, int offset, int depth)
    {
        if (depth >= TunnelsMax)
        {
            return;
        }
        if (type == 0x6558)
        {
            ReadEthernet(offset, depth + 1);
        }
        else
        {
            ReadNetwork(type, offset, depth + 1);
        }
    }
}
