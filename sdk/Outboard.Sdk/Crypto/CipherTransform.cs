namespace Outboard.Crypto;

/// <summary>A cipher.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Operation">The direction.</param>
/// <param name="Key">The key; its length within the capability's range.</param>
/// <param name="IvLength">The length of each op's IV in bytes; within the capability's range.</param>
public sealed record CipherTransform(
    CipherAlgorithm Algorithm, CipherOperation Operation, ReadOnlyMemory<byte> Key, int IvLength)
    : CryptoTransform;
