using System.Text.Json;
using Outboard.Crypto;

namespace Outboard.Cli.Vectors;

/// <summary>Reads Wycheproof's signatures and key agreements; the type of a group says which.</summary>
internal static class WycheproofAsymmetricCases
{
    /// <summary>A case, or null where the group is of nothing asymmetric.</summary>
    public static CryptoCase? Read(string id, bool? valid, JsonElement group, JsonElement test)
    {
        string type = group.Text("type") ?? string.Empty;
        return type switch
        {
            "EcdsaVerify" or "EcdsaP1363Verify" => Ecdsa(id, valid, group, test, type == "EcdsaVerify"),
            "EddsaVerify" => EdDsa(id, valid, group, test),
            "RsassaPkcs1Verify" => Rsa(id, valid, group, test, AsymmetricPadding.Pkcs1, isSigned: false),
            "RsassaPssVerify" => Rsa(id, valid, group, test, AsymmetricPadding.Pss, isSigned: false),
            "RsassaPkcs1Generate" => Rsa(id, valid, group, test, AsymmetricPadding.Pkcs1, isSigned: true),
            "EcdhEcpointTest" => Ecdh(id, valid, group, test),
            "XdhComp" => Xdh(id, valid, group, test),
            _ => null,
        };
    }

    private static CryptoCase Ecdsa(string id, bool? valid, JsonElement group, JsonElement test, bool isDer)
    {
        string? name = group.TryGetProperty("publicKey", out JsonElement key) ? key.Text("curve") : null;
        return CryptoKeyForms.Curve(name) is not { } curve
            ? new NotOfferedCase(id, $"Ecdsa on {name}")
            : Hash(group, "sha") is not { } hash
                ? new NotOfferedCase(id, $"Ecdsa with {group.Text("sha")}")
                : new AsymmetricCase(
                    id,
                    valid,
                    new AsymmetricTransform(
                        AsymmetricAlgorithm.Ecdsa,
                        default,
                        PublicKey(group),
                        curve,
                        hash,
                        SignatureFormat: isDer ? EcdsaSignatureFormat.Der : EcdsaSignatureFormat.P1363),
                    AsymmetricOperation.Verify,
                    test.Bytes("msg"),
                    test.Bytes("sig"));
    }

    private static AsymmetricCase EdDsa(string id, bool? valid, JsonElement group, JsonElement test)
    {
        bool is448 = group.TryGetProperty("publicKey", out JsonElement key) && key.Text("curve") == "edwards448";
        return new AsymmetricCase(
            id,
            valid,
            new AsymmetricTransform(AsymmetricAlgorithm.EdDsa, default, PublicKey(group), is448 ? "Ed448" : "Ed25519"),
            AsymmetricOperation.Verify,
            test.Bytes("msg"),
            test.Bytes("sig"));
    }

    private static CryptoCase Rsa(
        string id, bool? valid, JsonElement group, JsonElement test, AsymmetricPadding padding, bool isSigned)
    {
        if (Hash(group, "sha") is not { } hash || (padding == AsymmetricPadding.Pss && Hash(group, "mgfSha") != hash))
        {
            return new NotOfferedCase(id, $"RSA {padding} with {group.Text("sha")} {group.Text("mgfSha")}".TrimEnd());
        }

        return new AsymmetricCase(
            id,
            valid,
            new AsymmetricTransform(
                AsymmetricAlgorithm.Rsa,
                isSigned ? group.Bytes("privateKeyPkcs8") : default,
                isSigned ? default : PublicKey(group),
                Hash: hash,
                Padding: padding,
                SaltLength: (int)group.Number("sLen", -1)),
            isSigned ? AsymmetricOperation.Sign : AsymmetricOperation.Verify,
            test.Bytes("msg"),
            test.Bytes("sig"));
    }

    private static CryptoCase Ecdh(string id, bool? valid, JsonElement group, JsonElement test) =>
        CryptoKeyForms.Curve(group.Text("curve")) is not { } curve
            ? new NotOfferedCase(id, $"Ecdh on {group.Text("curve")}")
            : new AsymmetricCase(
                id,
                valid,
                new AsymmetricTransform(
                    AsymmetricAlgorithm.Ecdh, CryptoKeyForms.EcPrivate(curve, test.Bytes("private")), default, curve),
                AsymmetricOperation.SharedSecret,
                test.Bytes("public"),
                test.Bytes("shared"));

    private static CryptoCase Xdh(string id, bool? valid, JsonElement group, JsonElement test) =>
        group.Text("curve") != "curve25519"
            ? new NotOfferedCase(id, $"Xdh on {group.Text("curve")}")
            : new AsymmetricCase(
                id,
                valid,
                new AsymmetricTransform(
                    AsymmetricAlgorithm.X25519,
                    CryptoKeyForms.RawPrivate(CryptoKeyForms.Oid("X25519"), test.Bytes("private")),
                    default),
                AsymmetricOperation.SharedSecret,
                test.Bytes("public"),
                test.Bytes("shared"));

    private static byte[] PublicKey(JsonElement group) =>
        group.TryGetProperty("publicKeyDer", out _) ? group.Bytes("publicKeyDer") : group.Bytes("keyDer");

    private static AuthAlgorithm? Hash(JsonElement group, string member) =>
        group.Text(member) is { } name ? CryptoNames.Auth(name) : null;
}
