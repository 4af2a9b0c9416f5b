using Outboard.Crypto;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>What <c>crypto_simd</c> offers, exactly.</summary>
internal static class SimdCapabilities
{
    public static CryptoFeatures Features(bool asymmetric) =>
        CryptoFeatures.Symmetric
        | (asymmetric ? CryptoFeatures.Asymmetric : CryptoFeatures.None)
        | CryptoFeatures.Chaining
        | CryptoFeatures.InPlaceScatterGather
        | CryptoFeatures.OutOfPlace
        | CryptoFeatures.OutOfPlaceScatterGather
        | CryptoFeatures.DigestEncrypted
        | CryptoFeatures.Sessionless
        | CryptoFeatures.BitLengths
        | CryptoFeatures.Synchronous
        | CryptoFeatures.Security;

    public static IReadOnlyList<SecurityCapability> Security { get; } =
    [
        new PdcpCapability(
            PdcpDomain.UserPlane,
            [7, 12, 15, 18],
            [PdcpCipher.Nea0, PdcpCipher.Nea2],
            [PdcpIntegrity.None, PdcpIntegrity.Nia0, PdcpIntegrity.Nia2]),
        new PdcpCapability(
            PdcpDomain.ControlPlane, [5, 12], [PdcpCipher.Nea0, PdcpCipher.Nea2], [PdcpIntegrity.Nia0, PdcpIntegrity.Nia2]),
        new PdcpCapability(PdcpDomain.ShortMac, [], [PdcpCipher.Nea0], [PdcpIntegrity.Nia0, PdcpIntegrity.Nia2]),
    ];
}
