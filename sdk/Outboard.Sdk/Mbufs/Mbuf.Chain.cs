namespace Outboard.Mbufs;

/// <content>Packets of several segments.</content>
public readonly unsafe partial struct Mbuf
{
    /// <summary>The most segments a packet may have.</summary>
    public const int SegmentCountMax = ushort.MaxValue;

    /// <summary>The segments of the packet, from this one on.</summary>
    public MbufSegments Segments => new(this);

    /// <summary>Puts another packet behind this one; the two are one packet then, and the other handle must not be used any more.</summary>
    /// <param name="tail">The first segment of the other packet.</param>
    /// <returns>Whether the sum of segments and lengths fits.</returns>
    public bool TryChain(Mbuf tail)
    {
        if (_header->SegmentCount + tail._header->SegmentCount > SegmentCountMax
            || (ulong)_header->PacketLength + tail._header->PacketLength > int.MaxValue)
        {
            return false;
        }

        LastSegment._header->Next = tail._header;
        _header->SegmentCount += tail._header->SegmentCount;
        _header->PacketLength += tail._header->PacketLength;

        // Only the first segment of a packet carries the packet's length; in the others it equals their own.
        tail._header->PacketLength = tail._header->DataLength;
        return true;
    }

    /// <summary>Moves all data into the first segment and frees the others.</summary>
    /// <returns>Whether the first segment had room for it; the packet is unchanged if not.</returns>
    public bool TryLinearize()
    {
        MbufHeader* header = _header;
        if (header->SegmentCount == 1)
        {
            return true;
        }

        uint rest = header->PacketLength - header->DataLength;
        if (rest > (uint)Tailroom || header->DataLength + rest > ushort.MaxValue)
        {
            return false;
        }

        byte* end = header->BufferAddress + header->DataOffset + header->DataLength;
        header->DataLength = (ushort)header->PacketLength;
        MbufHeader* segment = header->Next;
        while (segment is not null)
        {
            MbufHeader* next = segment->Next;
            new ReadOnlySpan<byte>(segment->BufferAddress + segment->DataOffset, segment->DataLength)
                .CopyTo(new Span<byte>(end, segment->DataLength));
            end += segment->DataLength;
            FreeSegment(segment);
            segment = next;
        }

        header->Next = null;
        header->SegmentCount = 1;
        return true;
    }
}
