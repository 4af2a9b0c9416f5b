using System.Buffers.Binary;

namespace Outboard.Plugins.Crypto.Tls;

/// <summary>The parts of a TLS 1.3 record that are not cipher (RFC 8446 5.2, 5.3, 5.4).</summary>
internal static class TlsRecord
{
    public const int HeaderLength = 5;
    public const int TagLength = 16;
    public const int NonceLength = 12;

    /// <summary>2^14, the most bytes of one fragment (RFC 8446 5.1).</summary>
    public const int PlaintextMax = 16384;

    /// <summary>2^14 + 1, fragment, content type and padding together (RFC 8446 5.4).</summary>
    public const int InnerMax = PlaintextMax + 1;

    public const byte ApplicationData = 23;
    private const byte ChangeCipherSpec = 20;
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const ushort LegacyVersion = 0x0303;

    /// <summary>Whether a fragment of this type and length may be sent: no empty alert or handshake fragment (RFC 8446 5.1), no protected change_cipher_spec (5).</summary>
    public static bool IsAllowed(byte contentType, int length) => contentType switch
    {
        ApplicationData => true,
        Handshake or Alert => length > 0,
        0 or ChangeCipherSpec => false,
        _ => length > 0,
    };

    /// <summary>The per-record nonce: the write IV with the sequence number, left-padded, xored into its end.</summary>
    public static void WriteNonce(ReadOnlySpan<byte> iv, ulong sequence, Span<byte> nonce)
    {
        iv[..NonceLength].CopyTo(nonce);
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(nonce[4..]);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], low ^ sequence);
    }

    /// <summary>The outer header, which is the associated data; the length is that of the ciphertext with its tag.</summary>
    public static void WriteHeader(Span<byte> header, int ciphertextLength)
    {
        header[0] = ApplicationData;
        BinaryPrimitives.WriteUInt16BigEndian(header[1..], LegacyVersion);
        BinaryPrimitives.WriteUInt16BigEndian(header[3..], (ushort)ciphertextLength);
    }

    /// <summary>Checks an outer header against the length of the whole record.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> header, int recordLength)
    {
        int ciphertextLength = BinaryPrimitives.ReadUInt16BigEndian(header[3..]);
        return header[0] == ApplicationData
            && BinaryPrimitives.ReadUInt16BigEndian(header[1..]) == LegacyVersion
            && ciphertextLength == recordLength - HeaderLength
            && ciphertextLength >= TagLength + 1
            && ciphertextLength <= InnerMax + TagLength;
    }
}
