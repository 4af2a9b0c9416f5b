using System.Buffers.Binary;
using Outboard.Captures;

namespace Outboard.Cli.Inspect;

/// <summary>What stands in front of a frame, or a piece of one, inside the protection: all that a capture says of it.</summary>
/// <remarks>
/// <code>
///  0 version, 1    1 capture format    2 link type      4 offset of the piece
///  8 captured length of the frame     12 length on the wire
/// 16 time, nanoseconds since 1970     24 the piece
/// </code>
/// Numbers are big-endian. A frame that does not fit one protected frame comes in several, one behind the other.
/// </remarks>
/// <param name="Format">The format of the capture that the frame is from.</param>
/// <param name="LinkType">What its first byte belongs to.</param>
/// <param name="Offset">Where the piece starts in the frame.</param>
/// <param name="CapturedLength">Bytes of the frame that the capture holds.</param>
/// <param name="OriginalLength">Bytes it had on the wire.</param>
/// <param name="Timestamp">Nanoseconds since 1970.</param>
internal readonly record struct FramePreamble(
    CaptureFormat Format, LinkType LinkType, int Offset, int CapturedLength, uint OriginalLength, long Timestamp)
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 24;

    private const byte Version = 1;

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> destination)
    {
        destination[0] = Version;
        destination[1] = (byte)Format;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)LinkType);
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], Offset);
        BinaryPrimitives.WriteInt32BigEndian(destination[8..], CapturedLength);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], OriginalLength);
        BinaryPrimitives.WriteInt64BigEndian(destination[16..], Timestamp);
    }

    /// <summary>Reads it.</summary>
    /// <returns>Whether it is one, and the piece behind it lies within its frame.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, out FramePreamble preamble)
    {
        preamble = default;
        if (source.Length < Length || source[0] != Version || source[1] > (byte)CaptureFormat.PcapNg)
        {
            return false;
        }

        preamble = new FramePreamble(
            (CaptureFormat)source[1],
            (LinkType)BinaryPrimitives.ReadUInt16BigEndian(source[2..]),
            BinaryPrimitives.ReadInt32BigEndian(source[4..]),
            BinaryPrimitives.ReadInt32BigEndian(source[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[12..]),
            BinaryPrimitives.ReadInt64BigEndian(source[16..]));
        return preamble.CapturedLength is >= 0 and <= CaptureReader.CapturedLengthMax
            && preamble.Offset >= 0 && preamble.Timestamp >= 0
            && preamble.Offset + source.Length - Length <= preamble.CapturedLength;
    }
}
