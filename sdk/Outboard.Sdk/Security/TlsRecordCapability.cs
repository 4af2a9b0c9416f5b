namespace Outboard.Security;

/// <summary>What TLS record sessions of one version a device offers.</summary>
/// <param name="Version">The protocol.</param>
/// <param name="CipherSuites">How records may be protected.</param>
/// <param name="KeyLengths">Key lengths in bytes.</param>
/// <param name="ReplayWindowMax">The greatest replay window, 0 where there is none.</param>
/// <param name="EncryptThenMac">Whether RFC 7366 is offered.</param>
public sealed record TlsRecordCapability(
    TlsVersion Version,
    IReadOnlyList<TlsCipherSuite> CipherSuites,
    IReadOnlyList<int> KeyLengths,
    int ReplayWindowMax,
    bool EncryptThenMac)
    : SecurityCapability
{
    /// <inheritdoc/>
    public override string ToString() => $"{Version} {string.Join('/', CipherSuites)} key {string.Join('/', KeyLengths)}";
}
