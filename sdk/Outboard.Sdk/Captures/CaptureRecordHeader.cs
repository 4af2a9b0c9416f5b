namespace Outboard.Captures;

/// <summary>What a capture says of one frame, without the frame's bytes.</summary>
/// <param name="Timestamp">Nanoseconds since 1970-01-01 UTC; 0 where the format has none (simple packet blocks).</param>
/// <param name="CapturedLength">Bytes of the frame that the file holds; 0 to <see cref="CaptureReader.CapturedLengthMax"/>.</param>
/// <param name="OriginalLength">Bytes the frame had on the wire, as the file states it.</param>
/// <param name="LinkType">What the first byte of the frame belongs to.</param>
/// <param name="InterfaceIndex">0-based interface within its section; always 0 in pcap.</param>
public readonly record struct CaptureRecordHeader(
    long Timestamp, int CapturedLength, uint OriginalLength, LinkType LinkType, int InterfaceIndex);
