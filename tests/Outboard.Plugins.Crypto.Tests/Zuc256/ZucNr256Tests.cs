using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Zuc256;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Plugins.Crypto.Tests.Zuc;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Zuc256;

/// <summary>NEA6, NIA6 and NCA6.</summary>
public class ZucNr256Tests
{
    public static TheoryData<SimdWidth> Widths => UnitHarness.Widths;

    [Theory, MemberData(nameof(Widths))]
    public void ThePublishedAnswersHold(SimdWidth width)
    {
        using var store = new KeyStore();
        foreach (CryptoUnit unit in (CryptoUnit[])[Nea6(width), Nia6(width), Nca6(width)])
        {
            Assert.Null(unit.SelfTest(new UnitSelfTest(store, probe: null)));
            Assert.NotNull(unit.SelfTest(new UnitSelfTest(store, (_, result) => result[0] ^= 1)));
        }
    }

    // intel-ipsec-mb, zuc_nca6_test.json, cases 1 and 5: nothing at all, and associated data alone.
    [Theory, MemberData(nameof(Widths))]
    public void AnAeadOfNoMessageHasTheCodeOfItsAssociatedData(SimdWidth width)
    {
        UnitHarness.Result[] results = UnitHarness.Run(
            Nca6(width),
            new UnitHarness.Message(new byte[32], Convert.FromHexString("24000000000000000000000000000000"), [], []),
            new UnitHarness.Message(
                Convert.FromHexString("8000000000000000000000000000010100000000000000000000000000000008"),
                Convert.FromHexString("44000000000000000000000100000000"),
                Convert.FromHexString("0102030405060708090A0B0C0D0E0F101112131415"),
                []));
        Assert.Equal("E0A47185", Convert.ToHexString(results[0].Code, 0, 4));
        Assert.Equal("6D08A4D31755462A", Convert.ToHexString(results[1].Code, 0, 8));
    }

    [Theory, MemberData(nameof(Widths))]
    public void Nea6AgreesWithTheModel(SimdWidth width)
    {
        var random = new Random(61);
        UnitHarness.Message[] messages =
        [
            .. Enumerable.Range(0, 600).Select(bits => Random(random, bits, 0)),
            .. Enumerable.Range(0, 40).Select(_ => Random(random, random.Next(72001), 0)),
        ];
        UnitHarness.Result[] results = UnitHarness.Run(Nea6(width), messages);
        for (int i = 0; i < messages.Length; i++)
        {
            UnitHarness.Message message = messages[i];
            byte[] stream = Zuc256Model.Keystream(message.Key, message.Iv, message.Data.Length);
            Assert.Equal(ZucModel.Encrypt(stream, message.Data, message.BitLength!.Value), results[i].Output);
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Nia6AgreesWithTheModel(SimdWidth width)
    {
        var random = new Random(62);
        UnitHarness.Message[] messages =
        [
            .. Enumerable.Range(0, 600).Select(bits => Random(random, bits, 0)),
            .. Enumerable.Range(0, 17 * 8).Select(i => Random(random, random.Next(300), i % 17)),
            .. Enumerable.Range(0, 17).Select(i => Random(random, 0, i)),
            .. Enumerable.Range(0, 10).Select(_ => Random(random, random.Next(72001), 0)),
        ];
        UnitHarness.Result[] results = UnitHarness.Run(Nia6(width), messages);
        for (int i = 0; i < messages.Length; i++)
        {
            UnitHarness.Message message = messages[i];
            byte[] expected = Zuc256Model.Authenticate(
                message.Key, message.Iv, [.. message.Aad, .. message.Data], message.BitLength!.Value + (8 * message.Aad.Length));
            Assert.Equal(expected, results[i].Code[..16]);
            Assert.Equal(message.Data, results[i].Output);
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Nca6AgreesWithTheModelInBothDirections(SimdWidth width)
    {
        var random = new Random(63);
        UnitHarness.Message[] messages =
        [
            .. Enumerable.Range(0, 700).Select(bytes => Random(random, bytes * 8, random.Next(80))),
            .. Enumerable.Range(0, 10).Select(_ => Random(random, random.Next(9001) * 8, random.Next(1000))),
        ];
        UnitHarness.Message[] sealedMessages = new UnitHarness.Message[messages.Length];
        byte[][] codes = new byte[messages.Length][];
        for (int i = 0; i < messages.Length; i++)
        {
            messages[i] = messages[i] with { OutOfPlace = random.Next(2) == 0 };
            (byte[] ciphertext, codes[i]) = Zuc256Model.Seal(messages[i].Key, messages[i].Iv, messages[i].Aad, messages[i].Data);
            sealedMessages[i] = messages[i] with { Data = ciphertext, Encrypt = false, OutOfPlace = random.Next(2) == 0 };
        }

        UnitHarness.Result[] results = UnitHarness.Run(Nca6(width), [.. messages, .. sealedMessages]);
        for (int i = 0; i < messages.Length; i++)
        {
            Assert.Equal(sealedMessages[i].Data, results[i].Output);
            Assert.Equal(codes[i], results[i].Code[..16]);
            Assert.Equal(messages[i].Data, results[messages.Length + i].Output);
            Assert.Equal(codes[i], results[messages.Length + i].Code[..16]);
        }
    }

    private static CryptoUnit Nea6(SimdWidth width) => UnitHarness.Make(width, selector => ZucNea6Unit.Build(selector, emit: false));

    private static CryptoUnit Nia6(SimdWidth width) => UnitHarness.Make(width, selector => ZucNia6Unit.Build(selector, emit: false));

    private static CryptoUnit Nca6(SimdWidth width) => UnitHarness.Make(width, selector => ZucNca6Unit.Build(selector, emit: false));

    private static UnitHarness.Message Random(Random random, int bits, int aad)
    {
        byte[] key = new byte[32], iv = new byte[16], before = new byte[aad], data = new byte[(bits + 7) / 8];
        random.NextBytes(key);
        random.NextBytes(iv);
        random.NextBytes(before);
        random.NextBytes(data);
        return new UnitHarness.Message(key, iv, before, data) { BitLength = bits };
    }
}
