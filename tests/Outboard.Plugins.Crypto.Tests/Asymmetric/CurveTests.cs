using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Agreement;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using Outboard.Crypto;
using Outboard.Devices;
using Asymmetry = Outboard.Crypto.AsymmetricAlgorithm;

namespace Outboard.Plugins.Crypto.Tests.Asymmetric;

/// <summary>Curves and prime fields against the framework where it has them, and BouncyCastle.</summary>
public sealed class CurveTests
{
    public static TheoryData<string> EcdsaCurves => ["P-256", "P-384", "P-521", "P-224", "secp256k1"];

    [Theory]
    [MemberData(nameof(EcdsaCurves))]
    public void EcdsaAgreesWithTheFrameworkInBothForms(string curve)
    {
        using var bench = new AsymmetricBench();
        using var ecdsa = ECDsa.Create(Named(curve));
        byte[] message = RandomNumberGenerator.GetBytes(200), digest = SHA256.HashData(message);
        foreach (EcdsaSignatureFormat format in Enum.GetValues<EcdsaSignatureFormat>())
        {
            DSASignatureFormat theirs = format == EcdsaSignatureFormat.P1363
                ? DSASignatureFormat.IeeeP1363FixedFieldConcatenation
                : DSASignatureFormat.Rfc3279DerSequence;
            foreach (bool isDigest in (bool[])[false, true])
            {
                using CryptoSession session = bench.Device.CreateAsymmetricSession(new AsymmetricTransform(
                    Asymmetry.Ecdsa,
                    ecdsa.ExportPkcs8PrivateKey(),
                    default,
                    curve,
                    AuthAlgorithm.Sha256,
                    IsDigest: isDigest,
                    SignatureFormat: format));
                byte[] input = isDigest ? digest : message;

                // Several, for short numbers to come.
                for (int round = 0; round < 12; round++)
                {
                    (OpStatus status, byte[] signature) = bench.Do(session, AsymmetricOperation.Sign, input);
                    Assert.Equal(OpStatus.Success, status);
                    Assert.True(ecdsa.VerifyData(message, signature, HashAlgorithmName.SHA256, theirs));
                    byte[] other = ecdsa.SignData(message, HashAlgorithmName.SHA256, theirs);
                    Assert.Equal(OpStatus.Success, bench.Do(session, AsymmetricOperation.Verify, input, other).Status);
                    other[^1] ^= 1;
                    Assert.Equal(OpStatus.AuthenticationFailed, bench.Do(session, AsymmetricOperation.Verify, input, other).Status);
                }

                foreach (byte[] wrong in (byte[][])[[], new byte[64], new byte[65], [0x30, 0x80, 1, 2]])
                {
                    Assert.Equal(OpStatus.AuthenticationFailed, bench.Do(session, AsymmetricOperation.Verify, input, wrong).Status);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(EcdsaCurves))]
    public void EcdhTakesPointsAndKeysAndRefusesOthers(string curve)
    {
        using var bench = new AsymmetricBench();
        using var mine = ECDiffieHellman.Create(Named(curve));
        using var peer = ECDiffieHellman.Create(Named(curve));
        using var stranger = ECDiffieHellman.Create(Named(curve == "P-384" ? "P-256" : "P-384"));
        using CryptoSession session = bench.Device.CreateAsymmetricSession(
            new AsymmetricTransform(Asymmetry.Ecdh, mine.ExportPkcs8PrivateKey(), default, curve));
        byte[] expected = mine.DeriveRawSecretAgreement(peer.PublicKey);
        ECParameters point = peer.ExportParameters(includePrivateParameters: false);
        byte[] x = point.Q.X!, y = point.Q.Y!, full = [4, .. x, .. y], compressed = [(byte)(2 + (y[^1] & 1)), .. x];
        foreach (byte[] form in (byte[][])[full, compressed, peer.ExportSubjectPublicKeyInfo()])
        {
            (OpStatus status, byte[] secret) = bench.Do(session, AsymmetricOperation.SharedSecret, form);
            Assert.Equal(OpStatus.Success, status);
            Assert.Equal(expected, secret);
        }

        byte[] offCurve = [.. full];
        offCurve[^1] ^= 1;
        byte[][] wrong =
        [
            offCurve, full[..^1], [.. full, 0], [4], [0], [], stranger.ExportSubjectPublicKeyInfo(),
            [.. peer.ExportSubjectPublicKeyInfo(), 0],
        ];
        foreach (byte[] bad in wrong)
        {
            (OpStatus status, byte[] secret) = bench.Do(session, AsymmetricOperation.SharedSecret, bad);
            Assert.Equal(OpStatus.InvalidArguments, status);
            Assert.Empty(secret);
        }

        CryptoOp small = bench.Op(session, AsymmetricOperation.SharedSecret, full, room: expected.Length - 1);
        bench.Run(small);
        Assert.Equal(OpStatus.InvalidArguments, small.Status);
        Assert.Equal(expected.Length, small.GetAsymmetricBuffer(2).Length);
        small.Free();
    }

    [Theory]
    [InlineData("Ed25519")]
    [InlineData("Ed448")]
    public void EdDsaAgreesWithBouncyCastle(string curve)
    {
        using var bench = new AsymmetricBench();
        AsymmetricCipherKeyPair pair = curve == "Ed25519"
            ? Pair(new Ed25519KeyPairGenerator())
            : Pair(new Ed448KeyPairGenerator());
        using CryptoSession session = bench.Device.CreateAsymmetricSession(
            new AsymmetricTransform(Asymmetry.EdDsa, Private(pair), default, curve));
        using CryptoSession verify = bench.Device.CreateAsymmetricSession(
            new AsymmetricTransform(Asymmetry.EdDsa, default, Public(pair), curve));
        foreach (int length in (int[])[0, 1, 100, 3000])
        {
            byte[] message = RandomNumberGenerator.GetBytes(length);
            ISigner signer = curve == "Ed25519" ? new Ed25519Signer() : new Ed448Signer([]);
            signer.Init(forSigning: true, pair.Private);
            signer.BlockUpdate(message, 0, length);
            byte[] expected = signer.GenerateSignature();
            (OpStatus status, byte[] signature) = bench.Do(session, AsymmetricOperation.Sign, message);
            Assert.Equal(OpStatus.Success, status);
            Assert.Equal(expected, signature);
            Assert.Equal(OpStatus.Success, bench.Do(verify, AsymmetricOperation.Verify, message, signature).Status);
            signature[3] ^= 4;
            Assert.Equal(OpStatus.AuthenticationFailed, bench.Do(verify, AsymmetricOperation.Verify, message, signature).Status);
        }

        Assert.Throws<ArgumentException>(() => bench.Device.CreateAsymmetricSession(
            new AsymmetricTransform(Asymmetry.EdDsa, Private(pair), default, curve, IsDigest: true)));
        Assert.Throws<ArgumentException>(() => bench.Device.CreateAsymmetricSession(
            new AsymmetricTransform(Asymmetry.EdDsa, Private(pair), default, curve == "Ed448" ? "Ed25519" : "Ed448")));
    }

    [Fact]
    public void X25519AgreesWithBouncyCastleAndRefusesSmallOrder()
    {
        using var bench = new AsymmetricBench();
        AsymmetricCipherKeyPair mine = Pair(new X25519KeyPairGenerator()), peer = Pair(new X25519KeyPairGenerator());
        using CryptoSession session = bench.Device.CreateAsymmetricSession(
            new AsymmetricTransform(Asymmetry.X25519, Private(mine), default));
        var agreement = new X25519Agreement();
        agreement.Init(mine.Private);
        byte[] expected = new byte[32];
        agreement.CalculateAgreement(peer.Public, expected, 0);
        byte[] raw = ((X25519PublicKeyParameters)peer.Public).GetEncoded();
        Assert.Equal(expected, bench.Do(session, AsymmetricOperation.SharedSecret, raw).Output);
        Assert.Equal(expected, bench.Do(session, AsymmetricOperation.SharedSecret, Public(peer)).Output);

        // RFC 7748 6.1: the secret of a point of small order is zero, and refused. The points: 0, 1 and p.
        byte[] one = new byte[32], order = new byte[32];
        one[0] = 1;
        order.AsSpan().Fill(0xFF);
        order[0] = 0xED;
        order[31] = 0x7F;
        foreach (byte[] bad in (byte[][])[new byte[32], one, order, raw[..31], []])
        {
            (OpStatus status, byte[] secret) = bench.Do(session, AsymmetricOperation.SharedSecret, bad);
            Assert.Equal(OpStatus.InvalidArguments, status);
            Assert.Empty(secret);
        }
    }

    [Theory]
    [InlineData("ffdhe2048", false)]
    [InlineData("ffdhe3072", false)]
    [InlineData("modp_2048", true)]
    public void DiffieHellmanAgreesWithBouncyCastle(string field, bool isModp)
    {
        using var bench = new AsymmetricBench();
        using CryptoSession maker = bench.Device.CreateAsymmetricSession(new AsymmetricTransform(Asymmetry.Dh, default, default, field));
        CryptoOp op = bench.Op(maker, AsymmetricOperation.GenerateKey, []);
        bench.Run(op);
        Assert.Equal(OpStatus.Success, op.Status);
        byte[] privateKey = AsymmetricBench.Output(op), publicKey = AsymmetricBench.Output(op, 1);
        op.Free();
        DHParameters parameters = isModp
            ? Org.BouncyCastle.Crypto.Agreement.DHStandardGroups.rfc3526_2048
            : field == "ffdhe2048"
                ? Org.BouncyCastle.Crypto.Agreement.DHStandardGroups.rfc7919_ffdhe2048
                : Org.BouncyCastle.Crypto.Agreement.DHStandardGroups.rfc7919_ffdhe3072;
        var generator = new DHKeyPairGenerator();
        generator.Init(new DHKeyGenerationParameters(new SecureRandom(), parameters));
        AsymmetricCipherKeyPair peer = generator.GenerateKeyPair();
        int length = parameters.P.BitLength / 8;
        var agreement = new DHBasicAgreement();
        agreement.Init(peer.Private);
        var ourPublic = (DHPublicKeyParameters)PublicKeyFactory.CreateKey(publicKey);
        byte[] expected = Fixed(agreement.CalculateAgreement(new DHPublicKeyParameters(ourPublic.Y, parameters)), length);
        using CryptoSession session = bench.Device.CreateAsymmetricSession(
            new AsymmetricTransform(Asymmetry.Dh, privateKey, default, field));
        byte[] theirs = Fixed(((DHPublicKeyParameters)peer.Public).Y, length);
        (OpStatus status, byte[] secret) = bench.Do(session, AsymmetricOperation.SharedSecret, theirs);
        Assert.Equal(OpStatus.Success, status);
        Assert.Equal(expected, secret);

        // 0, 1, p - 1 and p are not public keys.
        BigInteger p = parameters.P;
        foreach (BigInteger bad in (BigInteger[])[BigInteger.Zero, BigInteger.One, p.Subtract(BigInteger.One), p])
        {
            Assert.Equal(OpStatus.InvalidArguments, bench.Do(session, AsymmetricOperation.SharedSecret, Fixed(bad, length)).Status);
        }

        Assert.Throws<ArgumentException>(() => bench.Device.CreateAsymmetricSession(
            new AsymmetricTransform(Asymmetry.Dh, privateKey, default, "ffdhe4096")));
    }

    public static TheoryData<Asymmetry, string?> Generated => new()
    {
        { Asymmetry.Ecdsa, "P-256" },
        { Asymmetry.Ecdsa, "P-521" },
        { Asymmetry.Ecdh, "P-384" },
        { Asymmetry.EdDsa, "Ed25519" },
        { Asymmetry.EdDsa, "Ed448" },
        { Asymmetry.X25519, null },
        { Asymmetry.Dh, "ffdhe2048" },
    };

    [Theory]
    [MemberData(nameof(Generated))]
    public void GeneratedPairsWorkTogether(Asymmetry algorithm, string? curve)
    {
        using var bench = new AsymmetricBench();
        var transform = new AsymmetricTransform(
            algorithm, default, default, curve, algorithm == Asymmetry.Ecdsa ? AuthAlgorithm.Sha384 : AuthAlgorithm.Null);
        using CryptoSession maker = bench.Device.CreateAsymmetricSession(transform);
        var keys = new (byte[] Private, byte[] Public)[2];
        for (int i = 0; i < 2; i++)
        {
            CryptoOp op = bench.Op(maker, AsymmetricOperation.GenerateKey, []);
            bench.Run(op);
            Assert.Equal(OpStatus.Success, op.Status);
            keys[i] = (AsymmetricBench.Output(op), AsymmetricBench.Output(op, 1));
            op.Free();
        }

        using CryptoSession first = bench.Device.CreateAsymmetricSession(transform with { PrivateKey = keys[0].Private });
        using CryptoSession second = bench.Device.CreateAsymmetricSession(transform with { PrivateKey = keys[1].Private });
        using CryptoSession verify = bench.Device.CreateAsymmetricSession(transform with { PublicKey = keys[0].Public });
        if (algorithm is Asymmetry.Ecdsa or Asymmetry.EdDsa)
        {
            byte[] signature = bench.Do(first, AsymmetricOperation.Sign, [1, 2, 3]).Output;
            Assert.Equal(OpStatus.Success, bench.Do(verify, AsymmetricOperation.Verify, [1, 2, 3], signature).Status);
            Assert.Equal(OpStatus.AuthenticationFailed, bench.Do(second, AsymmetricOperation.Verify, [1, 2, 3], signature).Status);
            return;
        }

        (OpStatus status, byte[] secret) = bench.Do(first, AsymmetricOperation.SharedSecret, keys[1].Public);
        Assert.Equal(OpStatus.Success, status);
        Assert.Equal(secret, bench.Do(second, AsymmetricOperation.SharedSecret, keys[0].Public).Output);
        Assert.Equal(OpStatus.InvalidSession, bench.Do(verify, AsymmetricOperation.SharedSecret, keys[1].Public).Status);
    }

    private static ECCurve Named(string curve) => curve switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        "P-224" => ECCurve.CreateFromFriendlyName("secp224r1"),
        _ => ECCurve.CreateFromFriendlyName(curve),
    };

    private static AsymmetricCipherKeyPair Pair(IAsymmetricCipherKeyPairGenerator generator)
    {
        generator.Init(new KeyGenerationParameters(new SecureRandom(), 256));
        return generator.GenerateKeyPair();
    }

    // BouncyCastle adds the public key, which makes a OneAsymmetricKey of it (RFC 5958): that is not PKCS #8.
    private static byte[] Private(AsymmetricCipherKeyPair pair)
    {
        Org.BouncyCastle.Asn1.Pkcs.PrivateKeyInfo info = PrivateKeyInfoFactory.CreatePrivateKeyInfo(pair.Private);
        return new Org.BouncyCastle.Asn1.Pkcs.PrivateKeyInfo(info.PrivateKeyAlgorithm, info.ParsePrivateKey()).GetEncoded();
    }

    private static byte[] Public(AsymmetricCipherKeyPair pair) =>
        SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public).GetEncoded();

    private static byte[] Fixed(BigInteger number, int length)
    {
        byte[] bytes = number.ToByteArrayUnsigned(), all = new byte[length];
        bytes.CopyTo(all, length - bytes.Length);
        return all;
    }
}
