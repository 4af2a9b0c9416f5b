namespace Outboard.Crypto;

/// <summary>An AEAD that a device offers.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="KeySizes">Key lengths.</param>
/// <param name="DigestSizes">Tag lengths.</param>
/// <param name="AadSizes">Lengths of associated data.</param>
/// <param name="IvSizes">Nonce lengths.</param>
public sealed record AeadCapability(
    AeadAlgorithm Algorithm, SizeRange KeySizes, SizeRange DigestSizes, SizeRange AadSizes, SizeRange IvSizes)
    : CryptoCapability(KeySizes, IvSizes);
