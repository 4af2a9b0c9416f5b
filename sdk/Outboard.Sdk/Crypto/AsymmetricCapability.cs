namespace Outboard.Crypto;

/// <summary>An asymmetric algorithm that a device offers.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Operations">What ops of it may do.</param>
/// <param name="KeyBits">Key or modulus lengths in bits; a curve's field size.</param>
/// <param name="Curves">The curves; empty where there is none.</param>
/// <param name="Hashes">The hashes; empty where there is none.</param>
/// <param name="Paddings">The paddings; empty where there is none.</param>
public sealed record AsymmetricCapability(
    AsymmetricAlgorithm Algorithm,
    IReadOnlyList<AsymmetricOperation> Operations,
    SizeRange KeyBits,
    IReadOnlyList<string> Curves,
    IReadOnlyList<AuthAlgorithm> Hashes,
    IReadOnlyList<AsymmetricPadding> Paddings)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Algorithm} {KeyBits} bits {string.Join('/', Curves)}".TrimEnd();
}
