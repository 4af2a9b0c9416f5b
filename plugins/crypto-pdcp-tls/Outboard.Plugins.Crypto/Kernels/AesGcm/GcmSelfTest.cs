using System.Buffers.Binary;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>Known answers of GCM.</summary>
internal static class GcmSelfTest
{
    private const string Key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    private const string Plaintext = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
    private const string Associated = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
    private const string Nonce = "cafebabefacedbaddecaf888";
    private const string LongIv = "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728c3c0c95156809539fcf0e2429a6b525416aedbf5a0de6a57a637b39b";

    // D. McGrew, J. Viega: The Galois/Counter Mode of Operation, appendix B, test cases 1, 2, 4, 5, 6, 10 and 16.
    private static readonly (string Key, string Iv, string Associated, string Plaintext, string Ciphertext, string Tag)[] s_cases =
    [
        (
            "00000000000000000000000000000000",
            "000000000000000000000000",
            string.Empty,
            string.Empty,
            string.Empty,
            "58e2fccefa7e3061367f1d57a4e7455a"),
        (
            "00000000000000000000000000000000",
            "000000000000000000000000",
            string.Empty,
            "00000000000000000000000000000000",
            "0388dace60b6a392f328c2b971b2fe78",
            "ab6e47d42cec13bdf53a67b21257bddf"),
        (
            Key[..32],
            Nonce,
            Associated,
            Plaintext,
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
            "5bc94fbc3221a5db94fae95ae7121a47"),
        (
            Key[..32],
            Nonce[..16],
            Associated,
            Plaintext,
            "61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c742373806900e49f24b22b097544d4896b424989b5e1ebac0f07c23f4598",
            "3612d2e79e3b0785561be14aaca2fccb"),
        (
            Key[..32],
            LongIv,
            Associated,
            Plaintext,
            "8ce24998625615b603a033aca13fb894be9112a5c3a211a8ba262a3cca7e2ca701e4a9a4fba43c90ccdcb281d48c7c6fd62875d2aca417034c34aee5",
            "619cc5aefffe0bfa462af43c1699d050"),
        (
            Key[..48],
            Nonce,
            Associated,
            Plaintext,
            "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710",
            "2519498e80f1478f37ba55bd6d27618c"),
        (
            Key,
            Nonce,
            Associated,
            Plaintext,
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b"),
    ];

    public static string? Run(CryptoUnit unit, UnitSelfTest test)
    {
        foreach ((string key, string iv, string associated, string plaintext, string ciphertext, string tag) in s_cases)
        {
            byte[] keyBytes = Convert.FromHexString(key), ivBytes = Convert.FromHexString(iv), aad = Convert.FromHexString(associated);
            byte[] clear = Convert.FromHexString(plaintext), sealedBytes = Convert.FromHexString(ciphertext), code = Convert.FromHexString(tag);
            int bits = clear.Length * 8;
            if ((test.Check(unit, keyBytes, ivBytes, aad, clear, bits, encrypt: true, sealedBytes, code)
                ?? test.Check(unit, keyBytes, ivBytes, aad, sealedBytes, bits, encrypt: false, clear, code)) is { } wrong)
            {
                return wrong;
            }
        }

        byte[] longTag = new byte[16];
        foreach (SelfTestAnswers answers in SelfTestAnswers.All)
        {
            BinaryPrimitives.WriteUInt128BigEndian(longTag, answers.GcmTag);
            if (test.CheckFold(
                unit,
                SelfTestAnswers.Key.AsSpan(0, answers.KeyLength),
                SelfTestAnswers.Nonce,
                SelfTestAnswers.Associated,
                SelfTestAnswers.Message,
                answers.GcmFold,
                longTag) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }
}
