namespace Outboard.Crypto;

/// <summary>A message authentication code or digest.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Operation">The direction.</param>
/// <param name="Key">The key; its length within the capability's range, empty for a plain digest.</param>
/// <param name="IvLength">The length of each op's authentication IV in bytes; 0 where the algorithm has none.</param>
/// <param name="DigestLength">The length of the digest in bytes; shorter than the algorithm's own means truncated.</param>
public sealed record AuthTransform(
    AuthAlgorithm Algorithm,
    AuthOperation Operation,
    ReadOnlyMemory<byte> Key,
    int IvLength,
    int DigestLength)
    : CryptoTransform;
