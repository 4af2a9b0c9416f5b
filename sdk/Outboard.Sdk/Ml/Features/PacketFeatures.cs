using Outboard.Captures;

namespace Outboard.Ml.Features;

/// <summary>Turns one frame into the numbers a traffic classifier works on.</summary>
/// <remarks>
/// Looks at one frame alone: its headers, and the first <see cref="PayloadBytesMax"/> bytes of what TCP, UDP or ICMP carry.
/// Addresses, identifiers, sequence numbers, time to live and checksums are left out on purpose: a classifier would learn the
/// machines of its training capture by them. Allocates nothing, never throws on a frame, and takes any bytes.
/// VLAN tags, MPLS labels, PPPoE, IP in IP, GRE, VXLAN and Geneve are stepped through, four tunnels at most.
/// <list type="table">
/// <listheader><term>index</term><description>meaning, unit</description></listheader>
/// <item><term>0</term><description>frame length / 1514, at most 2</description></item>
/// <item><term>1-4</term><description>1 for: IPv4, IPv6, ARP, none of them</description></item>
/// <item><term>5-6</term><description>1 for: VLAN, MPLS or PPPoE present; inside a tunnel</description></item>
/// <item><term>7-10</term><description>1 for: TCP, UDP, ICMP or ICMPv6, none of them</description></item>
/// <item><term>11</term><description>1 for a fragment</description></item>
/// <item><term>12-16</term><description>TCP flags: SYN, ACK, FIN, RST, PSH</description></item>
/// <item><term>17</term><description>1 for TCP flags no connection has: none, FIN without ACK, SYN with FIN or RST, URG with FIN</description></item>
/// <item><term>18</term><description>TCP option bytes / 40</description></item>
/// <item><term>19</term><description>log2(1 + TCP window) / 16</description></item>
/// <item><term>20-25</term><description>1 where either port is known for: DNS, web, TLS, mail, FTP control, FTP data</description></item>
/// <item><term>26-27</term><description>log2(1 + port) / 16 of the lower and the higher port</description></item>
/// <item><term>28</term><description>1 where the destination port is the lower one</description></item>
/// <item><term>29-31</term><description>payload length: / 1460 (at most 2); 1 for none; log2(1 + length) / 11</description></item>
/// <item><term>32-51</term><description>share of payload bytes that are: zero; other control; tab, CR, LF; space; digit; upper case; lower case;
/// 0x80 and above; %; quotes; angle brackets; parentheses; braces, brackets, $; ; | &amp;; full stop; slash, backslash; = ?; - _ +; : , @;
/// other punctuation</description></item>
/// <item><term>52-53</term><description>entropy of the payload bytes / 8 bits; different byte values / 256</description></item>
/// <item><term>54-55</term><description>longest run of one byte / 64; of letters and digits / 64 (each at most 1)</description></item>
/// <item><term>56-57</term><description>share of bytes in %xx escapes; pairs of full stops / 8 (at most 1)</description></item>
/// <item><term>58-63</term><description>1 where the payload begins like: a TLS record; an HTTP message; a three-digit reply; a DNS header;
/// an IMAP or POP3 answer or tagged command; a command word in capitals</description></item>
/// </list>
/// </remarks>
public static partial class PacketFeatures
{
    /// <summary>Numbers written for one frame.</summary>
    public const int Count = 64;

    /// <summary>Bytes of payload that are looked at.</summary>
    public const int PayloadBytesMax = 256;

    /// <summary>Writes the features of one Ethernet frame.</summary>
    /// <param name="frame">The frame from its destination address on, of any length.</param>
    /// <param name="features">Takes <see cref="Count"/> numbers; must be at least that long.</param>
    public static void Extract(ReadOnlySpan<byte> frame, Span<float> features)
        => Extract(frame, LinkType.Ethernet, features);

    /// <summary>Writes the features of one frame of another link type.</summary>
    /// <param name="frame">The frame, of any length.</param>
    /// <param name="linkType">Ethernet, raw IP, BSD loopback and Linux cooked captures are parsed; others count as no known protocol.</param>
    /// <param name="features">Takes <see cref="Count"/> numbers; must be at least that long.</param>
    public static void Extract(ReadOnlySpan<byte> frame, LinkType linkType, Span<float> features)
    {
        features = features[..Count];
        features.Clear();
        PacketLayers layers = PacketLayers.Parse(frame, linkType);
        features[0] = Math.Min(frame.Length / 1514f, 2f);
        features[layers.Network switch { 4 => 1, 6 => 2, PacketLayers.Arp => 3, _ => 4 }] = 1f;
        features[5] = layers.IsTagged ? 1f : 0f;
        features[6] = layers.IsTunnelled ? 1f : 0f;
        features[layers.Transport switch { 6 => 7, 17 => 8, 1 or 58 => 9, _ => 10 }] = 1f;
        features[11] = layers.IsFragment ? 1f : 0f;
        if (layers.Transport == 6)
        {
            WriteTcp(frame[layers.TransportOffset..], features);
        }
        if (layers.HasPorts)
        {
            WritePorts(layers.SourcePort, layers.DestinationPort, features);
        }
        ReadOnlySpan<byte> payload = frame.Slice(layers.PayloadOffset, layers.PayloadLength);
        features[29] = Math.Min(payload.Length / 1460f, 2f);
        features[30] = payload.IsEmpty ? 1f : 0f;
        features[31] = Log2(payload.Length) / 11f;
        if (!payload.IsEmpty)
        {
            WriteStatistics(payload[..Math.Min(payload.Length, PayloadBytesMax)], features);
            WriteBeginning(payload, layers.Transport, features);
        }
    }

    private static void WriteTcp(ReadOnlySpan<byte> header, Span<float> features)
    {
        int flags = header[13];
        bool syn = (flags & 2) != 0, ack = (flags & 16) != 0, fin = (flags & 1) != 0, reset = (flags & 4) != 0;
        features[12] = syn ? 1f : 0f;
        features[13] = ack ? 1f : 0f;
        features[14] = fin ? 1f : 0f;
        features[15] = reset ? 1f : 0f;
        features[16] = (flags & 8) != 0 ? 1f : 0f;
        bool odd = (flags & 0x3F) == 0 || (fin && !ack) || (syn && (fin || reset)) || (fin && (flags & 32) != 0);
        features[17] = odd ? 1f : 0f;
        features[18] = Math.Max(0, (header[12] >> 4) - 5) / 10f;
        features[19] = Log2((header[14] << 8) | header[15]) / 16f;
    }

    private static void WritePorts(int source, int destination, Span<float> features)
    {
        WritePort(source, features);
        WritePort(destination, features);
        features[26] = Log2(Math.Min(source, destination)) / 16f;
        features[27] = Log2(Math.Max(source, destination)) / 16f;
        features[28] = destination < source ? 1f : 0f;
    }

    private static void WritePort(int port, Span<float> features)
    {
        int index = port switch
        {
            53 or 5353 => 20,
            80 or 81 or 3128 or 8000 or 8008 or 8080 or 8081 or 8888 => 21,
            443 or 465 or 853 or 989 or 990 or 993 or 995 or 8443 => 22,
            25 or 110 or 143 or 587 or 2525 => 23,
            21 => 24,
            20 => 25,
            _ => -1,
        };
        if (index >= 0)
        {
            features[index] = 1f;
        }
    }

    private static float Log2(int value) => MathF.Log2(1f + value);
}
