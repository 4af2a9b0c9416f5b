using System.Numerics;
using Outboard.Plugins.Mana.Adapter.Layouts;
using Outboard.Plugins.Mana.Adapter.Queues;
using Outboard.Plugins.Mana.Kernels.Toeplitz;

namespace Outboard.Plugins.Mana.Adapter.Requests;

/// <content>Requests to the Ethernet device. Offsets are from the start of the message.</content>
internal sealed partial class RequestHandler
{
    private const ulong VportHandle = 0x7001;
    private const uint SendType = 1;
    private const uint ReceiveType = 2;
    private const uint NoParent = 0xFFFF;
    private const uint SteeringUnchanged = 0;
    private const uint SteeringOn = 2;

    // IPv4, TCP and UDP over it, and the same of IPv6: what hardware hashes unless it is told otherwise.
    private const uint DefaultHashTypes = 0x3F;

    private uint? _transmitDomain;
    private uint _transmitPage;
    private bool _isRegistered;

    /// <summary>Forgets what the driver configured.</summary>
    public void Reset()
    {
        _transmitDomain = null;
        _isRegistered = false;
    }

    private Status QueryDeviceConfig(RequestHeader header, AnswerView answer)
    {
        answer.U16(64, 1);
        answer.U32(68, (uint)adapter.Options.QueueMax);
        if (header.AnswerSize >= 80 && header.AnswerVersion >= 2)
        {
            answer.U16(72, (ushort)adapter.Options.AdapterMtu);
            answer.U32(76, header.AnswerVersion >= 4 ? (uint)adapter.Wire.SpeedMbps : 0);
        }

        return Status.Ok;
    }

    private Status QueryVportConfig(RequestView request, AnswerView answer)
    {
        if (request.U32(40) != 0)
        {
            return Status.BadParameter;
        }

        answer.U32(32, (uint)adapter.Options.QueueMax);
        answer.U32(36, (uint)adapter.Options.QueueMax);
        answer.U32(40, (uint)adapter.Options.IndirectionEntries);
        answer.U64(48, adapter.Options.MacAddress);
        answer.U64(56, VportHandle);
        return Status.Ok;
    }

    private Status ConfigureTransmit(RequestView request, AnswerView answer)
    {
        uint domain = request.U32(48);
        uint page = request.U32(52);
        if (request.U64(40) != VportHandle || !Resources.IsDoorbellPage(page)
            || !Resources.ProtectionDomains.ContainsValue(domain))
        {
            return Status.BadHandle;
        }

        // A vport has one owner at a time.
        if (_transmitDomain is not null && _transmitDomain != domain)
        {
            return Status.Busy;
        }

        _transmitDomain = domain;
        _transmitPage = page;
        adapter.IsTransmitEnabled = true;
        answer.U16(32, adapter.Options.VportOffset);
        answer.U8(34, adapter.Options.IsShortFormAllowed ? (byte)1 : (byte)0);
        return Status.Ok;
    }

    private Status CreateWorkQueue(RequestView request, AnswerView answer)
    {
        uint type = request.U32(48);
        uint workBytes = request.U32(72);
        uint completionBytes = request.U32(76);
        uint parent = request.U32(84);
        EventProducer? events = parent == NoParent ? null : Resources.FindEventQueue(parent);
        if (request.U64(40) != VportHandle || _transmitDomain is not { } domain
            || (parent != NoParent && events is null))
        {
            return Status.BadHandle;
        }

        if (type is not (SendType or ReceiveType) || !IsRingSize(workBytes) || !IsRingSize(completionBytes))
        {
            return Status.BadParameter;
        }

        uint? workId = type == SendType ? Resources.FreeSendId() : Resources.FreeReceiveId();
        if (workId is not { } work || Resources.FreeCompletionId() is not { } completion)
        {
            return Status.Exhausted;
        }

        Status status = Claim(request.U64(56), workBytes, out nint workRing);
        if (status == Status.Ok)
        {
            status = Claim(request.U64(64), completionBytes, out nint completionRing);
            if (status == Status.Ok)
            {
                ulong handle = Resources.NewHandle();
                AddQueues(
                    type,
                    handle,
                    work,
                    workRing,
                    workBytes,
                    completion,
                    completionRing,
                    completionBytes,
                    domain,
                    events);
                answer.U32(32, work);
                answer.U32(36, completion);
                answer.U64(40, handle);
            }
        }

        return status;
    }

    private unsafe void AddQueues(
        uint type,
        ulong handle,
        uint work,
        nint workRing,
        uint workBytes,
        uint completion,
        nint completionRing,
        uint completionBytes,
        uint domain,
        EventProducer? events)
    {
        var completions = new CompletionProducer(
            completion, _transmitPage, (byte*)completionRing, completionBytes, events);
        if (type == SendType)
        {
            var queue = new SendElementQueue(
                work, _transmitPage, handle, (byte*)workRing, workBytes, domain, completions)
            {
                CommonOob = CommonOob(completion, work),
            };
            Resources.Add(completions);
            Resources.Add(new SendPort(queue, adapter.Engine, adapter.Options.AdapterMtu + 4));
        }
        else
        {
            var queue = new ReceiveElementQueue(
                work, _transmitPage, handle, (byte*)workRing, workBytes, domain, completions);
            completions.Receive = queue;
            Resources.Add(completions);
            Resources.Add(queue);
        }
    }

