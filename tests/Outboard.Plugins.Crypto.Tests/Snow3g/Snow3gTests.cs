using System.Runtime.Intrinsics;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Snow3g;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Snow3g;

public sealed class Snow3gTests
{
    public static TheoryData<SimdWidth, bool> Kernels => new()
    {
        { SimdWidth.Scalar, false },
        { SimdWidth.V128, false },
        { SimdWidth.V128, true },
        { SimdWidth.V256, false },
        { SimdWidth.V512, false },
    };

    // TS 35.217 section 3: the first two words of keystream of its first test set, which lists k0 and IV0 first.
    [Fact]
    public void TheModelGivesTheKeystreamOfTheStandard()
    {
        var model = new Snow3gModel(
            Convert.FromHexString("4881FF48952C491082C5B3002BD6459F"), Convert.FromHexString("1C0BF45FDF1F9B25AD5C4D84EA024714"));
        Assert.Equal(0xABEE9704u, model.Next());
        Assert.Equal(0x7AC31373u, model.Next());
    }

    // TS 35.217 section 4: test set 1 (253 bits) and two others, whose messages are 510 and 837 bits.
    [Theory]
    [MemberData(nameof(Kernels))]
    public void ConfidentialityGivesTheAnswersOfTheStandard(SimdWidth width, bool withoutGfni)
    {
        CryptoUnit unit = Uea2(width, withoutGfni);
        Check(
            "d3c5d592327fb11c4035c6680af8c6d1",
            "398a59b4ac000000398a59b4ac000000",
            253,
            "981ba6824c1bfb1ab485472029b71d808ce33e2cc3c0b5fc1f3de8a6dc66b1f0",
            "5d5bfe75eb04f68ce0a12377ea00b37d47c6a0ba06309155086a859c4341b37c");
        Check(
            "efa8b2229e720c2a7c36ea55e9605695",
            "e28bcf7bc0000000e28bcf7bc0000000",
            510,
            "10111231e060253a43fd3f57e37607ab2827b599b6b1bbda37a8abcc5a8c550d1bfb2f494624fb50367fa36ce3bc68f11cf93b1510376b02130f812a9fa169d8",
            "e0da15ca8e2554f5e56c9468dc6c7c129c568aa5032317e04e0729646cabefa689864c410f24f919e61e3dfdfad77e560db0a9cd36c34ae4181490b29f5fa2fc");
        Check(
            "6090eae04c83706eecbf652be8e36566",
            "72a4f20f4800000072a4f20f48000000",
            837,
            "40981ba6824c1bfb4286b299783daf442c099f7ab0f58d5c8e46b104f08f01b41ab485472029b71d36bd1a3d90dc3a41b46d51672ac4c9663a2be063da4bc8d2808ce33e2cccbfc634e1b259060876a0fbb5a437ebcc8d31c19e4454318745e3987645987a986f2cb0",
            "5892bba88bbbcaaeae769aa06b683d3a17cc04a369881697435e44fed5ff9af57b9e890d4d5c64709885d48ae40690ec043baae9705796e4a9ff5a4b8d8b36d7f3fe57cc6cfd6cd005cd3852a85e94ce6bcd90d0d07839ce09733544ca8e350843248550922ac12818");

        void Check(string key, string iv, int bits, string plain, string cipher)
        {
            byte[] input = Convert.FromHexString(plain), expected = Convert.FromHexString(cipher);
            int keep = 0xFF >> (((bits + 7) % 8) + 1);
            expected[^1] = (byte)((expected[^1] & ~keep) | (input[^1] & keep));
            var message = new UnitHarness.Message(Convert.FromHexString(key), Convert.FromHexString(iv), [], input) { BitLength = bits };
            foreach (UnitHarness.Result result in UnitHarness.Run(unit, [.. Enumerable.Repeat(message, 19)]))
            {
                Assert.Equal(expected, result.Output);
            }

            Assert.Equal(input, UnitHarness.Run(unit, message with { Data = expected, Encrypt = false })[0].Output);
        }
    }

