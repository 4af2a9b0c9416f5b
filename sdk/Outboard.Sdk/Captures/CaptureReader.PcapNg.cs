using System.Buffers.Binary;

namespace Outboard.Captures;

/// <content>pcapng: blocks.</content>
public sealed partial class CaptureReader
{
    internal const uint SectionHeaderBlock = 0x0A0D0D0A;
    internal const uint InterfaceDescriptionBlock = 1;
    internal const uint ObsoletePacketBlock = 2;
    internal const uint SimplePacketBlock = 3;
    internal const uint EnhancedPacketBlock = 6;
    internal const uint ByteOrderMagic = 0x1A2B3C4D;
    internal const int EnhancedPacketHeaderSize = 28;

    private const int BlockLengthMin = 12;
    private const int SectionHeaderSize = 24;
    private const int InterfaceDescriptionSize = 16;
    private const int SimplePacketHeaderSize = 12;

    // A block that must lie in the window whole: the largest frame and 128 KiB of options.
    private const int HeldBlockLengthMax = CapturedLengthMax + (128 * 1024);
    private const ushort OptionEnd = 0;
    private const ushort OptionComment = 1;
    private const ushort OptionTimestampResolution = 9;
    private const ushort OptionTimestampOffset = 14;

    private Interface[] _interfaces = new Interface[4];
    private int _interfaceCount;

    private void ReadUntilFirstInterface()
    {
        // A section may open with comments, secrets or custom blocks; the link type is known at the first interface.
        while (_interfaceCount == 0 && TryReadBlockHeader(out uint type, out int length) && !IsPacket(type))
        {
            if (!TakeBlock(type, length))
            {
                _finished = true;
                return;
            }
        }
    }

    private bool TryReadBlock(out CaptureRecord record)
    {
        record = default;
        while (TryReadBlockHeader(out uint type, out int length))
        {
            if (!IsPacket(type))
            {
                if (!TakeBlock(type, length))
                {
                    return false;
                }
                continue;
            }
            if (!TryHold(length))
            {
                return false;
            }
            record = type switch
            {
                EnhancedPacketBlock => ReadEnhancedPacket(length),
                SimplePacketBlock => ReadSimplePacket(length),
                _ => ReadObsoletePacket(length),
            };
            _start += length;
            return true;
        }
        return false;
    }

    private static bool IsPacket(uint type)
        => type is EnhancedPacketBlock or SimplePacketBlock or ObsoletePacketBlock;

    // Type and length of the next block, checked; it is not consumed. A section header also sets the byte order.
    private bool TryReadBlockHeader(out uint type, out int length)
    {
        type = 0;
        length = 0;
        int available = Fill(BlockLengthMin);
        if (available < BlockLengthMin)
        {
            return available != 0 && Truncated("a block", Position, available, BlockLengthMin);
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(_window.AsSpan(_start)) == SectionHeaderBlock)
        {
            ReadByteOrder();
        }
        type = ReadUInt32(0);
        uint total = ReadUInt32(4);
        uint most = IsPacket(type) || type is SectionHeaderBlock or InterfaceDescriptionBlock
            ? (uint)HeldBlockLengthMax
            : BlockLengthMax;
        uint least = type switch
        {
            SectionHeaderBlock => SectionHeaderSize + 4,
            InterfaceDescriptionBlock => InterfaceDescriptionSize + 4,
            EnhancedPacketBlock or ObsoletePacketBlock => EnhancedPacketHeaderSize + 4,
            SimplePacketBlock => SimplePacketHeaderSize + 4,
            _ => (uint)BlockLengthMin,
        };
        if (total < least || total > most || total % 4 != 0)
        {
            throw Fail($"a block of type {type} and {total} bytes; {least} to {most} in steps of 4 are allowed");
        }
        length = (int)total;
        return true;
    }

    private void ReadByteOrder()
    {
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(_window.AsSpan(_start + 8));
        _bigEndian = magic == BinaryPrimitives.ReverseEndianness(ByteOrderMagic);
        if (!_bigEndian && magic != ByteOrderMagic)
        {
            throw Fail($"a section header with byte-order magic {magic:x8}; 1a2b3c4d or 4d3c2b1a is allowed");
        }
    }

