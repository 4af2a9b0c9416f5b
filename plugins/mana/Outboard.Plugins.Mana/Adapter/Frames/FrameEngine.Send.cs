using System.Runtime.CompilerServices;
using Outboard.Plugins.Mana.Adapter.Layouts;
using Outboard.Plugins.Mana.Adapter.Memory;
using Outboard.Plugins.Mana.Adapter.Queues;
using Outboard.Plugins.Mana.Wires;

namespace Outboard.Plugins.Mana.Adapter.Frames;

/// <summary>The transmit half: decode, check, gather where needed, send, complete in order.</summary>
internal sealed unsafe partial class FrameEngine<TChecksum, TToeplitz>
{
    private const int EthernetHeader = 14;
    private const int VlanTag = 4;
    private const uint CorruptElementError = 0x201;
    private const uint BadAddressError = 0x202;

    private readonly int _frameMax = owner.Options.AdapterMtu + VlanTag;

    public override void Send(SendElementQueue queue, FrameBatch batch, IFrameSink back)
    {
        bool mayBeCommon = owner.IsTransmitEnabled && !_enforce;
        while (queue.HasElement && !queue.IsDisabled)
        {
            int elements = 0;
            int frames = 0;
            byte* staging = batch.Staging;
            while (elements < FrameBatch.Capacity && queue.HasElement && !queue.IsDisabled)
            {
                ref SendResult result = ref batch.Results[elements++];
                Decode(queue, mayBeCommon, ref result, ref batch.Frames[frames], ref staging);
                frames += result.Type == CompletionType.SendOkay ? 1 : 0;
            }

            if (frames != 0)
            {
                queue.Counters.CountSent(batch.Frames, frames);
                owner.Wire.Transmit(batch.Frames, frames, back);
            }

            Complete(queue, batch.Results, elements);
        }
    }

