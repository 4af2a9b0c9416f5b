using System.Buffers.Binary;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Sha;
using Outboard.Plugins.Crypto.Kernels.TlsCbc;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.TlsCbc;

/// <summary>Openers of CBC fragments against one that asks straight out, byte by byte and in any time (RFC 5246 6.2.3.2).</summary>
public sealed class TlsCbcTests
{
    public static TheoryData<string, SimdWidth> Cases
    {
        get
        {
            var cases = new TheoryData<string, SimdWidth>();
            foreach (string name in (string[])["sha1", "sha256", "sha384"])
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
        CryptoUnit unit = Make(name, width);
        Assert.Null(unit.SelfTest(new UnitSelfTest(store, null)));
        Assert.NotNull(unit.SelfTest(new UnitSelfTest(store, (_, bytes) => bytes[4] ^= 0xff)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryPaddingLengthIsTaken(string name, SimdWidth width)
    {
        var random = new Random(5246);
        foreach (int contentLength in (int[])[0, 1, 42, 51, 115, 300, 1400])
        {
            UnitHarness.Message[] messages =
                [.. Enumerable.Range(0, 256).Select(padding => Sealed(name, random, contentLength, padding))];
            Assert.All(Compare(name, width, messages), isGood => Assert.True(isGood));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryContentLengthIsTaken(string name, SimdWidth width)
    {
        var random = new Random(2246);
        UnitHarness.Message[] messages =
            [.. Enumerable.Range(0, 600).Select(length => Sealed(name, random, length, random.Next(2) * random.Next(256)))];
        Assert.All(Compare(name, width, messages), isGood => Assert.True(isGood));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryBitMatters(string name, SimdWidth width)
    {
        var random = new Random(4346);
        foreach ((int contentLength, int padding) in ((int, int)[])[(5, 6), (45, 255), (130, 0), (33, 40)])
        {
            UnitHarness.Message message = Sealed(name, random, contentLength, padding);
            UnitHarness.Message[] spoiled = [.. Enumerable.Range(0, message.Data.Length * 8).Select(bit => message with { Data = Flipped(message.Data, bit) })];
            Assert.All(Compare(name, width, spoiled), isGood => Assert.False(isGood));

            // The header is authentic too, but for its length; so is the key.
            UnitHarness.Message[] headers = [.. Enumerable.Range(0, 11 * 8).Select(bit => message with { Aad = Flipped(message.Aad, bit) })];
            Assert.All(Compare(name, width, headers), isGood => Assert.False(isGood));
            Assert.Equal([false, true], Compare(name, width, message with { Key = Flipped(message.Key, 9) }, message with { Aad = Flipped(message.Aad, 100) }));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryPaddingByteMatters(string name, SimdWidth width)
    {
        // The MAC is right, and one byte of the longest padding is not.
        var random = new Random(7457);
        UnitHarness.Message message = Sealed(name, random, 20, 255);
        UnitHarness.Message[] spoiled = [.. Enumerable.Range(1, 255).Select(back => message with { Data = Flipped(message.Data, ((message.Data.Length - 1 - back) * 8) + (back & 7)) })];
        Assert.All(Compare(name, width, spoiled), isGood => Assert.False(isGood));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void APaddingLengthThatReachesIntoOrOverTheMacIsRefused(string name, SimdWidth width)
    {
        // Every fragment of up to 400 bytes that is padding all over: no MAC is left, or one that is wrong.
        var messages = new List<UnitHarness.Message>();
        var random = new Random(13);
        for (int length = 0; length < 400; length++)
        {
            byte padding = (byte)(length < 40 ? 0 : random.Next(256));
            messages.Add(new UnitHarness.Message(Bytes(random, 20), [], Bytes(random, 13), [.. Enumerable.Repeat(padding, length)], Encrypt: false));
            messages.Add(messages[^1] with { Data = [.. Enumerable.Repeat((byte)Math.Max(0, length - 1), length)] });
        }

        Assert.All(Compare(name, width, [.. messages]), isGood => Assert.False(isGood));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MixedBurstsAgree(string name, SimdWidth width)
    {
        var random = new Random(1113);
        int good = 0, bad = 0;
        for (int round = 0; round < 40; round++)
        {
            int count = 1 + random.Next(CryptoUnit.JobMax);
            var messages = new UnitHarness.Message[count];
            for (int i = 0; i < count; i++)
            {
                messages[i] = Sealed(name, random, random.Next(round % 8 == 0 ? 9000 : 500), random.Next(256));
                if (random.Next(3) == 0)
                {
                    messages[i] = messages[i] with { Data = Flipped(messages[i].Data, random.Next(messages[i].Data.Length * 8)) };
                }
                else if (random.Next(6) == 0)
                {
                    messages[i] = messages[i] with { Data = messages[i].Data[..random.Next(messages[i].Data.Length)] };
                }
            }

            foreach (bool isGood in Compare(name, width, messages))
            {
                good += isGood ? 1 : 0;
                bad += isGood ? 0 : 1;
            }
        }

        Assert.True(good > 100 && bad > 100, $"{good} good and {bad} bad");
    }

    private static bool[] Compare(string name, SimdWidth width, params UnitHarness.Message[] messages)
    {
        UnitHarness.Result[] results = UnitHarness.Run(Make(name, width), messages);
        var good = new bool[messages.Length];
        for (int i = 0; i < messages.Length; i++)
        {
            int length = Open(name, messages[i]);
            good[i] = length >= 0;
            byte[] expected = new byte[CryptoJob.CodeRoom];
            BinaryPrimitives.WriteInt32LittleEndian(expected, Math.Max(0, length));
            expected[4] = (byte)(good[i] ? 0xff : 0);
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(results[i].Code));
            Assert.Equal(messages[i].Data, results[i].Output);
        }

        return good;
    }

    // The length of the content, or -1.
    private static int Open(string name, UnitHarness.Message message)
    {
        byte[] fragment = message.Data;
        int macLength = Mac(name, [], []).Length;
        if (fragment.Length < macLength + 1)
        {
            return -1;
        }

        int padding = fragment[^1];
        int content = fragment.Length - macLength - 1 - padding;
        if (content < 0)
        {
            return -1;
        }

        for (int i = 0; i <= padding; i++)
        {
            if (fragment[fragment.Length - 1 - i] != padding)
            {
                return -1;
            }
        }

        byte[] mac = Mac(name, message.Key, [.. message.Aad[..11], (byte)(content >> 8), (byte)content, .. fragment[..content]]);
        return mac.AsSpan().SequenceEqual(fragment.AsSpan(content, macLength)) ? content : -1;
    }

    private static UnitHarness.Message Sealed(string name, Random random, int contentLength, int padding)
    {
        byte[] key = Bytes(random, 20 + random.Next(30));
        byte[] header = Bytes(random, 13);
        byte[] content = Bytes(random, contentLength);
        byte[] mac = Mac(name, key, [.. header[..11], (byte)(contentLength >> 8), (byte)contentLength, .. content]);
        return new UnitHarness.Message(
            key, [], header, [.. content, .. mac, .. Enumerable.Repeat((byte)padding, padding + 1)], Encrypt: false);
    }

    private static byte[] Mac(string name, byte[] key, byte[] data) =>
        CryptographicOperations.HmacData(new HashAlgorithmName(name.ToUpperInvariant()), key, data);

    private static CryptoUnit Make(string name, SimdWidth width) =>
        UnitHarness.Make(width, selector => TlsCbcUnit.Build(selector, emit: false, Variant(name)));

    private static HashVariant Variant(string name) =>
        name switch
        {
            "sha1" => HashVariant.Sha1,
            "sha256" => HashVariant.Sha256,
            _ => HashVariant.Sha384,
        };

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
