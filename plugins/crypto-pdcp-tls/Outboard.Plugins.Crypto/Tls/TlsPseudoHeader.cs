using System.Buffers.Binary;

namespace Outboard.Plugins.Crypto.Tls;

/// <summary>What is authenticated in front of a record before TLS 1.3: number 8 | type 1 | version 2 | length 2.</summary>
/// <remarks>
/// The number of DTLS is epoch and sequence number. The length is that of the fragment, for encrypt-then-MAC that of IV and ciphertext.
/// TLS 1.3 authenticates the header itself. <para><i>Source</i>: RFC 5246 6.2.3.1, 6.2.3.3; RFC 6347 4.1.2.1; RFC 7366 3.</para>
/// </remarks>
internal static class TlsPseudoHeader
{
    public const int Length = 13;

    public static void Write(Span<byte> to, ulong number, byte type, ushort version, int length)
    {
        BinaryPrimitives.WriteUInt64BigEndian(to, number);
        to[8] = type;
        BinaryPrimitives.WriteUInt16BigEndian(to[9..], version);
        BinaryPrimitives.WriteUInt16BigEndian(to[11..], (ushort)length);
    }
}
