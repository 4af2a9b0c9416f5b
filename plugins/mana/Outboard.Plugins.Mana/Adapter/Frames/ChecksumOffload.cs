using System.Runtime.CompilerServices;
using Outboard.Plugins.Mana.Adapter.Layouts;
using Outboard.Plugins.Mana.Kernels.Checksum;

namespace Outboard.Plugins.Mana.Adapter.Frames;

/// <summary>Checks and makes the checksums of IPv4, TCP and UDP (RFC 791, 9293, 768, 8200 section 8.1).</summary>
internal static unsafe class ChecksumOffload<TChecksum>
    where TChecksum : struct, IChecksumKernel
{
    private const int UdpHeader = 8;
    private const int TcpHeader = 20;
    private const int UdpChecksumOffset = 6;
    private const int TcpChecksumOffset = 16;
    private const ushort Valid = 0xFFFF;

    /// <summary>What can be said of a received frame: neither good nor bad where nothing can.</summary>
    public static ReceiveFlags Verify(byte* frame, ref readonly ParsedFrame parsed)
    {
        ReceiveFlags flags = ReceiveFlags.None;
        if (parsed.Network == 4)
        {
            flags = ChecksumMath.Fold(HeaderSum(frame + parsed.NetworkOffset, parsed.NetworkHeaderLength)) == Valid
                ? ReceiveFlags.IPChecksumGood
                : ReceiveFlags.IPChecksumBad;
        }

        if (parsed.Transport == 0 || parsed.IsRouted || (parsed.IsCut && !parsed.IsWhole))
        {
            return flags;
        }

        // A datagram that says it is longer than its frame lost its end on the way: no sum of it can be right.
        if (!parsed.IsWhole)
        {
            return flags | (parsed.Transport == FrameParser.Tcp
                ? ReceiveFlags.TcpChecksumBad
                : ReceiveFlags.UdpChecksumBad);
        }

        byte* transport = frame + parsed.TransportOffset;
        int room = parsed.NetworkEnd - parsed.TransportOffset;
        return parsed.Transport == FrameParser.Tcp
            ? flags | VerifyTcp(frame, transport, room, in parsed)
            : flags | VerifyUdp(frame, transport, room, in parsed);
    }

    /// <summary>
    /// Makes the checksums that a send element asks for. The transport checksum field holds the sum of the
    /// pseudo-header, which the driver put there.
    /// </summary>
    /// <returns>Whether the frame is what the element says it is.</returns>
    public static bool Generate(byte* frame, int length, SendOobFlags flags, int transportOffset)
    {
        FrameParser.Parse(frame, length, out ParsedFrame parsed);
        if ((flags & SendOobFlags.IPChecksum) != 0)
        {
            if (parsed.Network != 4 || (flags & SendOobFlags.OuterIPv4) == 0)
            {
                return false;
            }

            byte* ip = frame + parsed.NetworkOffset;
            *(ushort*)(ip + 10) = 0;
            *(ushort*)(ip + 10) = (ushort)~ChecksumMath.Fold(HeaderSum(ip, parsed.NetworkHeaderLength));
        }

        if ((flags & (SendOobFlags.TcpChecksum | SendOobFlags.UdpChecksum)) == 0)
        {
            return true;
        }

        bool tcp = (flags & SendOobFlags.TcpChecksum) != 0;
        bool both = tcp && (flags & SendOobFlags.UdpChecksum) != 0;

        // Bytes behind the datagram are padding and no part of the sum; a frame whose IP length says more than there
        // is, or nothing, is summed to its end.
        int end = parsed.IsWhole ? parsed.NetworkEnd : length;
        int header = tcp ? TcpHeader : UdpHeader;
        bool version = (flags & SendOobFlags.OuterIPv4) != 0 ? parsed.Network == 4 : parsed.Network == 6;
        if (both || !version || parsed.IsFragment || transportOffset < parsed.NetworkOffset + 20
            || transportOffset + header > end)
        {
            return false;
        }

        byte* transport = frame + transportOffset;
        ushort* field = (ushort*)(transport + (tcp ? TcpChecksumOffset : UdpChecksumOffset));
        ushort checksum = (ushort)~ChecksumMath.Fold(
            TChecksum.Sum(ref *transport, (nuint)(end - transportOffset)));

        // Zero means "no checksum" in UDP, so its ones'-complement twin is sent (RFC 768).
        *field = checksum == 0 && !tcp ? (ushort)0xFFFF : checksum;
        return true;
    }

    private static ReceiveFlags VerifyTcp(byte* frame, byte* transport, int room, ref readonly ParsedFrame parsed)
    {
        if (room < TcpHeader)
        {
            return ReceiveFlags.None;
        }

        return IsValid(frame, transport, room, in parsed)
            ? ReceiveFlags.TcpChecksumGood
            : ReceiveFlags.TcpChecksumBad;
    }

    private static ReceiveFlags VerifyUdp(byte* frame, byte* transport, int room, ref readonly ParsedFrame parsed)
    {
        if (room < UdpHeader)
        {
            return ReceiveFlags.None;
        }

        int length = FrameParser.Read16(transport + 4);
        bool absent = *(ushort*)(transport + UdpChecksumOffset) == 0;
        if (length < UdpHeader || length > room || (absent && parsed.Network == 4))
        {
            return ReceiveFlags.None;
        }

        // Without a checksum a datagram over IPv6 is not valid (RFC 8200 section 8.1).
        return !absent && IsValid(frame, transport, length, in parsed)
            ? ReceiveFlags.UdpChecksumGood
            : ReceiveFlags.UdpChecksumBad;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsValid(byte* frame, byte* transport, int length, ref readonly ParsedFrame parsed)
    {
        byte* addresses = frame + parsed.NetworkOffset + (parsed.Network == 4 ? 12 : 8);
        int addressLength = parsed.Network == 4 ? 8 : 32;
        ulong pseudo = ChecksumMath.BigEndian(parsed.Transport) + ChecksumMath.BigEndian((uint)length);

        // Addresses stand right before the transport header unless there are options: then one sum takes both.
        ulong sum = addresses + addressLength == transport
            ? TChecksum.Sum(ref *addresses, (nuint)(addressLength + length))
            : ChecksumMath.Add(
                TChecksum.Sum(ref *addresses, (nuint)addressLength),
                TChecksum.Sum(ref *transport, (nuint)length));
        return ChecksumMath.Fold(ChecksumMath.Add(sum, pseudo)) == Valid;
    }

    /// <summary>An IPv4 header is five to fifteen words: too short for a kernel to be worth its call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HeaderSum(byte* ip, int length)
    {
        uint* words = (uint*)ip;
        ulong sum = (ulong)words[0] + words[1] + words[2] + words[3] + words[4];
        for (int i = 5; i < length >> 2; i++)
        {
            sum += words[i];
        }

        return sum;
    }
}
