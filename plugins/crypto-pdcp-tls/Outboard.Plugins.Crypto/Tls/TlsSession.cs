using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Simd;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tls;

/// <summary>The records of one connection in one direction under one set of keys.</summary>
/// <remarks>
/// A record of TLS takes its sequence number when it begins, in the order of the ops, and one that is tried keeps it whatever becomes of
/// it: those behind it in the burst have begun by then, and the standards end a connection whose record does not verify (RFC 5246 7.2.2,
/// RFC 8446 5.2). A record of DTLS brings its number; the replay window is asked when it begins and again when it has verified, and only
/// then is it noted, so a record that does not verify changes nothing.
/// </remarks>
internal sealed unsafe partial class TlsSession : SimdSession
{
    private const int AeadStep = 1;
    private const int MacStep = 2;
    private const int CipherStep = 3;
    private const int OpenStep = 4;

    private TlsVersion _version;
    private TlsRecordShape _shape;
    private ushort _wireVersion;
    private ushort _epoch;
    private bool _protect;
    private bool _ivPerPacket;
    private int _sizeLimit;
    private int _fragmentMin;
    private TlsSequence _sequence;
    private TlsLifetime _lifetime;
    private ReplayWindow _window;
    private IvBytes _iv;
    private UnitKey _cipher;
    private UnitKey _mac;
    private CryptoUnit? _opener;

    public TlsSession(KeyStore store, AlgorithmTable table, TlsRecordTransform transform)
        : base(CryptoSessionKind.Security) => Update(store, table, transform);

    /// <summary>What was done, over all keys.</summary>
    public SecurityCounters Counters;

    /// <summary>Takes new keys and numbers; the counters go on.</summary>
    public void Update(KeyStore store, AlgorithmTable table, TlsRecordTransform transform)
    {
        var shape = new TlsRecordShape(transform.Version, transform.CipherSuite, transform.EncryptThenMac);
        UnitKey cipher = default, mac = default;
        try
        {
            cipher = UnitKey.Expand(store, TlsUnits.Cipher(table, transform.CipherSuite), transform.Key.Span);
            mac = UnitKey.Expand(store, TlsUnits.Mac(table, transform.CipherSuite), transform.MacKey.Span);
        }
        catch
        {
            cipher.Release(store);
            mac.Release(store);
            throw;
        }

        Release(store);
        _cipher = cipher;
        _mac = mac;
        _opener = shape.IsCbc ? TlsUnits.Opener(table, transform.CipherSuite) : null;
        _version = transform.Version;
        _shape = shape;
        _wireVersion = transform.WireVersion != 0 ? transform.WireVersion
            : shape.IsDatagram ? TlsHeader.DatagramVersion : TlsHeader.Version;
        _epoch = transform.Epoch;
        _protect = transform.Operation == SecurityOperation.Protect;
        _ivPerPacket = transform.IvPerPacket;
        _sizeLimit = transform.RecordSizeLimit;
        _fragmentMin = transform.FragmentLengthMin;
        _sequence = new TlsSequence(transform.SequenceNumber, shape.IsDatagram);
        _lifetime = new TlsLifetime(transform.CipherSuite, transform.SoftPacketLimit, transform.HardPacketLimit);
        _window = new ReplayWindow(_protect ? 0 : transform.ReplayWindow, transform.SequenceNumber);
        transform.Iv.Span.CopyTo(_iv);
    }

    /// <summary>Every record is looked at when it begins.</summary>
    public override bool Accepts(CryptoOp op) => true;

    public override Step Begin(CryptoOp op, ref OpState state, Burst burst)
    {
        burst.Counters.TlsRecords++;
        op.Flags = CryptoOpFlags.None;
        return _protect ? BeginWrite(op, ref state, burst) : BeginRead(op, ref state, burst);
    }

    public override Step Continue(CryptoOp op, ref OpState state, Burst burst) =>
        _protect ? ContinueWrite(op, ref state, burst) : ContinueRead(op, ref state, burst);

    public override void Release(KeyStore store)
    {
        _cipher.Release(store);
        _mac.Release(store);
        CryptographicOperations.ZeroMemory(_iv);
    }

    // The packet that the work goes on in: the source, or the destination with what is to be worked on.
    private static bool TrySelect(CryptoOp op, int headroom, out Mbuf packet)
    {
        packet = op.Source;
        Mbuf target = op.Destination.IsNull ? packet : op.Destination;
        return target.Headroom >= headroom && Packet.TrySelect(op, ref packet);
    }

