using System.Runtime.CompilerServices;
using Outboard.Ethernet;
using Outboard.Mbufs;
using Outboard.Plugins.Mana.Gdma;

namespace Outboard.Plugins.Mana.Pmd;

/// <content>Frames that are more than one plain segment: chains, offloads, other pools, shared data.</content>
internal sealed unsafe partial class ManaTransmitQueue
{
    /// <summary>Posts any frame.</summary>
    /// <returns>1 for posted, 0 for freed because it cannot be sent, -1 for no room now.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int PostOther(WorkRing work, Mbuf mbuf, ref ulong* last)
    {
        if (IsOwn(mbuf) && work.FreeBasicUnits != 0 && TryPostOwn(work, mbuf, ref last))
        {
            return 1;
        }

        if (!IsSendable(mbuf) || !TransmitRequest.TryRead(mbuf, _offloads, out TransmitRequest request))
        {
            Drop(mbuf);
            return 0;
        }

        bool isLong = _forceLong || request.InsertVlan;
        int oobByteCount = isLong ? TransmitOob.LongSize : TransmitOob.ShortSize;
        bool copyHeaders = request.ChecksumOffset != 0 && !CanWrite(mbuf, request.HeaderLength);
        int segments = CountSegments(mbuf, copyHeaders ? request.HeaderLength : 0);
        if (segments > (isLong ? WorkRequest.SendSegmentMaxLong : WorkRequest.SendSegmentMaxShort))
        {
            Drop(mbuf);
            return 0;
        }

        uint units = WorkRequest.BasicUnits(segments, oobByteCount);
        if (units > work.FreeBasicUnits)
        {
            return -1;
        }

        if (!TryWriteSegments(work, mbuf, request, copyHeaders, oobByteCount))
        {
            Drop(mbuf);
            return 0;
        }

        ulong* element = (ulong*)work.At(work.Head);
        element[0] = WorkRequest.Header(segments, oobByteCount);
        element[1] = _oob | request.OobBits | (isLong ? TransmitOob.FormatLong : 0);
        if (isLong)
        {
            element[2] = TransmitOob.LongFields(_driver.Gdma.VportOffset, request.InsertVlan, mbuf.VlanTci);
            element[3] = 0;
        }

        last = element + 1;
        RememberPool(mbuf);
        Record(work, mbuf, (uint)mbuf.PacketLength, (int)units, 0);
        return 1;
    }

    /// <summary>One segment of the pool that this queue saw first, held by nobody else, and a length that may be.</summary>
    private bool IsOwn(Mbuf mbuf) =>
        (mbuf.OffloadFlags & MbufOffloadFlags.AttachedMask) == 0
        && mbuf.SegmentCount == 1 && mbuf.ReferenceCount == 1
        && (nuint)mbuf.Address - _poolAddress < _poolByteCount
        && (uint)(mbuf.DataLength - MtuRules.EthernetHeader) <= (uint)(_driver.FrameMax - MtuRules.EthernetHeader)
        && !_forceLong;

    /// <summary>Posts such a frame where it asks for checksums only: the usual case, without the walks over segments.</summary>
    private bool TryPostOwn(WorkRing work, Mbuf mbuf, ref ulong* last)
    {
        if (!TransmitRequest.TryRead(mbuf, _offloads, out TransmitRequest request) || request.InsertVlan)
        {
            return false;
        }

        // The request was checked against the frame's length, so the field lies in the frame.
        byte* data = mbuf.DataPointer;
        uint length = (uint)mbuf.DataLength;
        if (request.ChecksumOffset != 0)
        {
            *(ushort*)(data + request.ChecksumOffset) = request.PseudoHeader;
        }

        ulong* element = (ulong*)work.At(work.Head);
        element[0] = WorkRequest.Header(1, TransmitOob.ShortSize);
        element[1] = _oob | request.OobBits;
        element[2] = (ulong)data;
        element[3] = _poolKey | ((ulong)length << 32);
        Record(work, mbuf, length, ShortUnits, FlagRaw);
        last = element + 1;
        return true;
    }

