using Outboard.Crypto;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Simd;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Pdcp;

/// <summary>One radio bearer in one direction: what its PDUs look like and how far its COUNT has come.</summary>
/// <remarks>
/// The session counts as TS 38.323 5.2 does with TX_NEXT or RX_NEXT: a received sequence number means the COUNT nearest to
/// the next expected one. Where the application brings the header and named no sequence number to start with, the first PDU is
/// taken to be of the HFN to start with. Reordering and duplicates are the business of the PDCP entity above.
/// </remarks>
internal sealed partial class PdcpSession : SimdSession
{
    private UnitKey _cipher;
    private UnitKey _integrity;
    private bool _anyFirst;
    private bool _started;
    private ulong _batch;

    public PdcpSession(KeyStore store, AlgorithmTable table, PdcpTransform transform)
        : base(CryptoSessionKind.Security, isOrdered: true) => Update(store, table, transform);

    /// <summary>Takes new keys and numbers; the counters go on.</summary>
    public void Update(KeyStore store, AlgorithmTable table, PdcpTransform transform)
    {
        UnitKey oldCipher = _cipher, oldIntegrity = _integrity;
        UnitKey cipher = UnitKey.Expand(store, PdcpAlgorithms.Find(table, transform.Cipher), transform.CipherKey.Span);
        try
        {
            _integrity = UnitKey.Expand(store, PdcpAlgorithms.Find(table, transform.Integrity), transform.IntegrityKey.Span);
        }
        catch
        {
            cipher.Release(store);
            throw;
        }

        _cipher = cipher;
        oldCipher.Release(store);
        oldIntegrity.Release(store);
        Cipher = transform.Cipher;
        Integrity = transform.Integrity;
        Protect = transform.Operation == SecurityOperation.Protect;
        IsShortMac = transform.Domain == PdcpDomain.ShortMac;
        IsUserPlane = transform.Domain == PdcpDomain.UserPlane;
        Direction = IsShortMac ? 1 : (int)transform.Direction;
        Bearer = IsShortMac ? 31 : transform.Bearer;
        SequenceBits = IsShortMac ? 0 : transform.SequenceNumberBits;
        HeaderLength = IsShortMac ? 0 : PdcpPdu.HeaderLength(transform.SequenceNumberBits);
        HeaderInPacket = transform.HeaderInPacket;
        HfnPerPacket = transform.HfnPerPacket;
        HfnThreshold = transform.HfnThreshold == 0 ? uint.MaxValue : transform.HfnThreshold;
        ClearLength = HeaderLength + (transform.HasSdapHeader ? 1 : 0);
        _anyFirst = transform.HeaderInPacket && transform.SequenceNumber == 0;
        Next = IsShortMac ? uint.MaxValue : PdcpPdu.Count(transform.Hfn, transform.SequenceNumber, SequenceBits);
        IsExhausted = false;
        _started = false;
    }

    public override bool Accepts(CryptoOp op) => true;

    public override void Release(KeyStore store)
    {
        _cipher.Release(store);
        _integrity.Release(store);
    }

    public SecurityCounters Counters;

    public bool Protect { get; private set; }

    public bool IsShortMac { get; private set; }

    public bool IsUserPlane { get; private set; }

    public int Direction { get; private set; }

    public int Bearer { get; private set; }

    public int SequenceBits { get; private set; }

    public int HeaderLength { get; private set; }

    /// <summary>Header and SDAP byte: what is authenticated but not ciphered.</summary>
    public int ClearLength { get; private set; }

    public bool HeaderInPacket { get; private set; }

    public bool HfnPerPacket { get; private set; }

    public uint HfnThreshold { get; private set; }

    public PdcpCipher Cipher { get; private set; }

    public PdcpIntegrity Integrity { get; private set; }

    /// <summary>Whether PDUs end in a MAC-I; with NIA0 it is zero.</summary>
    public bool HasCode => Integrity != PdcpIntegrity.None;

    /// <summary>TX_NEXT or RX_NEXT.</summary>
    public uint Next { get; private set; }

    /// <summary>Whether COUNT would wrap: nothing more may be sent under these keys (TS 33.501 6.4.3.1, TS 38.323 5.2).</summary>
    public bool IsExhausted { get; private set; }

    private uint Window => 1u << (SequenceBits - 1);

    /// <summary>Whether a sequence number means the same COUNT wherever the PDUs of the same batch may move RX_NEXT to.</summary>
    public bool IsNear(uint sequence)
    {
        uint mask = (Window << 1) - 1;
        uint distance = (sequence - Next) & mask;
        return _started && (distance < Window / 2 || distance > mask - (Window / 2));
    }

    /// <summary>The COUNT of a PDU by its sequence number. False when it would lie outside the range of COUNT.</summary>
    public bool TryInfer(uint sequence, out uint count)
    {
        uint mask = (Window << 1) - 1;
        uint hyperFrame = Next >> SequenceBits;
        uint expected = Next & mask;
        long inferred = hyperFrame;
        if (!_anyFirst || _started)
        {
            if ((long)sequence < (long)expected - Window)
            {
                inferred++;
            }
            else if ((long)sequence >= (long)expected + Window)
            {
                inferred--;
            }
        }

        count = PdcpPdu.Count((uint)inferred, sequence, SequenceBits);
        return inferred >= 0 && inferred <= PdcpPdu.HyperFrameMax(SequenceBits);
    }

    /// <summary>Moves the sequence number on without a COUNT: the hyper frame number comes with each op.</summary>
    public void Skip() => Next++;

    /// <summary>Notes a COUNT that was used: sent, or received and verified.</summary>
    public void Accept(uint count)
    {
        _started = true;
        if (count >= Next)
        {
            IsExhausted |= count == uint.MaxValue;
            Next = count == uint.MaxValue ? count : count + 1;
        }
    }
}
