using Outboard.Crypto;

namespace Outboard.Plugins.Crypto.Engine;

/// <summary>One symmetric algorithm that the device has.</summary>
/// <param name="Unit">What does the work; null for the null algorithms.</param>
/// <param name="Capability">What it takes, as it is told to applications.</param>
/// <param name="CodeLength">Bytes of code that the unit writes; 0 for a cipher.</param>
/// <param name="CountsBits">Whether messages may have any number of bits.</param>
internal sealed record AlgorithmEntry(CryptoUnit? Unit, CryptoCapability Capability, int CodeLength, bool CountsBits)
{
    /// <summary>
    /// Whether the unit writes its code and nothing behind it. SHA-224 and SHA-384 leave the whole state of their larger hashes,
    /// whose last words are nobody's business.
    /// </summary>
    public bool WritesCodeOnly { get; init; } = CodeLength is not (28 or 48);
}
