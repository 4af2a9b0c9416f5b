using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Tests.Engine;

namespace Outboard.Plugins.Crypto.Tests.AesCmac;

/// <summary>What CMAC and XCBC-MAC are both checked for.</summary>
internal static class ChainedCodeChecks
{
    /// <summary>The right code of a key, the bytes before the message, its bytes and its bits.</summary>
    internal delegate byte[] Oracle(byte[] key, byte[] before, byte[] data, int bitLength);

    /// <summary>Every length in bytes, alone and behind others, with and without bytes before the message.</summary>
    public static void EveryLength(CryptoUnit unit, int[] keyLengths, Oracle oracle)
    {
        var random = new Random(4493);
        for (int length = 0; length <= 700; length += length < 100 ? 1 : 13)
        {
            var messages = new List<UnitHarness.Message>();
            foreach (int keyLength in keyLengths)
            {
                foreach (int before in (int[])[0, 8, random.Next(1, CryptoJob.PrefixLengthMax + 1)])
                {
                    messages.Add(new(Bytes(random, keyLength), [], Bytes(random, before), Bytes(random, length)));
                }
            }

            Check(unit, messages, oracle);
            Check(unit, [messages[length % messages.Count]], oracle);
        }
    }

    /// <summary>Every length in bits through three blocks; the bits behind the message are not all zero.</summary>
    public static void EveryBitLength(CryptoUnit unit, int[] keyLengths, Oracle oracle)
    {
        var random = new Random(33401);
        var messages = new List<UnitHarness.Message>();
        for (int bits = 0; bits <= 390; bits++)
        {
            byte[] data = Bytes(random, (bits + 7) / 8);
            byte[] before = Bytes(random, bits % 3 == 0 ? 8 : bits % 3 == 1 ? 0 : random.Next(17));
            messages.Add(new(Bytes(random, keyLengths[bits % keyLengths.Length]), [], before, data) { BitLength = bits });
        }

        Check(unit, messages, oracle);
    }

    /// <summary>Batches of 1 to 64 messages of mixed lengths and keys.</summary>
    public static void MixedBatches(CryptoUnit unit, int[] keyLengths, int longest, Oracle oracle)
    {
        var random = new Random(38);
        byte[][] keys = [.. Enumerable.Range(0, 7).Select(i => Bytes(random, keyLengths[i % keyLengths.Length]))];
        for (int count = 1; count <= CryptoUnit.JobMax; count += count < 40 ? 1 : 3)
        {
            int keyCount = count % 3 == 0 ? 1 : keys.Length;
            Check(
                unit,
                [.. Enumerable.Range(0, count).Select(i => new UnitHarness.Message(
                    keys[random.Next(keyCount)],
                    [],
                    Bytes(random, count % 2 == 0 ? 8 : random.Next(17)),
                    Bytes(random, random.Next(i % 16 == 5 ? longest : 300))))],
                oracle);
        }
    }

    /// <summary>Batches of messages that have one key and one length.</summary>
    public static void LevelBatches(CryptoUnit unit, int[] keyLengths, Oracle oracle)
    {
        var random = new Random(39);
        for (int length = 0; length <= 2000; length += length < 70 ? 1 : 97)
        {
            byte[] key = Bytes(random, keyLengths[length % keyLengths.Length]);
            int before = length % 3 == 0 ? 0 : length % 3 == 1 ? 8 : random.Next(1, CryptoJob.PrefixLengthMax + 1);
            int count = length % 4 == 0 ? CryptoUnit.JobMax : random.Next(2, CryptoUnit.JobMax), bits = (8 * length) - random.Next(8);
            Check(
                unit,
                [.. Enumerable.Range(0, count).Select(_ => new UnitHarness.Message(
                    key, [], Bytes(random, before), Bytes(random, length))
                {
                    BitLength = Math.Max(0, length % 5 == 0 ? bits : 8 * length),
                })],
                oracle);
        }
    }

    private static void Check(CryptoUnit unit, List<UnitHarness.Message> messages, Oracle oracle)
    {
        UnitHarness.Result[] results = UnitHarness.Run(unit, [.. messages]);
        for (int i = 0; i < results.Length; i++)
        {
            UnitHarness.Message message = messages[i];
            int bits = message.BitLength ?? (8 * message.Data.Length);
            Assert.True(
                oracle(message.Key, message.Aad, message.Data, bits).AsSpan().SequenceEqual(results[i].Code.AsSpan(0, 16)),
                $"message {i} of {results.Length}: {message.Aad.Length} bytes and {bits} bits, key of {message.Key.Length}");
            Assert.Equal(message.Data, results[i].Output);
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
