using System.Runtime.CompilerServices;
using Outboard.Plugins.Mana.Adapter.Layouts;
using Outboard.Plugins.Mana.Adapter.Memory;
using Outboard.Plugins.Mana.Adapter.Queues;
using Outboard.Plugins.Mana.Kernels.Checksum;
using Outboard.Plugins.Mana.Kernels.Toeplitz;
using Outboard.Plugins.Mana.Wires;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Adapter.Frames;

/// <summary>The receive half: parse, hash, steer, copy, check, complete.</summary>
/// <remarks>
/// Frames are parsed first and their tuples laid out by word, so that one kernel call hashes the batch; then each goes
/// to its queue. The queue's lock is held over a run of frames for one queue.
/// </remarks>
internal sealed unsafe partial class FrameEngine<TChecksum, TToeplitz>(
    IFrameEngineOwner owner, KernelChoice checksum, KernelChoice toeplitz) : FrameEngine
    where TChecksum : struct, IChecksumKernel
    where TToeplitz : struct, IToeplitzKernel
{
    // Place of a hash type in a completion's flags, and its bit in the mask of types wanted.
    private const int HashFlagShift = 16;
    private const byte NoHash = 0xFF;
    private const byte HashIPv4 = 0;
    private const byte HashTcpIPv4 = 1;
    private const byte HashUdpIPv4 = 2;
    private const byte HashIPv6 = 3;
    private const byte HashTcpIPv6 = 4;
    private const byte HashUdpIPv6 = 5;
    private const int NarrowWords = 3;

    private readonly bool _enforce = owner.Options.Enforce;
    private readonly ulong _mac = owner.Options.MacAddress;
    private readonly MemoryRegionTable _regions = owner.Regions;

    public override KernelChoice Checksum => checksum;

    public override KernelChoice Toeplitz => toeplitz;

    public override int Deliver(WireFrame* frames, int count, FrameBatch batch, VportCounters lost, bool wait)
    {
        Steering steering = owner.Steering;
        if (!steering.IsReceiveEnabled)
        {
            lost.ReceiveVportDisabled += wait ? 0UL : (uint)count;
            return wait ? 0 : count;
        }

        Classify(frames, count, batch, steering);
        ReceiveElementQueue? locked = null;
        ReceiveCompletion* open = null;
        int openSlots = 0;
        ReceiveFlags openFlags = 0;
        int done = 0;
        for (; done < count; done++)
        {
            WireFrame frame = frames[done];
            if (_enforce && !IsForVport(frame))
            {
                continue;
            }

            ReceiveElementQueue? queue = Choose(steering, batch, done, out uint hash, out ReceiveFlags flags);
            if (queue != locked)
            {
                Close(locked, ref open);
                locked = queue;
                queue?.Lock();
            }

            if (queue is null || queue.IsDisabled)
            {
                lost.ReceiveNoBuffer++;
                continue;
            }

            if (!queue.HasElement)
            {
                if (wait && queue.HasEverPosted)
                {
                    break;
                }

                queue.Counters.ReceiveNoBuffer++;
                continue;
            }

            flags |= ChecksumOffload<TChecksum>.Verify(frame.Data, in batch.Parsed[done]);
            uint workOffset = queue.HeadBasicUnit;
            int room = Place(queue, frame);
            if (room < 0)
            {
                Refuse(queue);
                continue;
            }

            queue.Counters.CountReceived(frame.Data, frame.Length);
            bool isWhole = frame.Length <= room;
            if (open != null && isWhole && flags == openFlags && openSlots < ReceiveCompletion.SlotCount)
            {
                ReceiveCompletion.Append(open, openSlots++, frame.Length, hash);
                continue;
            }

            Publish(queue, ref open);
            open = (ReceiveCompletion*)queue.Completions.Next();
            CompletionType type = isWhole ? CompletionType.ReceiveOkay : CompletionType.ReceiveTruncated;
            ReceiveCompletion.Write(open, type, flags, frame.Length, hash, workOffset);
            (openFlags, openSlots) = (flags, 1);
            if (!steering.Coalesce || !isWhole)
            {
                Publish(queue, ref open);
            }
        }

        Close(locked, ref open);
        return done;
    }

    /// <summary>The queue of a frame, with its hash and hash type where one was taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReceiveElementQueue? Choose(
        Steering steering, FrameBatch batch, int index, out uint hash, out ReceiveFlags flags)
    {
        byte kind = batch.HashKinds[index];
        if (kind == NoHash)
        {
            hash = 0;
            flags = ReceiveFlags.None;
            return steering.Default;
        }

        hash = batch.Hashes[index];
        flags = (ReceiveFlags)(1u << (HashFlagShift + kind));
        return steering.Table[hash & (uint)(steering.Table.Length - 1)];
    }

    /// <summary>Parses a batch and hashes what the vport wants hashed.</summary>
    private static void Classify(WireFrame* frames, int count, FrameBatch batch, Steering steering)
    {
        uint types = steering.IsRssEnabled ? steering.HashTypes : 0;
        int rows = 0;
        for (int i = 0; i < count; i++)
        {
            FrameParser.Parse(frames[i].Data, frames[i].Length, out batch.Parsed[i]);
            ref ParsedFrame parsed = ref batch.Parsed[i];
            parsed.IsCut = frames[i].IsCut;
            byte kind = KindOf(in parsed, types);
            batch.HashKinds[i] = kind;
            if (kind != NoHash)
            {
                rows = Math.Max(rows, WriteTuple(frames[i].Data, in parsed, kind, batch.Words + i));
            }
        }

        if (rows == 0)
        {
            return;
        }

        if (rows > NarrowWords)
        {
            for (int i = 0; i < count; i++)
            {
                for (int row = NarrowWords; row < rows && batch.HashKinds[i] < HashIPv6; row++)
                {
                    batch.Words[(row * ToeplitzKey.Lanes) + i] = 0;
                }
            }
        }

        TToeplitz.Hash(steering.Key!, ref *batch.Words, rows, count, ref *batch.Hashes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte KindOf(ref readonly ParsedFrame parsed, uint types)
    {
        if (parsed.Network == 0)
        {
            return NoHash;
        }

        byte plain = parsed.Network == 4 ? HashIPv4 : HashIPv6;
        if (parsed.Transport != 0)
        {
            byte kind = (byte)(plain + (parsed.Transport == FrameParser.Tcp ? 1 : 2));
            if ((types >> kind & 1) != 0)
            {
                return kind;
            }
        }

        return (types >> plain & 1) != 0 ? plain : NoHash;
    }

    /// <summary>Writes addresses and ports of a frame into its column; returns the rows that it fills.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteTuple(byte* frame, ref readonly ParsedFrame parsed, byte kind, uint* column)
    {
        uint ports = kind is HashIPv4 or HashIPv6 ? 0 : *(uint*)(frame + parsed.TransportOffset);
        if (parsed.Network == 4)
        {
            uint* addresses = (uint*)(frame + parsed.NetworkOffset + 12);
            column[0] = addresses[0];
            column[ToeplitzKey.Lanes] = addresses[1];
            column[2 * ToeplitzKey.Lanes] = ports;
            return NarrowWords;
        }

        uint* source = (uint*)(frame + parsed.NetworkOffset + 8);
        for (int row = 0; row < 8; row++)
        {
            column[row * ToeplitzKey.Lanes] = source[row];
        }

        column[8 * ToeplitzKey.Lanes] = ports;
        return ToeplitzKey.WordMax;
    }

    /// <summary>
    /// Copies a frame into the next posted buffer; returns its room, or -1 for an element beyond use.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Place(ReceiveElementQueue queue, WireFrame frame)
    {
        WorkElement* element = queue.Current();
        if (element->SegmentCount != 1 || (element->Control & 7) != 2)
        {
            return PlaceScattered(queue, frame);
        }

        // One element of 32 bytes: header, eight bytes of OOB, one address; it cannot wrap.
        var segment = (ScatterGather*)((byte*)element + 16);
        if (!TryReach(queue, segment, out byte* target))
        {
            return -1;
        }

        int room = (int)Math.Min(segment->ByteCount, int.MaxValue);
        Unsafe.CopyBlockUnaligned(target, frame.Data, (uint)Math.Min(frame.Length, room));
        queue.Advance(WorkElement.BasicUnit);
        return room;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int PlaceScattered(ReceiveElementQueue queue, WireFrame frame)
    {
        WorkElement* element = queue.Current();
        int oob = WorkElement.OobByteCount(element->Control);
        int segments = element->SegmentCount;
        int byteLength = (WorkElement.Size + oob + (segments * ScatterGather.Size) + 31) & ~31;
        if (oob < 0 || segments == 0 || byteLength > WorkElement.ReceiveByteMax
            || (uint)byteLength > queue.PendingBytes)
        {
            owner.Lint.WorkElements++;
            return -1;
        }

        long room = 0;
        int copied = 0;
        for (int i = 0; i < segments; i++)
        {
            ScatterGather* segment = queue.Segment(oob, i);
            if (!TryReach(queue, segment, out byte* target))
            {
                return -1;
            }

            int now = (int)Math.Min(segment->ByteCount, (uint)(frame.Length - copied));
            Unsafe.CopyBlockUnaligned(target, frame.Data + copied, (uint)now);
            copied += now;
            room += segment->ByteCount;
        }

        queue.Advance((uint)byteLength);
        return (int)Math.Min(room, int.MaxValue);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReach(ReceiveElementQueue queue, ScatterGather* segment, out byte* target)
    {
        MemoryRegion? region = queue.LastRegion;
        if (region is null || region.Key != segment->MemoryKey)
        {
            region = _regions.Find(segment->MemoryKey);
            if (region is null || region.ProtectionDomain != queue.ProtectionDomain)
            {
                owner.Lint.Keys++;
                target = null;
                return false;
            }

            queue.LastRegion = region;
        }

        if (region.TryTranslate(segment->Address, segment->ByteCount, out target))
        {
            return true;
        }

        owner.Lint.Keys++;
        return false;
    }

    private static void Refuse(ReceiveElementQueue queue)
    {
        queue.IsDisabled = true;
        queue.Counters.ReceiveNoBuffer++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Publish(ReceiveElementQueue queue, ref ReceiveCompletion* open)
    {
        if (open != null)
        {
            queue.Completions.Publish((byte*)open, queue.Id, isSend: false);
            open = null;
        }
    }

    private void Close(ReceiveElementQueue? queue, ref ReceiveCompletion* open)
    {
        if (queue is null)
        {
            return;
        }

        Publish(queue, ref open);
        if (queue.Completions.IsStale)
        {
            owner.Lint.StaleCompletionQueues++;
        }

        queue.Unlock();
        queue.Completions.Notify();
    }

    private bool IsForVport(WireFrame frame) => frame.Length >= 14
        && ((frame.Data[0] & 1) != 0 || (*(ulong*)frame.Data & 0xFFFF_FFFF_FFFF) == _mac);
}
