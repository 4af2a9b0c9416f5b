using Outboard.Crypto;

namespace Outboard.Cli.Bench;

/// <summary>The symmetric algorithms by name. Associated data, code lengths and chains are those of the peers' programs.</summary>
internal static class CryptoBenchAlgorithms
{
    private const int AadLength = 12;
    private const int RadioCodeLength = 4;

    private static readonly byte[] s_key = MakeKey();

    /// <summary>Every algorithm.</summary>
    public static IReadOnlyList<CryptoBenchAlgorithm> All { get; } = [.. Aeads(), .. Ciphers(), .. Codes(), .. Chains()];

    private static IEnumerable<CryptoBenchAlgorithm> Aeads()
    {
        foreach (int bits in (int[])[128, 192, 256])
        {
            yield return Aead($"aes-{bits}-gcm", AeadAlgorithm.AesGcm, bits, 12);
            yield return Aead($"aes-{bits}-ccm", AeadAlgorithm.AesCcm, bits, 12);
        }

        yield return Aead("chacha20-poly1305", AeadAlgorithm.ChaCha20Poly1305, 256, 12);
        yield return Aead("nca5", AeadAlgorithm.AesNca5, 256, 16);
        yield return Aead("nca6", AeadAlgorithm.ZucNca6, 256, 16);
    }

    private static IEnumerable<CryptoBenchAlgorithm> Ciphers()
    {
        yield return new CryptoBenchAlgorithm("null", Cipher(CipherAlgorithm.Null, 0, 0));
        foreach (int bits in (int[])[128, 192, 256])
        {
            yield return new CryptoBenchAlgorithm($"aes-{bits}-ctr", Cipher(CipherAlgorithm.AesCtr, bits, 16));
            yield return new CryptoBenchAlgorithm($"aes-{bits}-cbc", Cipher(CipherAlgorithm.AesCbc, bits, 16));
        }

        yield return new CryptoBenchAlgorithm("3des-cbc", Cipher(CipherAlgorithm.TripleDesCbc, 192, 8));
        yield return new CryptoBenchAlgorithm("chacha20", Cipher(CipherAlgorithm.ChaCha20, 256, 12));
        yield return new CryptoBenchAlgorithm("snow3g-uea2", Cipher(CipherAlgorithm.Snow3gUea2, 128, 16));
        yield return new CryptoBenchAlgorithm("zuc-eea3", Cipher(CipherAlgorithm.ZucEea3, 128, 16));
        yield return new CryptoBenchAlgorithm("nea5", Cipher(CipherAlgorithm.AesNea5, 256, 16));
        yield return new CryptoBenchAlgorithm("nea6", Cipher(CipherAlgorithm.ZucNea6, 256, 16));
    }

    private static IEnumerable<CryptoBenchAlgorithm> Codes()
    {
        foreach (int bits in (int[])[128, 192, 256])
        {
            yield return Code($"aes-{bits}-cmac", AuthAlgorithm.AesCmac, bits, 0, 16);
            yield return Code($"aes-{bits}-gmac", AuthAlgorithm.AesGmac, bits, 12, 16);
        }

        yield return Code("aes-128-xcbc", AuthAlgorithm.AesXcbcMac, 128, 0, 12);
        yield return Code("snow3g-uia2", AuthAlgorithm.Snow3gUia2, 128, 16, RadioCodeLength);
        yield return Code("zuc-eia3", AuthAlgorithm.ZucEia3, 128, 16, RadioCodeLength);
        yield return Code("nia5", AuthAlgorithm.AesNia5, 256, 16, 16);
        yield return Code("nia6", AuthAlgorithm.ZucNia6, 256, 16, 16);
        (string Name, AuthAlgorithm Plain, AuthAlgorithm Keyed, int Length, int CodeLength)[] hashes =
        [
            ("sha1", AuthAlgorithm.Sha1, AuthAlgorithm.HmacSha1, 20, 12),
            ("sha224", AuthAlgorithm.Sha224, AuthAlgorithm.HmacSha224, 28, 14),
            ("sha256", AuthAlgorithm.Sha256, AuthAlgorithm.HmacSha256, 32, 16),
            ("sha384", AuthAlgorithm.Sha384, AuthAlgorithm.HmacSha384, 48, 24),
            ("sha512", AuthAlgorithm.Sha512, AuthAlgorithm.HmacSha512, 64, 32),
        ];
        foreach ((string name, AuthAlgorithm plain, AuthAlgorithm keyed, int length, int codeLength) in hashes)
        {
            yield return Code(name, plain, 0, 0, length);
            yield return Code($"hmac-{name}", keyed, 160, 0, codeLength);
        }
    }

    private static IEnumerable<CryptoBenchAlgorithm> Chains()
    {
        foreach (int bits in (int[])[128, 256])
        {
            CipherTransform cbc = Cipher(CipherAlgorithm.AesCbc, bits, 16);
            yield return new CryptoBenchAlgorithm($"aes-{bits}-cbc+hmac-sha1", cbc, Auth(AuthAlgorithm.HmacSha1, 160, 0, 12));
            yield return new CryptoBenchAlgorithm($"aes-{bits}-cbc+hmac-sha256", cbc, Auth(AuthAlgorithm.HmacSha256, 160, 0, 16));
            yield return new CryptoBenchAlgorithm($"aes-{bits}-cbc+hmac-sha384", cbc, Auth(AuthAlgorithm.HmacSha384, 160, 0, 24));
        }

        yield return Radio(
            "pdcp-aes-ctr+cmac",
            Cipher(CipherAlgorithm.AesCtr, 128, 16),
            Auth(AuthAlgorithm.AesCmac, 128, 0, RadioCodeLength));
        yield return Radio(
            "pdcp-snow3g-uea2+uia2",
            Cipher(CipherAlgorithm.Snow3gUea2, 128, 16),
            Auth(AuthAlgorithm.Snow3gUia2, 128, 16, RadioCodeLength));
        yield return Radio(
            "pdcp-zuc-eea3+eia3",
            Cipher(CipherAlgorithm.ZucEea3, 128, 16),
            Auth(AuthAlgorithm.ZucEia3, 128, 16, RadioCodeLength));
    }

    private static CryptoBenchAlgorithm Aead(string name, AeadAlgorithm algorithm, int keyBits, int ivLength) =>
        new(name, Aead: new AeadTransform(
            algorithm, CipherOperation.Encrypt, s_key.AsMemory(0, keyBits / 8), ivLength, 16, AadLength));

    private static CryptoBenchAlgorithm Code(string name, AuthAlgorithm algorithm, int keyBits, int ivLength, int length) =>
        new(name, Auth: Auth(algorithm, keyBits, ivLength, length));

    private static CryptoBenchAlgorithm Radio(string name, CipherTransform cipher, AuthTransform auth) =>
        new(name, cipher, auth, AuthFirst: true);

    private static CipherTransform Cipher(CipherAlgorithm algorithm, int keyBits, int ivLength) =>
        new(algorithm, CipherOperation.Encrypt, s_key.AsMemory(0, keyBits / 8), ivLength);

    private static AuthTransform Auth(AuthAlgorithm algorithm, int keyBits, int ivLength, int length) =>
        new(algorithm, AuthOperation.Generate, s_key.AsMemory(32, keyBits / 8), ivLength, length);

    private static byte[] MakeKey()
    {
        byte[] key = new byte[64];
        new Random(1).NextBytes(key);
        return key;
    }
}
