namespace Outboard.Mbufs;

/// <content>Checks of a packet's consistency.</content>
public readonly unsafe partial struct Mbuf
{
    /// <summary>Whether the packet, or with <paramref name="isHead"/> off this segment, is consistent.</summary>
    /// <param name="reason">Why not, or null.</param>
    /// <param name="isHead">Whether this is the first segment.</param>
    public bool Check(out string? reason, bool isHead = true)
    {
        reason = Defect(_header, isHead);
        return reason is null;
    }

    /// <summary>Whether this is in the state of a free mbuf of a pool.</summary>
    /// <param name="pool">The pool it should be of, or null for any.</param>
    /// <param name="reason">Why not, or null.</param>
    public bool CheckFree(MbufPool? pool, out string? reason)
    {
        reason = SegmentDefect(_header) ?? FreeDefect(_header, pool);
        return reason is null;
    }

    /// <summary>Whether the transmit offload flags and lengths make sense together.</summary>
    /// <param name="reason">Why not, or null.</param>
    public bool ValidateTransmitOffload(out string? reason)
    {
        MbufOffloadFlags flags = _header->OffloadFlags;
        const MbufOffloadFlags Version = MbufOffloadFlags.TransmitIPv4 | MbufOffloadFlags.TransmitIPv6;
        const MbufOffloadFlags Segmentation =
            MbufOffloadFlags.TransmitTcpSegmentation | MbufOffloadFlags.TransmitUdpSegmentation;
        bool ipChecksum = (flags & MbufOffloadFlags.TransmitIPChecksum) != 0;
        bool segmented = (flags & Segmentation) != 0;
        reason = null;
        if (ipChecksum && (flags & MbufOffloadFlags.TransmitIPv6) != 0)
        {
            reason = "an IP checksum is asked for, but the packet is IPv6, which has none";
        }
        else if (((flags & MbufOffloadFlags.TransmitL4Mask) != 0 || segmented || ipChecksum) && (flags & Version) == 0)
        {
            reason = "a checksum or segmentation is asked for, but neither IPv4 nor IPv6 is set";
        }
        else if (segmented && TsoSegmentSize == 0)
        {
            reason = "segmentation is asked for, but the segment size is 0";
        }
        else if (segmented && (flags & MbufOffloadFlags.TransmitIPv4) != 0 && !ipChecksum)
        {
            reason = "segmentation of IPv4 is asked for, but not the IP checksum that each segment needs";
        }
        else if ((flags & MbufOffloadFlags.TransmitOuterIPChecksum) != 0
            && (flags & MbufOffloadFlags.TransmitOuterIPv4) == 0)
        {
            reason = "an outer IP checksum is asked for, but the outer header is not marked IPv4";
        }

        return reason is null;
    }

    private static string? SegmentDefect(MbufHeader* header)
    {
        if (header is null)
        {
            return "mbuf is null";
        }

        if (header->Pool == 0)
        {
            return "bad mbuf pool";
        }

        if (header->IoAddress == 0)
        {
            return "bad IO address";
        }

        if (header->BufferAddress is null)
        {
            return "bad virtual address";
        }

        return header->ReferenceCount is 0 or ushort.MaxValue ? "bad reference count" : null;
    }

    private static string? FreeDefect(MbufHeader* header, MbufPool? pool)
    {
        if (pool is not null && MbufPool.Of(header) != pool)
        {
            return "wrong mbuf pool";
        }

        if (header->ReferenceCount != 1)
        {
            return "reference count is not 1";
        }

        if (header->Next is not null)
        {
            return "next segment is set";
        }

        if (header->SegmentCount != 1)
        {
            return "segment count is not 1";
        }

        if ((header->OffloadFlags & MbufOffloadFlags.Indirect) != 0)
        {
            return "mbuf is a clone";
        }

        if ((header->OffloadFlags & MbufOffloadFlags.External) != 0)
        {
            if (!MbufPool.Of(header).IsPinned)
            {
                return "external buffer is not pinned";
            }

            if (header->SharedInfo->ReferenceCount != 1)
            {
                return "pinned external buffer has other references";
            }
        }

        return null;
    }

    private static string? Defect(MbufHeader* header, bool isHead)
    {
        string? reason = SegmentDefect(header);
        if (reason is not null || !isHead)
        {
            return reason;
        }

        if (header->DataLength > header->PacketLength)
        {
            return "data length is above packet length";
        }

        uint segments = header->SegmentCount;
        uint length = header->PacketLength;
        for (MbufHeader* segment = header; segment is not null; segment = segment->Next)
        {
            reason = SegmentDefect(segment);
            if (reason is not null)
            {
                return reason;
            }

            if (segment->DataOffset > segment->BufferLength)
            {
                return "data offset is beyond the segment";
            }

            if (segment->DataOffset + segment->DataLength > segment->BufferLength)
            {
                return "data length is beyond the segment";
            }

            if (segments-- == 0)
            {
                return "bad segment count";
            }

            length -= segment->DataLength;
        }

        return segments != 0 ? "bad segment count" : length != 0 ? "bad packet length" : null;
    }
}
