using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCcm;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.AesCcm;

public sealed class AesCcmUnitTests
{
    public static TheoryData<SimdWidth, bool> Forms => UnitForms.All;

    [Theory]
    [MemberData(nameof(Forms))]
    public void AnswersOfTheStandardsComeOut(SimdWidth width, bool emit) =>
        UnitForms.CheckSelfTest(UnitForms.Make(width, emit, AesCcmUnit.Build));

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryLengthNonceAndCodeAgreesWithTheSystemsCcm(SimdWidth width, bool emit)
    {
        CryptoUnit unit = UnitForms.Make(width, emit, AesCcmUnit.Build);
        var random = new Random(3610);
        for (int length = 0; length <= 700; length += length < 140 ? 1 : 17)
        {
            var messages = new List<UnitHarness.Message>();
            foreach (int keyLength in (int[])[16, 24, 32])
            {
                messages.Add(Message(random, Bytes(random, keyLength), length, random.Next(70)));
                messages.Add(Message(random, Bytes(random, keyLength), random.Next(100), length));
            }

            Check(unit, messages);
            Check(unit, [messages[length % messages.Count]]);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void BothFormsOfTheLengthOfAssociatedDataAgreeWithTheSystemsCcm(SimdWidth width, bool emit)
    {
        CryptoUnit unit = UnitForms.Make(width, emit, AesCcmUnit.Build);
        var random = new Random(65280);
        foreach (int length in (int[])[65278, 65279, 65280, 65281, 65289, 65290, 65291, 65536, 70001])
        {
            Check(unit, [Message(random, Bytes(random, 16), 33, length), Message(random, Bytes(random, 16), 20, 7)]);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void MixedBatchesAgreeWithTheSystemsCcm(SimdWidth width, bool emit)
    {
        CryptoUnit unit = UnitForms.Make(width, emit, AesCcmUnit.Build);
        var random = new Random(38);
        byte[][] keys = [.. Enumerable.Range(0, 7).Select(i => Bytes(random, 16 + (8 * (i % 3))))];
        for (int count = 1; count <= CryptoUnit.JobMax; count += count < 40 ? 1 : 3)
        {
            int keyCount = count % 3 == 0 ? 1 : keys.Length;
            int longest = width == SimdWidth.Scalar ? 1000 : 9000;
            Check(unit, [.. Enumerable.Range(0, count).Select(i => Message(
                random, keys[random.Next(keyCount)], random.Next(i % 16 == 5 ? longest : 300), random.Next(count % 2 == 0 ? 1 : 40)))]);
        }
    }

    private static UnitHarness.Message Message(Random random, byte[] key, int length, int aadLength) =>
        new(key, Bytes(random, random.Next(7, 14)), Bytes(random, aadLength), Bytes(random, length), random.Next(2) == 0)
        {
            CodeLength = 2 * random.Next(2, 9),
            OutOfPlace = random.Next(2) == 0,
        };

    // A message to decrypt is taken as plaintext here, so that what goes in is its ciphertext.
    private static void Check(CryptoUnit unit, List<UnitHarness.Message> messages)
    {
        var given = new List<UnitHarness.Message>();
        var expected = new List<(byte[] Text, byte[] Code)>();
        foreach (UnitHarness.Message message in messages)
        {
            byte[] cipher = new byte[message.Data.Length], code = new byte[message.CodeLength];
            using var ccm = new System.Security.Cryptography.AesCcm(message.Key);
            ccm.Encrypt(message.Iv, message.Data, cipher, code, message.Aad);
            given.Add(message with { Data = message.Encrypt ? message.Data : cipher });
            expected.Add((message.Encrypt ? cipher : message.Data, code));
        }

        UnitHarness.Result[] results = UnitHarness.Run(unit, [.. given]);
        for (int i = 0; i < results.Length; i++)
        {
            UnitHarness.Message message = messages[i];
            string what = $"message {i} of {results.Length}: {message.Data.Length} bytes, {message.Aad.Length} associated, "
                + $"nonce {message.Iv.Length}, code {message.CodeLength}, key {message.Key.Length}, encrypt {message.Encrypt}";
            Assert.True(expected[i].Text.AsSpan().SequenceEqual(results[i].Output), what);
            Assert.True(expected[i].Code.AsSpan().SequenceEqual(results[i].Code.AsSpan(0, message.CodeLength)), $"code of {what}");
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
