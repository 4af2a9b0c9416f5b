namespace Outboard.Security;

/// <summary>The protocol of a TLS record session.</summary>
public enum TlsVersion
{
    /// <summary>TLS 1.2 (RFC 5246).</summary>
    Tls12,

    /// <summary>TLS 1.3 (RFC 8446).</summary>
    Tls13,

    /// <summary>DTLS 1.2 (RFC 6347).</summary>
    Dtls12,
}