    /// <summary>Whether a frame can be sent as it is: what <see cref="Prepare"/> answers.</summary>
    private bool IsSendable(Mbuf mbuf)
    {
        int length = mbuf.PacketLength;
        if (length < MtuRules.EthernetHeader || length > _driver.FrameMax
            || (mbuf.SegmentCount != 1 && (_offloads & TransmitOffloads.MultiSegment) == 0)
            || !TransmitRequest.TryRead(mbuf, _offloads, out TransmitRequest request))
        {
            return false;
        }

        bool isLong = _forceLong || request.InsertVlan;
        bool copyHeaders = request.ChecksumOffset != 0 && !CanWrite(mbuf, request.HeaderLength);
        if (CountSegments(mbuf, copyHeaders ? request.HeaderLength : 0)
            > (isLong ? WorkRequest.SendSegmentMaxLong : WorkRequest.SendSegmentMaxShort))
        {
            return false;
        }

        for (Mbuf segment = mbuf; !segment.IsNull; segment = segment.Next)
        {
            if (segment.DataLength != 0 && !_driver.Pools.TryFind(
                segment, (ulong)segment.DataPointer, (uint)segment.DataLength, out _))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Headers may be changed in place only where nobody else sees them: one reference, own buffer, all in one segment.
    /// </summary>
    private static bool CanWrite(Mbuf mbuf, int headerLength) =>
        mbuf.IsDirect && mbuf.ReferenceCount == 1 && mbuf.DataLength >= headerLength;

    private static int CountSegments(Mbuf mbuf, int copied)
    {
        int count = copied == 0 ? 0 : 1;
        for (Mbuf segment = mbuf; !segment.IsNull; segment = segment.Next)
        {
            int skipped = Math.Min(copied, segment.DataLength);
            copied -= skipped;
            count += segment.DataLength - skipped != 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>Writes the scatter-gather list; nothing is posted when it fails half-way.</summary>
    private bool TryWriteSegments(
        WorkRing work, Mbuf mbuf, TransmitRequest request, bool copyHeaders, int oobByteCount)
    {
        int index = 0;
        int copied = 0;
        if (copyHeaders)
        {
            byte* slot = _headers!.Pointer + ((nuint)(_head & (uint)_mask) * TransmitRequest.HeaderMax);
            copied = request.HeaderLength;
            CopyHeaders(mbuf, slot, copied);
            *(ushort*)(slot + request.ChecksumOffset) = request.PseudoHeader;
            WorkRequest.WriteSegment(
                work.SegmentAt(oobByteCount, index++), (ulong)slot, _headerKey.Key, (uint)copied);
        }
        else if (request.ChecksumOffset != 0)
        {
            *(ushort*)(mbuf.DataPointer + request.ChecksumOffset) = request.PseudoHeader;
        }

        for (Mbuf segment = mbuf; !segment.IsNull; segment = segment.Next)
        {
            int skipped = Math.Min(copied, segment.DataLength);
            copied -= skipped;
            uint length = (uint)(segment.DataLength - skipped);
            if (length == 0)
            {
                continue;
            }

            ulong address = (ulong)(segment.DataPointer + skipped);
            if (!_driver.Pools.TryFind(segment, address, length, out MemoryKey key))
            {
                return false;
            }

            WorkRequest.WriteSegment(work.SegmentAt(oobByteCount, index++), address, key.Key, length);
        }

        return true;
    }

    private static void CopyHeaders(Mbuf mbuf, byte* target, int length)
    {
        for (Mbuf segment = mbuf; length != 0; segment = segment.Next)
        {
            int now = Math.Min(length, segment.DataLength);
            Unsafe.CopyBlockUnaligned(target, segment.DataPointer, (uint)now);
            target += now;
            length -= now;
        }
    }

    /// <summary>The first pool seen becomes the one whose frames take the short way.</summary>
    private void RememberPool(Mbuf mbuf)
    {
        if (_pool is null && mbuf.IsDirect)
        {
            MbufPool pool = mbuf.Pool;
            MemoryKey key = _driver.Pools.Add(pool);
            _poolKey = key.Key;
            _poolByteCount = (nuint)key.ByteCount;
            _poolAddress = (nuint)key.Address;
            _pool = pool;
        }
    }

    private void Drop(Mbuf mbuf)
    {
        _errors++;
        mbuf.Free();
    }
}
