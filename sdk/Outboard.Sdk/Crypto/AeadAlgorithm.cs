namespace Outboard.Crypto;

/// <summary>Authenticated encryption with associated data.</summary>
public enum AeadAlgorithm
{
    /// <summary>AES-GCM.</summary>
    AesGcm,

    /// <summary>AES-CCM.</summary>
    AesCcm,

    /// <summary>ChaCha20-Poly1305.</summary>
    ChaCha20Poly1305,

    /// <summary>SNOW 5G NCA4.</summary>
    Snow5gNca4,

    /// <summary>AES-256 NCA5.</summary>
    AesNca5,

    /// <summary>ZUC-256 NCA6.</summary>
    ZucNca6,
}
