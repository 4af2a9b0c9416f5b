using System.Formats.Asn1;

namespace Outboard.Cli.Vectors;

/// <summary>Keys that files hold as raw numbers, in the forms that the device takes: PKCS #8 and SubjectPublicKeyInfo.</summary>
internal static class CryptoKeyForms
{
    private const string EcPublicKey = "1.2.840.10045.2.1";

    private static readonly (string Name, string Oid, int Length, int Group, string Other)[] s_curves =
    [
        ("P-192", "1.2.840.10045.3.1.1", 24, 19, "secp192r1"),
        ("P-224", "1.3.132.0.33", 28, 21, "secp224r1"),
        ("P-256", "1.2.840.10045.3.1.7", 32, 23, "secp256r1"),
        ("P-384", "1.3.132.0.34", 48, 24, "secp384r1"),
        ("P-521", "1.3.132.0.35", 66, 25, "secp521r1"),
        ("secp256k1", "1.3.132.0.10", 32, 22, "secp256k1"),
    ];

    /// <summary>The curve of a name (<c>secp256r1</c> or <c>P-256</c>), or null.</summary>
    public static string? Curve(string? name) => Array.Find(s_curves, c => c.Name == name || c.Other == name).Name;

    /// <summary>The curve of a TLS NamedGroup number, or null.</summary>
    public static string? Curve(long group) => Array.Find(s_curves, c => c.Group == group).Name;

    /// <summary>The object identifier of an Edwards or Montgomery curve (RFC 8410).</summary>
    public static string Oid(string curve) => curve switch
    {
        "X25519" => "1.3.101.110",
        "Ed25519" => "1.3.101.112",
        _ => "1.3.101.113",
    };

    /// <summary>A private number on a curve (RFC 5915 in PKCS #8).</summary>
    public static byte[] EcPrivate(string curve, ReadOnlySpan<byte> number)
    {
        (_, string oid, int length, _, _) = Array.Find(s_curves, c => c.Name == curve);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            WriteEcAlgorithm(writer, oid);
            using (writer.PushOctetString())
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                writer.WriteOctetString(Fit(number, length));
            }
        }

        return writer.Encode();
    }

    /// <summary>A point on a curve (RFC 5480).</summary>
    public static byte[] EcPublic(string curve, ReadOnlySpan<byte> point)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteEcAlgorithm(writer, Array.Find(s_curves, c => c.Name == curve).Oid);
            writer.WriteBitString(point);
        }

        return writer.Encode();
    }

    /// <summary>A point as one octet string, uncompressed.</summary>
    public static byte[] Point(string curve, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        int length = Array.Find(s_curves, c => c.Name == curve).Length;
        return [4, .. Fit(x, length), .. Fit(y, length)];
    }

    /// <summary>Two numbers of a curve side by side, as IEEE P1363 writes a signature.</summary>
    public static byte[] Pair(string curve, ReadOnlySpan<byte> r, ReadOnlySpan<byte> s)
    {
        int length = Array.Find(s_curves, c => c.Name == curve).Length;
        return [.. Fit(r, length), .. Fit(s, length)];
    }

    /// <summary>A private key of an Edwards or Montgomery curve (RFC 8410).</summary>
    public static byte[] RawPrivate(string oid, ReadOnlySpan<byte> key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(oid);
            }

            using (writer.PushOctetString())
            {
                writer.WriteOctetString(key);
            }
        }

        return writer.Encode();
    }

    /// <summary>A public key of an Edwards or Montgomery curve (RFC 8410).</summary>
    public static byte[] RawPublic(string oid, ReadOnlySpan<byte> key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(oid);
            }

            writer.WriteBitString(key);
        }

        return writer.Encode();
    }

    private static void WriteEcAlgorithm(AsnWriter writer, string curve)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(EcPublicKey);
            writer.WriteObjectIdentifier(curve);
        }
    }

    // A number of a fixed length: without the zeros in front that make it longer, with those that it lacks.
    private static byte[] Fit(ReadOnlySpan<byte> number, int length)
    {
        number = number.TrimStart((byte)0);
        byte[] fit = new byte[Math.Max(length, number.Length)];
        number.CopyTo(fit.AsSpan(fit.Length - number.Length));
        return fit;
    }
}
