using System.Buffers.Binary;
using System.Diagnostics;
using Outboard.Plugins.Mana.Bus;

namespace Outboard.Plugins.Mana.Gdma;

/// <summary>
/// The driver's end of the hardware channel: one event, completion, receive and send queue of one page each, one
/// request at a time (reference 1.8).
/// </summary>
/// <remarks>Control path: requests are serialized by a lock and wait for their answer.</remarks>
internal sealed unsafe class HardwareChannel : IDisposable
{
    public const int RequestHeaderSize = 40;
    public const int ResponseHeaderSize = 32;

    /// <summary>Status of an answer that more pages are expected for a DMA region.</summary>
    public const uint StatusMoreEntries = 0x105;

    private const int SendOobSize = 24;
    private const int ReceiveOobSize = 8;
    private const uint EventCount = DmaBlock.PageSize / EventEntry.Size;
    private const uint CompletionCount = DmaBlock.PageSize / CompletionEntry.Size;
    private const byte InitCompletionQueue = 1;
    private const byte InitReceiveQueue = 2;
    private const byte InitSendQueue = 3;
    private const byte InitDepth = 4;
    private const byte InitMaxRequest = 5;
    private const byte InitMaxResponse = 6;
    private const byte InitProtectionDomain = 8;
    private const byte InitMemoryKey = 9;
    private const byte InitRemoteReceiveQueue = 10;
    private const byte InitRemoteCompletionQueue = 11;
    private const uint ReconfigLinkUp = 2;
    private const uint ReconfigLinkDown = 3;

    private readonly AdapterBus _bus;
    private readonly SharedMemoryChannel _mailbox;
    private readonly TimeSpan _timeout;
    private readonly Lock _lock = new();
    private readonly DmaBlock _queues;
    private readonly DmaBlock _buffers;
    private readonly EventRing _events;
    private CompletionRing? _completions;
    private WorkRing? _receive;
    private WorkRing? _send;
    private uint _memoryKey;
    private uint _remoteReceive;
    private uint _remoteCompletion;
    private uint _requestMax;
    private uint _responseMax;
    private uint _depth;
    private ushort _messageId;
    private uint _activity;
    private readonly bool _established;
    private bool _isBusy;
    private bool _disposed;

    public HardwareChannel(AdapterBus bus, SharedMemoryChannel mailbox, TimeSpan timeout)
    {
        _bus = bus;
        _mailbox = mailbox;
        _timeout = timeout;
        _queues = new DmaBlock(bus, 4 * DmaBlock.PageSize);
        _buffers = new DmaBlock(bus, 2 * DmaBlock.PageSize);
        _events = new EventRing(bus, _queues.Pointer, EventCount);
        try
        {
            ulong page = _queues.Address;
            mailbox.Establish(page, page + 4096, page + 8192, page + 12288, msixIndex: 0);
            _established = true;
            ReadInitEvents();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Protection domain that the channel itself works in.</summary>
    public uint ProtectionDomain { get; private set; }

    public uint DoorbellPage => _events.DoorbellPage;

    /// <summary>What the adapter last said about the link; up until it says otherwise.</summary>
    public bool IsLinkUp { get; private set; } = true;

    /// <summary>Link changes seen.</summary>
    public int LinkChangeCount { get; private set; }

    /// <summary>Whether a request is under way; its thread takes events in by itself.</summary>
    public bool IsBusy => Volatile.Read(ref _isBusy);

    /// <summary>Longest request in bytes.</summary>
    public int RequestMax => (int)_requestMax;

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="code">Request number.</param>
    /// <param name="device">Addressee.</param>
    /// <param name="request">Whole message; its first 40 bytes are filled in here.</param>
    /// <param name="response">Takes the whole answer.</param>
    /// <param name="requestVersion">Version of the request layout.</param>
    /// <param name="responseVersion">Version of the answer that the caller can read.</param>
    /// <returns>Status: 0, or <see cref="StatusMoreEntries"/>; anything else throws.</returns>
    public uint Request(
        RequestCode code,
        DeviceId device,
        Span<byte> request,
        Span<byte> response,
        ushort requestVersion = 1,
        ushort responseVersion = 1)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (request.Length > _requestMax || response.Length > _responseMax)
            {
                throw new GdmaException(
                    $"Request {code} has {request.Length} bytes and asks for {response.Length}; the channel takes "
                    + $"{_requestMax} and {_responseMax}.");
            }

            ushort messageId = (ushort)(_messageId++ % _depth);
            EncodeHeader(
                request, code, device, messageId, response.Length, requestVersion, responseVersion, ++_activity);
            int received = Exchange(code, request);
            var answer = new ReadOnlySpan<byte>(_buffers.Pointer + DmaBlock.PageSize, received);
            if (received < ResponseHeaderSize)
            {
                throw new GdmaException($"The answer to {code} has {received} bytes; a header alone has 32.");
            }

            uint status = BinaryPrimitives.ReadUInt32LittleEndian(answer[24..]);
            uint answeredCode = BinaryPrimitives.ReadUInt32LittleEndian(answer[4..]);
            ushort answeredId = BinaryPrimitives.ReadUInt16LittleEndian(answer[10..]);
            if (answeredCode != (uint)code || answeredId != messageId)
            {
                throw new GdmaException(
                    $"The adapter answered request {answeredCode} (message {answeredId}) where {code} "
                    + $"(message {messageId}) was asked.");
            }

            if (status is not (0 or StatusMoreEntries))
            {
                throw new GdmaException($"The adapter refused {code}: status 0x{status:x}.", status);
            }

            if (received < response.Length)
            {
                throw new GdmaException(
                    $"The answer to {code} has {received} bytes; {response.Length} were asked for.");
            }

            answer[..response.Length].CopyTo(response);
            return status;
        }
    }

