using Outboard.Crypto;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>What <c>crypto_simd</c> offers, exactly.</summary>
internal static class SimdCapabilities
{
    private static readonly PdcpCipher[] s_ciphers = [PdcpCipher.Nea0, PdcpCipher.Nea1, PdcpCipher.Nea2, PdcpCipher.Nea3];
    private static readonly PdcpIntegrity[] s_integrities =
        [PdcpIntegrity.Nia0, PdcpIntegrity.Nia1, PdcpIntegrity.Nia2, PdcpIntegrity.Nia3];

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
        new PdcpCapability(PdcpDomain.UserPlane, [7, 12, 15, 18], s_ciphers, [PdcpIntegrity.None, .. s_integrities]),
        new PdcpCapability(PdcpDomain.ControlPlane, [5, 12], s_ciphers, s_integrities),
        new PdcpCapability(PdcpDomain.ShortMac, [], [PdcpCipher.Nea0], s_integrities),
    ];
}
