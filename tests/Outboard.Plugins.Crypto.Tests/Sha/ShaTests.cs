using System.Security.Cryptography;
using System.Text;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Sha;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Sha;

/// <summary>Hashes and HMACs at every width, against the answers of their standards and against the runtime's own.</summary>
public sealed class ShaTests
{
    public static TheoryData<string, SimdWidth> Cases
    {
        get
        {
            var cases = new TheoryData<string, SimdWidth>();
            foreach (string name in (string[])["sha1", "sha224", "sha256", "sha384", "sha512"])
            {
                foreach (SimdWidth width in (SimdWidth[])[SimdWidth.Scalar, SimdWidth.V128, SimdWidth.V256, SimdWidth.V512])
                {
                    cases.Add(name, width);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheSelfTestPassesAndFindsASpoiledAnswer(string name, SimdWidth width)
    {
        using var store = new KeyStore();
        foreach (bool isKeyed in (bool[])[false, true])
        {
            CryptoUnit unit = Make(name, width, isKeyed);
            Assert.Null(unit.SelfTest(new UnitSelfTest(store, null)));
            Assert.NotNull(unit.SelfTest(new UnitSelfTest(store, (_, bytes) => bytes[0] ^= 1)));
        }
    }

    // FIPS 180-2 appendices A.3, B.3, C.3, D.3 and change notice 1: a million times "a".
    [Theory]
    [MemberData(nameof(Cases))]
    public void AMillionLettersGiveTheAnswerOfTheStandard(string name, SimdWidth width)
    {
        string answer = name switch
        {
            "sha1" => "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
            "sha224" => "20794655980c91d8bbb4c1ea97618a4bf03f42581948b2ee4ee7ad67",
            "sha256" => "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
            "sha384" => "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b07b8b3dc38ecc4ebae97ddd87f3d8985",
            _ => "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
                + "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
        };

        byte[] letters = new byte[1_000_000];
        letters.AsSpan().Fill((byte)'a');
        var message = new UnitHarness.Message([], [], [], letters);
        UnitHarness.Result[] results = UnitHarness.Run(Make(name, width, isKeyed: false), message, message);
        Assert.All(results, result => Assert.Equal(answer, Hex(result.Code, answer.Length / 2)));
    }

    // RFC 2202 3, cases 1 to 7.
    [Theory]
    [MemberData(nameof(UnitHarness.Widths), MemberType = typeof(UnitHarness))]
    public void HmacSha1GivesTheAnswersOfRfc2202(SimdWidth width) =>
        CheckAnswers(
            Make("sha1", width, isKeyed: true),
            20,
            (Repeat(0x0b, 20), Ascii("Hi There"), "b617318655057264e28bc0b6fb378c8ef146be00"),
            (Ascii("Jefe"), Ascii("what do ya want for nothing?"), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (Repeat(0xaa, 20), Repeat(0xdd, 50), "125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
            (Counting(25), Repeat(0xcd, 50), "4c9007f4026250c6bc8414f9bf50c86c2d7235da"),
            (Repeat(0x0c, 20), Ascii("Test With Truncation"), "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"),
            (Repeat(0xaa, 80), Ascii("Test Using Larger Than Block-Size Key - Hash Key First"), "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
            (
                Repeat(0xaa, 80),
                Ascii("Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data"),
                "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"));

    // RFC 4231 4.2 to 4.8; of the fifth only the first 16 bytes are given.
    [Theory]
    [MemberData(nameof(UnitHarness.Widths), MemberType = typeof(UnitHarness))]
    public void HmacSha2GivesTheAnswersOfRfc4231(SimdWidth width)
    {
        (byte[] Key, byte[] Data)[] cases =
        [
            (Repeat(0x0b, 20), Ascii("Hi There")),
            (Ascii("Jefe"), Ascii("what do ya want for nothing?")),
            (Repeat(0xaa, 20), Repeat(0xdd, 50)),
            (Counting(25), Repeat(0xcd, 50)),
            (Repeat(0x0c, 20), Ascii("Test With Truncation")),
            (Repeat(0xaa, 131), Ascii("Test Using Larger Than Block-Size Key - Hash Key First")),
            (
                Repeat(0xaa, 131),
                Ascii("This is a test using a larger than block-size key and a larger than block-size data. "
                    + "The key needs to be hashed before being used by the HMAC algorithm.")),
        ];
        foreach ((string name, string[] answers) in s_rfc4231)
        {
            CheckAnswers(
                Make(name, width, isKeyed: true),
                Variant(name).DigestLength,
                [.. cases.Zip(answers, (one, answer) => (one.Key, one.Data, answer))]);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryLengthAgreesWithTheRuntime(string name, SimdWidth width)
    {
        var random = new Random(180);
        foreach (bool isKeyed in (bool[])[false, true])
        {
            UnitHarness.Message[] messages = [.. Enumerable.Range(0, 700).Select(length => Message(random, length, isKeyed, length % 17))];
            Compare(name, width, isKeyed, messages);
            Compare(name, width, isKeyed, [.. messages.Where((_, i) => i % 5 == 0).Select(message => message with { Aad = [] })]);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MixedBurstsAgreeWithTheRuntime(string name, SimdWidth width)
    {
        var random = new Random(4231);
        for (int round = 0; round < 40; round++)
        {
            bool isKeyed = round % 2 == 0;
            int longest = round % 8 == 0 ? 9001 : 600;
            int count = 1 + random.Next(CryptoUnit.JobMax);
            Compare(
                name,
                width,
                isKeyed,
                [.. Enumerable.Range(0, count).Select(_ => Message(random, random.Next(longest), isKeyed, random.Next(3) * random.Next(9)))]);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void KeysOfEveryLengthAgreeWithTheRuntime(string name, SimdWidth width)
    {
        var random = new Random(2104);
        Compare(
            name,
            width,
            isKeyed: true,
            [.. Enumerable.Range(0, 270).Append(1023).Append(1024).Select(length =>
                new UnitHarness.Message(Bytes(random, length), [], [], Bytes(random, 100)))]);
    }

    private static readonly (string Name, string[] Answers)[] s_rfc4231 =
    [
        ("sha224",
        [
            "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22",
            "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44",
            "7fb3cb3588c6c1f6ffa9694d7d6ad2649365b0c1f65d69d1ec8333ea",
            "6c11506874013cac6a2abc1bb382627cec6a90d86efc012de7afec5a",
            "0e2aea68a90c8d37c988bcdb9fca6fa8",
            "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e",
            "3a854166ac5d9f023f54d517d0b39dbd946770db9c2b95c9f6f565d1",
        ]),
        ("sha256",
        [
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
            "a3b6167473100ee06e0c796c2955552b",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        ]),
        ("sha384",
        [
            "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
            "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
            "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb",
            "3abf34c3503b2a23a46efc619baef897",
            "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
            "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e",
        ]),
        ("sha512",
        [
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
            "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
            "415fad6271580a531d4179bc891d87a6",
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
            "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
        ]),
    ];

    private static void Compare(string name, SimdWidth width, bool isKeyed, UnitHarness.Message[] messages)
    {
        UnitHarness.Result[] results = UnitHarness.Run(Make(name, width, isKeyed), messages);
        for (int i = 0; i < messages.Length; i++)
        {
            byte[] expected = new byte[CryptoJob.CodeRoom];
            byte[] input = [.. messages[i].Aad, .. messages[i].Data];
            HashAlgorithmName algorithm = new(name.ToUpperInvariant());
            if (name == "sha224")
            {
                // The runtime has no SHA-224.
                Sha224(messages[i].Key, input, isKeyed).CopyTo(expected, 0);
            }
            else
            {
                (isKeyed ? CryptographicOperations.HmacData(algorithm, messages[i].Key, input) : CryptographicOperations.HashData(algorithm, input))
                    .CopyTo(expected, 0);
            }

            Assert.Equal(Hex(expected, 64), Hex(results[i].Code, 64));
            Assert.Equal(messages[i].Data, results[i].Output);
        }
    }

    private static byte[] Sha224(byte[] key, byte[] input, bool isKeyed)
    {
        byte[] digest = new byte[28];
        if (isKeyed)
        {
            var mac = new Org.BouncyCastle.Crypto.Macs.HMac(new Org.BouncyCastle.Crypto.Digests.Sha224Digest());
            mac.Init(new Org.BouncyCastle.Crypto.Parameters.KeyParameter(key));
            mac.BlockUpdate(input, 0, input.Length);
            mac.DoFinal(digest, 0);
        }
        else
        {
            var hash = new Org.BouncyCastle.Crypto.Digests.Sha224Digest();
            hash.BlockUpdate(input, 0, input.Length);
            hash.DoFinal(digest, 0);
        }

        return digest;
    }

    private static void CheckAnswers(CryptoUnit unit, int digestLength, params (byte[] Key, byte[] Data, string Answer)[] cases)
    {
        // Side by side, and each alone.
        UnitHarness.Message[] messages = [.. cases.Select(one => new UnitHarness.Message(one.Key, [], [], one.Data))];
        UnitHarness.Result[] together = UnitHarness.Run(unit, messages);
        for (int i = 0; i < cases.Length; i++)
        {
            Assert.Equal(cases[i].Answer, Hex(together[i].Code, cases[i].Answer.Length / 2));
            Assert.Equal(cases[i].Answer, Hex(UnitHarness.Run(unit, messages[i])[0].Code, cases[i].Answer.Length / 2));
            Assert.All(together[i].Code[digestLength..], left => Assert.Equal(0, left));
        }
    }

    private static CryptoUnit Make(string name, SimdWidth width, bool isKeyed) =>
        UnitHarness.Make(width, selector => ShaUnit.Build(selector, emit: false, Variant(name), isKeyed));

    private static HashVariant Variant(string name) =>
        new[] { HashVariant.Sha1, HashVariant.Sha224, HashVariant.Sha256, HashVariant.Sha384, HashVariant.Sha512 }
            .Single(variant => variant.Name == name);

    private static UnitHarness.Message Message(Random random, int length, bool isKeyed, int prefixLength) =>
        new(isKeyed ? Bytes(random, random.Next(200)) : [], [], Bytes(random, prefixLength), Bytes(random, length));

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Repeat(byte value, int count) => [.. Enumerable.Repeat(value, count)];

    private static byte[] Counting(int count) => [.. Enumerable.Range(1, count).Select(value => (byte)value)];

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static string Hex(byte[] bytes, int length) => Convert.ToHexStringLower(bytes.AsSpan(0, length));
}
