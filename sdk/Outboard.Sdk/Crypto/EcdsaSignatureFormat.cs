namespace Outboard.Crypto;

/// <summary>How an ECDSA signature is written.</summary>
public enum EcdsaSignatureFormat
{
    /// <summary>r and s side by side, big-endian, each as long as the group's order (IEEE P1363).</summary>
    P1363,

    /// <summary>The DER SEQUENCE of r and s (RFC 3279 2.2.3), as in X.509 and TLS.</summary>
    Der,
}