    // Uses up a block that holds no packet; false where the file ends within it and that is allowed.
    private bool TakeBlock(uint type, int length)
    {
        if (type is not (SectionHeaderBlock or InterfaceDescriptionBlock))
        {
            return TrySkip(length);
        }
        if (!TryHold(length))
        {
            return false;
        }
        if (type == SectionHeaderBlock)
        {
            ReadSectionHeader();
        }
        else
        {
            ReadInterface(length);
        }
        _start += length;
        return true;
    }

    // Brings a whole block into the window and checks that its two lengths agree.
    private bool TryHold(int length)
    {
        int available = Fill(length);
        if (available < length)
        {
            return Truncated("a block", Position, available, length);
        }
        CheckTrailer(length, ReadUInt32(length - 4), Position);
        return true;
    }

    private bool TrySkip(int length)
    {
        long begin = Position;
        int left = length - 4;
        while (left > 0)
        {
            int step = Math.Min(left, Math.Min(Fill(1), WindowSize));
            if (step == 0)
            {
                return Truncated("a block", begin, length - 4 - left, length);
            }
            _start += step;
            left -= step;
        }
        int available = Fill(4);
        if (available < 4)
        {
            return Truncated("a block", begin, length - 4 + available, length);
        }
        CheckTrailer(length, ReadUInt32(0), begin);
        _start += 4;
        return true;
    }

    private void CheckTrailer(int length, uint trailer, long offset)
    {
        if (trailer != (uint)length)
        {
            throw Fail($"a block that begins with length {length} and ends with length {trailer}", offset);
        }
    }

    private void ReadSectionHeader()
    {
        ushort major = ReadUInt16(12);
        ushort minor = ReadUInt16(14);

        // 1.2 was written by mistake for 1.0 and is the same format (draft-ietf-opsawg-pcapng 4.1).
        if (major != 1 || minor is not (0 or 2))
        {
            throw Fail($"pcapng version {major}.{minor} is not supported; 1.0 and 1.2 are");
        }
        _interfaceCount = 0;
    }

    private void ReadInterface(int length)
    {
        if (_interfaceCount == InterfaceCountMax)
        {
            throw Fail($"more than {InterfaceCountMax} interfaces in one section");
        }
        Interface description = new((LinkType)ReadUInt16(8), ReadUInt32(12), 6, 0);
        for (int at = InterfaceDescriptionSize; TryReadOption(ref at, length - 4, out ushort code, out int value, out int size);)
        {
            if (code == OptionTimestampResolution && size >= 1)
            {
                description = description with { Resolution = _window[_start + value] };
            }
            else if (code == OptionTimestampOffset && size >= 8)
            {
                ReadOnlySpan<byte> source = _window.AsSpan(_start + value);
                long offset = _bigEndian
                    ? BinaryPrimitives.ReadInt64BigEndian(source)
                    : BinaryPrimitives.ReadInt64LittleEndian(source);
                description = description with { OffsetSeconds = offset };
            }
        }
        if (_interfaceCount == _interfaces.Length)
        {
            Array.Resize(ref _interfaces, _interfaceCount * 2);
        }
        if (_interfaceCount == 0 && RecordCount == 0)
        {
            LinkType = description.LinkType;
            SnapLength = description.SnapLength;
        }
        _interfaces[_interfaceCount++] = description;
    }

    // Steps to the option at `at`; false at the end of the options. `end` is where the block's trailer begins.
    private bool TryReadOption(ref int at, int end, out ushort code, out int value, out int size)
    {
        code = OptionEnd;
        value = 0;
        size = 0;
        if (end - at < 4)
        {
            return false;
        }
        code = ReadUInt16(at);
        size = ReadUInt16(at + 2);
        value = at + 4;
        if (code == OptionEnd)
        {
            return false;
        }
        int padded = (size + 3) & ~3;
        if (padded > end - value)
        {
            throw Fail($"option {code} of {size} bytes runs past the end of its block");
        }
        at = value + padded;
        return true;
    }

