namespace Outboard.Cli.Bench;

/// <summary>What a benchmark asks of an algorithm.</summary>
internal enum CryptoBenchOperation
{
    /// <summary>A cipher, an AEAD or a chain makes ciphertext.</summary>
    Encrypt,

    /// <summary>The way back; what authenticates is verified.</summary>
    Decrypt,

    /// <summary>A code, a digest, a signature or a shared secret is made.</summary>
    Generate,

    /// <summary>A code, a digest or a signature is compared.</summary>
    Verify,
}
