namespace Outboard.Crypto;

/// <summary>What an asymmetric op does.</summary>
public enum AsymmetricOperation : byte
{
    /// <summary>Encrypts the message with the public key; the output is the ciphertext.</summary>
    Encrypt,

    /// <summary>Decrypts the message with the private key; the output is the plaintext.</summary>
    Decrypt,

    /// <summary>Signs the message or its digest; the output is the signature.</summary>
    Sign,

    /// <summary>Verifies the signature in the second buffer over the message or its digest.</summary>
    Verify,

    /// <summary>Makes a key pair; the output is the private key (PKCS #8), the second buffer the public key (SubjectPublicKeyInfo).</summary>
    GenerateKey,

    /// <summary>
    /// The shared secret of the session's private key and the peer's public key, which is the message: a point (SEC 1 2.3.3), the 32 or
    /// 56 bytes of RFC 7748, a number as long as the modulus, or a SubjectPublicKeyInfo.
    /// </summary>
    SharedSecret,
}
