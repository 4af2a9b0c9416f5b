using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Mbufs;

namespace Outboard.Security.Pdcp;

/// <summary>A PDCP entity: one radio bearer's numbering, protection, reordering and status reports, both ways.</summary>
/// <remarks>
/// The entity makes ops; the application sends them through a queue pair that many entities may share, or through
/// <see cref="CryptoDevice.Process"/>, and gives them back.
/// <code>
/// send:     Submit -> PrepareTransmit -> EnqueueBurst / DequeueBurst -> CompleteTransmit -> PDUs to the lower layers
/// receive:  PrepareReceive -> EnqueueBurst / DequeueBurst -> CompleteReceive -> TakeDelivered
/// at times: Poll, with a clock of the caller's that does not go back; TakeEvents
/// </code>
/// <para>Ops of one direction are completed in the order in which they were prepared, which is the order a queue pair gives them back in.
/// Everything that is delivered, for whatever reason, comes out of <see cref="TakeDelivered"/>, in the order of delivery. Ops that cannot be
/// sent any more are completed as they are; the entity then takes the PDU for lost.</para>
/// <para>The data path takes no memory: the buffers are those of the options. It never throws; what went wrong is in the statistics
/// and in <see cref="TakeEvents"/>. There are no threads or timers of its own.</para>
/// <para><i>Thread</i>: one at a time. <i>Order</i>: <see cref="Suspend"/>, <see cref="Reestablish"/>, <see cref="ActivateSecurity"/> and
/// <see cref="Release"/> need all ops complete.</para>
/// <para><i>Owns</i>: SDUs from Submit and PDUs from PrepareReceive on, until they are handed out again.</para>
/// <para><i>Source</i>: TS 38.323 clauses 5 to 7; TS 36.323 with the reordering function. Header compression and PDCP duplication are the
/// application's.</para>
/// </remarks>
public sealed partial class PdcpEntity : IDisposable
{
    private readonly PdcpEntityOptions _options;
    private readonly SecurityContext _security;
    private readonly SecuritySession _transmitSession;
    private readonly SecuritySession _receiveSession;
    private readonly PdcpTransmitter _transmitter;
    private readonly PdcpReceiver _receiver;
    private readonly byte[] _reportScratch;
    private readonly int _transmitBits;
    private readonly int _receiveBits;
    private readonly byte[] _cipherKeyHash = new byte[SHA256.HashSizeInBytes];
    private readonly byte[] _integrityKeyHash = new byte[SHA256.HashSizeInBytes];
    private TimeSpan? _discardTime;
    private PdcpProtection _protection;
    private PdcpEvents _events;
    private bool _anyCountUsed;
    private int _transmitInFlight;
    private int _receiveInFlight;
    private ulong _submitted;
    private ulong _sent;
    private ulong _retransmitted;
    private ulong _confirmed;
    private ulong _discarded;
    private ulong _discardedUnconfirmed;
    private ulong _dropped;
    private ulong _received;
    private ulong _integrityFailures;
    private ulong _malformed;
    private ulong _opFailures;
    private ulong _foreign;
    private ulong _control;
    private ulong _nearEnd;

    /// <summary>Establishes the entity (TS 38.323 5.1.1).</summary>
    /// <param name="security">The security sessions of the device that its ops go to.</param>
    /// <param name="options">The bearer's configuration.</param>
    /// <exception cref="ArgumentException">A member is out of range, or the device does not offer the algorithms; the message says which.</exception>
    public PdcpEntity(SecurityContext security, PdcpEntityOptions options)
    {
        ArgumentNullException.ThrowIfNull(security);
        ArgumentNullException.ThrowIfNull(options);
        PdcpOptionsCheck.Check(options);
        _security = security;
        _options = options;
        _transmitBits = options.SequenceNumberBits;
        _receiveBits = options.ReceiveSequenceNumberBits == 0 ? _transmitBits : options.ReceiveSequenceNumberBits;
        _discardTime = options.DiscardTime;
        int window = 1 << (_receiveBits - 1);
        _receiver = new PdcpReceiver(
            _receiveBits,
            options.ReorderBufferCount == 0 ? window : options.ReorderBufferCount,
            options.OutOfOrderDelivery,
            options.ReorderingTime,
            options.ReceiveNext);
        bool holds = options.Kind == PdcpBearerKind.Acknowledged;
        int held = holds ? Math.Min(options.TransmitBufferCount, 1 << (_transmitBits - 1)) : 0;
        _transmitter = new PdcpTransmitter(options.TransmitBufferCount, held, options.TransmitNext);
        _reportScratch = holds ? new byte[PdcpFormat.ControlLengthMax] : [];
        _protection = Keep(options.Protection);
        _transmitSession = security.CreateSession(Transform(SecurityOperation.Protect, options.Protection));
        try
        {
            _receiveSession = security.CreateSession(Transform(SecurityOperation.Unprotect, options.Protection));
        }
        catch
        {
            _transmitSession.Dispose();
            throw;
        }
    }

    /// <summary>Where the entity is in its life.</summary>
    public PdcpEntityState State { get; private set; }

    /// <summary>TX_NEXT: the COUNT of the next SDU; 2^32 when none is left.</summary>
    public ulong TransmitNext => _transmitter.Next;

    /// <summary>RX_NEXT: one above the highest COUNT received.</summary>
    public ulong ReceiveNext => _receiver.Next;

    /// <summary>RX_DELIV: the first COUNT not delivered and still waited for.</summary>
    public ulong ReceiveDeliver => _receiver.Deliver;

    /// <summary>RX_REORD: RX_NEXT when t-Reordering was started.</summary>
    public ulong ReceiveReorder => _receiver.Reorder;

