using Outboard.Plugins.Mana.Adapter.Layouts;
using Outboard.Plugins.Mana.Adapter.Queues;
using Outboard.Plugins.Mana.Adapter.Requests;

namespace Outboard.Plugins.Mana.Adapter.Hwc;

/// <summary>
/// The adapter's end of the hardware channel: takes requests from the send queue, answers into posted buffers.
/// </summary>
internal sealed unsafe class HwcEndpoint(SoftwareAdapter adapter, RequestHandler handler)
{
    private const uint QueueId = 1;
    private const uint PageSize = 4096;
    private const uint DoorbellPage = 0;
    private const uint Depth = 1;
    private const uint MessageMax = 4096;
    private const uint ChannelDomain = 1;
    private const uint RemoteReceiveQueue = 0x21;
    private const uint RemoteCompletionQueue = 0x22;
    private const byte InitIds = 129;
    private const byte InitData = 130;
    private const byte InitDone = 131;

    private readonly Lock _lock = new();
    private readonly byte[] _request = new byte[MessageMax];
    private readonly byte[] _answer = new byte[MessageMax];
    private CompletionProducer? _completions;
    private SendElementQueue? _send;
    private ReceiveElementQueue? _receive;

    /// <summary>Key of all mapped memory, for the channel itself and for a registered device.</summary>
    public const uint GuestMemoryKey = 0x475041;

    public EventProducer? Events { get; private set; }

    public bool TryEstablish(ulong eventPage, ulong completionPage, ulong receivePage, ulong sendPage, int vector)
    {
        lock (_lock)
        {
            if (Events is not null || vector >= adapter.VectorCount
                || !adapter.Memory.TryResolve(eventPage, PageSize, out byte* events)
                || !adapter.Memory.TryResolve(completionPage, PageSize, out byte* completions)
                || !adapter.Memory.TryResolve(receivePage, PageSize, out byte* receive)
                || !adapter.Memory.TryResolve(sendPage, PageSize, out byte* send))
            {
                return false;
            }

            Events = new EventProducer(QueueId, DoorbellPage, events, PageSize, adapter.VectorAt(vector));
            _completions = new CompletionProducer(QueueId, DoorbellPage, completions, PageSize, Events);
            _send = new SendElementQueue(QueueId, DoorbellPage, 0, send, PageSize, ChannelDomain, _completions);
            _receive = new ReceiveElementQueue(
                QueueId, DoorbellPage, 0, receive, PageSize, ChannelDomain, _completions);
            adapter.Resources.Add(Events);
            adapter.Resources.Add(_completions);
            Events.Post(InitIds, QueueId | (DoorbellPage << 16));
            ReadOnlySpan<uint> values =
            [
                QueueId | (1u << 24), QueueId | (2u << 24), QueueId | (3u << 24),
                Depth | (4u << 24), MessageMax | (5u << 24), MessageMax | (6u << 24),
                ChannelDomain | (8u << 24),
                RemoteReceiveQueue | (10u << 24), RemoteCompletionQueue | (11u << 24),
            ];
            foreach (uint value in values)
            {
                Events.Post(InitData, value);
            }

            Events.Post(InitData, GuestMemoryKey | (9u << 24));
            Events.Post(InitDone, 0);
            return true;
        }
    }

    public void Destroy(bool resetFunction)
    {
        lock (_lock)
        {
            Events = null;
            _completions = null;
            _send = null;
            _receive = null;
            if (resetFunction)
            {
                adapter.Reset();
            }
        }
    }

    public bool TryRingReceive(uint page, uint id, uint tail)
    {
        ReceiveElementQueue? receive = _receive;
        return receive is not null && id == QueueId && page == DoorbellPage && receive.TryRing(tail);
    }

    public bool TryRingSend(uint page, uint id, uint tail)
    {
        lock (_lock)
        {
            if (_send is null || id != QueueId || page != DoorbellPage || !_send.TryRing(tail))
            {
                return false;
            }

            while (_send is { HasElement: true, IsDisabled: false })
            {
                Serve(_send, _receive!, _completions!);
            }

            return true;
        }
    }

    private void Serve(SendElementQueue send, ReceiveElementQueue receive, CompletionProducer completions)
    {
        WorkElement* element = send.Current();
        int oobByteCount = WorkElement.OobByteCount(element->Control);
        ScatterGather* segment = send.Segment(oobByteCount, 0);
        var oob = (HwcSendOob*)((byte*)element + WorkElement.Size);
        const uint ElementLength = 64;
        if (oobByteCount != HwcSendOob.Size || element->SegmentCount != 1 || send.PendingBytes < ElementLength
            || oob->RemoteReceiveQueue != RemoteReceiveQueue || oob->RemoteCompletionQueue != RemoteCompletionQueue
            || oob->OwnSendQueue != QueueId || segment->ByteCount is < RequestHeader.Size or > MessageMax
            || !TryReach(segment, out byte* request))
        {
            adapter.Lint.WorkElements++;
            send.IsDisabled = true;
            return;
        }

        int requestLength = (int)segment->ByteCount;
        new ReadOnlySpan<byte>(request, requestLength).CopyTo(_request);
        uint sendOffset = send.HeadBasicUnit;
        send.Advance(ElementLength);
        CompleteSend(completions, send, sendOffset);
        int answerLength = handler.Handle(_request.AsSpan(0, requestLength), _answer);
        Answer(receive, completions, answerLength);
        completions.Notify();
    }

    private static void CompleteSend(CompletionProducer completions, SendElementQueue send, uint workOffset)
    {
        byte* entry = completions.Next();
        new Span<byte>(entry, 60).Clear();
        ((SendCompletion*)entry)->WorkOffset = workOffset << 5;
        completions.Publish(entry, send.Id, isSend: true);
    }

    private void Answer(ReceiveElementQueue receive, CompletionProducer completions, int length)
    {
        if (!receive.HasElement)
        {
            // Nobody is there to take the answer: the driver will run into its own time limit.
            adapter.Lint.WorkElements++;
            return;
        }

        WorkElement* element = receive.Current();
        int oobByteCount = WorkElement.OobByteCount(element->Control);
        ScatterGather* segment = receive.Segment(oobByteCount, 0);
        uint elementLength = (uint)(WorkElement.Size + oobByteCount + ScatterGather.Size + 31) & ~31u;
        if (oobByteCount < 0 || element->SegmentCount != 1 || elementLength > receive.PendingBytes
            || segment->ByteCount < length
            || !TryReach(segment, out byte* target))
        {
            adapter.Lint.WorkElements++;
            receive.IsDisabled = true;
            return;
        }

        _answer.AsSpan(0, length).CopyTo(new Span<byte>(target, length));
        uint offset = receive.HeadBasicUnit * WorkElement.BasicUnit;
        receive.Advance(elementLength);
        var entry = (HwcReceiveCompletion*)completions.Next();
        new Span<byte>(entry, 60).Clear();
        entry->SourceQueue = RemoteReceiveQueue;
        entry->WorkOffset = offset;
        entry->DataByteCount = (uint)length;
        completions.Publish((byte*)entry, receive.Id, isSend: false);
    }

    /// <summary>The channel's buffers are reached through the key of all mapped memory.</summary>
    private bool TryReach(ScatterGather* segment, out byte* pointer)
    {
        pointer = null;
        return segment->MemoryKey == GuestMemoryKey
            && adapter.Memory.TryResolve(segment->Address, segment->ByteCount, out pointer);
    }
}
