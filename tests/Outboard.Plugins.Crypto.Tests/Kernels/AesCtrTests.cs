using System.Buffers.Binary;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Tests.Keys;

namespace Outboard.Plugins.Crypto.Tests.Kernels;

public sealed class AesCtrTests
{
    private const int LengthMax = 300;

    public static TheoryData<KernelSet> Kernels => KernelSet.All;

    // SP 800-38A F.5.1, F.5.3, F.5.5: CTR-AES128, CTR-AES192, CTR-AES256.
    [Theory]
    [MemberData(nameof(Kernels))]
    public void GivesTheKnownAnswersOfTheStandard(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        byte[] plaintext = Convert.FromHexString(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
        (string Key, string Ciphertext)[] cases =
        [
            ("2b7e151628aed2a6abf7158809cf4f3c",
                "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
                + "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee"),
            ("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
                "1abc932417521ca24f2b0459fe7e6e0b090339ec0aa6faefd5ccc2c6f4ce8e94"
                + "1e36b26bd1ebc670d1bd1d665620abf74f78a7f6d29809585a97daec58c6b050"),
            ("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
                + "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6"),
        ];
        foreach ((string key, string ciphertext) in cases)
        {
            using var holder = new KeyHolder(Convert.FromHexString(key));
            byte[] counter = Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
            byte[] output = new byte[plaintext.Length];
            kernel.Ctr(ref holder.Key, counter, plaintext, output);
            Assert.Equal(ciphertext, Convert.ToHexStringLower(output));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryLengthAgreesWithTheFrameworkBetweenUnreadablePages(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        var random = new Random(38);
        using var source = new GuardedBuffer(LengthMax);
        using var destination = new GuardedBuffer(LengthMax);
        foreach (int keyLength in (int[])[16, 24, 32])
        {
            byte[] key = new byte[keyLength];
            random.NextBytes(key);
            using var holder = new KeyHolder(key);
            for (int length = 0; length <= LengthMax; length++)
            {
                byte[] start = new byte[16];
                random.NextBytes(start);
                Span<byte> input = source.AtEnd(length), output = destination.AtEnd(length);
                random.NextBytes(input);
                byte[] expected = Reference(key, start, input);
                byte[] counter = [.. start];
                kernel.Ctr(ref holder.Key, counter, input, output);
                Assert.Equal(expected, output.ToArray());
                Assert.Equal(Advanced(start, (length + 15) / 16), counter);

                // In place, at the other end.
                Span<byte> same = source.AtStart(length);
                byte[] plain = new byte[length];
                random.NextBytes(plain);
                plain.CopyTo(same);
                counter = [.. start];
                kernel.Ctr(ref holder.Key, counter, same, same);
                Assert.Equal(Reference(key, start, plain), same.ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void TheCounterCarriesThroughAllItsBytes(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        byte[] key = Convert.FromHexString("000102030405060708090a0b0c0d0e0f");
        using var holder = new KeyHolder(key);
        foreach (string start in (string[])
            ["ffffffffffffffffffffffffffffffff", "fffffffffffffffffffffffffffffff0", "00112233445566ffffffffffffffffff",
            "0011223344556677fffffffffffffff9", "0011223344556677ffffffffffffff00", "00112233445566778899aabbffffffff"])
        {
            for (int length = 0; length <= 700; length += 7)
            {
                byte[] input = new byte[length];
                byte[] output = new byte[length];
                byte[] counter = Convert.FromHexString(start);
                kernel.Ctr(ref holder.Key, counter, input, output);
                Assert.Equal(Reference(key, Convert.FromHexString(start), input), output);
                Assert.Equal(Advanced(Convert.FromHexString(start), (length + 15) / 16), counter);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void TheShortCounterWrapsInItsFourBytes(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        byte[] key = Convert.FromHexString("000102030405060708090a0b0c0d0e0f");
        using var holder = new KeyHolder(key);
        for (int before = 0; before < 12; before++)
        {
            byte[] counter = Convert.FromHexString("00112233445566778899aabbffffffff");
            counter[15] -= (byte)before;
            byte[] expected = new byte[512];
            for (int block = 0; block < 32; block++)
            {
                byte[] one = [.. counter];
                uint count = BinaryPrimitives.ReadUInt32BigEndian(one.AsSpan(12)) + (uint)block;
                BinaryPrimitives.WriteUInt32BigEndian(one.AsSpan(12), count);
                Reference(key, one, new byte[16]).CopyTo(expected, 16 * block);
            }

            byte[] output = new byte[512];
            kernel.Ctr32(ref holder.Key, counter, new byte[512], output);
            Assert.Equal(expected, output);
            Assert.Equal((uint)(32 - 1 - before), BinaryPrimitives.ReadUInt32BigEndian(counter.AsSpan(12)));
        }
    }

    internal static byte[] Reference(byte[] key, byte[] counter, ReadOnlySpan<byte> data)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        byte[] blocks = new byte[(data.Length + 15) / 16 * 16];
        for (int i = 0; i < blocks.Length; i += 16)
        {
            Advanced(counter, i / 16).CopyTo(blocks, i);
        }

        byte[] keystream = aes.EncryptEcb(blocks, PaddingMode.None);
        byte[] result = new byte[data.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (byte)(data[i] ^ keystream[i]);
        }

        return result;
    }

    private static byte[] Advanced(byte[] counter, int blocks)
    {
        UInt128 value = BinaryPrimitives.ReadUInt128BigEndian(counter) + (uint)blocks;
        byte[] result = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(result, value);
        return result;
    }
}
