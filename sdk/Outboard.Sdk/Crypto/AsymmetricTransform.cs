namespace Outboard.Crypto;

/// <summary>What an asymmetric session does to its ops.</summary>
/// <remarks>The keys are copied when the session is created.</remarks>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="PrivateKey">PKCS #8 PrivateKeyInfo, DER; empty when only the public key is needed or keys are generated.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, DER; empty when the private key is given.</param>
/// <param name="Curve">The curve's name (<c>P-256</c>, <c>Ed25519</c>, ...), or null where there is none.</param>
/// <param name="Hash">The hash of signatures, OAEP and PSS, or <see cref="AuthAlgorithm.Null"/>.</param>
/// <param name="Padding">RSA's padding.</param>
/// <param name="SaltLength">The salt length of PSS in bytes; -1 for the length of the hash.</param>
/// <param name="Label">The label of OAEP.</param>
/// <param name="IsDigest">Whether the message of a signature is its digest already; not for EdDSA.</param>
/// <param name="SignatureFormat">How ECDSA signatures are written.</param>
/// <param name="ModulusBits">The length of RSA keys that are generated.</param>
public sealed record AsymmetricTransform(
    AsymmetricAlgorithm Algorithm,
    ReadOnlyMemory<byte> PrivateKey,
    ReadOnlyMemory<byte> PublicKey,
    string? Curve = null,
    AuthAlgorithm Hash = AuthAlgorithm.Null,
    AsymmetricPadding Padding = AsymmetricPadding.None,
    int SaltLength = -1,
    ReadOnlyMemory<byte> Label = default,
    bool IsDigest = false,
    EcdsaSignatureFormat SignatureFormat = EcdsaSignatureFormat.P1363,
    int ModulusBits = 2048);
