using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Host;
using Outboard.Mbufs;
using Outboard.Security;

namespace Outboard.Samples.TlsGateway;

/// <summary>Makes records of packets and packets of records, a burst at a time, with keys that a handshake would have agreed on.</summary>
internal sealed class RecordGateway : IDisposable
{
    private const int BurstSize = 32;
    private const byte ApplicationData = 23;

    private readonly CryptoDevice _crypto;
    private readonly CryptoOpPool _ops;
    private readonly CryptoOp[] _work = new CryptoOp[BurstSize];
    private readonly CryptoOp[] _finished = new CryptoOp[BurstSize];

    public RecordGateway(OutboardHost host, TlsVersion version, TlsCipherSuite suite)
    {
        _ops = host.Own(new CryptoOpPool(new CryptoOpPoolOptions { Name = "records", Count = 255 }));
        _crypto = host.OpenCrypto("crypto_simd0");
        _crypto.Configure(new CryptoConfiguration { QueuePairCount = 1 });
        _crypto.ConfigureQueuePair(0, new QueuePairOptions<CryptoOp> { DescriptorCount = 256 });
        bool datagram = version == TlsVersion.Dtls12;
        bool aead = suite is TlsCipherSuite.AesGcm or TlsCipherSuite.AesCcm or TlsCipherSuite.ChaCha20Poly1305;
        bool fullIv = version == TlsVersion.Tls13 || suite == TlsCipherSuite.ChaCha20Poly1305;
        TlsRecordTransform writing = new()
        {
            Operation = SecurityOperation.Protect,
            Version = version,
            CipherSuite = suite,
            Key = RandomNumberGenerator.GetBytes(KeyLength(suite)),
            Iv = RandomNumberGenerator.GetBytes(!aead ? 0 : fullIv ? 12 : 4),
            MacKey = RandomNumberGenerator.GetBytes(MacKeyLength(suite)),
            Epoch = (ushort)(datagram ? 1 : 0),
        };
        SecurityContext security = _crypto.Security ?? throw new InvalidOperationException("The device offers no security sessions.");
        Writer = security.CreateSession(writing);
        Reader = security.CreateSession(
            writing with { Operation = SecurityOperation.Unprotect, ReplayWindow = datagram ? 256 : 0 });
        _crypto.Start();
    }

    /// <summary>The session that makes records.</summary>
    public SecuritySession Writer { get; }

    /// <summary>The session that opens them.</summary>
    public SecuritySession Reader { get; }

    /// <summary>Makes a record of each packet, in place.</summary>
    public void Protect(ReadOnlySpan<Mbuf> packets) => Run(Writer, packets);

    /// <summary>Makes a packet of each record, in place.</summary>
    public void Open(ReadOnlySpan<Mbuf> records) => Run(Reader, records);

    public void Dispose()
    {
        _crypto.Stop();
        Writer.Dispose();
        Reader.Dispose();
    }

    private void Run(SecuritySession session, ReadOnlySpan<Mbuf> packets)
    {
        Span<CryptoOp> work = _work.AsSpan(0, packets.Length);
        if (!_ops.TryAllocBulk(work))
        {
            throw new InvalidOperationException("The pool holds more than one burst, so this cannot be.");
        }
        for (int i = 0; i < work.Length; i++)
        {
            work[i].SetSession(session);
            work[i].Source = packets[i];
            work[i].ContentType = ApplicationData;
        }
        for (int sent = 0, done = 0; done < work.Length;)
        {
            sent += _crypto.EnqueueBurst(0, work[sent..]);
            int completed = _crypto.DequeueBurst(0, _finished);
            for (int i = 0; i < completed; i++)
            {
                if (_finished[i].Status != OpStatus.Success)
                {
                    throw new InvalidOperationException($"A record failed: {_finished[i].Status}.");
                }
            }
            _ops.FreeBulk(_finished.AsSpan(0, completed));
            done += completed;
        }
    }

    private static int KeyLength(TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.ChaCha20Poly1305 => 32,
        TlsCipherSuite.TripleDesCbcHmacSha1 => 24,
        TlsCipherSuite.NullHmacSha1 or TlsCipherSuite.NullHmacSha256 => 0,
        _ => 16,
    };

    private static int MacKeyLength(TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.AesGcm or TlsCipherSuite.AesCcm or TlsCipherSuite.ChaCha20Poly1305 => 0,
        TlsCipherSuite.AesCbcHmacSha256 or TlsCipherSuite.NullHmacSha256 => 32,
        TlsCipherSuite.AesCbcHmacSha384 => 48,
        _ => 20,
    };
}
