namespace Outboard.Captures;

/// <content>Classic pcap.</content>
public sealed partial class CaptureWriter
{
    private void WritePcapHeader(CaptureWriterOptions options)
    {
        Put32(Format == CaptureFormat.PcapNanosecond ? CaptureReader.NanosecondMagic : CaptureReader.MicrosecondMagic);
        Put16(2);
        Put16(4);
        Put32(0);
        Put32(0);
        Put32((uint)options.SnapLength);
        Put32((uint)options.LinkType);
        _snapLengths[0] = options.SnapLength;
        _interfaceCount = 1;
    }

    private void BeginPcapRecord(long timestamp, int kept, uint originalLength, ReadOnlySpan<byte> comment)
    {
        if (!comment.IsEmpty)
        {
            throw new InvalidOperationException("pcap holds no comments; pcapng does.");
        }
        (long seconds, long nanoseconds) = Math.DivRem(timestamp, 1_000_000_000);
        if (seconds > uint.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(timestamp), timestamp, "pcap holds 32 bits of seconds: the last is in February 2106.");
        }
        Span<byte> header = Reserve(CaptureReader.PcapRecordHeaderSize);
        Set32(header, 0, (uint)seconds);
        Set32(header, 4, (uint)(Format == CaptureFormat.PcapNanosecond ? nanoseconds : nanoseconds / 1_000));
        Set32(header, 8, (uint)kept);
        Set32(header, 12, originalLength);
    }
}
