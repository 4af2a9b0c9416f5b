using System.Buffers.Binary;

namespace Outboard.Plugins.Crypto.Tls;

/// <summary>Record headers.</summary>
/// <remarks>
/// <code>
/// TLS    type | version 2 | length 2
/// DTLS   type | version 2 | epoch 2 | sequence number 6 | length 2
/// </code>
/// <para><i>Source</i>: RFC 5246 6.2.1; RFC 6347 4.1; RFC 8446 5.2.</para>
/// </remarks>
internal static class TlsHeader
{
    /// <summary>Bytes of a header of TLS.</summary>
    public const int Length = 5;

    /// <summary>Bytes of a header of DTLS.</summary>
    public const int DatagramLength = 13;

    /// <summary>The version in records of TLS 1.2, and of TLS 1.3 for the sake of what is on the way.</summary>
    public const ushort Version = 0x0303;

    /// <summary>The version in records of DTLS 1.2.</summary>
    public const ushort DatagramVersion = 0xFEFD;

    /// <summary>Sequence numbers of DTLS have 48 bits.</summary>
    public const ulong DatagramNumberMax = (1UL << 48) - 1;

    /// <summary>Writes a header.</summary>
    /// <param name="header">5 or 13 bytes, which says which it is.</param>
    /// <param name="type">The content type.</param>
    /// <param name="version">The version.</param>
    /// <param name="number">DTLS: the epoch in the high 16 bits, the sequence number below. TLS: not used.</param>
    /// <param name="bodyLength">Bytes behind the header.</param>
    public static void Write(Span<byte> header, byte type, ushort version, ulong number, int bodyLength)
    {
        header[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(header[1..], version);
        if (header.Length == DatagramLength)
        {
            BinaryPrimitives.WriteUInt64BigEndian(header[3..], number);
        }

        BinaryPrimitives.WriteUInt16BigEndian(header[^2..], (ushort)bodyLength);
    }

    /// <summary>Whether a header has the version and the length that it must.</summary>
    /// <param name="header">5 or 13 bytes.</param>
    /// <param name="version">The version of the session.</param>
    /// <param name="bodyLength">Bytes that are behind the header.</param>
    public static bool Matches(ReadOnlySpan<byte> header, ushort version, int bodyLength) =>
        BinaryPrimitives.ReadUInt16BigEndian(header[1..]) == version
        && BinaryPrimitives.ReadUInt16BigEndian(header[^2..]) == bodyLength;

    /// <summary>Epoch and sequence number of a header of DTLS.</summary>
    public static ulong ReadNumber(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt64BigEndian(header[3..]);

    /// <summary>Epoch and sequence number together, as they are authenticated.</summary>
    public static ulong Number(ushort epoch, ulong sequence) => ((ulong)epoch << 48) | sequence;
}
