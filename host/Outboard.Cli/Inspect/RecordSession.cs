using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Security;

namespace Outboard.Cli.Inspect;

/// <summary>The security session of a protected capture, and its change of keys.</summary>
/// <remarks>
/// A TLS key is good for 2^24.5 full-size records (RFC 8446 5.5): after 2^24 both sides go to the next generation, at the same
/// record and without a message, since both count alike. A PDCP session lasts for its 2^32 COUNTs.
/// </remarks>
internal sealed class RecordSession : IDisposable
{
    /// <summary>The content type of TLS application data.</summary>
    public const byte ApplicationData = 23;

    private readonly SecurityContext _security;
    private readonly SecurityOperation _operation;
    private readonly long _generationLength;
    private readonly SecuritySession _session;
    private ProtectionKey _key;
    private long _left;

    /// <param name="device">The crypto device; configured.</param>
    /// <param name="key">The secret.</param>
    /// <param name="operation">Protect or unprotect.</param>
    /// <param name="generationLength">Records under one key; tests make it short.</param>
    public RecordSession(CryptoDevice device, ProtectionKey key, SecurityOperation operation, long generationLength = 1L << 24)
    {
        _security = device.Security ?? throw new WorkException($"{device.Name} offers no security sessions");
        _operation = operation;
        _key = key;
        _generationLength = key.Kind == ProtectionKind.Tls13 ? generationLength : long.MaxValue;
        _left = _generationLength;
        _session = _security.CreateSession(MakeTransform());
    }

    /// <summary>How many records may be started before <see cref="Advance"/> is called.</summary>
    public int Take(int count) => (int)Math.Min(count, _left);

    /// <summary>Notes that records are done; at the end of a generation the keys change.</summary>
    /// <remarks>None is in flight.</remarks>
    public void Advance(int count)
    {
        _left -= count;
        if (_left == 0)
        {
            _key = _key.Next();
            _security.UpdateSession(_session, MakeTransform());
            _left = _generationLength;
        }
    }

    /// <summary>Prepares an op.</summary>
    public void Prepare(CryptoOp op)
    {
        op.SetSession(_session);
        op.ContentType = ApplicationData;
    }

    /// <summary>Why an op failed, in words.</summary>
    public static string Describe(OpStatus status) => status switch
    {
        OpStatus.AuthenticationFailed => "it does not authenticate: the key is another one, or the record was altered",
        OpStatus.LifetimeExceeded => "the key is used up",
        OpStatus.InvalidArguments => "it is malformed",
        _ => $"status {status}",
    };

    public void Dispose() => _session.Dispose();

    private SecurityTransform MakeTransform() => _key.Kind == ProtectionKind.Tls13
        ? new TlsRecordTransform
        {
            Operation = _operation,
            Version = TlsVersion.Tls13,
            CipherSuite = TlsCipherSuite.AesGcm,
            Key = _key.DeriveKey(),
            Iv = _key.DeriveIv(),
        }
        : new PdcpTransform
        {
            Operation = _operation,
            Domain = PdcpDomain.UserPlane,
            Direction = PdcpDirection.Downlink,
            Bearer = PdcpEnvelope.BearerIdentity - 1,
            SequenceNumberBits = PdcpEnvelope.SequenceNumberBits,
            Cipher = PdcpCipher.Nea2,
            CipherKey = _key.CipherKey,
            Integrity = PdcpIntegrity.Nia2,
            IntegrityKey = _key.IntegrityKey,
        };
}
