namespace Outboard.Crypto;

/// <summary>One algorithm that a crypto device offers, with its sizes in bytes.</summary>
/// <param name="KeySizes">Key lengths.</param>
/// <param name="IvSizes">IV or nonce lengths; 0 only where there is none.</param>
public abstract record CryptoCapability(SizeRange KeySizes, SizeRange IvSizes);
