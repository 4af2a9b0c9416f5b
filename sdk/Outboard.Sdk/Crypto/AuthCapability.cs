namespace Outboard.Crypto;

/// <summary>An authentication that a device offers.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="KeySizes">Key lengths; 0 for a plain digest.</param>
/// <param name="DigestSizes">Digest lengths.</param>
/// <param name="IvSizes">IV lengths; 0 where there is none.</param>
public sealed record AuthCapability(AuthAlgorithm Algorithm, SizeRange KeySizes, SizeRange DigestSizes, SizeRange IvSizes)
    : CryptoCapability(KeySizes, IvSizes);
