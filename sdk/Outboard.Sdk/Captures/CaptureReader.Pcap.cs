using System.Buffers.Binary;

namespace Outboard.Captures;

/// <content>Classic pcap.</content>
public sealed partial class CaptureReader
{
    internal const uint MicrosecondMagic = 0xA1B2C3D4;
    internal const uint NanosecondMagic = 0xA1B23C4D;
    internal const int PcapHeaderSize = 24;
    internal const int PcapRecordHeaderSize = 16;

    private bool _lengthsSwapped;
    private bool _lengthsMaybeSwapped;

    private void ReadPcapHeader(uint littleEndianMagic)
    {
        uint magic = littleEndianMagic;
        if (magic is not (MicrosecondMagic or NanosecondMagic))
        {
            magic = BinaryPrimitives.ReverseEndianness(magic);
            _bigEndian = true;
        }
        if (magic is not (MicrosecondMagic or NanosecondMagic))
        {
            throw Fail($"not a capture: begins with {Convert.ToHexStringLower(_window.AsSpan(0, 4))}; "
                + "pcap (a1b2c3d4 or a1b23c4d, either byte order) and pcapng (0a0d0d0a) are known");
        }
        Format = magic == NanosecondMagic ? CaptureFormat.PcapNanosecond : CaptureFormat.Pcap;
        int available = Fill(PcapHeaderSize);
        if (available < PcapHeaderSize)
        {
            IsTruncated = true;
            throw Fail($"truncated capture: the file header needs {PcapHeaderSize} bytes, the file has {available}",
                isTruncated: true);
        }
        ushort major = ReadUInt16(4);
        ushort minor = ReadUInt16(6);
        if (major != 2)
        {
            throw Fail($"pcap version {major}.{minor} is not supported; 2.x is");
        }

        // Files before 2.3 hold the two lengths the other way round, and 2.3 was written both ways. Later minors keep 2.4's layout.
        _lengthsSwapped = minor < 3;
        _lengthsMaybeSwapped = minor == 3;
        SnapLength = ReadUInt32(16);

        // The upper half of the word tells of frame check sequences; the link type proper is the lower half.
        LinkType = (LinkType)(ushort)ReadUInt32(20);
        _interfaceCount = 1;
        _start += PcapHeaderSize;
    }

    private bool TryReadPcap(out CaptureRecord record)
    {
        int available = Fill(PcapRecordHeaderSize);
        if (available < PcapRecordHeaderSize)
        {
            record = default;
            return available != 0 && Truncated("a record header", Position, available, PcapRecordHeaderSize);
        }
        ReadOnlySpan<byte> header = _window.AsSpan(_start, PcapRecordHeaderSize);
        uint seconds = BinaryPrimitives.ReadUInt32LittleEndian(header);
        uint fraction = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        uint captured = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        uint original = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        if (_bigEndian)
        {
            seconds = BinaryPrimitives.ReverseEndianness(seconds);
            fraction = BinaryPrimitives.ReverseEndianness(fraction);
            captured = BinaryPrimitives.ReverseEndianness(captured);
            original = BinaryPrimitives.ReverseEndianness(original);
        }
        if (_lengthsSwapped || (_lengthsMaybeSwapped && captured > original))
        {
            (captured, original) = (original, captured);
        }
        if (captured > CapturedLengthMax)
        {
            throw Fail($"a record of {captured} bytes; at most {CapturedLengthMax} are allowed");
        }
        int total = PcapRecordHeaderSize + (int)captured;
        available = Fill(total);
        if (available < total)
        {
            record = default;
            return Truncated("a record", Position, available, total);
        }
        long nanoseconds = Format == CaptureFormat.PcapNanosecond ? fraction : fraction * 1_000L;
        record = new CaptureRecord(
            new CaptureRecordHeader((seconds * 1_000_000_000L) + nanoseconds, (int)captured, original, LinkType, 0),
            _window.AsSpan(_start + PcapRecordHeaderSize, (int)captured),
            default);
        _start += total;
        return true;
    }
}
