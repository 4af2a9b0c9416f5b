using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Mbufs;
using Outboard.Mbufs.Driver;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>What the engine does to packets beyond what an application may: ranges, and cutting across segments.</summary>
internal static unsafe class Packet
{
    /// <summary>Whether a range lies in the packet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Contains(Mbuf packet, int offset, int length) =>
        (offset | length) >= 0 && (long)offset + length <= packet.PacketLength;

    /// <summary>The start of a range where one segment holds all of it, else null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* InOneSegment(Mbuf packet, int offset, int length) =>
        (long)offset + length <= packet.DataLength ? packet.DataPointer + offset : InLaterSegment(packet, offset, length);

    /// <summary>Whether one segment holds all of a range.</summary>
    public static bool IsInOneSegment(Mbuf packet, int offset, int length) => InOneSegment(packet, offset, length) is not null;

    /// <summary>
    /// Whether bytes of a range of one packet lie where bytes of the same range of the other do, but not the same ones: then neither
    /// can be written while the other is read. Two packets that share all of their data, as clones do, do not overlap.
    /// </summary>
    public static bool Overlap(Mbuf one, Mbuf other, int offset, int length)
    {
        nint first, second;
        if (one.IsContiguous && other.IsContiguous)
        {
            first = (nint)(one.DataPointer + offset);
            second = (nint)(other.DataPointer + offset);
            return first != second && first < second + length && second < first + length;
        }

        var outer = new MbufCursor(one, (nuint)offset);
        for (nint at = 0; at < length;)
        {
            nint run = (nint)Math.Min(outer.Run(), (nuint)(length - at));
            if (run == 0)
            {
                return false;
            }

            first = (nint)Unsafe.AsPointer(ref outer.Byte);
            var inner = new MbufCursor(other, (nuint)offset);
            for (nint to = 0; to < length;)
            {
                nint step = (nint)Math.Min(inner.Run(), (nuint)(length - to));
                if (step == 0)
                {
                    break;
                }

                second = (nint)Unsafe.AsPointer(ref inner.Byte);
                if (first - at != second - to && first < second + step && second < first + run)
                {
                    return true;
                }

                inner.Advance((nuint)step);
                to += step;
            }

            outer.Advance((nuint)run);
            at += run;
        }

        return false;
    }

    /// <summary>One byte of the packet.</summary>
    public static byte ReadByte(Mbuf packet, int offset)
    {
        byte value;
        Read(packet, offset, &value, 1);
        return value;
    }

    /// <summary>Copies a range of the packet to memory.</summary>
    public static void Read(Mbuf packet, int offset, byte* to, int length)
    {
        var at = new MbufCursor(packet, (nuint)offset);
        for (nuint left = (nuint)length; left != 0;)
        {
            nuint run = Math.Min(at.Run(), left);
            if (run == 0)
            {
                return;
            }

            Unsafe.CopyBlockUnaligned(ref *to, ref at.Byte, (uint)run);
            at.Advance(run);
            to += run;
            left -= run;
        }
    }

    /// <summary>Copies memory to a range of the packet.</summary>
    public static void Write(Mbuf packet, int offset, byte* from, int length)
    {
        var at = new MbufCursor(packet, (nuint)offset);
        for (nuint left = (nuint)length; left != 0;)
        {
            nuint run = Math.Min(at.Run(), left);
            if (run == 0)
            {
                return;
            }

            Unsafe.CopyBlockUnaligned(ref at.Byte, ref *from, (uint)run);
            at.Advance(run);
            from += run;
            left -= run;
        }
    }

    /// <summary>
    /// Chooses the packet that a protocol works in: the source, or a whole copy of it in the destination. False, and nothing changed,
    /// when the destination has not the room.
    /// </summary>
    public static bool TrySelect(CryptoOp op, ref Mbuf packet)
    {
        Mbuf destination = op.Destination;
        if (destination.IsNull || destination == packet)
        {
            return true;
        }

        if (!TryResize(destination, packet.PacketLength))
        {
            return false;
        }

        Copy(packet, destination, 0, packet.PacketLength);
        packet = destination;
        return true;
    }

    /// <summary>Zeroes a range.</summary>
    public static void Wipe(Mbuf packet, int offset, int length)
    {
        var at = new MbufCursor(packet, (nuint)offset);
        nuint left = (nuint)length;
        while (left != 0)
        {
            nuint run = Math.Min(at.Run(), left);
            if (run == 0)
            {
                return;
            }

            CryptographicOperations.ZeroMemory(new Span<byte>(Unsafe.AsPointer(ref at.Byte), (int)run));
            at.Advance(run);
            left -= run;
        }
    }

