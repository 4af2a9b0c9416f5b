using System.Buffers.Binary;

namespace Outboard.Plugins.Crypto.Tls;

/// <summary>The 12-byte nonces of AEAD records.</summary>
internal static class TlsNonce
{
    /// <summary>Bytes of every nonce.</summary>
    public const int Length = 12;

    /// <summary>Bytes of a nonce that do not change and are not sent, before TLS 1.3 with AES (RFC 5288 3).</summary>
    public const int SaltLength = 4;

    /// <summary>Bytes of a nonce that are sent with each record, before TLS 1.3 with AES.</summary>
    public const int ExplicitLength = 8;

    /// <summary>The write IV with the record's number, left-padded, xored into its end (RFC 8446 5.3, RFC 7905 2).</summary>
    public static void WriteMasked(ReadOnlySpan<byte> iv, ulong number, Span<byte> nonce)
    {
        iv[..Length].CopyTo(nonce);
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(nonce[4..]);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], low ^ number);
    }

    /// <summary>The salt, then what the record carries (RFC 5288 3, RFC 6655 3).</summary>
    public static void WriteExplicit(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> explicitPart, Span<byte> nonce)
    {
        salt[..SaltLength].CopyTo(nonce);
        explicitPart[..ExplicitLength].CopyTo(nonce[SaltLength..]);
    }
}
