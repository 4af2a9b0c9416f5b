using System.Text;

namespace Outboard.Captures;

/// <content>pcapng: one section, its interfaces, enhanced packet blocks.</content>
public sealed partial class CaptureWriter
{
    private const ushort OptionEnd = 0;
    private const ushort OptionComment = 1;
    private const ushort OptionInterfaceName = 2;
    private const ushort OptionApplication = 4;
    private const ushort OptionTimestampResolution = 9;
    private const int EndOfOptionsSize = 4;

    private int[] _snapLengths = new int[1];
    private int _interfaceCount;

    /// <summary>Describes a further interface, for frames of another link type or place; pcapng only.</summary>
    /// <param name="linkType">What the first byte of its frames belongs to.</param>
    /// <param name="snapLength">Most bytes kept of a frame; 1 to <see cref="CaptureReader.CapturedLengthMax"/>.</param>
    /// <param name="name">Its name, or null.</param>
    /// <returns>Its 0-based index, for <c>Write</c> and <c>Begin</c>.</returns>
    public int AddInterface(LinkType linkType, int snapLength = CaptureReader.CapturedLengthMax, string? name = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckSnapLength(snapLength);
        if (Format != CaptureFormat.PcapNg)
        {
            throw new InvalidOperationException("pcap holds one interface; pcapng holds several.");
        }
        if (_pending >= 0)
        {
            throw new InvalidOperationException("AddInterface comes between frames; a frame is begun.");
        }
        if (_interfaceCount == CaptureReader.InterfaceCountMax)
        {
            throw new InvalidOperationException($"A capture holds at most {CaptureReader.InterfaceCountMax} interfaces.");
        }
        byte[] nameBytes = Encode(name, nameof(name));
        int length = 16 + OptionSize(nameBytes) + 8 + EndOfOptionsSize + 4;
        Put32(CaptureReader.InterfaceDescriptionBlock);
        Put32((uint)length);
        Put16((ushort)linkType);
        Put16(0);
        Put32((uint)snapLength);
        PutOption(OptionInterfaceName, nameBytes);
        PutOption(OptionTimestampResolution, [9]);
        Put32(OptionEnd);
        Put32((uint)length);
        if (_interfaceCount == _snapLengths.Length)
        {
            Array.Resize(ref _snapLengths, _interfaceCount * 2);
        }
        _snapLengths[_interfaceCount] = snapLength;
        return _interfaceCount++;
    }

    private void WriteSectionHeader(CaptureWriterOptions options)
    {
        byte[] comment = Encode(options.Comment, nameof(options.Comment));
        byte[] application = Encode(options.Application, nameof(options.Application));
        int optionSize = OptionSize(comment) + OptionSize(application);
        int length = 24 + optionSize + (optionSize > 0 ? EndOfOptionsSize : 0) + 4;
        Put32(CaptureReader.SectionHeaderBlock);
        Put32((uint)length);
        Put32(CaptureReader.ByteOrderMagic);
        Put16(1);
        Put16(0);

        // Section length -1: not known in advance, for a stream is never rewound.
        Put32(uint.MaxValue);
        Put32(uint.MaxValue);
        PutOption(OptionComment, comment);
        PutOption(OptionApplication, application);
        if (optionSize > 0)
        {
            Put32(OptionEnd);
        }
        Put32((uint)length);
    }

    private void BeginPacketBlock(
        long timestamp, int kept, uint originalLength, int interfaceIndex, ReadOnlySpan<byte> comment)
    {
        if (comment.Length > ushort.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(comment), comment.Length, $"A comment is at most {ushort.MaxValue} bytes of UTF-8.");
        }
        _commentLength = comment.Length;
        int options = comment.IsEmpty ? 0 : OptionSize(comment) + EndOfOptionsSize;
        _blockLength = CaptureReader.EnhancedPacketHeaderSize + Pad(kept) + options + 4;
        Span<byte> header = Reserve(CaptureReader.EnhancedPacketHeaderSize);
        Set32(header, 0, CaptureReader.EnhancedPacketBlock);
        Set32(header, 4, (uint)_blockLength);
        Set32(header, 8, (uint)interfaceIndex);
        Set32(header, 12, (uint)(timestamp >> 32));
        Set32(header, 16, (uint)timestamp);
        Set32(header, 20, (uint)kept);
        Set32(header, 24, originalLength);
        _blockPadding = Pad(kept) - kept;
    }

    private void EndPacketBlock(ReadOnlySpan<byte> comment)
    {
        PutPadding(_blockPadding);
        if (_commentLength > 0)
        {
            PutOption(OptionComment, comment);
            Put32(OptionEnd);
        }
        Put32((uint)_blockLength);
    }

    private static byte[] Encode(string? text, string parameter)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text ?? "");
        return bytes.Length <= ushort.MaxValue
            ? bytes
            : throw new ArgumentException($"{bytes.Length} bytes of UTF-8; at most {ushort.MaxValue} are allowed.", parameter);
    }

    private static int Pad(int length) => (length + 3) & ~3;

    private static int OptionSize(ReadOnlySpan<byte> value) => value.IsEmpty ? 0 : 4 + Pad(value.Length);

    private void PutOption(ushort code, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return;
        }
        Put16(code);
        Put16((ushort)value.Length);
        Put(value);
        PutPadding(Pad(value.Length) - value.Length);
    }

    private void PutPadding(int count)
    {
        if (count > 0)
        {
            Put("\0\0\0"u8[..count]);
        }
    }
}
