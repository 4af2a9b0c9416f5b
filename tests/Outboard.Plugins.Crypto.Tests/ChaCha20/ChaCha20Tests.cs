using System.Buffers.Binary;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.ChaCha20;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Plugins.Crypto.Tests.Vectors;
using Outboard.Simd;
using static Outboard.Plugins.Crypto.Tests.Engine.UnitHarness;

namespace Outboard.Plugins.Crypto.Tests.ChaCha20;

/// <summary>The cipher against RFC 8439 and against BouncyCastle, at every width.</summary>
public sealed class ChaCha20Tests
{
    public static TheoryData<SimdWidth> Widths => UnitHarness.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void KnownAnswersOfTheStandard(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        foreach (KnownAnswer answer in KnownAnswers.Read("chacha20.txt"))
        {
            byte[] iv = [0, 0, 0, 0, .. answer.Bytes("nonce")];
            BinaryPrimitives.WriteUInt32LittleEndian(iv, answer.Hex("counter"));
            byte[] plain = answer.Bytes("plaintext"), cipher = answer.Bytes("ciphertext"), key = answer.Bytes("key");
            Assert.Equal(cipher, Run(unit, new Message(key, iv, [], plain))[0].Output);
            Assert.Equal(plain, Run(unit, new Message(key, iv, [], cipher, Encrypt: false))[0].Output);
            if (answer.Hex("counter") == 1)
            {
                Assert.Equal(cipher, Run(unit, new Message(key, iv[4..], [], plain))[0].Output);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void AgreesWithBouncyCastleAtEveryLength(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        var random = new Random(20);
        IEnumerable<int> lengths = Enumerable.Range(0, 701).Concat([1023, 1024, 1025, 1420, 2047, 2048, 2049, 4096, 8192, 9000]);
        Check(unit, [.. lengths.Select(length => MakeMessage(random, length))]);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void AgreesWithBouncyCastleInMixedBursts(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        var random = new Random(21);
        for (int burst = 0; burst < 40; burst++)
        {
            int count = 1 + random.Next(CryptoUnit.JobMax);
            int most = 1 << random.Next(3, 14);
            Check(unit, [.. Enumerable.Range(0, count).Select(_ => MakeMessage(random, random.Next(most)))]);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void TheCounterWrapsInThirtyTwoBitsAndTheNonceStays(SimdWidth width)
    {
        CryptoUnit unit = Make(width);
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] nonce = [.. Enumerable.Range(100, 12).Select(i => (byte)i)];
        byte[] data = new byte[40 * 64];
        byte[] whole = Run(unit, new Message(key, [0xF0, 0xFF, 0xFF, 0xFF, .. nonce], [], data))[0].Output;
        byte[] front = Run(unit, new Message(key, [0xF0, 0xFF, 0xFF, 0xFF, .. nonce], [], data[..(16 * 64)]))[0].Output;
        byte[] behind = Run(unit, new Message(key, [0, 0, 0, 0, .. nonce], [], data[..(24 * 64)]))[0].Output;
        Assert.Equal([.. front, .. behind], whole);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void LeavesNoKeyInTheScratch(SimdWidth width) => ScratchScan.AssertClean(Make(width), ivLength: 12);

    private static CryptoUnit Make(SimdWidth width) => UnitHarness.Make(width, selector => ChaCha20Unit.Build(selector, emit: false));

    private static Message MakeMessage(Random random, int length)
    {
        byte[] key = new byte[32], iv = new byte[random.Next(2) == 0 ? 12 : 16], data = new byte[length];
        random.NextBytes(key);
        random.NextBytes(iv);
        random.NextBytes(data);
        if (iv.Length == 16)
        {
            // The reference cannot seek: it is run up to the first block.
            iv.AsSpan(1, 3).Clear();
        }

        return new Message(key, iv, [], data) { OutOfPlace = random.Next(2) == 0 };
    }

    private static void Check(CryptoUnit unit, Message[] messages)
    {
        Result[] results = Run(unit, messages);
        for (int i = 0; i < messages.Length; i++)
        {
            Assert.Equal(Reference(messages[i]), results[i].Output);
        }
    }

    private static byte[] Reference(Message message)
    {
        var engine = new ChaCha7539Engine();
        engine.Init(true, new ParametersWithIV(new KeyParameter(message.Key), message.Iv[^12..]));
        uint counter = message.Iv.Length == 16 ? BinaryPrimitives.ReadUInt32LittleEndian(message.Iv) : 1;
        byte[] skipped = new byte[counter * 64];
        engine.ProcessBytes(skipped, 0, skipped.Length, skipped, 0);
        byte[] output = new byte[message.Data.Length];
        engine.ProcessBytes(message.Data, 0, message.Data.Length, output, 0);
        return output;
    }
}
