using System.Buffers.Binary;
using Outboard.Mbufs;

namespace Outboard.Cli.Inspect;

/// <summary>One PDCP PDU in one UDP datagram, in the framing that Wireshark's heuristic dissector pdcp_nr_udp knows.</summary>
/// <remarks>
/// The framing is the text <c>pdcp-nr</c> and the plane, then tags, each with a value of known length: length of the sequence
/// number, direction, bearer, terminal, MAC-I present; the PDU follows the last tag. Open it with
/// <c>tshark --enable-heuristic pdcp_nr_udp -o pdcp-nr.show_user_plane_as_ip:FALSE</c>; without the second it takes some of
/// the ciphertext for IP.
/// </remarks>
internal sealed class PdcpEnvelope : Envelope
{
    /// <summary>The bearer's identity as the framing gives it; BEARER is this less 1.</summary>
    public const int BearerIdentity = 1;

    /// <summary>The sequence number's length in bits.</summary>
    public const int SequenceNumberBits = 18;

    private const byte Udp = 17;
    private const int LengthOffset = 4;
    private const int UdpLength = 8;

    // TS 38.323 4.3.1: an SDU has at most 9000 bytes.
    private const int ServiceUnitMax = 9000;

    public PdcpEnvelope()
        : base(MakeHeader(Udp, [.. TransportHeader, .. Framing]), Udp, checksumOffset: 6, MbufOffloadFlags.TransmitUdpChecksum)
    {
    }

    /// <inheritdoc/>
    public override int RecordHeaderLength => 3;

    /// <summary>The MAC-I.</summary>
    public override int RecordTrailerLength => 4;

    /// <inheritdoc/>
    public override int ContentMax => ServiceUnitMax;

    protected override int TransportLength => UdpLength;

    // Port 51443 to 51443.
    private static ReadOnlySpan<byte> TransportHeader => [0xC8, 0xF3, 0xC8, 0xF3, 0, 0, 0, 0];

    // Signature and user plane; then tags: 2 sequence number bits, 3 downlink, 5 bearer, 6 terminal, 15 MAC-I, 1 PDU.
    private static ReadOnlySpan<byte> Framing =>
    [
        (byte)'p', (byte)'d', (byte)'c', (byte)'p', (byte)'-', (byte)'n', (byte)'r', 2,
        2, SequenceNumberBits, 3, 1, 5, BearerIdentity, 6, 0, 1, 15, 1,
    ];

    protected override void FillTransport(Span<byte> transport, int length) =>
        BinaryPrimitives.WriteUInt16BigEndian(transport[LengthOffset..], (ushort)length);

    protected override bool IsSame(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> header)
    {
        int framing = TransportOffset + UdpLength;
        return frame[framing..header.Length].SequenceEqual(header[framing..]);
    }
}