    /// <summary>
    /// Writes entries in the order of the elements. A failed element has one of its own even if suppressed.
    /// </summary>
    private void Complete(SendElementQueue queue, SendResult* results, int count)
    {
        CompletionProducer completions = queue.Completions;
        bool any = false;
        for (int i = 0; i < count; i++)
        {
            SendResult result = results[i];
            if (result.IsSuppressed && result.Type == CompletionType.SendOkay)
            {
                continue;
            }

            byte* raw = completions.Next();
            ulong* words = (ulong*)raw;
            for (int w = 1; w < 7; w++)
            {
                words[w] = 0;
            }

            var entry = (SendCompletion*)raw;
            entry->TypeAndError = (uint)result.Type | ReceiveCompletion.ManaClient | (result.VendorError << 8);
            entry->DataOffset = 0;
            entry->WorkOffset = result.WorkOffset << 5;
            *(uint*)(raw + 56) = 0;
            completions.Publish(raw, queue.Id, isSend: true);
            any = true;
        }

        if (any)
        {
            if (completions.IsStale)
            {
                owner.Lint.StaleCompletionQueues++;
            }

            completions.Notify();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Decode(
        SendElementQueue queue, bool mayBeCommon, ref SendResult result, ref WireFrame frame, ref byte* staging)
    {
        WorkElement* element = queue.Current();
        var oob = (SendOob*)((byte*)element + WorkElement.Size);
        result.WorkOffset = queue.HeadBasicUnit;
        result.VendorError = 0;
        result.IsSuppressed = (oob->Flags & SendOobFlags.SuppressCompletion) != 0;

        // The common element: one segment, short form, nothing to compute, the queue's own ids; it fills 32 bytes and
        // cannot wrap. IP version bits without a checksum to make, and an L4 offset, say nothing.
        const ulong CommonHeader = (1UL << 32) | (2UL << 40);
        const ulong NothingSaid = 0x3FFUL << 32 | (ulong)(
            SendOobFlags.OuterIPv4 | SendOobFlags.OuterIPv6 | SendOobFlags.SuppressCompletion);
        if (mayBeCommon && *(ulong*)element == CommonHeader && (*(ulong*)oob & ~NothingSaid) == queue.CommonOob)
        {
            var segment = (ScatterGather*)((byte*)element + 16);
            int length = (int)segment->ByteCount;
            if (length >= EthernetHeader && length <= _frameMax && TryReach(queue, segment, out byte* data)
                && IsWithinMtu(data, length))
            {
                frame.Data = data;
                frame.Length = length;
                frame.IsCut = false;
                result.Type = CompletionType.SendOkay;
                queue.Advance(WorkElement.BasicUnit);
                return;
            }
        }

        DecodeSlow(queue, ref result, ref frame, ref staging);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DecodeSlow(SendElementQueue queue, ref SendResult result, ref WireFrame frame, ref byte* staging)
    {
        WorkElement* element = queue.Current();
        int oobByteCount = WorkElement.OobByteCount(element->Control);
        int segments = element->SegmentCount;
        int byteLength = (WorkElement.Size + oobByteCount + (segments * ScatterGather.Size) + 31) & ~31;
        if (oobByteCount < 0 || segments == 0 || byteLength > WorkElement.SendByteMax
            || (uint)byteLength > queue.PendingBytes)
        {
            owner.Lint.WorkElements++;
            Disable(queue, ref result, CorruptElementError);
            return;
        }

        long length = 0;
        for (int i = 0; i < segments; i++)
        {
            ScatterGather* segment = queue.Segment(oobByteCount, i);
            length += segment->ByteCount;
            if (segment->ByteCount != 0 && !TryReach(queue, segment, out _))
            {
                Disable(queue, ref result, BadAddressError);
                return;
            }
        }

        var oob = (SendOob*)((byte*)element + WorkElement.Size);
        result.Type = CheckOob(queue, element, oob, oobByteCount);
        if (result.Type == CompletionType.SendOkay)
        {
            result.Type = Gather(queue, oob, oobByteCount, segments, length, ref frame, ref staging);
        }

        CountError(queue.Counters, result.Type);
        queue.Advance((uint)byteLength);
    }

    private CompletionType CheckOob(SendElementQueue queue, WorkElement* element, SendOob* oob, int oobByteCount)
    {
        bool isLong = (oob->Flags & SendOobFlags.FormatMask) == SendOobFlags.LongFormat;
        if ((oob->Flags & SendOobFlags.FormatMask) > SendOobFlags.LongFormat
            || oobByteCount != (isLong ? SendOob.LongSize : SendOob.ShortSize)
            || (isLong && oob->Reserved != 0)
            || oob->CompletionQueue != queue.Completions.Id
            || oob->VirtualQueueFrame != ((queue.Id >> 10) & 0x3FFF))
        {
            return CompletionType.SendInvalidOob;
        }

        // This adapter segments nothing: a frame with a segment size is one that it cannot send.
        if (WorkElement.SegmentationSize(element->ClientData) != 0)
        {
            return CompletionType.SendInvalidOob;
        }

        const SendOobFlags BothVersions = SendOobFlags.OuterIPv4 | SendOobFlags.OuterIPv6;
        if ((oob->Flags & SendOobFlags.AnyChecksum) != 0
            && ((oob->Flags & BothVersions) == 0 || (oob->Flags & BothVersions) == BothVersions))
        {
            return CompletionType.SendInvalidOob;
        }

        if (!owner.IsTransmitEnabled)
        {
            return CompletionType.SendVportDisabled;
        }

        // The short form has no room for an offset above 255, and may be refused altogether.
        if (!isLong && !owner.Options.IsShortFormAllowed)
        {
            return CompletionType.SendInvalidOob;
        }

        return (isLong ? oob->LongVportOffset : oob->VportOffset) == owner.Options.VportOffset
            ? CompletionType.SendOkay
            : CompletionType.SendVportIndex;
    }

    /// <summary>
    /// Makes one contiguous frame of the segments, in the batch's staging room where more than one or changed.
    /// </summary>
    private CompletionType Gather(
        SendElementQueue queue, SendOob* oob, int oobByteCount, int segments, long length, ref WireFrame frame,
        ref byte* staging)
    {
        if (length < EthernetHeader || length > _frameMax)
        {
            return CompletionType.SendMtuDrop;
        }

        bool inject = oobByteCount == SendOob.LongSize && oob->InjectVlan;
        bool compute = (oob->Flags & SendOobFlags.AnyChecksum) != 0;
        byte* target = staging;
        int total = 0;
        if (segments == 1 && !inject && !compute)
        {
            _ = TryReach(queue, queue.Segment(oobByteCount, 0), out target);
            total = (int)length;
        }
        else
        {
            for (int i = 0; i < segments; i++)
            {
                ScatterGather* segment = queue.Segment(oobByteCount, i);
                if (segment->ByteCount != 0)
                {
                    _ = TryReach(queue, segment, out byte* source);
                    Unsafe.CopyBlockUnaligned(target + total, source, segment->ByteCount);
                    total += (int)segment->ByteCount;
                }
            }
        }

        if (!IsWithinMtu(target, total))
        {
            return CompletionType.SendMtuDrop;
        }

        if (compute && !ChecksumOffload<TChecksum>.Generate(target, total, oob->Flags, oob->L4Offset))
        {
            return CompletionType.SendHeaderError;
        }

        if (inject)
        {
            // The tag goes behind the addresses; twelve bytes move, or rather all behind them do.
            if (total + VlanTag > _frameMax)
            {
                return CompletionType.SendMtuDrop;
            }

            Buffer.MemoryCopy(target + 12, target + 12 + VlanTag, total - 12, total - 12);
            *(uint*)(target + 12) = 0x0081u | ((uint)(oob->VlanTci >> 8) << 16) | ((uint)(oob->VlanTci & 0xFF) << 24);
            total += VlanTag;
        }

        CompletionType policed = Police(target);
        if (policed != CompletionType.SendOkay)
        {
            return policed;
        }

        frame.Data = target;
        frame.Length = total;
        frame.IsCut = false;
        staging += target == staging ? (total + 63) & ~63 : 0;
        return CompletionType.SendOkay;
    }

    /// <summary>A frame may be as long as the adapter's MTU says, and four bytes longer with a tag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsWithinMtu(byte* frame, int length) =>
        length <= _frameMax - VlanTag || *(ushort*)(frame + 12) == 0x0081;

    private CompletionType Police(byte* frame)
    {
        if (!_enforce)
        {
            return CompletionType.SendOkay;
        }

        if ((*(ulong*)(frame + 6) & 0xFFFF_FFFF_FFFF) != _mac)
        {
            return CompletionType.SendSourceRefused;
        }

        // IPv4, ARP, 802.1Q, IPv6: what is known to be let through (reference 1.4).
        return FrameParser.Read16(frame + 12) is 0x0800 or 0x0806 or 0x8100 or 0x86DD
            ? CompletionType.SendOkay
            : CompletionType.SendEtherTypeRefused;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReach(SendElementQueue queue, ScatterGather* segment, out byte* data)
    {
        MemoryRegion? region = queue.LastRegion;
        if (region is null || region.Key != segment->MemoryKey)
        {
            region = _regions.Find(segment->MemoryKey);
            if (region is null || region.ProtectionDomain != queue.ProtectionDomain)
            {
                owner.Lint.Keys++;
                data = null;
                return false;
            }

            queue.LastRegion = region;
        }

        if (region.TryTranslate(segment->Address, segment->ByteCount, out data))
        {
            return true;
        }

        owner.Lint.Keys++;
        return false;
    }

    private static void Disable(SendElementQueue queue, ref SendResult result, uint vendorError)
    {
        result.Type = CompletionType.SendGdmaError;
        result.VendorError = vendorError;
        queue.Counters.SendGdmaError++;
        queue.IsDisabled = true;
    }

    private static void CountError(VportCounters counters, CompletionType type)
    {
        switch (type)
        {
            case CompletionType.SendSourceRefused:
                counters.SendSourceAddress++;
                break;
            case CompletionType.SendMtuDrop:
                counters.SendMtu++;
                break;
            case CompletionType.SendEtherTypeRefused:
                counters.SendEtherType++;
                break;
            case CompletionType.SendVportIndex:
                counters.SendVportOffset++;
                break;
            case CompletionType.SendVportDisabled:
                counters.SendVportDisabled++;
                break;
            case CompletionType.SendInvalidOob or CompletionType.SendHeaderError:
                counters.SendInvalidOob++;
                break;
            default:
                break;
        }
    }
}
