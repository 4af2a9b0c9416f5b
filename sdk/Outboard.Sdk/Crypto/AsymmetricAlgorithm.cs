namespace Outboard.Crypto;

/// <summary>An asymmetric algorithm.</summary>
public enum AsymmetricAlgorithm
{
    /// <summary>RSA.</summary>
    Rsa,

    /// <summary>Diffie-Hellman over a prime field.</summary>
    Dh,

    /// <summary>ECDSA.</summary>
    Ecdsa,

    /// <summary>ECDH.</summary>
    Ecdh,

    /// <summary>EdDSA.</summary>
    EdDsa,

    /// <summary>X25519.</summary>
    X25519,
}
