using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Zuc;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Zuc;

public class ZucEia3Tests
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

    [Theory, MemberData(nameof(Widths))]
    public void EveryNumberOfBitsAgreesWithTheModel(SimdWidth width)
    {
        var random = new Random(41);
        Compare(Make(width), Enumerable.Range(0, 1700).Select(bits => Random(random, bits, prefix: 0)));
    }

    [Theory, MemberData(nameof(Widths))]
    public void EveryPrefixAgreesWithTheModel(SimdWidth width)
    {
        var random = new Random(42);
        Compare(
            Make(width),
            from prefix in Enumerable.Range(0, CryptoJob.PrefixLengthMax + 1)
            from bits in (int[])[0, 1, 7, 8, 31, 32, 255, 256, 380, 384, 385, 416, 417, 448, 449, 479, 480, 481, 511, 512, 513, 900, 1024, 1025]
            select Random(random, bits, prefix));
    }

    [Theory, MemberData(nameof(Widths))]
    public void BurstsOfMixedLengthsAgreeWithTheModel(SimdWidth width)
    {
        var random = new Random(43);
        CryptoUnit unit = Make(width);
        for (int count = 1; count <= CryptoUnit.JobMax; count += 7)
        {
            Compare(unit, Enumerable.Range(0, count).Select(_ =>
                Random(random, random.Next(random.Next(4) == 0 ? 72001 : 3000), random.Next(2) * random.Next(17))));
        }
    }

    private static CryptoUnit Make(SimdWidth width) => UnitHarness.Make(width, selector => ZucEia3Unit.Build(selector, emit: false));

    private static UnitHarness.Message Random(Random random, int bits, int prefix)
    {
        byte[] key = new byte[16], iv = new byte[16], before = new byte[prefix], data = new byte[(bits + 7) / 8];
        random.NextBytes(key);
        random.NextBytes(iv);
        random.NextBytes(before);
        random.NextBytes(data);
        return new UnitHarness.Message(key, iv, before, data) { BitLength = bits };
    }

    private static void Compare(CryptoUnit unit, IEnumerable<UnitHarness.Message> messages)
    {
        UnitHarness.Message[] all = [.. messages];
        UnitHarness.Result[] results = UnitHarness.Run(unit, all);
        for (int i = 0; i < all.Length; i++)
        {
            UnitHarness.Message message = all[i];
            byte[] expected = ZucModel.Authenticate(
                message.Key, message.Iv, [.. message.Aad, .. message.Data], message.BitLength!.Value + (8 * message.Aad.Length));
            Assert.True(expected.AsSpan().SequenceEqual(results[i].Code.AsSpan(0, 4)), $"message {i} of {message.BitLength} bits behind {message.Aad.Length} bytes");
            Assert.Equal(message.Data, results[i].Output);
            Assert.All(results[i].Code.Skip(4), rest => Assert.Equal(0, rest));
        }
    }
}
