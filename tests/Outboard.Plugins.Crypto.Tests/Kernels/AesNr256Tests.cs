using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesNr256;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Plugins.Crypto.Tests.Zuc256;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Kernels;

/// <summary>NEA5, NIA5 and NCA5 at every width, against BouncyCastle's counter mode and a POLYVAL that is bit by bit.</summary>
public sealed class AesNr256Tests
{
    public static TheoryData<SimdWidth> Widths => UnitHarness.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void KnownAnswersAreGiven(SimdWidth width)
    {
        using var store = new KeyStore();
        foreach (Func<SimdSelector, bool, CryptoUnit> build in (Func<SimdSelector, bool, CryptoUnit>[])[AesNea5Unit.Build, AesNia5Unit.Build, AesNca5Unit.Build])
        {
            Assert.Null(UnitHarness.Make(width, selector => build(selector, false)).SelfTest(new UnitSelfTest(store, probe: null)));
            Assert.Null(UnitHarness.Make(width, selector => build(selector, width >= SimdWidth.V256)).SelfTest(new UnitSelfTest(store, probe: null)));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void BurstsAgreeWithTheModel(SimdWidth width)
    {
        CryptoUnit cipher = UnitHarness.Make(width, selector => AesNea5Unit.Build(selector, width >= SimdWidth.V256));
        CryptoUnit code = UnitHarness.Make(width, selector => AesNia5Unit.Build(selector, width >= SimdWidth.V256));
        CryptoUnit both = UnitHarness.Make(width, selector => AesNca5Unit.Build(selector, width >= SimdWidth.V256));
        var random = new Random(5);
        UnitHarness.Message[] messages = [.. Enumerable.Range(0, 150).Select(i => new UnitHarness.Message(
            Bytes(random, 32), Bytes(random, 16), Bytes(random, random.Next(17)), Bytes(random, i < 64 ? i : random.Next(900)), i % 3 != 0)
        {
            OutOfPlace = i % 2 == 0,
        })];
        UnitHarness.Result[] ciphers = UnitHarness.Run(cipher, messages);
        UnitHarness.Result[] codes = UnitHarness.Run(code, messages);
        UnitHarness.Result[] all = UnitHarness.Run(both, messages);
        for (int i = 0; i < messages.Length; i++)
        {
            UnitHarness.Message m = messages[i];
            byte[] output = Counter(m.Key, m.Iv, 0, m.Data), keys = Counter(m.Key, m.Iv, 1, new byte[48]), sealedBytes = m.Encrypt ? output : m.Data;
            byte[] whole = [.. m.Aad, .. m.Data];
            Assert.Equal(output, ciphers[i].Output);
            Assert.Equal(output, all[i].Output);
            Assert.Equal(Zuc256Model.Code(keys, [], whole, 0, 0, (ulong)whole.Length * 8, whole.Length * 8), codes[i].Code[..16]);
            Assert.Equal(
                Zuc256Model.Code(keys, m.Aad, sealedBytes, m.Aad.Length * 8, (ulong)m.Data.Length * 8, (ulong)m.Aad.Length * 8, m.Data.Length * 8),
                all[i].Code[..16]);
        }
    }

    private static byte[] Counter(byte[] key, byte[] iv, byte flag, byte[] data)
    {
        byte[] counter = [(byte)(iv[0] | flag), .. iv[1..12], 0, 0, 0, 0];
        var ctr = new BufferedBlockCipher(new SicBlockCipher(new AesEngine()));
        ctr.Init(forEncryption: true, new ParametersWithIV(new KeyParameter(key), counter));
        return data.Length == 0 ? [] : ctr.DoFinal(data);
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