    /// <summary>Takes in what the adapter reported of its own accord.</summary>
    public void ServiceEvents()
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                DrainEvents();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            try
            {
                if (_established)
                {
                    _mailbox.Destroy();
                }
            }
            catch (GdmaException)
            {
                // An adapter that is gone holds no channel; the memory is given back either way.
            }

            _buffers.Dispose();
            _queues.Dispose();
        }
    }

    /// <summary>Writes the 40-byte request header.</summary>
    public static void EncodeHeader(
        Span<byte> request,
        RequestCode code,
        DeviceId device,
        ushort messageId,
        int responseByteCount,
        ushort requestVersion,
        ushort responseVersion,
        uint activity)
    {
        new MessageWriter(request)
            .U32(0).U32((uint)code).U16(requestVersion).U16(messageId).U32((uint)request.Length)
            .U32(0).U32((uint)code).U16(responseVersion).U16(messageId).U32((uint)responseByteCount)
            .U16(device.Type).U16(device.Instance).U32(activity);
    }

    /// <summary>Writes the 24 bytes that tell a channel message where to go and where its completion belongs.</summary>
    public static void EncodeSendOob(
        Span<byte> oob, uint remoteReceive, uint remoteCompletion, uint ownCompletion, uint ownSend)
    {
        const uint DestinationIsPhysicalFunction = 1u << 26;
        new MessageWriter(oob)
            .U32(0).U32(0)
            .U32(remoteReceive & 0xFFFFFF)
            .U32(remoteCompletion & 0xFFFFFF)
            .U32((ownCompletion & 0xFFFFFF) | DestinationIsPhysicalFunction)
            .U32(ownSend & 0xFFFFFF);
    }

    private void ReadInitEvents()
    {
        Span<uint> queues = stackalloc uint[3];
        bool done = false;
        long started = Stopwatch.GetTimestamp();
        while (!done)
        {
            if (!_events.TryTake(out uint type, out uint data))
            {
                if (_events.IsCorrupt || Stopwatch.GetElapsedTime(started) > _timeout)
                {
                    throw new GdmaException("The adapter did not finish the start of the hardware channel.");
                }

                Thread.Sleep(1);
                continue;
            }

            done = type == EventEntry.HwcInitDone;
            if (type == EventEntry.HwcInitEqIdDoorbell)
            {
                _events.Id = data & 0xFFFF;
                _events.DoorbellPage = data >> 16;
            }
            else if (type == EventEntry.HwcInitData)
            {
                TakeInitData(data >> 24, data & 0xFFFFFF, queues);
            }
        }

        if (_depth == 0 || _requestMax < RequestHeaderSize || _responseMax < ResponseHeaderSize)
        {
            throw new GdmaException(
                $"The adapter offers a channel of depth {_depth} with {_requestMax}-byte requests and "
                + $"{_responseMax}-byte answers.");
        }

        _requestMax = Math.Min(_requestMax, DmaBlock.PageSize);
        _responseMax = Math.Min(_responseMax, DmaBlock.PageSize);
        byte* page = _queues.Pointer;
        uint doorbell = _events.DoorbellPage;
        _completions = new CompletionRing(_bus, page + 4096, CompletionCount, queues[0], doorbell);
        _receive = new WorkRing(_bus, page + 8192, DmaBlock.PageSize, GdmaQueueType.Receive, queues[1], doorbell);
        _send = new WorkRing(_bus, page + 12288, DmaBlock.PageSize, GdmaQueueType.Send, queues[2], doorbell);
        _events.Ring(arm: true);
        _completions.Ring(arm: true);
    }

    /// <summary>One value of the channel's description; kinds without a use here are passed over.</summary>
    private void TakeInitData(uint kind, uint value, Span<uint> queues)
    {
        switch (kind)
        {
            case InitCompletionQueue:
                queues[0] = value;
                break;
            case InitReceiveQueue:
                queues[1] = value;
                break;
            case InitSendQueue:
                queues[2] = value;
                break;
            case InitDepth:
                _depth = value;
                break;
            case InitMaxRequest:
                _requestMax = value;
                break;
            case InitMaxResponse:
                _responseMax = value;
                break;
            case InitProtectionDomain:
                ProtectionDomain = value;
                break;
            case InitMemoryKey:
                _memoryKey = value;
                break;
            case InitRemoteReceiveQueue:
                _remoteReceive = value;
                break;
            case InitRemoteCompletionQueue:
                _remoteCompletion = value;
                break;
            default:
                break;
        }
    }

    private int Exchange(RequestCode code, ReadOnlySpan<byte> request)
    {
        Volatile.Write(ref _isBusy, true);
        try
        {
            PostResponseBuffer();
            PostRequest(request);
            return WaitForAnswer(code);
        }
        finally
        {
            Volatile.Write(ref _isBusy, false);
        }
    }

    private void PostResponseBuffer()
    {
        byte* element = _receive!.At(_receive.Head);
        *(ulong*)element = WorkRequest.Header(1, ReceiveOobSize);
        *(ulong*)(element + 8) = 0;
        WorkRequest.WriteSegment(
            _receive.SegmentAt(ReceiveOobSize, 0), _buffers.Address + DmaBlock.PageSize, _memoryKey, _responseMax);
        _receive.Post(WorkRequest.BasicUnits(1, ReceiveOobSize));
        _receive.Ring();
    }

    private void PostRequest(ReadOnlySpan<byte> request)
    {
        request.CopyTo(new Span<byte>(_buffers.Pointer, DmaBlock.PageSize));
        byte* element = _send!.At(_send.Head);
        *(ulong*)element = WorkRequest.Header(1, SendOobSize);
        EncodeSendOob(
            new Span<byte>(element + 8, SendOobSize), _remoteReceive, _remoteCompletion, _completions!.Id, _send.Id);
        WorkRequest.WriteSegment(
            _send.SegmentAt(SendOobSize, 0), _buffers.Address, _memoryKey, (uint)request.Length);
        _send.Post(WorkRequest.BasicUnits(1, SendOobSize));
        _send.Ring();
    }

    private int WaitForAnswer(RequestCode code)
    {
        long started = Stopwatch.GetTimestamp();
        int received = -1;
        bool sent = false;
        while (received < 0 || !sent)
        {
            DrainEvents();
            byte* entry = _completions!.Peek();
            if (entry == null)
            {
                if (_completions.IsCorrupt)
                {
                    throw new GdmaException("The completion queue of the hardware channel is corrupt.");
                }

                if (_bus.ReadRegister32(Registers.Version) == Registers.Gone)
                {
                    throw new GdmaException($"The adapter is gone: no answer to {code}.");
                }

                if (Stopwatch.GetElapsedTime(started) > _timeout)
                {
                    throw new GdmaException(
                        $"The adapter did not answer {code} within {_timeout.TotalMilliseconds:F0} ms.");
                }

                Thread.Sleep(1);
                continue;
            }

            if (CompletionEntry.IsSend(CompletionEntry.Trailer(entry)))
            {
                _send!.Complete(_send.Head - _send.Tail);
                sent = true;
            }
            else
            {
                received = (int)Math.Min(*(uint*)(entry + 24), _responseMax);
                _receive!.Complete(_receive.Head - _receive.Tail);
            }

            _completions.Advance();
        }

        _completions!.Ring(arm: true);
        DrainEvents();
        return received;
    }

    private void DrainEvents()
    {
        bool any = false;
        while (_events.TryTake(out uint type, out uint data))
        {
            any = true;
            if (type == EventEntry.SocReconfigData && data >> 24 is ReconfigLinkUp or ReconfigLinkDown)
            {
                IsLinkUp = data >> 24 == ReconfigLinkUp;
                LinkChangeCount++;
            }
        }

        if (any)
        {
            _events.Ring(arm: true);
        }
    }
}
