using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.ChaCha20;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Plugins.Crypto.Tests.Vectors;
using Outboard.Simd;
using static Outboard.Plugins.Crypto.Tests.Engine.UnitHarness;

namespace Outboard.Plugins.Crypto.Tests.ChaCha20;

/// <summary>The AEAD against RFC 8439 and against the framework's, at every width.</summary>
public sealed class ChaCha20Poly1305Tests
{
    public static TheoryData<SimdWidth> Widths => UnitHarness.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void KnownAnswersOfTheStandard(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        foreach (KnownAnswer answer in KnownAnswers.Read("chacha20-poly1305.txt"))
        {
            byte[] key = answer.Bytes("key"), iv = answer.Bytes("iv"), aad = answer.Bytes("aad");
            byte[] plain = answer.Bytes("plaintext"), cipher = answer.Bytes("ciphertext");
            Result sealedMessage = Run(unit, new Message(key, iv, aad, plain))[0];
            Assert.Equal(cipher, sealedMessage.Output);
            Assert.Equal(answer.Bytes("tag"), sealedMessage.Code[..16]);
            Result opened = Run(unit, new Message(key, iv, aad, cipher, Encrypt: false))[0];
            Assert.Equal(plain, opened.Output);
            Assert.Equal(answer.Bytes("tag"), opened.Code[..16]);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void AgreesWithTheFrameworkAtEveryLength(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        var random = new Random(22);
        IEnumerable<int> lengths = Enumerable.Range(0, 701)
            .Concat([1023, 1024, 1025, 1420, 2047, 2048, 2049, 4096, 8192, 8193, 9000]);
        Check(unit, [.. lengths.Select(length => MakeMessage(random, length, random.Next(40)))]);
        Check(unit, [.. Enumerable.Range(0, 300).Select(aad => MakeMessage(random, random.Next(100), aad))]);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void AgreesWithTheFrameworkAloneAndInMixedBursts(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        var random = new Random(23);
        for (int burst = 0; burst < 120; burst++)
        {
            int count = burst < 60 ? 1 + (burst % 20) : 1 + random.Next(CryptoUnit.JobMax);
            int most = 1 << random.Next(3, 14);
            Check(unit, [.. Enumerable.Range(0, count).Select(_ => MakeMessage(random, random.Next(most), random.Next(50)))]);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void AgreesWithTheFrameworkInBurstsOfOneLength(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        var random = new Random(24);
        foreach (int length in (int[])[0, 1, 16, 64, 256, 1420, 8192])
        {
            Check(unit, [.. Enumerable.Range(0, 32).Select(_ => MakeMessage(random, length, 13))]);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void LeavesNoKeyInTheScratch(SimdWidth width) => ScratchScan.AssertClean(Make(width), ivLength: 12);

    private static CryptoUnit Make(SimdWidth width) =>
        UnitHarness.Make(width, selector => ChaCha20Poly1305Unit.Build(selector, emit: false));

    // The data of a message to be decrypted is any bytes: its code is what the framework makes of them as a text.
    private static Message MakeMessage(Random random, int length, int aadLength)
    {
        byte[] key = new byte[32], iv = new byte[12], aad = new byte[aadLength], data = new byte[length];
        random.NextBytes(key);
        random.NextBytes(iv);
        random.NextBytes(aad);

        // Runs of ones reach the carries that random bytes do not.
        if (random.Next(4) == 0)
        {
            data.AsSpan().Fill(0xFF);
        }
        else
        {
            random.NextBytes(data);
        }

        return new Message(key, iv, aad, data, Encrypt: random.Next(3) != 0) { OutOfPlace = random.Next(2) == 0 };
    }

    private static void Check(CryptoUnit unit, Message[] messages)
    {
        Assert.SkipUnless(ChaCha20Poly1305.IsSupported, "the framework has no ChaCha20-Poly1305 here");
        byte[][] plain = [.. messages.Select(message => message.Data)];
        byte[][] tags = new byte[messages.Length][];
        byte[][] expected = new byte[messages.Length][];
        for (int i = 0; i < messages.Length; i++)
        {
            Message message = messages[i];
            using var reference = new ChaCha20Poly1305(message.Key);
            byte[] cipher = new byte[plain[i].Length];
            tags[i] = new byte[16];
            reference.Encrypt(message.Iv, plain[i], cipher, tags[i], message.Aad);
            expected[i] = message.Encrypt ? cipher : plain[i];
            messages[i] = message.Encrypt ? message : message with { Data = cipher };
        }

        Result[] results = Run(unit, messages);
        for (int i = 0; i < messages.Length; i++)
        {
            Assert.Equal(expected[i], results[i].Output);
            Assert.Equal(tags[i], results[i].Code[..16]);
            Assert.All(results[i].Code[16..], one => Assert.Equal(0, one));
        }
    }
}
