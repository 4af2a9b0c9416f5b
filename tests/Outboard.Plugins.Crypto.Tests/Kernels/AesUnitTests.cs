using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.AesGcm;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Plugins.Crypto.Tests.Vectors;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Kernels;

/// <summary>Counter mode, GCM and GMAC of whole messages at every width, with and without emitted code, against BouncyCastle.</summary>
public sealed class AesUnitTests
{
    private const string Ctr = "aes-ctr";
    private const string Gcm = "aes-gcm";
    private const string Gmac = "aes-gmac";

    private static readonly int[] s_keyLengths = [16, 24, 32];
    private static readonly int[] s_ivLengths = [12, 12, 12, 0, 1, 8, 16, 60, 128];
    private static readonly int[] s_associatedLengths = [0, 1, 12, 13, 16, 17, 20, 32, 33, 64, 256, 700];

    public static TheoryData<string, SimdWidth, bool> Units
    {
        get
        {
            var data = new TheoryData<string, SimdWidth, bool>();
            foreach (string operation in (string[])[Ctr, Gcm, Gmac])
            {
                foreach (SimdWidth width in (SimdWidth[])[SimdWidth.Scalar, SimdWidth.V128, SimdWidth.V256, SimdWidth.V512])
                {
                    data.Add(operation, width, false);
                    if (width >= SimdWidth.V256)
                    {
                        data.Add(operation, width, true);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void KnownAnswersAreGiven(string operation, SimdWidth width, bool emit)
    {
        CryptoUnit unit = Make(operation, width, emit);
        using var store = new KeyStore();
        Assert.Null(unit.SelfTest(new UnitSelfTest(store, probe: null)));
        Assert.Equal(width, unit.Choice.Width);
        Assert.Equal(emit, unit.Choice.Kernel.Contains("emitted", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void PublishedAnswersAreGiven(string operation, SimdWidth width, bool emit)
    {
        if (operation == Gmac)
        {
            return;
        }

        CryptoUnit unit = Make(operation, width, emit);
        foreach (KnownAnswer answer in KnownAnswers.Read(operation + ".txt"))
        {
            byte[] iv = answer.Bytes(operation == Ctr ? "counter" : "iv"), aad = operation == Ctr ? [] : answer.Bytes("aad");
            var encrypt = new UnitHarness.Message(answer.Bytes("key"), iv, aad, answer.Bytes("plaintext"));
            var decrypt = new UnitHarness.Message(answer.Bytes("key"), iv, aad, answer.Bytes("ciphertext"), Encrypt: false);
            UnitHarness.Result[] results = UnitHarness.Run(unit, encrypt, decrypt);
            Assert.Equal(answer.Bytes("ciphertext"), results[0].Output);
            Assert.Equal(answer.Bytes("plaintext"), results[1].Output);
            if (operation == Gcm)
            {
                Assert.Equal(answer.Bytes("tag"), results[0].Code[..16]);
                Assert.Equal(answer.Bytes("tag"), results[1].Code[..16]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void EveryLengthAgreesWithAnotherImplementation(string operation, SimdWidth width, bool emit)
    {
        CryptoUnit unit = Make(operation, width, emit);
        var random = new Random(7);
        IEnumerable<int> lengths = Enumerable.Range(0, 700).Concat([1023, 1024, 1025, 1420, 1536, 2047, 2048, 2049, 4097, 8192, 9000]);
        Compare(unit, operation, [.. lengths.Select(length => Random(random, operation, length))]);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void MixedBurstsAgreeWithAnotherImplementation(string operation, SimdWidth width, bool emit)
    {
        CryptoUnit unit = Make(operation, width, emit);
        var random = new Random(8);
        for (int i = 0; i < 12; i++)
        {
            UnitHarness.Message[] burst = [.. Enumerable.Range(0, random.Next(1, CryptoUnit.JobMax + 1))
                .Select(_ => Random(random, operation, random.Next(8) == 0 ? random.Next(9000) : random.Next(600)))];
            Compare(unit, operation, burst);
        }
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void CountersWrapAsTheStandardSays(string operation, SimdWidth width, bool emit)
    {
        if (operation == Gmac)
        {
            return;
        }

        // Counter mode carries into all sixteen bytes, GCM into the last four only.
        CryptoUnit unit = Make(operation, width, emit);
        var random = new Random(9);
        var messages = new List<UnitHarness.Message>();
        for (int before = 0; before < 40; before++)
        {
            byte[] iv = Bytes(random, 16);
            iv.AsSpan(operation == Ctr ? before % 2 * 8 : 12).Fill(0xFF);
            iv[15] = (byte)(255 - before);
            messages.Add(new UnitHarness.Message(Bytes(random, 16), iv, [], Bytes(random, 700)));
        }

        if (operation == Ctr)
        {
            Compare(unit, operation, [.. messages]);
            return;
        }

        // Nobody else takes a ready counter block: the keystream is that of single blocks.
        UnitHarness.Result[] results = UnitHarness.Run(new ReadyCounter(unit), [.. messages]);
        for (int i = 0; i < results.Length; i++)
        {
            byte[] expected = [.. messages[i].Data];
            byte[] counter = [.. messages[i].Iv];
            var aes = new AesEngine();
            aes.Init(forEncryption: true, new KeyParameter(messages[i].Key));
            for (int at = 0; at < expected.Length; at += 16)
            {
                uint number = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(counter.AsSpan(12)) + 1;
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(counter.AsSpan(12), number);
                byte[] stream = new byte[16];
                aes.ProcessBlock(counter, 0, stream, 0);
                for (int j = 0; j < 16 && at + j < expected.Length; j++)
                {
                    expected[at + j] ^= stream[j];
                }
            }

            Assert.Equal(expected, results[i].Output);
        }
    }

    private static CryptoUnit Make(string operation, SimdWidth width, bool emit)
    {
        Assert.SkipWhen(emit && Plugins.Crypto.Kernels.Emitted.EmittedCode.Obstacle is not null, "no emitted code here");
        return UnitHarness.Make(width, selector => operation switch
        {
            Ctr => AesCtrUnit.Build(selector, emit),
            Gcm => AesGcmUnit.Build(selector, emit),
            _ => AesGmacUnit.Build(selector, emit),
        });
    }

    private static UnitHarness.Message Random(Random random, string operation, int length)
    {
        byte[] key = Bytes(random, s_keyLengths[random.Next(3)]);
        bool encrypt = random.Next(2) == 0, outOfPlace = random.Next(2) == 0;
        int ivLength = operation == Ctr ? random.Next(2) == 0 ? 12 : 16 : s_ivLengths[random.Next(s_ivLengths.Length)];
        int associated = operation switch
        {
            Ctr => 0,
            Gmac => random.Next(CryptoJob.PrefixLengthMax + 1),
            _ => s_associatedLengths[random.Next(s_associatedLengths.Length)],
        };
        return new UnitHarness.Message(key, Bytes(random, ivLength == 0 ? 12 : ivLength), Bytes(random, associated), Bytes(random, length), encrypt)
        {
            OutOfPlace = outOfPlace,
        };
    }

    private static void Compare(CryptoUnit unit, string operation, params UnitHarness.Message[] messages)
    {
        UnitHarness.Result[] results = UnitHarness.Run(unit, messages);
        for (int i = 0; i < messages.Length; i++)
        {
            UnitHarness.Message message = messages[i];
            string what = $"{operation}: message {i}, {message.Data.Length} bytes, key {message.Key.Length}, iv {message.Iv.Length}, "
                + $"associated {message.Aad.Length}, encrypt {message.Encrypt}";
            (byte[] output, byte[] code) = Expect(operation, message);
            Assert.True(operation == Gmac || output.AsSpan().SequenceEqual(results[i].Output), what);
            Assert.True(code.AsSpan().SequenceEqual(results[i].Code.AsSpan(0, code.Length)), what + ", code");
        }
    }

    private static (byte[] Output, byte[] Code) Expect(string operation, UnitHarness.Message message)
    {
        switch (operation)
        {
            case Ctr:
                byte[] counter = message.Iv.Length == 16 ? message.Iv : [.. message.Iv, 0, 0, 0, 1];
                var ctr = new BufferedBlockCipher(new SicBlockCipher(new AesEngine()));
                ctr.Init(forEncryption: true, new ParametersWithIV(new KeyParameter(message.Key), counter));
                return (message.Data.Length == 0 ? [] : ctr.DoFinal(message.Data), []);
            case Gmac:
                var gmac = new GMac(new GcmBlockCipher(new AesEngine()));
                gmac.Init(new ParametersWithIV(new KeyParameter(message.Key), message.Iv));
                gmac.BlockUpdate(message.Aad, 0, message.Aad.Length);
                gmac.BlockUpdate(message.Data, 0, message.Data.Length);
                byte[] tag = new byte[16];
                gmac.DoFinal(tag, 0);
                return ([], tag);
            default:
                // The tag is over the ciphertext either way: of what is to be decrypted it is made by encrypting the result again.
                byte[] data = message.Data;
                if (!message.Encrypt)
                {
                    data = Seal(message, data)[..data.Length];
                    data = [.. data];
                }

                byte[] sealedBytes = Seal(message, message.Encrypt ? message.Data : data);
                return (message.Encrypt ? sealedBytes[..message.Data.Length] : data, sealedBytes[message.Data.Length..]);
        }
    }

    private static byte[] Seal(UnitHarness.Message message, byte[] data)
    {
        var gcm = new GcmBlockCipher(new AesEngine());
        gcm.Init(forEncryption: true, new AeadParameters(new KeyParameter(message.Key), 128, message.Iv, message.Aad));
        byte[] output = new byte[gcm.GetOutputSize(data.Length)];
        int written = gcm.ProcessBytes(data, 0, data.Length, output, 0);
        gcm.DoFinal(output, written);
        return output;
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A unit that is given IVs of sixteen bytes as ready counter blocks.</summary>
    private sealed unsafe class ReadyCounter(CryptoUnit unit) : CryptoUnit(unit.Choice)
    {
        public override int KeyLength => unit.KeyLength;

        public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => unit.ExpandKey(key, expanded);

        public override void Run(CryptoJob* jobs, int count, byte* scratch)
        {
            for (int i = 0; i < count; i++)
            {
                jobs[i].IvLength = 0;
            }

            unit.Run(jobs, count, scratch);
        }

        public override string? SelfTest(UnitSelfTest test) => unit.SelfTest(test);
    }
}
