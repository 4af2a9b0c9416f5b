namespace Outboard.Security;

/// <summary>How the records of a session are protected; the bulk part of a cipher suite.</summary>
public enum TlsCipherSuite
{
    /// <summary>AES-GCM, 16-byte tag; the key's length chooses 128 or 256.</summary>
    AesGcm,

    /// <summary>ChaCha20-Poly1305.</summary>
    ChaCha20Poly1305,

    /// <summary>AES-CCM, 16-byte tag.</summary>
    AesCcm,

    /// <summary>AES-CBC with HMAC-SHA1.</summary>
    AesCbcHmacSha1,

    /// <summary>AES-CBC with HMAC-SHA256.</summary>
    AesCbcHmacSha256,

    /// <summary>AES-CBC with HMAC-SHA384.</summary>
    AesCbcHmacSha384,

    /// <summary>Triple DES in CBC mode with HMAC-SHA1.</summary>
    TripleDesCbcHmacSha1,

    /// <summary>No cipher, HMAC-SHA1.</summary>
    NullHmacSha1,

    /// <summary>No cipher, HMAC-SHA256.</summary>
    NullHmacSha256,
}
