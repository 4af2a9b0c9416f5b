using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tls;

/// <summary>Where everything lies in the records of a session: it follows from version and cipher suite alone.</summary>
/// <remarks>
/// <code>
/// AEAD   header | explicit nonce | fragment (TLS 1.3: with content type and zeros) | tag
/// CBC    header | IV | fragment, MAC, padding, all ciphered
/// CBC    header | IV | fragment, padding, both ciphered | MAC          encrypt-then-MAC, RFC 7366
/// none   header | fragment | MAC
/// </code>
/// <para><i>Source</i>: RFC 5246 6.2.3; RFC 5288 3; RFC 6347 4.1; RFC 6655 3; RFC 7905 2; RFC 8446 5.2.</para>
/// </remarks>
internal readonly struct TlsRecordShape
{
    /// <summary>2^14, the most bytes of one fragment (RFC 5246 6.2.1, RFC 8446 5.1).</summary>
    public const int FragmentMax = 1 << 14;

    /// <summary>2^14 + 1, fragment, content type and padding of TLS 1.3 together (RFC 8446 5.4).</summary>
    public const int InnerMax = FragmentMax + 1;

    /// <summary>2^14 + 2048, the most bytes behind a header before TLS 1.3 (RFC 5246 6.2.3).</summary>
    public const int BodyMax = FragmentMax + 2048;

    /// <summary>2^14 + 256, the most bytes behind a header of TLS 1.3 (RFC 8446 5.2).</summary>
    public const int BodyMaxTls13 = FragmentMax + 256;

    /// <summary>The most bytes of CBC padding with the byte that counts them.</summary>
    public const int CbcPaddingMax = 256;

    private const int AeadTagLength = 16;

    public TlsRecordShape(TlsVersion version, TlsCipherSuite suite, bool encryptThenMac)
    {
        HasInnerType = version == TlsVersion.Tls13;
        IsDatagram = version == TlsVersion.Dtls12;
        HeaderLength = IsDatagram ? TlsHeader.DatagramLength : TlsHeader.Length;
        IsAead = suite is TlsCipherSuite.AesGcm or TlsCipherSuite.AesCcm or TlsCipherSuite.ChaCha20Poly1305;
        BlockLength = suite switch
        {
            TlsCipherSuite.AesCbcHmacSha1 or TlsCipherSuite.AesCbcHmacSha256 or TlsCipherSuite.AesCbcHmacSha384 => 16,
            TlsCipherSuite.TripleDesCbcHmacSha1 => 8,
            _ => 0,
        };
        MacComesLast = BlockLength != 0 && encryptThenMac;
        ExplicitLength = BlockLength != 0 ? BlockLength
            : HasInnerType || suite is not (TlsCipherSuite.AesGcm or TlsCipherSuite.AesCcm) ? 0
            : TlsNonce.ExplicitLength;
        CodeLength = IsAead ? AeadTagLength : MacLength(suite);
    }

    /// <summary>TLS 1.3: the content type is inside, and the header always says application data.</summary>
    public bool HasInnerType { get; }

    /// <summary>DTLS: epoch and sequence number are in the header.</summary>
    public bool IsDatagram { get; }

    public bool IsAead { get; }

    /// <summary>A block cipher in CBC mode.</summary>
    public bool IsCbc => BlockLength != 0;

    /// <summary>Encrypt-then-MAC.</summary>
    public bool MacComesLast { get; }

    public int HeaderLength { get; }

    /// <summary>Bytes of explicit nonce or IV behind the header.</summary>
    public int ExplicitLength { get; }

    /// <summary>Bytes of tag or MAC.</summary>
    public int CodeLength { get; }

    /// <summary>Bytes of a block of a CBC cipher; 0 for the others.</summary>
    public int BlockLength { get; }

    /// <summary>Bytes of an HMAC and of its key, 0 for an AEAD.</summary>
    public static int MacLength(TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.AesCbcHmacSha1 or TlsCipherSuite.TripleDesCbcHmacSha1 or TlsCipherSuite.NullHmacSha1 => 20,
        TlsCipherSuite.AesCbcHmacSha256 or TlsCipherSuite.NullHmacSha256 => 32,
        TlsCipherSuite.AesCbcHmacSha384 => 48,
        _ => 0,
    };

    /// <summary>Bytes of padding that a record is written with, the CBC byte that counts them included.</summary>
    /// <param name="fragmentLength">Bytes of the fragment.</param>
    /// <param name="extra">Bytes asked for beyond what there must be; whole blocks are made of them for CBC.</param>
    /// <returns>The bytes, or -1 where the suite or the cipher's block cannot hold so much.</returns>
    public int PaddingLength(int fragmentLength, int extra)
    {
        if (!IsCbc)
        {
            return extra == 0 || HasInnerType ? extra : -1;
        }

        int filled = fragmentLength + (MacComesLast ? 0 : CodeLength);
        int least = BlockLength - (filled % BlockLength);
        int padding = least + ((extra + BlockLength - 1) / BlockLength * BlockLength);
        return padding <= CbcPaddingMax ? padding : -1;
    }

    /// <summary>Bytes behind the header of a record that is written.</summary>
    public int BodyLength(int fragmentLength, int paddingLength) =>
        ExplicitLength + fragmentLength + (HasInnerType ? 1 : 0) + paddingLength + CodeLength;

    /// <summary>Whether a record with so many bytes behind its header can be one at all: everything here is public.</summary>
    /// <param name="bodyLength">Bytes behind the header.</param>
    /// <param name="sizeLimit">The most bytes of a fragment, for TLS 1.3 of the inner plaintext.</param>
    public bool IsBody(int bodyLength, int sizeLimit)
    {
        int least = ExplicitLength + CodeLength;
        if (bodyLength < least || bodyLength > (HasInnerType ? BodyMaxTls13 : BodyMax))
        {
            return false;
        }

        int rest = bodyLength - least;
        if (!IsCbc)
        {
            return rest <= Math.Min(sizeLimit, HasInnerType ? InnerMax : FragmentMax) && (!HasInnerType || rest != 0);
        }

        // What is ciphered is whole blocks with at least the byte that counts the padding.
        int ciphered = bodyLength - ExplicitLength - (MacComesLast ? CodeLength : 0);
        return ciphered % BlockLength == 0 && rest != 0 && rest <= Math.Min(sizeLimit, FragmentMax) + CbcPaddingMax;
    }
}
