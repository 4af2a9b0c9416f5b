namespace Outboard.Crypto;

/// <summary>A cipher that a device offers.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="BlockSize">The block size in bytes; 1 for a stream cipher.</param>
/// <param name="KeySizes">Key lengths.</param>
/// <param name="IvSizes">IV lengths.</param>
public sealed record CipherCapability(CipherAlgorithm Algorithm, int BlockSize, SizeRange KeySizes, SizeRange IvSizes)
    : CryptoCapability(KeySizes, IvSizes);
