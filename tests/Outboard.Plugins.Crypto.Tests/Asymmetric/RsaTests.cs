using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Encodings;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Security;
using Outboard.Crypto;
using Outboard.Devices;
using Asymmetry = Outboard.Crypto.AsymmetricAlgorithm;

namespace Outboard.Plugins.Crypto.Tests.Asymmetric;

/// <summary>RSA against the framework, and against BouncyCastle where the framework has not what is needed.</summary>
public sealed class RsaTests
{
    private static readonly RSA s_rsa = RSA.Create(2048);
    private static readonly byte[] s_private = s_rsa.ExportPkcs8PrivateKey();
    private static readonly byte[] s_public = s_rsa.ExportSubjectPublicKeyInfo();

    public static TheoryData<AuthAlgorithm, string> Hashes => new()
    {
        { AuthAlgorithm.Sha1, "SHA1" },
        { AuthAlgorithm.Sha256, "SHA256" },
        { AuthAlgorithm.Sha384, "SHA384" },
        { AuthAlgorithm.Sha512, "SHA512" },
    };

    [Theory]
    [MemberData(nameof(Hashes))]
    public void SignaturesAgreeWithTheFrameworkBothWays(AuthAlgorithm hash, string name)
    {
        using var bench = new AsymmetricBench();
        var hashName = new HashAlgorithmName(name);
        byte[] message = RandomNumberGenerator.GetBytes(333), digest = CryptographicOperations.HashData(hashName, message);
        foreach ((AsymmetricPadding padding, RSASignaturePadding theirs) in ((AsymmetricPadding, RSASignaturePadding)[])
            [(AsymmetricPadding.Pkcs1, RSASignaturePadding.Pkcs1), (AsymmetricPadding.Pss, RSASignaturePadding.Pss)])
        {
            foreach (bool isDigest in (bool[])[false, true])
            {
                var transform = new AsymmetricTransform(
                    Asymmetry.Rsa, s_private, default, Hash: hash, Padding: padding, IsDigest: isDigest);
                using CryptoSession session = bench.Device.CreateAsymmetricSession(transform);
                using CryptoSession verify = bench.Device.CreateAsymmetricSession(
                    transform with { PrivateKey = default, PublicKey = s_public });
                byte[] input = isDigest ? digest : message;
                (OpStatus status, byte[] signature) = bench.Do(session, AsymmetricOperation.Sign, input);
                Assert.Equal(OpStatus.Success, status);
                Assert.True(s_rsa.VerifyData(message, signature, hashName, theirs));
                byte[] other = s_rsa.SignData(message, hashName, theirs);
                Assert.Equal(OpStatus.Success, bench.Do(verify, AsymmetricOperation.Verify, input, other).Status);
                Assert.Equal(OpStatus.Success, bench.Do(session, AsymmetricOperation.Verify, input, other).Status);
                other[100] ^= 1;
                Assert.Equal(OpStatus.AuthenticationFailed, bench.Do(verify, AsymmetricOperation.Verify, input, other).Status);
                Assert.Equal(OpStatus.AuthenticationFailed, bench.Do(verify, AsymmetricOperation.Verify, input, other.AsSpan(1)).Status);
                Assert.Equal(OpStatus.AuthenticationFailed, bench.Do(verify, AsymmetricOperation.Verify, input).Status);
                Assert.Equal(OpStatus.InvalidSession, bench.Do(verify, AsymmetricOperation.Sign, input).Status);
                if (isDigest)
                {
                    Assert.Equal(OpStatus.InvalidArguments, bench.Do(session, AsymmetricOperation.Sign, digest.AsSpan(1)).Status);
                }
            }
        }
    }

