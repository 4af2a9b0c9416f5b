using Outboard.Crypto;

namespace Outboard.Plugins.Crypto.Asymmetric;

/// <summary>What libcrypto answers for; nothing where it is absent.</summary>
internal static class AsymmetricCapabilities
{
    /// <summary>Prime fields (RFC 7919, RFC 3526) by the names that libcrypto has for them.</summary>
    private static readonly string[] s_fields =
    [
        "ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192",
        "modp_2048", "modp_3072", "modp_4096", "modp_6144", "modp_8192",
    ];

    private static readonly string[] s_curves = ["P-256", "P-384", "P-521", "P-224", "secp256k1"];

    private static readonly AuthAlgorithm[] s_hashes =
        [AuthAlgorithm.Sha1, AuthAlgorithm.Sha224, AuthAlgorithm.Sha256, AuthAlgorithm.Sha384, AuthAlgorithm.Sha512];

    private static readonly AsymmetricCapability[] s_all =
    [
        new(
            AsymmetricAlgorithm.Rsa,
            [
                AsymmetricOperation.Encrypt, AsymmetricOperation.Decrypt, AsymmetricOperation.Sign, AsymmetricOperation.Verify,
                AsymmetricOperation.GenerateKey,
            ],
            new SizeRange(1024, 16384, 1),
            [],
            [AuthAlgorithm.Null, .. s_hashes],
            [AsymmetricPadding.None, AsymmetricPadding.Pkcs1, AsymmetricPadding.Oaep, AsymmetricPadding.Pss]),
        new(
            AsymmetricAlgorithm.Ecdsa,
            [AsymmetricOperation.Sign, AsymmetricOperation.Verify, AsymmetricOperation.GenerateKey],
            new SizeRange(224, 521, 1),
            s_curves,
            s_hashes,
            []),
        new(
            AsymmetricAlgorithm.Ecdh,
            [AsymmetricOperation.SharedSecret, AsymmetricOperation.GenerateKey],
            new SizeRange(224, 521, 1),
            s_curves,
            [],
            []),
        new(
            AsymmetricAlgorithm.EdDsa,
            [AsymmetricOperation.Sign, AsymmetricOperation.Verify, AsymmetricOperation.GenerateKey],
            new SizeRange(255, 448, 193),
            ["Ed25519", "Ed448"],
            [],
            []),
        new(
            AsymmetricAlgorithm.X25519,
            [AsymmetricOperation.SharedSecret, AsymmetricOperation.GenerateKey],
            SizeRange.Only(255),
            [],
            [],
            []),
        new(
            AsymmetricAlgorithm.Dh,
            [AsymmetricOperation.SharedSecret, AsymmetricOperation.GenerateKey],
            new SizeRange(2048, 8192, 1),
            s_fields,
            [],
            []),
    ];

    /// <summary>What a device offers.</summary>
    /// <param name="obstacle">Why there is no libcrypto, or null when there is.</param>
    public static IReadOnlyList<AsymmetricCapability> With(string? obstacle) => obstacle is null ? s_all : [];
}
