namespace Outboard.Crypto;

/// <summary>A cipher without authentication.</summary>
public enum CipherAlgorithm
{
    /// <summary>Copies the data.</summary>
    Null,

    /// <summary>AES in CBC mode.</summary>
    AesCbc,

    /// <summary>AES in counter mode; the IV is the first counter block, its last 32 bits count (all 128 where the IV is 16 bytes).</summary>
    AesCtr,

    /// <summary>Triple DES in CBC mode.</summary>
    TripleDesCbc,

    /// <summary>ChaCha20.</summary>
    ChaCha20,

    /// <summary>SNOW 3G UEA2; offset and length in bits.</summary>
    Snow3gUea2,

    /// <summary>ZUC EEA3; offset and length in bits.</summary>
    ZucEea3,

    /// <summary>SNOW 5G NEA4; offset and length in bits.</summary>
    Snow5gNea4,

    /// <summary>AES-256 NEA5; offset and length in bits.</summary>
    AesNea5,

    /// <summary>ZUC-256 NEA6; offset and length in bits.</summary>
    ZucNea6,
}