    /// <summary>Zeroes a range of bits; those around it stay.</summary>
    public static void WipeBits(Mbuf packet, int bitOffset, int bitLength)
    {
        int first = bitOffset >> 3, before = bitOffset & 7;
        int length = (int)(((long)before + bitLength + 7) >> 3);
        if (length == 0)
        {
            return;
        }

        int behind = (int)(((long)length * 8) - before - bitLength);
        byte head = (byte)(ReadByte(packet, first) & (0xFF00 >> before));
        byte tail = (byte)(ReadByte(packet, first + length - 1) & ((1 << behind) - 1));
        Wipe(packet, first, length);
        if (length == 1)
        {
            head |= tail;
        }
        else
        {
            Write(packet, first + length - 1, &tail, 1);
        }

        Write(packet, first, &head, 1);
    }

    /// <summary>Copies a range to the same place of another packet.</summary>
    public static void Copy(Mbuf source, Mbuf destination, int offset, int length)
    {
        var from = new MbufCursor(source, (nuint)offset);
        var to = new MbufCursor(destination, (nuint)offset);
        nuint left = (nuint)length;
        while (left != 0)
        {
            nuint run = Math.Min(Math.Min(from.Run(), to.Run()), left);
            if (run == 0)
            {
                return;
            }

            Unsafe.CopyBlockUnaligned(ref to.Byte, ref from.Byte, (uint)run);
            from.Advance(run);
            to.Advance(run);
            left -= run;
        }
    }

    /// <summary>Copies a range of bits to the same place of another packet; the bits around it stay.</summary>
    public static void CopyBits(Mbuf source, Mbuf destination, int bitOffset, int bitLength)
    {
        int first = bitOffset >> 3, before = bitOffset & 7;
        int length = (int)(((long)before + bitLength + 7) >> 3);
        if (bitLength == 0)
        {
            return;
        }

        int last = first + length - 1, behind = (int)(((long)length * 8) - before - bitLength);
        int headMask = 0xFF00 >> before & 0xFF, tailMask = (1 << behind) - 1;
        int head = ReadByte(destination, first) & headMask, tail = ReadByte(destination, last) & tailMask;
        Copy(source, destination, first, length);
        byte edge = (byte)((ReadByte(destination, first) & ~headMask) | head);
        Write(destination, first, &edge, 1);
        edge = (byte)((ReadByte(destination, last) & ~tailMask) | tail);
        Write(destination, last, &edge, 1);
    }

    /// <summary>Gives a packet a length by filling its segments in order. False, and nothing changed, when they have not the room.</summary>
    public static bool TryResize(Mbuf packet, int length)
    {
        int room = 0;
        for (Mbuf segment = packet; !segment.IsNull && room < length; segment = segment.Next)
        {
            room += Math.Min(segment.BufferLength - segment.DataOffset, ushort.MaxValue);
        }

        if (room < length)
        {
            return false;
        }

        int left = length;
        for (Mbuf segment = packet; !segment.IsNull; segment = segment.Next)
        {
            int here = Math.Min(left, Math.Min(segment.BufferLength - segment.DataOffset, ushort.MaxValue));
            segment.SetDataLength(here);
            left -= here;
        }

        packet.SetPacketLength(length);
        return true;
    }

    /// <summary>Drops bytes at the front, across segments where need be.</summary>
    public static void DropFront(Mbuf packet, int count)
    {
        if (packet.TryAdjust(count))
        {
            return;
        }

        packet.SetPacketLength(packet.PacketLength - count);
        for (Mbuf segment = packet; !segment.IsNull && count != 0; segment = segment.Next)
        {
            int here = Math.Min(count, segment.DataLength);
            segment.SetDataOffset(segment.DataOffset + here);
            segment.SetDataLength(segment.DataLength - here);
            count -= here;
        }
    }

    /// <summary>Cuts the packet to a length, across segments where need be.</summary>
    public static void CutTo(Mbuf packet, int length)
    {
        int left = length;
        for (Mbuf segment = packet; !segment.IsNull; segment = segment.Next)
        {
            int here = Math.Min(left, segment.DataLength);
            segment.SetDataLength(here);
            left -= here;
        }

        packet.SetPacketLength(length);
    }

    private static byte* InLaterSegment(Mbuf packet, int offset, int length)
    {
        Mbuf segment = packet;
        while (!segment.IsNull && offset >= segment.DataLength)
        {
            // An empty range may lie at the very end of a segment.
            if (offset == segment.DataLength && length == 0)
            {
                return segment.DataPointer + offset;
            }

            offset -= segment.DataLength;
            segment = segment.Next;
        }

        return !segment.IsNull && (long)offset + length <= segment.DataLength ? segment.DataPointer + offset : null;
    }
}
