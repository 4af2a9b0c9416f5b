using System.Buffers.Binary;
using Outboard.Mbufs;

namespace Outboard.Cli.Inspect;

/// <summary>One TLS record in one TCP segment to port 443; the segments are one stream without gaps.</summary>
internal sealed class TlsEnvelope : Envelope
{
    private const byte Tcp = 6;
    private const int SequenceOffset = 4;

    // RFC 8446 5.1: a fragment has at most 2^14 bytes.
    private const int FragmentMax = 16384;

    private uint _sequence = 1;

    public TlsEnvelope()
        : base(MakeHeader(Tcp, TransportHeader), Tcp, checksumOffset: 16, MbufOffloadFlags.TransmitTcpChecksum)
    {
    }

    /// <inheritdoc/>
    public override int RecordHeaderLength => 5;

    /// <summary>Content type and tag.</summary>
    public override int RecordTrailerLength => 1 + 16;

    /// <inheritdoc/>
    public override int ContentMax => FragmentMax;

    protected override int TransportLength => 20;

    // Port 51443 to 443, acknowledgement 1, header of 20 bytes, PSH and ACK, a full window.
    private static ReadOnlySpan<byte> TransportHeader =>
        [0xC8, 0xF3, 0x01, 0xBB, 0, 0, 0, 0, 0, 0, 0, 1, 0x50, 0x18, 0xFF, 0xFF, 0, 0, 0, 0];

    protected override void FillTransport(Span<byte> transport, int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(transport[SequenceOffset..], _sequence);
        _sequence += (uint)(length - TransportLength);
    }
}
