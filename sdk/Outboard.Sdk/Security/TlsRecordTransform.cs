namespace Outboard.Security;

/// <summary>A TLS record session: the records of one connection in one direction.</summary>
/// <remarks>
/// Protect takes a fragment and an op's content type and makes a whole record in the packet. Unprotect takes one whole
/// record and leaves the fragment, with the content type on the op.
/// <para><i>Order</i>: a TLS record takes its sequence number in the order of the ops. One that is refused for its header, length or
/// room takes none; one that was tried has taken its own, also when it did not verify, and so do those behind it. DTLS records carry
/// theirs: one that does not verify changes nothing.</para>
/// <para><i>Source</i>: RFC 8446 5; RFC 5246 6; RFC 6347 4.1; RFC 7366; RFC 8449.</para>
/// </remarks>
public sealed record TlsRecordTransform : SecurityTransform
{
    /// <summary>Protect (write) or unprotect (read).</summary>
    public required SecurityOperation Operation { get; init; }

    /// <summary>The protocol.</summary>
    public required TlsVersion Version { get; init; }

    /// <summary>How records are protected.</summary>
    public required TlsCipherSuite CipherSuite { get; init; }

    /// <summary>The cipher's key.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>
    /// The write IV: 12 bytes for TLS 1.3 and for ChaCha20-Poly1305, the 4-byte salt for the other AEADs of TLS 1.2 and
    /// DTLS 1.2, empty for CBC.
    /// </summary>
    public ReadOnlyMemory<byte> Iv { get; init; }

    /// <summary>The MAC's key for suites with HMAC.</summary>
    public ReadOnlyMemory<byte> MacKey { get; init; }

    /// <summary>
    /// Whether each written record takes its explicit IV or nonce from <see cref="Crypto.CryptoOp.Iv"/>: the block of a CBC cipher, or 8
    /// bytes for AES-GCM and AES-CCM before TLS 1.3. Otherwise CBC draws an IV at random and the others use the sequence number.
    /// </summary>
    /// <remarks>The application answers for it that no nonce comes twice and that nobody can foretell an IV.</remarks>
    public bool IvPerPacket { get; init; }

    /// <summary>
    /// The version in the headers of suites with HMAC, for peers of before: TLS 1.1 (0302) and DTLS 1.0 (FEFF) protect records as TLS 1.2
    /// and DTLS 1.2 do. 0 for the protocol's own.
    /// </summary>
    public ushort WireVersion { get; init; }

    /// <summary>The sequence number of the first record; 48 bits for DTLS, where a replay window takes those before it for seen.</summary>
    public ulong SequenceNumber { get; init; }

    /// <summary>The epoch, DTLS only.</summary>
    public ushort Epoch { get; init; }

    /// <summary>The replay window in records, DTLS reading only: 0 for none, or a power of two from 64 to 4096.</summary>
    public int ReplayWindow { get; init; }

    /// <summary>Whether the MAC covers the ciphertext (RFC 7366); CBC suites only.</summary>
    public bool EncryptThenMac { get; init; }

    /// <summary>Fragments shorter than this are padded up to it (TLS 1.3 writing); 0 for none.</summary>
    public int FragmentLengthMin { get; init; }

    /// <summary>The longest fragment (for TLS 1.3 with its content type and padding), 64 to 16385 bytes; RFC 8449.</summary>
    public int RecordSizeLimit { get; init; } = 16385;

    /// <summary>Records after which ops carry the soft expiry flag; 0 for none.</summary>
    public ulong SoftPacketLimit { get; init; }

    /// <summary>
    /// Records after which ops are refused; 0 for the cipher's own limit: 2^24.5 for AES-GCM (RFC 8446 5.5), 2^23 for AES-CCM (RFC 9147
    /// 4.5.3), 2^20 for triple DES, otherwise where the sequence numbers end.
    /// </summary>
    public ulong HardPacketLimit { get; init; }
}