    private void SetNonce(ref CryptoJob job, ref OpState state, ReadOnlySpan<byte> explicitPart)
    {
        var nonce = new Span<byte>(state.Iv, TlsNonce.Length);
        if (_shape.ExplicitLength == 0)
        {
            TlsNonce.WriteMasked(_iv, state.Number, nonce);
        }
        else
        {
            TlsNonce.WriteExplicit(_iv, explicitPart, nonce);
        }

        job.Iv = state.Iv;
        job.IvLength = TlsNonce.Length;
    }

    private void SetPseudoHeader(ref CryptoJob job, ref OpState state, byte type, int length)
    {
        TlsPseudoHeader.Write(new Span<byte>(state.Prefix, TlsPseudoHeader.Length), state.Number, type, _wireVersion, length);
        job.Aad = state.Prefix;
        job.AadLength = TlsPseudoHeader.Length;
    }

    // TLS 1.3 authenticates the header as it is sent.
    private static void SetHeader(ref CryptoJob job, ref OpState state, ReadOnlySpan<byte> header)
    {
        header.CopyTo(new Span<byte>(state.Prefix, TlsHeader.Length));
        job.Aad = state.Prefix;
        job.AadLength = TlsHeader.Length;
    }

    private ref CryptoJob QueueAead(ref OpState state, Burst burst, int offset, int length, bool encrypt)
    {
        ref CryptoJob job = ref burst.Queue(_cipher.Unit!);
        burst.SetMessage(ref job, ref state, state.Packet, state.Packet, offset, length);
        job.Key = _cipher.Key;
        job.Code = state.Code;
        job.CodeLength = _shape.CodeLength;
        job.Encrypt = encrypt;
        state.Step = AeadStep;
        return ref job;
    }

    private void QueueMac(ref OpState state, Burst burst, byte type, int offset, int length)
    {
        ref CryptoJob job = ref burst.Queue(_mac.Unit!);
        burst.SetMessage(ref job, ref state, state.Packet, default, offset, length);
        SetPseudoHeader(ref job, ref state, type, length);
        job.Key = _mac.Key;
        job.Code = state.Code;
        job.CodeLength = _shape.CodeLength;
        job.IvLength = 0;
        state.Step = MacStep;
    }

    // CBC over what follows the explicit IV, which is at hand in the state.
    private void QueueCipher(ref OpState state, Burst burst, int length, bool encrypt)
    {
        ref CryptoJob job = ref burst.Queue(_cipher.Unit!);
        burst.SetMessage(
            ref job, ref state, state.Packet, state.Packet, _shape.HeaderLength + _shape.ExplicitLength, length);
        job.Key = _cipher.Key;
        job.Iv = state.Iv;
        job.IvLength = _shape.BlockLength;
        job.AadLength = 0;
        job.Encrypt = encrypt;
        state.Step = CipherStep;
    }

    // Finds the MAC and the padding in what was deciphered, in a time that says nothing of either.
    private void QueueOpener(ref OpState state, Burst burst)
    {
        ref CryptoJob job = ref burst.Queue(_opener!);
        burst.SetMessage(
            ref job,
            ref state,
            state.Packet,
            default,
            _shape.HeaderLength + _shape.ExplicitLength,
            state.Length + _shape.CodeLength);
        SetPseudoHeader(ref job, ref state, (byte)state.Extra, 0);
        job.Key = _mac.Key;
        job.Code = state.Code;
        job.CodeLength = _shape.CodeLength;
        job.IvLength = 0;
        state.Step = OpenStep;
    }

    private Step Succeed(CryptoOp op, Burst burst, int fragmentLength)
    {
        Counters.Packets++;
        Counters.Bytes += (ulong)fragmentLength;
        burst.Counters.Bytes += (ulong)fragmentLength;
        op.Status = OpStatus.Success;
        return Step.Done;
    }

    private Step Refuse(CryptoOp op, OpStatus status)
    {
        switch (status)
        {
            case OpStatus.LifetimeExceeded:
                Counters.Lifetime++;
                break;
            case OpStatus.Replayed:
                Counters.Replays++;
                break;
            default:
                Counters.Malformed++;
                break;
        }

        op.Flags = CryptoOpFlags.None;
        op.Status = status;
        return Step.Done;
    }

    [InlineArray(TlsNonce.Length)]
    private struct IvBytes
    {
        private byte _first;
    }
}
