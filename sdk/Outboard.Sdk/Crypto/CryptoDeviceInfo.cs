using Outboard.Devices;
using Outboard.Security;

namespace Outboard.Crypto;

/// <summary>What a crypto device is and can do.</summary>
public sealed record CryptoDeviceInfo : DeviceInfo
{
    /// <inheritdoc/>
    public override DeviceClass Class => DeviceClass.Crypto;

    /// <summary>What the device can do beyond its algorithms.</summary>
    public required CryptoFeatures Features { get; init; }

    /// <summary>The symmetric algorithms, with their sizes.</summary>
    public required IReadOnlyList<CryptoCapability> Capabilities { get; init; }

    /// <summary>The asymmetric algorithms.</summary>
    public required IReadOnlyList<AsymmetricCapability> AsymmetricCapabilities { get; init; }

    /// <summary>The security protocols.</summary>
    public required IReadOnlyList<SecurityCapability> SecurityCapabilities { get; init; }

    /// <summary>The greatest number of sessions of all kinds at once.</summary>
    public required int SessionsMax { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> CapabilityNames =>
    [
        .. Capabilities.Select(c => c switch
        {
            CipherCapability cipher => $"{cipher.Algorithm} key {cipher.KeySizes}",
            AuthCapability auth => $"{auth.Algorithm} key {auth.KeySizes} digest {auth.DigestSizes}",
            AeadCapability aead => $"{aead.Algorithm} key {aead.KeySizes} tag {aead.DigestSizes}",
            _ => c.ToString(),
        }),
        .. AsymmetricCapabilities.Select(c => c.ToString()),
        .. SecurityCapabilities.Select(c => c.ToString()),
    ];
}
