using System.Text.Json;
using Outboard.Crypto;

namespace Outboard.Cli.Vectors;

/// <summary>Reads DPDK's asymmetric operations.</summary>
internal static class CryptoAsymmetricCases
{
    public static CryptoCase Read(string id, JsonElement one)
    {
        string operation = one.Text("op") ?? string.Empty;
        return operation switch
        {
            "ecdsa" => Ecdsa(id, one),
            "ecdh" => Ecdh(id, one),
            "eddsa" => EdDsa(id, one),
            _ => new NotOfferedCase(id, operation),
        };
    }

    private static CryptoCase Ecdsa(string id, JsonElement one)
    {
        if (CryptoKeyForms.Curve(one.Number("curve_id")) is not { } curve)
        {
            return new NotOfferedCase(id, $"Ecdsa on the group {one.Number("curve_id")}");
        }

        byte[] digest = one.Bytes("digest"), point = CryptoKeyForms.Point(curve, one.Bytes("pubkey_qx"), one.Bytes("pubkey_qy"));
        var transform = new AsymmetricTransform(
            AsymmetricAlgorithm.Ecdsa,
            default,
            CryptoKeyForms.EcPublic(curve, point),
            curve,
            CryptoNames.Digest("SHA", digest.Length * 8) ?? AuthAlgorithm.Sha256,
            IsDigest: true);
        return new AsymmetricCase(
            id,
            true,
            transform,
            AsymmetricOperation.Verify,
            digest,
            CryptoKeyForms.Pair(curve, one.Bytes("sign_r"), one.Bytes("sign_s")))
        {
            SigningKey = CryptoKeyForms.EcPrivate(curve, one.Bytes("pkey")),
        };
    }

    private static CryptoCase Ecdh(string id, JsonElement one)
    {
        byte[] secret = one.Bytes("secret_x");
        if (secret.Length == 0)
        {
            return new NotOfferedCase(id, "the public key of a given private key");
        }

        return CryptoKeyForms.Curve(one.Number("curve_id")) is not { } curve
            ? new NotOfferedCase(id, $"Ecdh on the group {one.Number("curve_id")}")
            : new AsymmetricCase(
                id,
                true,
                new AsymmetricTransform(
                    AsymmetricAlgorithm.Ecdh, CryptoKeyForms.EcPrivate(curve, one.Bytes("pkey_A")), default, curve),
                AsymmetricOperation.SharedSecret,
                CryptoKeyForms.Point(curve, one.Bytes("pubkey_qB_x"), one.Bytes("pubkey_qB_y")),
                secret);
    }

    private static CryptoCase EdDsa(string id, JsonElement one)
    {
        string instance = one.Text("instance") ?? string.Empty;
        if (instance is not ("25519" or "448") || one.Bytes("context").Length != 0)
        {
            return new NotOfferedCase(id, "EdDSA with a context or of a hash");
        }

        string curve = $"Ed{instance}";
        return new AsymmetricCase(
            id,
            true,
            new AsymmetricTransform(
                AsymmetricAlgorithm.EdDsa,
                CryptoKeyForms.RawPrivate(CryptoKeyForms.Oid(curve), one.Bytes("pkey")),
                CryptoKeyForms.RawPublic(CryptoKeyForms.Oid(curve), one.Bytes("pubkey")),
                curve),
            AsymmetricOperation.Sign,
            one.Bytes("message"),
            one.Bytes("sign"));
    }
}
