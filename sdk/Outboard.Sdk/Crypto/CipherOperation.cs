namespace Outboard.Crypto;

/// <summary>The direction of a cipher or AEAD.</summary>
public enum CipherOperation
{
    /// <summary>Plaintext to ciphertext.</summary>
    Encrypt,

    /// <summary>Ciphertext to plaintext.</summary>
    Decrypt,
}
