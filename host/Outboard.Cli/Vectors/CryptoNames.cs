using Outboard.Crypto;

namespace Outboard.Cli.Vectors;

/// <summary>The algorithms as vector files spell them; case, spaces, dashes and underscores do not count.</summary>
internal static class CryptoNames
{
    public static AeadAlgorithm? Aead(string name) => Plain(name) switch
    {
        "AESGCM" => AeadAlgorithm.AesGcm,
        "AESCCM" => AeadAlgorithm.AesCcm,
        "CHACHA20POLY1305" => AeadAlgorithm.ChaCha20Poly1305,
        "ZUCNCA6" => AeadAlgorithm.ZucNca6,
        _ => null,
    };

    public static AuthAlgorithm? Auth(string name) => Plain(name) switch
    {
        "NULL" => AuthAlgorithm.Null,
        "CMAC" or "AESCMAC" => AuthAlgorithm.AesCmac,
        "GMAC" or "AESGMAC" => AuthAlgorithm.AesGmac,
        "AESXCBC" or "AESXCBCMAC" => AuthAlgorithm.AesXcbcMac,
        "SNOW3GUIA2" => AuthAlgorithm.Snow3gUia2,
        "ZUCEIA3" or "ZUCEIA3128" => AuthAlgorithm.ZucEia3,
        "ZUCNIA6" => AuthAlgorithm.ZucNia6,
        "SHA1" => AuthAlgorithm.Sha1,
        "SHA224" => AuthAlgorithm.Sha224,
        "SHA256" => AuthAlgorithm.Sha256,
        "SHA384" => AuthAlgorithm.Sha384,
        "SHA512" => AuthAlgorithm.Sha512,
        "HMACSHA1" or "SHA1HMAC" => AuthAlgorithm.HmacSha1,
        "HMACSHA224" or "SHA224HMAC" => AuthAlgorithm.HmacSha224,
        "HMACSHA256" or "SHA256HMAC" => AuthAlgorithm.HmacSha256,
        "HMACSHA384" or "SHA384HMAC" => AuthAlgorithm.HmacSha384,
        "HMACSHA512" or "SHA512HMAC" => AuthAlgorithm.HmacSha512,
        _ => null,
    };

    /// <summary>A plain digest by the name of its family and its length.</summary>
    public static AuthAlgorithm? Digest(string family, int bits) => Plain(family) != "SHA" ? null : bits switch
    {
        160 => AuthAlgorithm.Sha1,
        224 => AuthAlgorithm.Sha224,
        256 => AuthAlgorithm.Sha256,
        384 => AuthAlgorithm.Sha384,
        512 => AuthAlgorithm.Sha512,
        _ => null,
    };

    public static CipherAlgorithm? Cipher(string name) => Plain(name) switch
    {
        "NULL" => CipherAlgorithm.Null,
        "AESCTR" => CipherAlgorithm.AesCtr,
        "AESCBC" or "CBC" => CipherAlgorithm.AesCbc,
        "CHACHA20" => CipherAlgorithm.ChaCha20,
        "SNOW3GUEA2" or "SNOW3GUEA2LINEAR" => CipherAlgorithm.Snow3gUea2,
        "ZUCEEA3" or "ZUCEEA3128" => CipherAlgorithm.ZucEea3,
        "ZUCNEA6" => CipherAlgorithm.ZucNea6,
        "3DESCBC" or "TDESCBC" => CipherAlgorithm.TripleDesCbc,
        _ => null,
    };

    private static string Plain(string name) =>
        string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
