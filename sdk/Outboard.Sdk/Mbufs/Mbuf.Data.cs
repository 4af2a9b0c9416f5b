using System.Runtime.CompilerServices;

namespace Outboard.Mbufs;

/// <content>Adding, taking away and reading data.</content>
public readonly unsafe partial struct Mbuf
{
    /// <summary>Puts bytes in front of the data of the first segment.</summary>
    /// <param name="count">Bytes; 0 to <see cref="Headroom"/>.</param>
    /// <param name="added">The new bytes, unset.</param>
    /// <returns>Whether there was headroom.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPrepend(int count, out Span<byte> added)
    {
        MbufHeader* header = _header;
        if ((uint)count > header->DataOffset || count > ushort.MaxValue - header->DataLength)
        {
            added = default;
            return false;
        }

        header->DataOffset -= (ushort)count;
        header->DataLength += (ushort)count;
        header->PacketLength += (uint)count;
        added = new(header->BufferAddress + header->DataOffset, count);
        return true;
    }

    /// <summary>Puts bytes behind the data of the last segment.</summary>
    /// <param name="count">Bytes; 0 to the last segment's <see cref="Tailroom"/>.</param>
    /// <param name="added">The new bytes, unset.</param>
    /// <returns>Whether there was tailroom.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAppend(int count, out Span<byte> added)
    {
        MbufHeader* last = _header->Next is null ? _header : LastSegment._header;
        int end = last->DataOffset + last->DataLength;
        if ((uint)count > (uint)(last->BufferLength - end))
        {
            added = default;
            return false;
        }

        last->DataLength += (ushort)count;
        _header->PacketLength += (uint)count;
        added = new(last->BufferAddress + end, count);
        return true;
    }

    /// <summary>Takes bytes away from the start of the first segment.</summary>
    /// <param name="count">Bytes; 0 to <see cref="DataLength"/>.</param>
    /// <returns>Whether the segment had that many.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAdjust(int count)
    {
        MbufHeader* header = _header;
        if ((uint)count > header->DataLength)
        {
            return false;
        }

        header->DataOffset += (ushort)count;
        header->DataLength -= (ushort)count;
        header->PacketLength -= (uint)count;
        return true;
    }

    /// <summary>Takes bytes away from the end of the last segment.</summary>
    /// <param name="count">Bytes; 0 to the last segment's <see cref="DataLength"/>.</param>
    /// <returns>Whether the segment had that many.</returns>
    public bool TryTrim(int count)
    {
        MbufHeader* last = LastSegment._header;
        if ((uint)count > last->DataLength)
        {
            return false;
        }

        last->DataLength -= (ushort)count;
        _header->PacketLength -= (uint)count;
        return true;
    }

    /// <summary>The data of one range of the packet: in place where one segment holds it all, else copied to the scratch buffer.</summary>
    /// <param name="offset">Bytes from the start of the packet.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="scratch">At least <paramref name="length"/> bytes where the range may cross segments.</param>
    /// <param name="data">The range; valid as long as the packet and the scratch buffer are.</param>
    /// <returns>Whether the packet has the range, and the scratch buffer room where it was needed.</returns>
    public bool TryRead(int offset, int length, Span<byte> scratch, out ReadOnlySpan<byte> data)
    {
        MbufHeader* segment = _header;
        if (offset >= 0 && length >= 0 && (uint)offset + (uint)length <= segment->DataLength)
        {
            data = new(segment->BufferAddress + segment->DataOffset + offset, length);
            return true;
        }

        return TryReadAcross(offset, length, scratch, out data);
    }

    /// <summary>Copies data of the packet, across segments.</summary>
    /// <param name="destination">Filled as far as the packet goes.</param>
    /// <param name="offset">Bytes from the start of the packet.</param>
    /// <returns>Bytes copied.</returns>
    public int CopyTo(Span<byte> destination, int offset = 0)
    {
        int copied = 0;
        MbufHeader* segment = _header;
        while (segment is not null && copied < destination.Length)
        {
            if ((uint)offset >= segment->DataLength)
            {
                offset -= offset < 0 ? 0 : segment->DataLength;
            }
            else
            {
                int count = Math.Min(segment->DataLength - offset, destination.Length - copied);
                new ReadOnlySpan<byte>(segment->BufferAddress + segment->DataOffset + offset, count)
                    .CopyTo(destination[copied..]);
                copied += count;
                offset = 0;
            }

            segment = segment->Next;
        }

        return copied;
    }

    /// <summary>Copies data into the packet, across segments; does not make the packet longer.</summary>
    /// <param name="source">Bytes to write.</param>
    /// <param name="offset">Bytes from the start of the packet.</param>
    /// <returns>Bytes written; fewer than given where the packet ends before.</returns>
    public int CopyFrom(ReadOnlySpan<byte> source, int offset = 0)
    {
        int copied = 0;
        MbufHeader* segment = _header;
        while (segment is not null && copied < source.Length)
        {
            if ((uint)offset >= segment->DataLength)
            {
                offset -= offset < 0 ? 0 : segment->DataLength;
            }
            else
            {
                int count = Math.Min(segment->DataLength - offset, source.Length - copied);
                source.Slice(copied, count)
                    .CopyTo(new Span<byte>(segment->BufferAddress + segment->DataOffset + offset, count));
                copied += count;
                offset = 0;
            }

            segment = segment->Next;
        }

        return copied;
    }

    private bool TryReadAcross(int offset, int length, Span<byte> scratch, out ReadOnlySpan<byte> data)
    {
        data = default;
        if (offset < 0 || length < 0 || (uint)offset + (uint)length > _header->PacketLength)
        {
            return false;
        }

        MbufHeader* segment = _header;
        while (offset >= segment->DataLength && segment->Next is not null)
        {
            offset -= segment->DataLength;
            segment = segment->Next;
        }

        if (offset + length <= segment->DataLength)
        {
            data = new(segment->BufferAddress + segment->DataOffset + offset, length);
            return true;
        }

        if (scratch.Length < length || new Mbuf(segment).CopyTo(scratch[..length], offset) != length)
        {
            return false;
        }

        data = scratch[..length];
        return true;
    }
}