    private CaptureRecord ReadEnhancedPacket(int length)
        => ReadPacket(length, ReadUInt32(8));

    // As the enhanced block, but with a 16-bit interface and a drop count in the first word.
    private CaptureRecord ReadObsoletePacket(int length)
        => ReadPacket(length, ReadUInt16(8));

    private CaptureRecord ReadPacket(int length, uint index)
    {
        Interface source = GetInterface(index);
        ulong ticks = ((ulong)ReadUInt32(12) << 32) | ReadUInt32(16);
        uint captured = ReadUInt32(20);
        uint original = ReadUInt32(24);
        int room = length - EnhancedPacketHeaderSize - 4;
        if (captured > CapturedLengthMax || captured > (uint)room)
        {
            throw Fail($"a packet of {captured} bytes in a block with room for {room}; "
                + $"at most {CapturedLengthMax} are allowed");
        }
        ReadOnlySpan<byte> comment = default;
        int at = EnhancedPacketHeaderSize + (((int)captured + 3) & ~3);
        while (TryReadOption(ref at, length - 4, out ushort code, out int value, out int size))
        {
            if (code == OptionComment && comment.IsEmpty)
            {
                comment = _window.AsSpan(_start + value, size);
            }
        }
        return new CaptureRecord(
            new CaptureRecordHeader(source.ToNanoseconds(ticks), (int)captured, original, source.LinkType, (int)index),
            _window.AsSpan(_start + EnhancedPacketHeaderSize, (int)captured),
            comment);
    }

    private CaptureRecord ReadSimplePacket(int length)
    {
        Interface source = GetInterface(0);
        uint original = ReadUInt32(8);
        uint room = (uint)(length - SimplePacketHeaderSize - 4);

        // The block states no captured length: it follows from the packet's length and the snapshot length.
        uint captured = source.SnapLength == 0 ? original : Math.Min(original, source.SnapLength);
        if (captured > CapturedLengthMax || captured > room)
        {
            throw Fail($"a packet of {captured} bytes in a block with room for {room}; "
                + $"at most {CapturedLengthMax} are allowed");
        }
        return new CaptureRecord(
            new CaptureRecordHeader(0, (int)captured, original, source.LinkType, 0),
            _window.AsSpan(_start + SimplePacketHeaderSize, (int)captured),
            default);
    }

    private Interface GetInterface(uint index)
        => index < (uint)_interfaceCount
            ? _interfaces[index]
            : throw Fail($"a packet of interface {index}; the section describes {_interfaceCount} so far");

    private readonly record struct Interface(LinkType LinkType, uint SnapLength, byte Resolution, long OffsetSeconds)
    {
        private const long PerSecond = 1_000_000_000;

        /// <summary>Nanoseconds since 1970 of a timestamp in this interface's units, held within what a long can say.</summary>
        public long ToNanoseconds(ulong ticks)
        {
            if (Resolution == 9 && OffsetSeconds == 0)
            {
                return (long)Math.Min(ticks, long.MaxValue);
            }
            int exponent = Resolution & 0x7F;
            UInt128 nanoseconds = (Resolution & 0x80) != 0
                ? ((UInt128)ticks * PerSecond) >> exponent
                : exponent <= 9
                    ? (UInt128)ticks * PowerOfTen(9 - exponent)
                    : exponent - 9 < 20 ? ticks / PowerOfTen(exponent - 9) : UInt128.Zero;
            Int128 sum = (Int128)UInt128.Min(nanoseconds, (UInt128)Int128.MaxValue / 2) + ((Int128)OffsetSeconds * PerSecond);
            return (long)Int128.Clamp(sum, 0, long.MaxValue);
        }

        private static ulong PowerOfTen(int exponent)
        {
            ulong power = 1;
            for (int i = 0; i < exponent; i++)
            {
                power *= 10;
            }
            return power;
        }
    }
}