    /// <summary>
    /// OOB of a frame that asks for nothing; all ones, which no element has, where the short form is not allowed.
    /// </summary>
    private ulong CommonOob(uint completion, uint work) =>
        adapter.Options.VportOffset > byte.MaxValue || !adapter.Options.IsShortFormAllowed
            ? ulong.MaxValue
            : ((ulong)completion << 8) | ((ulong)((work >> 10) & 0x3FFF) << 42)
                | ((ulong)adapter.Options.VportOffset << 56);

    private Status DestroyWorkQueue(RequestView request)
    {
        ulong handle = request.U64(48);
        if (request.U32(40) == SendType)
        {
            return Resources.RemoveSend(handle) ? Status.Ok : Status.BadHandle;
        }

        if (request.U32(40) != ReceiveType
            || !Resources.ReceiveObjects.TryGetValue(handle, out ReceiveElementQueue? queue))
        {
            return Status.BadHandle;
        }

        // A queue that frames are still steered to cannot go.
        Steering steering = adapter.Steering;
        if (steering.IsReceiveEnabled && (steering.Default == queue || Array.IndexOf(steering.Table, queue) >= 0))
        {
            return Status.Busy;
        }

        return Resources.RemoveReceive(handle) ? Status.Ok : Status.BadHandle;
    }

    private unsafe Status FenceReceive(RequestView request)
    {
        if (!Resources.ReceiveObjects.TryGetValue(request.U64(40), out ReceiveElementQueue? queue))
        {
            return Status.BadHandle;
        }

        queue.Lock();
        var entry = (ReceiveCompletion*)queue.Completions.Next();
        ReceiveCompletion.Write(entry, CompletionType.ReceiveFence, ReceiveFlags.None, 0, 0, queue.HeadBasicUnit);
        queue.Completions.Publish((byte*)entry, queue.Id, isSend: false);
        queue.Unlock();
        queue.Completions.Notify();
        return Status.Ok;
    }

    private Status ConfigureReceive(RequestView request)
    {
        const int KeyOffset = 72;
        const int HashTypesOffset = 112;
        if (request.U64(40) != VportHandle)
        {
            return Status.BadHandle;
        }

        uint receive = request.U32(52);
        uint rss = request.U32(56);
        uint hashTypes = request.U32(HashTypesOffset);
        if (receive > SteeringOn || rss > SteeringOn || (hashTypes & ~DefaultHashTypes) != 0)
        {
            return Status.BadParameter;
        }

        Steering now = adapter.Steering;
        ReceiveElementQueue?[] table = now.Table;
        if (request.U8(62) != 0 && !TryReadTable(request, out table))
        {
            return Status.BadParameter;
        }

        ReceiveElementQueue? fallback = now.Default;
        if (request.U8(60) != 0 && !Resources.ReceiveObjects.TryGetValue(request.U64(64), out fallback))
        {
            return Status.BadHandle;
        }

        ToeplitzKey? key = request.U8(61) != 0
            ? new ToeplitzKey(request.Bytes(KeyOffset, ToeplitzKey.ByteCount))
            : now.Key;
        bool isRss = rss == SteeringUnchanged ? now.IsRssEnabled : rss == SteeringOn;
        bool isReceiving = receive == SteeringUnchanged ? now.IsReceiveEnabled : receive == SteeringOn;
        if (isRss && isReceiving && (key is null || table.Length == 0))
        {
            return Status.BadParameter;
        }

        adapter.Steer(new Steering
        {
            IsReceiveEnabled = isReceiving,
            IsRssEnabled = isRss,
            Key = key,
            Table = table,
            Default = fallback,
            HashTypes = hashTypes == 0 ? DefaultHashTypes : hashTypes,
            Coalesce = request.U8(63) != 0,
        });
        return Status.Ok;
    }

    private bool TryReadTable(RequestView request, out ReceiveElementQueue?[] table)
    {
        int entries = request.U16(48);
        int offset = request.U16(50);
        table = new ReceiveElementQueue?[entries];
        if (!BitOperations.IsPow2(entries) || entries > adapter.Options.IndirectionEntries || offset < 120
            || request.Length < offset + (entries * 8))
        {
            return false;
        }

        for (int i = 0; i < entries; i++)
        {
            if (!Resources.ReceiveObjects.TryGetValue(request.U64(offset + (i * 8)), out table[i]))
            {
                return false;
            }
        }

        return true;
    }

    private Status QueryStatistics(RequestView request, AnswerView answer)
    {
        // Bits of the mask are those of the answer but for one pair, which the mask has the other way round: multicast
        // before broadcast (reference 1.8, "fidelity trap"). Pairs of counters share the trap on the receive side only.
        const int Counters = 27;
        Span<ulong> counters = stackalloc ulong[Counters];
        adapter.ReadCounters(counters);
        ulong mask = request.U64(40);
        answer.U64(32, mask & ((1UL << Counters) - 1));
        for (int i = 0; i < Counters; i++)
        {
            int bit = i switch
            {
                5 or 6 => i + 2,
                7 or 8 => i - 2,
                _ => i,
            };
            answer.U64(40 + (i * 8), (mask >> bit & 1) != 0 ? counters[i] : 0);
        }

        return Status.Ok;
    }
}
