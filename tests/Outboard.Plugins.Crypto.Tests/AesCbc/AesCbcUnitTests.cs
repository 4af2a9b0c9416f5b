using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCbc;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.AesCbc;

public sealed class AesCbcUnitTests
{
    public static TheoryData<SimdWidth, bool> Forms => UnitForms.All;

    [Theory]
    [MemberData(nameof(Forms))]
    public void AnswersOfTheStandardComeOut(SimdWidth width, bool emit) =>
        UnitForms.CheckSelfTest(UnitForms.Make(width, emit, AesCbcUnit.Build));

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryNumberOfBlocksAgreesWithTheSystemsAes(SimdWidth width, bool emit)
    {
        CryptoUnit unit = UnitForms.Make(width, emit, AesCbcUnit.Build);
        var random = new Random(38);
        for (int blocks = 0; blocks <= 70; blocks++)
        {
            var messages = new List<UnitHarness.Message>();
            foreach (int keyLength in (int[])[16, 24, 32])
            {
                byte[] key = Bytes(random, keyLength), iv = Bytes(random, 16), data = Bytes(random, 16 * blocks);
                foreach (bool outOfPlace in (bool[])[false, true])
                {
                    messages.Add(new(key, iv, [], data) { OutOfPlace = outOfPlace });
                    messages.Add(new(key, iv, [], data, Encrypt: false) { OutOfPlace = outOfPlace });
                }
            }

            Check(unit, messages);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void MixedBatchesAgreeWithTheSystemsAes(SimdWidth width, bool emit)
    {
        CryptoUnit unit = UnitForms.Make(width, emit, AesCbcUnit.Build);
        var random = new Random(39);
        byte[][] keys = [.. Enumerable.Range(0, 9).Select(i => Bytes(random, 16 + (8 * (i % 3))))];
        for (int count = 1; count <= CryptoUnit.JobMax; count++)
        {
            int keyCount = count % 3 == 0 ? 1 : count % 3 == 1 ? 2 : keys.Length;
            int blocksMax = width == SimdWidth.Scalar ? 20 : 90;
            Check(unit, [.. Enumerable.Range(0, count).Select(_ => new UnitHarness.Message(
                keys[random.Next(keyCount)],
                Bytes(random, 16),
                [],
                Bytes(random, 16 * random.Next(blocksMax)),
                random.Next(count % 5 == 0 ? 1 : 2) == 0)
            {
                OutOfPlace = random.Next(2) == 0,
            })]);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void LongMessagesAmongShortOnesAgreeWithTheSystemsAes(SimdWidth width, bool emit)
    {
        CryptoUnit unit = UnitForms.Make(width, emit, AesCbcUnit.Build);
        var random = new Random(40);
        byte[][] keys = [Bytes(random, 16), Bytes(random, 32)];
        int longest = width == SimdWidth.Scalar ? 2100 : 10_000;
        Check(unit, [.. Enumerable.Range(0, 40).Select(i => new UnitHarness.Message(
            keys[i % 2],
            Bytes(random, 16),
            [],
            Bytes(random, 16 * (i % 8 == 3 ? longest - i : random.Next(560))),
            i % 3 == 0)
        {
            OutOfPlace = i % 4 == 0,
        })]);
    }

    private static void Check(CryptoUnit unit, List<UnitHarness.Message> messages)
    {
        UnitHarness.Result[] results = UnitHarness.Run(unit, [.. messages]);
        for (int i = 0; i < results.Length; i++)
        {
            UnitHarness.Message message = messages[i];
            using var aes = Aes.Create();
            aes.Key = message.Key;
            byte[] expected = message.Encrypt
                ? aes.EncryptCbc(message.Data, message.Iv, PaddingMode.None)
                : aes.DecryptCbc(message.Data, message.Iv, PaddingMode.None);
            Assert.True(
                expected.AsSpan().SequenceEqual(results[i].Output),
                $"message {i} of {results.Length}: {message.Data.Length} bytes, key of {message.Key.Length}, encrypt {message.Encrypt}");
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
