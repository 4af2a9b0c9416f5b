using Outboard.Crypto;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>What <c>crypto_simd</c> offers, exactly.</summary>
internal static class SimdCapabilities
{
    private static readonly SizeRange s_aesKeys = new(16, 32, 8);
    private static readonly SizeRange s_none = SizeRange.Only(0);

    public static CryptoFeatures Features =>
        CryptoFeatures.Symmetric
        | CryptoFeatures.Chaining
        | CryptoFeatures.InPlaceScatterGather
        | CryptoFeatures.OutOfPlace
        | CryptoFeatures.OutOfPlaceScatterGather
        | CryptoFeatures.DigestEncrypted
        | CryptoFeatures.Synchronous
        | CryptoFeatures.Security;

    /// <remarks>
    /// A counter-mode IV of 12 bytes is nonce and IV of RFC 3686 with a 32-bit counter from 1; of 16 bytes the whole first block.
    /// GCM takes any nonce that an op can hold; 12 bytes are used as they stand, others are hashed. SP 800-38D 5.2.1.2 allows
    /// tags of 4, 8 and 12 to 16 bytes; the lengths between are there for the range to be one, and are weaker than they look.
    /// </remarks>
    public static IReadOnlyList<CryptoCapability> Symmetric { get; } =
    [
        new CipherCapability(CipherAlgorithm.Null, 1, s_none, s_none),
        new CipherCapability(CipherAlgorithm.AesCtr, 1, s_aesKeys, new SizeRange(12, 16, 4)),
        new AuthCapability(AuthAlgorithm.Null, s_none, new SizeRange(0, 16, 1), s_none),
        new AuthCapability(AuthAlgorithm.AesCmac, s_aesKeys, new SizeRange(4, 16, 1), s_none),
        new AuthCapability(AuthAlgorithm.AesGmac, s_aesKeys, new SizeRange(4, 16, 1), new SizeRange(1, CryptoOp.AuthIvLengthMax, 1)),
        new AeadCapability(
            AeadAlgorithm.AesGcm,
            s_aesKeys,
            new SizeRange(4, 16, 1),
            new SizeRange(0, ushort.MaxValue, 1),
            new SizeRange(1, CryptoOp.IvLengthMax, 1)),
    ];

    public static IReadOnlyList<SecurityCapability> Security { get; } =
    [
        new TlsRecordCapability(TlsVersion.Tls13, [TlsCipherSuite.AesGcm], [16, 32], ReplayWindowMax: 0, EncryptThenMac: false),
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