    /// <summary>Whether t-Reordering runs.</summary>
    public bool IsReordering => _receiver.IsTimerRunning;

    /// <summary>Below this COUNT every SDU sent is confirmed or discarded: lower layers need not send its PDU any more.</summary>
    public ulong HeldFirst => _transmitter.HeldFirst;

    /// <summary>SDUs that wait to be sent.</summary>
    public int WaitingCount => _transmitter.WaitingCount;

    /// <summary>SDUs delivered and not taken.</summary>
    public int DeliverableCount => _receiver.ReadyCount;

    /// <summary>When <see cref="Poll"/> next has something to do; null for never as things stand.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            TimeSpan receive = _receiver.IsTimerRunning ? _receiver.Deadline : TimeSpan.MaxValue;
            TimeSpan first = receive < _transmitter.Deadline ? receive : _transmitter.Deadline;
            return first == TimeSpan.MaxValue ? null : first;
        }
    }

    /// <summary>The counters.</summary>
    public PdcpEntityStatistics Statistics => new()
    {
        SubmittedCount = _submitted,
        SentCount = _sent,
        RetransmittedCount = _retransmitted,
        ConfirmedCount = _confirmed,
        DiscardedByTimerCount = _discarded,
        DiscardedUnconfirmedCount = _discardedUnconfirmed,
        DroppedCount = _dropped,
        ReceivedCount = _received,
        DeliveredCount = _receiver.DeliveredCount,
        ReorderedCount = _receiver.ReorderedCount,
        DuplicateCount = _receiver.DuplicateCount,
        OutOfWindowCount = _receiver.OutOfWindowCount,
        IntegrityFailureCount = _integrityFailures,
        MalformedCount = _malformed,
        OpFailureCount = _opFailures,
        ForeignOpCount = _foreign,
        ReorderingExpiryCount = _receiver.ExpiryCount,
        BufferPushCount = _receiver.PushCount,
        MissingCount = _receiver.MissingCount,
        ControlCount = _control,
        CountNearEndCount = _nearEnd,
    };

    /// <summary>The <see cref="PdcpEntityOptions.Tag"/> of the entity that made an op.</summary>
    /// <param name="op">An op that an entity made.</param>
    public static uint TagOf(CryptoOp op) => (uint)(op.UserData >> 32);

    /// <summary>The COUNT of the PDU of an op.</summary>
    /// <param name="op">An op that an entity made.</param>
    public static uint CountOf(CryptoOp op) => (uint)op.UserData;

    /// <summary>Whether an op is one that this entity made to send.</summary>
    /// <param name="op">The op.</param>
    public bool IsTransmit(CryptoOp op) => IsOf(op, _transmitSession);

    /// <summary>Whether an op is one that this entity made to receive.</summary>
    /// <param name="op">The op.</param>
    public bool IsReceive(CryptoOp op) => IsOf(op, _receiveSession);

    /// <summary>What happened since the last call.</summary>
    public PdcpEvents TakeEvents()
    {
        PdcpEvents events = _events;
        _events = PdcpEvents.None;
        return events;
    }

    /// <summary>Lets t-Reordering and the discard timers expire that are due (TS 38.323 5.2.2.2, 5.3).</summary>
    /// <param name="now">The time on the caller's clock.</param>
    /// <remarks>Completing what has been received before polling lets PDUs count that came in time.</remarks>
    public void Poll(TimeSpan now)
    {
        if (State == PdcpEntityState.Released)
        {
            return;
        }

        _ = _receiver.Poll(now);
        Discard(now);
    }

    /// <summary>Releases the entity and frees what was not taken.</summary>
    public void Dispose()
    {
        // Ops that are still out name sessions that are gone then; whoever holds them frees them.
        _transmitInFlight = 0;
        _receiveInFlight = 0;
        Release();
        Span<Mbuf> one = [default];
        while (_receiver.Take(one) != 0)
        {
            one[0].Free();
        }
    }

    private static bool IsOf(CryptoOp op, SecuritySession session) =>
        op.SessionKind == CryptoSessionKind.Security && op.SessionHandle == session.Handle;

    private PdcpTransform Transform(SecurityOperation operation, PdcpProtection protection)
    {
        bool sends = operation == SecurityOperation.Protect;
        bool uplink = _options.TransmitDirection == PdcpDirection.Uplink == sends;
        return new PdcpTransform
        {
            Operation = operation,
            Domain = _options.Kind == PdcpBearerKind.Signalling ? PdcpDomain.ControlPlane : PdcpDomain.UserPlane,
            Direction = uplink ? PdcpDirection.Uplink : PdcpDirection.Downlink,
            Bearer = _options.Bearer,
            SequenceNumberBits = sends ? _transmitBits : _receiveBits,
            Cipher = protection.Cipher,
            CipherKey = protection.CipherKey,
            Integrity = protection.Integrity,
            IntegrityKey = protection.IntegrityKey,
            HfnPerPacket = true,
            HasSdapHeader = sends ? _options.HasTransmitSdapHeader : _options.HasReceiveSdapHeader,

            // The COUNT is the entity's, so the header that says it is, too; a received header is of no more use.
            HeaderInPacket = sends,
        };
    }

    private PdcpProtection Keep(PdcpProtection protection)
    {
        _ = SHA256.HashData(protection.CipherKey.Span, _cipherKeyHash);
        _ = SHA256.HashData(protection.IntegrityKey.Span, _integrityKeyHash);
        return protection with { CipherKey = default, IntegrityKey = default };
    }

    private void NoteCount(uint count, int bits, PdcpEvents what)
    {
        if (_options.HfnThreshold != 0 && count >> bits >= _options.HfnThreshold)
        {
            _nearEnd++;
            _events |= what;
        }
    }
}
