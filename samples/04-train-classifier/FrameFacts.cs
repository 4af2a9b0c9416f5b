using System.Buffers.Binary;
using System.Net;

namespace Outboard.Samples.TrainClassifier;

/// <summary>Who talks to whom in a frame of our own recordings: untagged Ethernet, IPv4 without options or IPv6.</summary>
internal readonly record struct FrameFacts(
    string Protocol, string Source, int SourcePort, string Target, int TargetPort, int PayloadOffset, int PayloadLength, int IcmpType)
{
    public static FrameFacts Of(ReadOnlySpan<byte> frame)
    {
        FrameFacts none = new("none", "", 0, "", 0, 0, 0, -1);
        if (frame.Length < 34)
        {
            return none;
        }
        int etherType = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        int protocol, offset, end;
        IPAddress source, target;
        if (etherType == 0x0800)
        {
            protocol = frame[23];
            offset = 14 + ((frame[14] & 15) * 4);
            end = 14 + BinaryPrimitives.ReadUInt16BigEndian(frame[16..]);
            (source, target) = (new IPAddress(frame.Slice(26, 4)), new IPAddress(frame.Slice(30, 4)));
        }
        else if (etherType == 0x86DD && frame.Length >= 54)
        {
            protocol = frame[20];
            offset = 54;
            end = 54 + BinaryPrimitives.ReadUInt16BigEndian(frame[18..]);
            (source, target) = (new IPAddress(frame.Slice(22, 16)), new IPAddress(frame.Slice(38, 16)));
        }
        else
        {
            return none;
        }
        end = Math.Min(end, frame.Length);
        int header = protocol switch { 6 when offset + 20 <= end => (frame[offset + 12] >> 4) * 4, 17 => 8, 1 or 58 => 8, _ => 0 };
        int payload = Math.Min(offset + header, end);
        bool ports = protocol is 6 or 17 && offset + 4 <= end;
        return new FrameFacts(
            protocol switch { 6 => "tcp", 17 => "udp", 1 or 58 => "icmp", _ => "none" },
            source.ToString(),
            ports ? BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]) : 0,
            target.ToString(),
            ports ? BinaryPrimitives.ReadUInt16BigEndian(frame[(offset + 2)..]) : 0,
            payload,
            end - payload,
            protocol is 1 or 58 && offset < end ? frame[offset] : -1);
    }
}
