using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Zuc;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Zuc;

public class ZucEea3Tests
{
    public static TheoryData<SimdWidth> Widths => UnitHarness.Widths;

    [Theory, MemberData(nameof(Widths))]
    public void TheKnownAnswersOfTheStandardHold(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        using var store = new KeyStore();
        Assert.Null(unit.SelfTest(new UnitSelfTest(store, probe: null)));
        Assert.NotNull(unit.SelfTest(new UnitSelfTest(store, (_, result) => result[0] ^= 1)));
    }

    // Document 3, 3.3: test set 1.
    [Theory, MemberData(nameof(Widths))]
    public void TheFirstTestSetOfTheStandardLeavesTheBitsBehindItsEnd(SimdWidth width)
    {
        byte[] message = Convert.FromHexString("6CF65340735552AB0C9752FA6F9025FE0BD675D9005875B27F");
        UnitHarness.Result result = Assert.Single(UnitHarness.Run(
            Make(width),
            new UnitHarness.Message(
                Convert.FromHexString("173D14BA5003731D7A60049470F00A29"), Convert.FromHexString("66035492780000006603549278000000"), [], message)
            {
                BitLength = 193,
            }));
        Assert.Equal("A6C85FC66AFB8533AAFC2518DFE784940EE1E4B030238CC87F", Convert.ToHexString(result.Output));
    }

    [Theory, MemberData(nameof(Widths))]
    public void EveryLengthAgreesWithTheModel(SimdWidth width)
    {
        var random = new Random(31);
        Compare(Make(width), Enumerable.Range(0, 700).Select(bytes => Random(random, bytes, bytes * 8)));
    }

    [Theory, MemberData(nameof(Widths))]
    public void EveryNumberOfBitsAgreesWithTheModel(SimdWidth width)
    {
        var random = new Random(32);
        Compare(Make(width), Enumerable.Range(0, 1100).Select(bits => Random(random, (bits + 7) / 8, bits)));
    }

    [Theory, MemberData(nameof(Widths))]
    public void BurstsOfMixedLengthsAgreeWithTheModel(SimdWidth width)
    {
        var random = new Random(33);
        CryptoUnit unit = Make(width);
        for (int count = 1; count <= CryptoUnit.JobMax; count += 7)
        {
            Compare(unit, Enumerable.Range(0, count).Select(_ =>
            {
                int bits = random.Next(random.Next(4) == 0 ? 72001 : 3000);
                return Random(random, (bits + 7) / 8, bits);
            }));
        }
    }

    private static CryptoUnit Make(SimdWidth width) => UnitHarness.Make(width, selector => ZucEea3Unit.Build(selector, emit: false));

    private static UnitHarness.Message Random(Random random, int bytes, int bits)
    {
        byte[] key = new byte[16], iv = new byte[16], data = new byte[bytes];
        random.NextBytes(key);
        random.NextBytes(iv);
        random.NextBytes(data);
        return new UnitHarness.Message(key, iv, [], data, random.Next(2) == 0) { BitLength = bits, OutOfPlace = random.Next(2) == 0 };
    }

    private static void Compare(CryptoUnit unit, IEnumerable<UnitHarness.Message> messages)
    {
        UnitHarness.Message[] all = [.. messages];
        UnitHarness.Result[] results = UnitHarness.Run(unit, all);
        for (int i = 0; i < all.Length; i++)
        {
            UnitHarness.Message message = all[i];
            byte[] stream = ZucModel.With128BitKey(message.Key, message.Iv).Keystream(message.Data.Length);
            byte[] expected = ZucModel.Encrypt(stream, message.Data, message.BitLength!.Value);

            // Out of place the destination was zeros, so the bits behind the end are.
            if (message.OutOfPlace && (message.BitLength.Value & 7) != 0)
            {
                expected[^1] &= (byte)~(0xFF >> (message.BitLength.Value & 7));
            }

            Assert.True(expected.AsSpan().SequenceEqual(results[i].Output), $"message {i} of {message.BitLength} bits");
        }
    }
}