    // TS 35.217 section 5: test sets of 189, 384, 1000 and 319 bits.
    [Theory]
    [MemberData(nameof(Kernels))]
    public void IntegrityGivesTheAnswersOfTheStandard(SimdWidth width, bool withoutGfni)
    {
        CryptoUnit unit = Uia2(width, withoutGfni);
        Check("2bd6459f82c5b300952c49104881ff48", "38a6f05605d2ec4938a6f05605d2ec49", 189, "6b227737296f393c8079353edc87e2e805d2ec49a4f2d8e0", "2bce1820");
        Check(
            "c736c6aab22bfff91e2698d2e22ad57e",
            "14793e410397e8fd94793e41039768fd",
            384,
            "d0a7d463df9fb2b278833fa02e235aa172bd970c1473e12907fb648b6599aaa0b24a038665422b20a499276a50427009",
            "38b554c0");
        Check(
            "f4ebec69e73eaf2eb2cf6af4b3120ffd",
            "296f393c6b227737a96f393c6b22f737",
            1000,
            "10bfff839e0c71658dbb2d1707e145724f41c16f48bf403c3b18e38fd5d1663b6f6d900193e3cea8bb4f1b4f5be822032232a78d7d75238d5e6daecd3b4322cf59bc7ea84ab18811b5bfb7bc553f4fe44478ce287a14879990d18d12ca79d2c855149021cd5ce8ca0371ca04fcce143e3d7cfee94585b5885cac46068b",
            "061745ae");
        Check(
            "fdb9cfdf28936cc483a31869d81b8fab",
            "36af61449838f03ab6af61449838703a",
            319,
            "5932bc0ace2b0aba33d8ac188ac54f346fad10bf9dee2920b43bd0c53a915cb7df6caa72053abff2",
            "02f1faaf");

        void Check(string key, string iv, int bits, string data, string code)
        {
            var message = new UnitHarness.Message(Convert.FromHexString(key), Convert.FromHexString(iv), [], Convert.FromHexString(data)) { BitLength = bits };
            foreach (UnitHarness.Result result in UnitHarness.Run(unit, [.. Enumerable.Repeat(message, 19)]))
            {
                Assert.Equal(Convert.FromHexString(code), result.Code[..4]);
                Assert.Equal(message.Data, result.Output);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryLengthAgreesWithTheModelInMixedBursts(SimdWidth width, bool withoutGfni)
    {
        CryptoUnit cipher = Uea2(width, withoutGfni), code = Uia2(width, withoutGfni);
        var random = new Random(35215);
        for (int burst = 0; burst < 44; burst++)
        {
            var lengths = new List<int>();
            for (int i = 0; i < 16; i++)
            {
                lengths.Add((burst * 16) + i);
            }

            int extra = random.Next(49);
            for (int i = 0; i < extra; i++)
            {
                lengths.Add(random.Next(8) == 0 ? random.Next(9001) : random.Next(300));
            }

            CompareBoth(cipher, code, random, [.. lengths.OrderBy(_ => random.Next())]);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryCountOfMessagesAgreesWithTheModel(SimdWidth width, bool withoutGfni)
    {
        CryptoUnit cipher = Uea2(width, withoutGfni), code = Uia2(width, withoutGfni);
        var random = new Random(35216);
        for (int count = 1; count <= CryptoUnit.JobMax; count++)
        {
            int equal = random.Next(200);
            CompareBoth(cipher, code, random, [.. Enumerable.Range(0, count).Select(i => count % 2 == 0 ? equal : random.Next(400))]);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void APrefixStandsBeforeTheMessage(SimdWidth width, bool withoutGfni)
    {
        CryptoUnit unit = Uia2(width, withoutGfni);
        var random = new Random(4);
        foreach (int length in (int[])[0, 1, 7, 8, 40, 47, 48, 49, 55, 56, 57, 63, 64, 65, 120, 128, 129, 1420])
        {
            var messages = new List<UnitHarness.Message>();
            for (int prefix = 0; prefix <= CryptoJob.PrefixLengthMax; prefix++)
            {
                messages.Add(new UnitHarness.Message(Bytes(random, 16), Bytes(random, 16), Bytes(random, prefix), Bytes(random, length))
                {
                    BitLength = Math.Max(0, (length * 8) - random.Next(8)),
                });
            }

            UnitHarness.Result[] results = UnitHarness.Run(unit, [.. messages]);
            for (int i = 0; i < results.Length; i++)
            {
                UnitHarness.Message message = messages[i];
                byte[] expected = Snow3gModel.Uia2(
                    message.Key, message.Iv, [.. message.Aad, .. message.Data], (message.Aad.Length * 8) + message.BitLength!.Value);
                Assert.Equal(expected, results[i].Code[..4]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void SelfTestsPassAndASpoiltAnswerIsFound(SimdWidth width, bool withoutGfni)
    {
        using var store = new KeyStore();
        foreach (CryptoUnit unit in (CryptoUnit[])[Uea2(width, withoutGfni), Uia2(width, withoutGfni)])
        {
            Assert.Null(unit.SelfTest(new UnitSelfTest(store, null)));
            Assert.NotNull(unit.SelfTest(new UnitSelfTest(store, (_, bytes) => bytes[0] ^= 1)));
        }
    }

    private static void CompareBoth(CryptoUnit cipher, CryptoUnit code, Random random, int[] lengths)
    {
        UnitHarness.Message[] messages = [.. lengths.Select(length => new UnitHarness.Message(
            Bytes(random, 16), Bytes(random, 16), [], Bytes(random, length))
        {
            BitLength = Math.Max(0, (length * 8) - (random.Next(2) * random.Next(8))),
            OutOfPlace = random.Next(2) == 0,
        })];
        UnitHarness.Result[] ciphers = UnitHarness.Run(cipher, messages), codes = UnitHarness.Run(code, messages);
        for (int i = 0; i < messages.Length; i++)
        {
            UnitHarness.Message m = messages[i];
            byte[] behind = m.OutOfPlace ? new byte[m.Data.Length] : m.Data;
            Assert.Equal(Snow3gModel.Uea2(m.Key, m.Iv, m.Data, m.BitLength!.Value, behind), ciphers[i].Output);
            Assert.Equal(Snow3gModel.Uia2(m.Key, m.Iv, m.Data, m.BitLength!.Value), codes[i].Code[..4]);
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static CryptoUnit Uea2(SimdWidth width, bool withoutGfni)
    {
        Assert.SkipUnless(!withoutGfni || Snow3gSsse3.IsSupported, "needs SSE4.1 and AES-NI");
        return withoutGfni
            ? new Snow3gUea2Unit<Snow3gSsse3, Vector128<uint>>(new KernelChoice("snow3g-uea2", SimdWidth.V128, Snow3gSsse3.Name, "a test"))
            : UnitHarness.Make(width, selector => Snow3gUea2Unit.Build(selector, emit: false));
    }

    private static CryptoUnit Uia2(SimdWidth width, bool withoutGfni)
    {
        Assert.SkipUnless(!withoutGfni || (Snow3gSsse3.IsSupported && Uia2Vector128.IsSupported), "needs SSE4.1, AES-NI and PCLMULQDQ");
        return withoutGfni
            ? new Snow3gUia2Unit<Snow3gSsse3, Vector128<uint>, Uia2Vector128>(
                new KernelChoice("snow3g-uia2", SimdWidth.V128, Snow3gSsse3.Name, "a test"))
            : UnitHarness.Make(width, selector => Snow3gUia2Unit.Build(selector, emit: false));
    }
}
