using System.Buffers.Binary;
using Outboard.Mbufs;

namespace Outboard.Cli.Inspect;

/// <summary>The frame round a record or PDU: Ethernet and IPv4 between two documentation addresses, and the transport.</summary>
/// <remarks>
/// One flow from 192.0.2.1 to 192.0.2.2 (RFC 5737), as a tunnel between two gateways: nothing of the frames inside shows.
/// The mbuf comes with the record as its data and leaves as a whole frame; header space comes out of the headroom.
/// </remarks>
internal abstract class Envelope
{
    protected const int EthernetLength = 14;
    protected const int IPv4Length = 20;
    protected const int TransportOffset = EthernetLength + IPv4Length;

    private const int ProtocolOffset = EthernetLength + 9;
    private const int IdentifierOffset = EthernetLength + 4;
    private const int TotalLengthOffset = EthernetLength + 2;
    private const int IPChecksumOffset = EthernetLength + 10;
    private const int AddressesOffset = EthernetLength + 12;

    private readonly byte[] _header;
    private readonly byte _protocol;
    private readonly int _checksumOffset;
    private readonly MbufOffloadFlags _offload;
    private ushort _identifier;

    /// <param name="header">Everything in front of the record; lengths, numbers and checksums are filled in for each.</param>
    /// <param name="protocol">The IP protocol.</param>
    /// <param name="checksumOffset">Where the transport's checksum lies in the transport header.</param>
    /// <param name="offload">What asks a port to write that checksum.</param>
    protected Envelope(byte[] header, byte protocol, int checksumOffset, MbufOffloadFlags offload)
    {
        _header = header;
        _protocol = protocol;
        _checksumOffset = checksumOffset;
        _offload = offload;
    }

    /// <summary>Bytes in front of the record.</summary>
    public int HeaderLength => _header.Length;

    /// <summary>Bytes that the record adds in front of its content.</summary>
    public abstract int RecordHeaderLength { get; }

    /// <summary>Bytes that the record adds behind its content.</summary>
    public abstract int RecordTrailerLength { get; }

    /// <summary>The most content of one record.</summary>
    public abstract int ContentMax { get; }

    /// <summary>The length of the transport header in front of anything else.</summary>
    protected abstract int TransportLength { get; }

    /// <summary>Puts the headers in front of a record.</summary>
    /// <param name="mbuf">The record, in one segment.</param>
    /// <param name="withOffload">Whether the port writes both checksums; otherwise they are written here.</param>
    /// <returns>Whether there was headroom.</returns>
    public bool TryWrap(Mbuf mbuf, bool withOffload)
    {
        int recordLength = mbuf.PacketLength;
        if (!mbuf.TryPrepend(_header.Length, out Span<byte> header))
        {
            return false;
        }

        _header.CopyTo(header);
        int ipLength = header.Length - EthernetLength + recordLength;
        BinaryPrimitives.WriteUInt16BigEndian(header[TotalLengthOffset..], (ushort)ipLength);
        BinaryPrimitives.WriteUInt16BigEndian(header[IdentifierOffset..], _identifier++);
        FillTransport(header[TransportOffset..], ipLength - IPv4Length);
        if (withOffload)
        {
            mbuf.OffloadFlags |= MbufOffloadFlags.TransmitIPv4 | MbufOffloadFlags.TransmitIPChecksum | _offload;
            mbuf.L2Length = EthernetLength;
            mbuf.L3Length = IPv4Length;
            mbuf.L4Length = TransportLength;
        }
        else
        {
            WriteChecksums(mbuf.Data, ipLength - IPv4Length);
        }

        return true;
    }

    /// <summary>Finds the record in a frame of this kind.</summary>
    /// <param name="frame">A whole frame.</param>
    /// <param name="record">The record in it.</param>
    /// <returns>Whether the frame is one.</returns>
    public bool TryUnwrap(ReadOnlySpan<byte> frame, out Range record)
    {
        record = default;
        if (frame.Length < _header.Length
            || !frame[..(EthernetLength + 2)].SequenceEqual(_header.AsSpan(0, EthernetLength + 2))
            || frame[ProtocolOffset] != _protocol
            || !frame.Slice(AddressesOffset, 12).SequenceEqual(_header.AsSpan(AddressesOffset, 12)))
        {
            return false;
        }

        int end = EthernetLength + BinaryPrimitives.ReadUInt16BigEndian(frame[TotalLengthOffset..]);
        record = _header.Length..end;
        return end <= frame.Length && end >= _header.Length && IsSame(frame, _header);
    }

    /// <summary>Fills in what changes from one transport header to the next.</summary>
    protected abstract void FillTransport(Span<byte> transport, int length);

    /// <summary>Whether what follows the transport header is as it is written here.</summary>
    protected virtual bool IsSame(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> header) => true;

    /// <summary>Ethernet and IPv4 headers with the transport's behind them.</summary>
    protected static byte[] MakeHeader(byte protocol, ReadOnlySpan<byte> transport)
    {
        ReadOnlySpan<byte> front =
        [
            0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, 0x08, 0x00,
            0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol, 0, 0,
            192, 0, 2, 1, 192, 0, 2, 2,
        ];
        return [.. front, .. transport];
    }

    private void WriteChecksums(Span<byte> frame, int transportLength)
    {
        Span<byte> ip = frame.Slice(EthernetLength, IPv4Length);
        BinaryPrimitives.WriteUInt16BigEndian(frame[IPChecksumOffset..], InternetChecksum.Finish(InternetChecksum.Add(0, ip)));
        Span<byte> transport = frame.Slice(TransportOffset, transportLength);
        ulong sum = InternetChecksum.Add((uint)(_protocol + transportLength), ip[12..]);
        ushort checksum = InternetChecksum.Finish(InternetChecksum.Add(sum, transport));

        // A UDP checksum of zero would mean "none" (RFC 768).
        BinaryPrimitives.WriteUInt16BigEndian(transport[_checksumOffset..], checksum == 0 ? ushort.MaxValue : checksum);
    }
}
