using System.Runtime.CompilerServices;
using System.Security.Cryptography;
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

    /// <summary>The start of a range where the first segment holds all of it, else null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* InFirstSegment(Mbuf packet, int offset, int length) =>
        offset + length <= packet.DataLength ? packet.DataPointer + offset : null;

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
}