    [Fact]
    public void SaltsOfEveryLengthAgreeWithBouncyCastle()
    {
        using var bench = new AsymmetricBench();
        byte[] message = RandomNumberGenerator.GetBytes(70);
        AsymmetricKeyParameter theirs = PublicKeyFactory.CreateKey(s_public);
        foreach (int salt in (int[])[0, 1, 20, 32, 100])
        {
            using CryptoSession session = bench.Device.CreateAsymmetricSession(new AsymmetricTransform(
                Asymmetry.Rsa, s_private, default, Hash: AuthAlgorithm.Sha256, Padding: AsymmetricPadding.Pss, SaltLength: salt));
            byte[] signature = bench.Do(session, AsymmetricOperation.Sign, message).Output;
            var verifier = new Org.BouncyCastle.Crypto.Signers.PssSigner(
                new RsaEngine(), new Org.BouncyCastle.Crypto.Digests.Sha256Digest(), salt);
            verifier.Init(forSigning: false, theirs);
            verifier.BlockUpdate(message, 0, message.Length);
            Assert.True(verifier.VerifySignature(signature));
        }
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void OaepAgreesWithTheFrameworkAndBouncyCastle(AuthAlgorithm hash, string name)
    {
        using var bench = new AsymmetricBench();
        byte[] message = RandomNumberGenerator.GetBytes(61), label = RandomNumberGenerator.GetBytes(19);
        RSAEncryptionPadding padding = RSAEncryptionPadding.CreateOaep(new HashAlgorithmName(name));
        var transform = new AsymmetricTransform(Asymmetry.Rsa, s_private, default, Hash: hash, Padding: AsymmetricPadding.Oaep);
        using CryptoSession session = bench.Device.CreateAsymmetricSession(transform);
        using CryptoSession labelled = bench.Device.CreateAsymmetricSession(transform with { Label = label });
        (OpStatus status, byte[] encrypted) = bench.Do(session, AsymmetricOperation.Encrypt, message);
        Assert.Equal(OpStatus.Success, status);
        Assert.Equal(message, s_rsa.Decrypt(encrypted, padding));
        Assert.Equal(message, bench.Do(session, AsymmetricOperation.Decrypt, s_rsa.Encrypt(message, padding)).Output);
        Assert.Equal(OpStatus.AuthenticationFailed, bench.Do(labelled, AsymmetricOperation.Decrypt, encrypted).Status);

        IDigest digest = DigestUtilities.GetDigest(name);
        var theirs = new OaepEncoding(new RsaEngine(), digest, DigestUtilities.GetDigest(name), label);
        theirs.Init(forEncryption: true, new Org.BouncyCastle.Crypto.Parameters.ParametersWithRandom(PublicKeyFactory.CreateKey(s_public)));
        byte[] made = theirs.ProcessBlock(message, 0, message.Length);
        Assert.Equal(message, bench.Do(labelled, AsymmetricOperation.Decrypt, made).Output);
        theirs.Init(forEncryption: false, PrivateKeyFactory.CreateKey(s_private));
        byte[] ours = bench.Do(labelled, AsymmetricOperation.Encrypt, message).Output;
        Assert.Equal(message, theirs.ProcessBlock(ours, 0, ours.Length));
    }

    [Fact]
    public void Pkcs1AndNoPaddingAgreeWithTheFrameworkAndBouncyCastle()
    {
        using var bench = new AsymmetricBench();
        byte[] message = RandomNumberGenerator.GetBytes(48);
        using CryptoSession pkcs1 = bench.Device.CreateAsymmetricSession(
            new AsymmetricTransform(Asymmetry.Rsa, s_private, default, Padding: AsymmetricPadding.Pkcs1));
        byte[] encrypted = bench.Do(pkcs1, AsymmetricOperation.Encrypt, message).Output;
        Assert.Equal(message, s_rsa.Decrypt(encrypted, RSAEncryptionPadding.Pkcs1));
        Assert.Equal(
            message, bench.Do(pkcs1, AsymmetricOperation.Decrypt, s_rsa.Encrypt(message, RSAEncryptionPadding.Pkcs1)).Output);

        using CryptoSession none = bench.Device.CreateAsymmetricSession(
            new AsymmetricTransform(Asymmetry.Rsa, s_private, default, Padding: AsymmetricPadding.None));
        byte[] whole = [0, .. RandomNumberGenerator.GetBytes(255)];
        var theirs = new RsaEngine();
        theirs.Init(forEncryption: true, PublicKeyFactory.CreateKey(s_public));
        (OpStatus status, byte[] raw) = bench.Do(none, AsymmetricOperation.Encrypt, whole);
        Assert.Equal(OpStatus.Success, status);
        byte[] expected = theirs.ProcessBlock(whole, 0, whole.Length);
        Assert.Equal(expected, raw[^expected.Length..]);
        Assert.Equal(whole, bench.Do(none, AsymmetricOperation.Decrypt, raw).Output);
        Assert.Equal(OpStatus.InvalidArguments, bench.Do(none, AsymmetricOperation.Encrypt, message).Status);
        Assert.Equal(OpStatus.InvalidArguments, bench.Do(pkcs1, AsymmetricOperation.Encrypt, new byte[246]).Status);
        Assert.Equal(OpStatus.AuthenticationFailed, bench.Do(pkcs1, AsymmetricOperation.Decrypt, new byte[256]).Status);
    }

    [Fact]
    public void TooSmallARoomSaysWhatIsNeededAndIsNotTouched()
    {
        using var bench = new AsymmetricBench();
        using CryptoSession session = bench.Device.CreateAsymmetricSession(new AsymmetricTransform(
            Asymmetry.Rsa, s_private, default, Hash: AuthAlgorithm.Sha256, Padding: AsymmetricPadding.Pkcs1));
        foreach (int room in (int[])[0, 255])
        {
            CryptoOp op = bench.Op(session, AsymmetricOperation.Sign, [1, 2, 3], room: room);
            bench.Run(op);
            Assert.Equal(OpStatus.InvalidArguments, op.Status);
            Assert.Equal(256, op.GetAsymmetricBuffer(2).Length);
            op.GetAsymmetricBuffer(2) = op.GetAsymmetricBuffer(2) with { Length = 0 };
            op.Free();
        }
    }

    [Fact]
    public void GeneratedKeysSignForTheFramework()
    {
        using var bench = new AsymmetricBench();
        using CryptoSession maker = bench.Device.CreateAsymmetricSession(
            new AsymmetricTransform(Asymmetry.Rsa, default, default, Padding: AsymmetricPadding.Pkcs1, ModulusBits: 1024));
        CryptoOp op = bench.Op(maker, AsymmetricOperation.GenerateKey, []);
        bench.Run(op);
        Assert.Equal(OpStatus.Success, op.Status);
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(AsymmetricBench.Output(op), out _);
        Assert.Equal(1024, rsa.KeySize);
        Assert.Equal(rsa.ExportSubjectPublicKeyInfo(), AsymmetricBench.Output(op, 1));
        op.Free();
        Assert.Equal(OpStatus.InvalidSession, bench.Do(maker, AsymmetricOperation.Encrypt, [1]).Status);
    }

    [Fact]
    public void WrongKeysAndTransformsAreRefusedWithTheReason()
    {
        using var bench = new AsymmetricBench();
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var good = new AsymmetricTransform(
            Asymmetry.Rsa, s_private, default, Hash: AuthAlgorithm.Sha256, Padding: AsymmetricPadding.Pss);
        (AsymmetricTransform Transform, string Reason)[] cases =
        [
            (good with { PrivateKey = curve.ExportPkcs8PrivateKey() }, "RSA"),
            (good with { PrivateKey = default, PublicKey = curve.ExportSubjectPublicKeyInfo() }, "RSA"),
            (good with { PrivateKey = new byte[100] }, "cannot be read"),
            (good with { PrivateKey = s_private.AsMemory(0, 500) }, "cannot be read"),
            (good with { PrivateKey = (byte[])[.. s_private, 0] }, "behind its end"),
            (good with { PrivateKey = default, PublicKey = (byte[])[.. s_public, 0] }, "behind its end"),
            (good with { PrivateKey = default, ModulusBits = 512 }, "ModulusBits"),
            (good with { Hash = AuthAlgorithm.Null }, "hash"),
            (good with { SaltLength = -2 }, "SaltLength"),
            (good with { Label = new byte[3] }, "label"),
            (good with { Hash = AuthAlgorithm.AesCmac }, "does not offer"),
        ];
        foreach ((AsymmetricTransform transform, string reason) in cases)
        {
            ArgumentException refused = Assert.Throws<ArgumentException>(() => bench.Device.CreateAsymmetricSession(transform));
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        }
    }
}
