using Outboard.Crypto;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Simd;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tls;

/// <summary>The records of one connection in one direction under one traffic key.</summary>
internal sealed partial class TlsSession : SimdSession
{
    /// <summary>2^24.5: full-size records under one AES-GCM key before the confidentiality margin is used up (RFC 8446 5.5).</summary>
    public const ulong RecordsMax = 23_726_566;

    private UnitKey _aead;
    private ulong _iv0;
    private uint _iv1;

    public TlsSession(KeyStore store, AlgorithmTable table, TlsRecordTransform transform) => Update(store, table, transform);

    /// <summary>Takes new keys and numbers; the counters go on.</summary>
    public void Update(KeyStore store, AlgorithmTable table, TlsRecordTransform transform)
    {
        UnitKey old = _aead;
        _aead = UnitKey.Expand(store, table.Find(AeadAlgorithm.AesGcm)!.Unit, transform.Key.Span);
        old.Release(store);
        Protect = transform.Operation == SecurityOperation.Protect;
        Sequence = transform.SequenceNumber;
        RecordSizeLimit = transform.RecordSizeLimit;
        FragmentLengthMin = transform.FragmentLengthMin;
        SoftLimit = transform.SoftPacketLimit == 0 ? ulong.MaxValue : transform.SoftPacketLimit;
        HardLimit = transform.HardPacketLimit == 0 ? RecordsMax : transform.HardPacketLimit;
        ReadOnlySpan<byte> iv = transform.Iv.Span;
        _iv0 = BitConverter.ToUInt64(iv);
        _iv1 = BitConverter.ToUInt32(iv[8..]);
        RecordCount = 0;
        IsExhausted = false;
    }

    public override CryptoSessionKind Kind => CryptoSessionKind.Security;

    public override bool Accepts(CryptoOp op) => true;

    public override void Release(KeyStore store) => _aead.Release(store);

    public SecurityCounters Counters;

    public bool Protect { get; private set; }

    public int RecordSizeLimit { get; private set; }

    public int FragmentLengthMin { get; private set; }

    /// <summary>The first record that carries the soft expiry flag, counted from 1.</summary>
    public ulong SoftLimit { get; private set; }

    /// <summary>Records after which ops are refused.</summary>
    public ulong HardLimit { get; private set; }

    /// <summary>The sequence number of the next record.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Records done under this key.</summary>
    public ulong RecordCount { get; private set; }

    /// <summary>Whether the next record would repeat a nonce or pass the hard limit.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>The write IV (RFC 8446 5.3).</summary>
    public void CopyIv(Span<byte> iv)
    {
        BitConverter.TryWriteBytes(iv, _iv0);
        BitConverter.TryWriteBytes(iv[8..], _iv1);
    }

    /// <summary>Counts a record; says whether the soft limit is reached.</summary>
    public bool Advance()
    {
        RecordCount++;
        Sequence++;
        IsExhausted = Sequence == 0 || RecordCount >= HardLimit;
        return RecordCount >= SoftLimit;
    }
}
