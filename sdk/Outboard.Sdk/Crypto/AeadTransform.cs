namespace Outboard.Crypto;

/// <summary>Authenticated encryption with associated data; it stands alone, never in a chain.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Operation">The direction.</param>
/// <param name="Key">The key; its length within the capability's range.</param>
/// <param name="IvLength">The length of each op's nonce in bytes.</param>
/// <param name="DigestLength">The length of the tag in bytes.</param>
/// <param name="AadLength">The length of each op's associated data in bytes.</param>
public sealed record AeadTransform(
    AeadAlgorithm Algorithm,
    CipherOperation Operation,
    ReadOnlyMemory<byte> Key,
    int IvLength,
    int DigestLength,
    int AadLength)
    : CryptoTransform
{
    /// <summary>Whether the IV is the ready counter block J0 of GCM, sixteen bytes, and not a nonce (SP 800-38D 7.1).</summary>
    public bool IvIsCounterBlock { get; init; }
}
