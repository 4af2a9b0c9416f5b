namespace Outboard.Crypto;

/// <summary>A message authentication code or digest.</summary>
public enum AuthAlgorithm
{
    /// <summary>Writes a digest of zeros and accepts any.</summary>
    Null,

    /// <summary>AES-CMAC.</summary>
    AesCmac,

    /// <summary>AES-GMAC.</summary>
    AesGmac,

    /// <summary>AES-XCBC-MAC.</summary>
    AesXcbcMac,

    /// <summary>SHA-1.</summary>
    Sha1,

    /// <summary>SHA-224.</summary>
    Sha224,

    /// <summary>SHA-256.</summary>
    Sha256,

    /// <summary>SHA-384.</summary>
    Sha384,

    /// <summary>SHA-512.</summary>
    Sha512,

    /// <summary>HMAC with SHA-1.</summary>
    HmacSha1,

    /// <summary>HMAC with SHA-224.</summary>
    HmacSha224,

    /// <summary>HMAC with SHA-256.</summary>
    HmacSha256,

    /// <summary>HMAC with SHA-384.</summary>
    HmacSha384,

    /// <summary>HMAC with SHA-512.</summary>
    HmacSha512,

    /// <summary>SNOW 3G UIA2; offset and length in bits.</summary>
    Snow3gUia2,

    /// <summary>ZUC EIA3; offset and length in bits.</summary>
    ZucEia3,

    /// <summary>SNOW 5G NIA4; offset and length in bits.</summary>
    Snow5gNia4,

    /// <summary>AES-256 NIA5; offset and length in bits.</summary>
    AesNia5,

    /// <summary>ZUC-256 NIA6; offset and length in bits.</summary>
    ZucNia6,
}
