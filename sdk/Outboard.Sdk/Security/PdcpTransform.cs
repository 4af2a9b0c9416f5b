namespace Outboard.Security;

/// <summary>A PDCP session: ciphering and integrity of one radio bearer in one direction.</summary>
/// <remarks>
/// Protect takes an SDU (with its SDAP byte in front where there is one) and makes a data PDU: header, SDU, MAC-I.
/// Unprotect takes the PDU and gives the SDU back. With <see cref="HeaderInPacket"/> the header is the application's:
/// its sequence number is used as it stands, and it stays in the packet both ways.
/// <para><i>Source</i>: TS 38.323 5.8, 5.9, 6.2, 6.3; TS 33.501 D.2, D.3.</para>
/// </remarks>
public sealed record PdcpTransform : SecurityTransform
{
    /// <summary>Protect or unprotect.</summary>
    public required SecurityOperation Operation { get; init; }

    /// <summary>The kind of bearer.</summary>
    public required PdcpDomain Domain { get; init; }

    /// <summary>The DIRECTION bit.</summary>
    public required PdcpDirection Direction { get; init; }

    /// <summary>The BEARER, 0 to 31: the radio bearer identity less 1.</summary>
    public required int Bearer { get; init; }

    /// <summary>The sequence number's length in bits: 5 or 12 on the control plane, 7, 12, 15 or 18 on the user plane.</summary>
    public required int SequenceNumberBits { get; init; }

    /// <summary>The ciphering algorithm.</summary>
    public required PdcpCipher Cipher { get; init; }

    /// <summary>Its key, 16 bytes; empty for NEA0.</summary>
    public ReadOnlyMemory<byte> CipherKey { get; init; }

    /// <summary>The integrity algorithm.</summary>
    public required PdcpIntegrity Integrity { get; init; }

    /// <summary>Its key, 16 bytes; empty for none and NIA0.</summary>
    public ReadOnlyMemory<byte> IntegrityKey { get; init; }

    /// <summary>The hyper frame number to start with.</summary>
    public uint Hfn { get; init; }

    /// <summary>The sequence number to start with.</summary>
    public uint SequenceNumber { get; init; }

    /// <summary>The HFN from which ops carry the soft expiry flag; 0 for none.</summary>
    public uint HfnThreshold { get; init; }

    /// <summary>Whether each op brings its HFN (<see cref="Crypto.CryptoOp.Hfn"/>) instead of the session counting it.</summary>
    public bool HfnPerPacket { get; init; }

    /// <summary>Whether the first byte behind the header is SDAP: authenticated, not ciphered.</summary>
    public bool HasSdapHeader { get; init; }

    /// <summary>Whether packets carry the PDCP header on the application's side.</summary>
    public bool HeaderInPacket { get; init; }
}
