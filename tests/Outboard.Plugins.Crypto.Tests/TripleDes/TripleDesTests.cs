using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.TripleDes;
using Outboard.Plugins.Crypto.Tests.ChaCha20;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Plugins.Crypto.Tests.Vectors;
using Outboard.Simd;
using static Outboard.Plugins.Crypto.Tests.Engine.UnitHarness;

namespace Outboard.Plugins.Crypto.Tests.TripleDes;

/// <summary>3DES-CBC against NIST's examples, the framework and BouncyCastle, at every width.</summary>
public sealed class TripleDesTests
{
    public static TheoryData<SimdWidth> Widths => UnitHarness.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void KnownAnswersOfTheStandards(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        foreach (KnownAnswer answer in KnownAnswers.Read("3des.txt"))
        {
            byte[] key = answer.Bytes("key"), plain = answer.Bytes("plaintext"), cipher = answer.Bytes("ciphertext");
            byte[] iv = answer.Bytes("iv");
            Assert.Equal(cipher, Run(unit, new Message(key, iv, [], plain))[0].Output);
            Assert.Equal(plain, Run(unit, new Message(key, iv, [], cipher, Encrypt: false))[0].Output);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void AgreesWithTheFrameworkAtEveryLength(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        var random = new Random(30);
        IEnumerable<int> blocks = Enumerable.Range(0, 90).Concat([128, 129, 178, 1024, 1125]);
        Check(unit, [.. blocks.Select(count => MakeMessage(random, count * 8))]);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void AgreesWithTheFrameworkInMixedBursts(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        var random = new Random(31);
        for (int burst = 0; burst < 30; burst++)
        {
            int count = 1 + random.Next(CryptoUnit.JobMax);
            int most = 1 << random.Next(1, 8);
            Check(unit, [.. Enumerable.Range(0, count).Select(_ => MakeMessage(random, 8 * random.Next(most)))]);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void KeysOfOneAndTwoPartsAreSpecialCases(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        var random = new Random(32);
        foreach (int keyLength in (int[])[8, 16])
        {
            byte[] key = new byte[keyLength], iv = new byte[8], plain = new byte[80];
            random.NextBytes(key);
            random.NextBytes(iv);
            random.NextBytes(plain);
            byte[] expected = new byte[plain.Length];
            var mode = new CbcBlockCipher(keyLength == 8 ? new DesEngine() : new DesEdeEngine());
            mode.Init(true, new ParametersWithIV(new KeyParameter(key), iv));
            for (int i = 0; i < plain.Length; i += 8)
            {
                mode.ProcessBlock(plain, i, expected, i);
            }

            Assert.Equal(expected, Run(unit, new Message(key, iv, [], plain))[0].Output);
            Assert.Equal(plain, Run(unit, new Message(key, iv, [], expected, Encrypt: false))[0].Output);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void LeavesNoKeyInTheScratch(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        ScratchScan.AssertClean(unit, ivLength: 8, keyLength: 24, length: 96);
    }

    private static CryptoUnit Make(SimdWidth width) =>
        UnitHarness.Make(width, selector => TripleDesCbcUnit.Build(selector, emit: false));

    private static Message MakeMessage(Random random, int length)
    {
        byte[] key = new byte[24], iv = new byte[8], data = new byte[length];
        random.NextBytes(key);
        random.NextBytes(iv);
        random.NextBytes(data);
        return new Message(key, iv, [], data, Encrypt: random.Next(2) == 0) { OutOfPlace = random.Next(2) == 0 };
    }

    private static void Check(CryptoUnit unit, Message[] messages)
    {
        Result[] results = Run(unit, messages);
        for (int i = 0; i < messages.Length; i++)
        {
            Message message = messages[i];
            using var reference = TripleDES.Create();
            reference.Key = message.Key;
            byte[] expected = message.Encrypt
                ? reference.EncryptCbc(message.Data, message.Iv, PaddingMode.None)
                : reference.DecryptCbc(message.Data, message.Iv, PaddingMode.None);
            Assert.Equal(expected, results[i].Output);
        }
    }
}
