namespace Outboard.Captures;

/// <summary>One frame of a capture, lying in the reader's window.</summary>
/// <remarks><b>Owns</b>: the reader; every span here is valid until the next read or the reader's disposal.</remarks>
public readonly ref struct CaptureRecord
{
    internal CaptureRecord(CaptureRecordHeader header, ReadOnlySpan<byte> data, ReadOnlySpan<byte> comment)
    {
        Header = header;
        Data = data;
        Comment = comment;
    }

    /// <summary>Everything but the bytes, as a value that may be kept.</summary>
    public CaptureRecordHeader Header { get; }

    /// <summary>The captured bytes.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>The first comment on the frame, UTF-8; empty where there is none and in pcap.</summary>
    public ReadOnlySpan<byte> Comment { get; }

    /// <summary>Nanoseconds since 1970-01-01 UTC; 0 where the format has none.</summary>
    public long Timestamp => Header.Timestamp;

    /// <summary>Bytes of the frame that the file holds.</summary>
    public int CapturedLength => Header.CapturedLength;

    /// <summary>Bytes the frame had on the wire, as the file states it.</summary>
    public uint OriginalLength => Header.OriginalLength;

    /// <summary>What the first byte of the frame belongs to.</summary>
    public LinkType LinkType => Header.LinkType;

    /// <summary>0-based interface within its section; always 0 in pcap.</summary>
    public int InterfaceIndex => Header.InterfaceIndex;
}
