namespace Outboard.Security;

/// <summary>What PDCP sessions a device offers: every combination of what is listed.</summary>
/// <param name="Domain">The kind of bearer.</param>
/// <param name="SequenceNumberBits">Sequence number lengths.</param>
/// <param name="Ciphers">Ciphering algorithms.</param>
/// <param name="Integrities">Integrity algorithms.</param>
public sealed record PdcpCapability(
    PdcpDomain Domain,
    IReadOnlyList<int> SequenceNumberBits,
    IReadOnlyList<PdcpCipher> Ciphers,
    IReadOnlyList<PdcpIntegrity> Integrities)
    : SecurityCapability
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"PDCP {Domain} SN {string.Join('/', SequenceNumberBits)} {string.Join('/', Ciphers)} {string.Join('/', Integrities)}";
}
