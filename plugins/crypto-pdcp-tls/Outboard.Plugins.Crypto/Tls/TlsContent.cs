using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tls;

/// <summary>Content types, and what fragments there may be of each.</summary>
internal static class TlsContent
{
    public const byte ChangeCipherSpec = 20;
    public const byte Alert = 21;
    public const byte Handshake = 22;
    public const byte ApplicationData = 23;

    /// <summary>Records with a connection id have a header of their own (RFC 9146 3).</summary>
    public const byte ConnectionId = 25;

    /// <summary>Whether a fragment of this type and length may be protected, or be what was protected.</summary>
    /// <remarks>
    /// Only application data may be empty (RFC 5246 6.2.1, RFC 8446 5.1). TLS 1.3 has no type 0, which could not be told from padding,
    /// and never protects a change_cipher_spec (RFC 8446 5). Types that no standard names are the application's to judge.
    /// </remarks>
    public static bool IsAllowed(TlsVersion version, byte type, int length) => version == TlsVersion.Tls13
        ? type == ApplicationData || (length > 0 && type is not (0 or ChangeCipherSpec))
        : length > 0 ? version != TlsVersion.Dtls12 || type != ConnectionId
        : type is not (ChangeCipherSpec or Alert or Handshake or ConnectionId);
}
