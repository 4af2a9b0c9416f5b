using System.Runtime.CompilerServices;
using Outboard.Memory;

namespace Outboard.Mbufs;

/// <content>Reference counts, freeing, and mbufs that share data.</content>
public readonly unsafe partial struct Mbuf
{
    /// <summary>Frees the packet: every segment of it that nobody else refers to goes back to its pool. A null mbuf is ignored.</summary>
    public void Free()
    {
        MbufHeader* header = _header;
        if (header is not null && header->IsPlain)
        {
            MbufPool.Of(header).CurrentCache.Put((nint)header);
        }
        else
        {
            FreeSegments(header, null);
        }
    }

    /// <summary>As <see cref="Free()"/>; what belongs to the cache's pool goes through the cache, which spares looking up the thread's.</summary>
    public void Free(MempoolCache cache)
    {
        ArgumentNullException.ThrowIfNull(cache);
        MbufHeader* header = _header;
        if (header is not null && header->IsPlain)
        {
            MbufPool.Of(header).CacheOr(cache).Put((nint)header);
        }
        else
        {
            FreeSegments(header, cache);
        }
    }

    /// <summary>Frees this segment only; the ones behind it are left to whoever knows them.</summary>
    public void FreeSegment()
    {
        if (_header is not null)
        {
            FreeSegment(_header);
        }
    }

    /// <summary>Adds references to every segment of the packet; as many more frees are needed then.</summary>
    /// <param name="count">References; may be negative where others remain.</param>
    /// <remarks>
    /// *Thread*: whoever reads a count of 1 takes itself for the only holder and uses no atomic operation. So add a reference for each
    /// further thread before it gets the handle; then all may clone, attach to and free it at once.
    /// </remarks>
    public void AddReference(int count = 1)
    {
        for (MbufHeader* segment = _header; segment is not null; segment = segment->Next)
        {
            UpdateReferences(segment, count);
        }
    }

    /// <summary>Makes a packet that shares this one's data: a segment attached to each of this packet's.</summary>
    /// <param name="pool">Where the new segments come from.</param>
    /// <param name="clone">The new packet.</param>
    /// <returns>Whether the pool had enough mbufs.</returns>
    public bool TryClone(MbufPool pool, out Mbuf clone)
    {
        ArgumentNullException.ThrowIfNull(pool);
        MempoolCache cache = pool.CurrentCache;
        MbufHeader* head = null;
        MbufHeader* last = null;
        uint length = _header->PacketLength;
        ushort count = 0;
        for (MbufHeader* segment = _header; segment is not null; segment = segment->Next)
        {
            if (!pool.TryAlloc(out Mbuf part, cache))
            {
                new Mbuf(head).Free();
                clone = default;
                return false;
            }

            _ = part.AttachTo(new Mbuf(segment));
            part._header->PacketLength = segment->DataLength;
            if (head is null)
            {
                head = part._header;
            }
            else
            {
                last->Next = part._header;
            }

            last = part._header;
            count++;
        }

        head->SegmentCount = count;
        head->PacketLength = length;
        clone = new(head);
        return true;
    }

    /// <summary>Copies part of the packet into new mbufs.</summary>
    /// <param name="pool">Where they come from.</param>
    /// <param name="copy">The new packet.</param>
    /// <param name="offset">First byte; at most <see cref="PacketLength"/>.</param>
    /// <param name="length">Bytes; what goes beyond the packet is left out.</param>
    /// <returns>Whether the offset lies in the packet and the pool had enough mbufs.</returns>
    public bool TryCopy(MbufPool pool, out Mbuf copy, int offset = 0, int length = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(pool);
        MempoolCache cache = pool.CurrentCache;
        copy = default;
        if ((uint)offset > _header->PacketLength || length < 0 || !pool.TryAlloc(out Mbuf head, cache))
        {
            return false;
        }

        int left = Math.Min(length, PacketLength - offset);
        CopyMetadata(head._header, _header);
        head._header->OffloadFlags &= ~MbufOffloadFlags.AttachedMask;
        head._header->OffloadFlags |= pool.ResetFlags;
        MbufHeader* last = head._header;
        while (true)
        {
            int count = Math.Min(left, last->BufferLength - last->DataOffset);
            _ = CopyTo(new Span<byte>(last->BufferAddress + last->DataOffset, count), offset);
            last->DataLength = (ushort)count;
            head._header->PacketLength += (uint)count;
            offset += count;
            left -= count;
            if (left == 0)
            {
                copy = head;
                return true;
            }

            if (!pool.TryAlloc(out Mbuf part, cache))
            {
                head.Free();
                return false;
            }

            last->Next = part._header;
            last = part._header;
            head._header->SegmentCount++;
        }
    }

    /// <summary>Lets this mbuf share the data of another one; its own buffer is unused meanwhile.</summary>
    /// <param name="target">The segment whose data to share; may itself be attached, and then the underlying buffer is shared.</param>
    /// <returns>Whether this mbuf was direct and had one reference, as it must.</returns>
    public bool AttachTo(Mbuf target)
    {
        MbufHeader* own = _header;
        MbufHeader* other = target._header;
        if (!IsDirect || ReferenceCount != 1 || own == other)
        {
            return false;
        }

        CopyMetadata(own, other);
        if (target.HasExternalBuffer)
        {
            MbufSharedBuffer.UpdateReferences(other->SharedInfo, 1);
            own->OffloadFlags = other->OffloadFlags;
            own->SharedInfo = other->SharedInfo;
        }
        else
        {
            UpdateReferences(Underlying(other), 1);
            own->PrivateSize = other->PrivateSize;
            own->OffloadFlags = other->OffloadFlags | MbufOffloadFlags.Indirect;
        }

        own->BufferAddress = other->BufferAddress;
        own->IoAddress = other->IoAddress;
        own->BufferLength = other->BufferLength;
        own->DataOffset = other->DataOffset;
        own->DataLength = other->DataLength;
        own->PacketLength = other->DataLength;
        own->Next = null;
        own->SegmentCount = 1;
        return true;
    }

    /// <summary>Lets this mbuf, which must be direct, hold a buffer from outside; it is empty then.</summary>
    /// <param name="buffer">The buffer; valid until its free callback runs.</param>
    /// <param name="length">Bytes; 0 to 65535.</param>
    /// <param name="shared">The buffer's shared part; the reference that it was made with becomes this mbuf's.</param>
    /// <returns>Whether this mbuf was direct and the length fits.</returns>
    public bool AttachExternal(byte* buffer, int length, MbufSharedBuffer shared)
    {
        MbufHeader* own = _header;
        if (!IsDirect || (uint)length > ushort.MaxValue || shared.IsNull)
        {
            return false;
        }

        own->BufferAddress = buffer;
        own->IoAddress = (ulong)buffer;
        own->BufferLength = (ushort)length;
        own->DataOffset = 0;
        own->DataLength = 0;
        own->PacketLength = 0;
        own->OffloadFlags |= MbufOffloadFlags.External;
        own->SharedInfo = shared.Info;
        return true;
    }

    /// <summary>Gives this mbuf its own buffer back, empty; the shared one loses a reference. Nothing happens to a direct mbuf.</summary>
    public void Detach()
    {
        if (!IsDirect)
        {
            Detach(_header);
        }
    }

    /// <summary>Drops a reference of one segment; returns it restored to a free mbuf's state when it was the last one, else null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static MbufHeader* Release(MbufHeader* segment)
    {
        // A holder that reads 1 is the only one, so no other thread can change the count: no atomic is needed.
        if (Volatile.Read(ref segment->ReferenceCount) != 1)
        {
            if (UpdateReferences(segment, -1) != 0)
            {
                return null;
            }

            segment->ReferenceCount = 1;
        }

        if ((segment->OffloadFlags & MbufOffloadFlags.AttachedMask) != 0 && !DetachForFree(segment))
        {
            return null;
        }

        if (segment->Next is not null || segment->SegmentCount != 1)
        {
            segment->Next = null;
            segment->SegmentCount = 1;
        }

        return segment;
    }

    /// <summary>Changes a reference count; returns the new one.</summary>
    internal static int UpdateReferences(MbufHeader* header, int delta)
    {
        if (Volatile.Read(ref header->ReferenceCount) == 1)
        {
            ushort count = (ushort)(1 + delta);
            Volatile.Write(ref header->ReferenceCount, count);
            return count;
        }

        // The count is the upper half of a word whose lower half is the data offset: adding multiples of 65536 leaves that alone.
        return (ushort)(Interlocked.Add(ref header->OffsetAndReferences, (uint)delta << 16) >> 16);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FreeSegments(MbufHeader* segment, MempoolCache? cache)
    {
        while (segment is not null)
        {
            MbufHeader* next = segment->Next;
            MbufHeader* dead = Release(segment);
            if (dead is not null)
            {
                MbufPool.Of(dead).CacheOr(cache).Put((nint)dead);
            }

            segment = next;
        }
    }

    private static void FreeSegment(MbufHeader* segment)
    {
        MbufHeader* dead = Release(segment);
        if (dead is not null)
        {
            MbufPool.Of(dead).CurrentCache.Put((nint)dead);
        }
    }

    /// <summary>The mbuf whose own buffer a direct or indirect mbuf uses.</summary>
    private static MbufHeader* Underlying(MbufHeader* header) =>
        (header->OffloadFlags & MbufOffloadFlags.Indirect) == 0
            ? header
            : (MbufHeader*)(header->BufferAddress - header->PrivateSize - MbufHeader.Size);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool DetachForFree(MbufHeader* header)
    {
        MbufPool pool = MbufPool.Of(header);
        if ((header->OffloadFlags & MbufOffloadFlags.External) == 0 || !pool.IsPinned)
        {
            Detach(header);
            return true;
        }

        // A pinned buffer stays with its mbuf. Clones may still refer to it; then the last of them returns the mbuf.
        // Its links are cut first: once the count is lowered, the mbuf may be someone else's.
        MbufSharedInfo* shared = header->SharedInfo;
        header->Next = null;
        header->SegmentCount = 1;
        if (Volatile.Read(ref shared->ReferenceCount) != 1 && MbufSharedBuffer.UpdateReferences(shared, -1) != 0)
        {
            return false;
        }

        shared->ReferenceCount = 1;
        return true;
    }

    private static void Detach(MbufHeader* header)
    {
        MbufPool pool = MbufPool.Of(header);
        MbufOffloadFlags flags = header->OffloadFlags;
        if ((flags & MbufOffloadFlags.External) != 0)
        {
            if (pool.IsPinned)
            {
                return;
            }

            new MbufSharedBuffer(header->SharedInfo).Release(header->BufferAddress);
        }
        else
        {
            MbufHeader* direct = Underlying(header);
            if (Volatile.Read(ref direct->ReferenceCount) == 1 || UpdateReferences(direct, -1) == 0)
            {
                direct->ReferenceCount = 1;
                direct->Next = null;
                direct->SegmentCount = 1;
                direct->DataLength = 0;
                MbufPool.Of(direct).CurrentCache.Put((nint)direct);
            }
        }

        pool.RestoreBuffer(header);
    }

    private static void CopyMetadata(MbufHeader* destination, MbufHeader* source)
    {
        destination->Port = source->Port;
        destination->PacketType = source->PacketType;
        destination->VlanTci = source->VlanTci;
        destination->OuterVlanTci = source->OuterVlanTci;
        destination->Hash = source->Hash;
        destination->TransmitOffload = source->TransmitOffload;
        destination->OffloadFlags = source->OffloadFlags;
        destination->TimeSync = source->TimeSync;
        new ReadOnlySpan<byte>(source->Dynamic, MbufHeader.DynamicSize)
            .CopyTo(new Span<byte>(destination->Dynamic, MbufHeader.DynamicSize));
    }
}
