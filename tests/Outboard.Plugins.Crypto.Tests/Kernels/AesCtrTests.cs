using System.Buffers.Binary;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Tests.Keys;
using Outboard.Testing;

namespace Outboard.Plugins.Crypto.Tests.Kernels;

public sealed class AesCtrTests
{
    private const int LengthMax = 300;

    public static TheoryData<KernelSet> Kernels => KernelSet.All;

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryLengthAgreesWithTheFrameworkBetweenUnreadablePages(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        var random = new Random(38);
        using var source = new GuardedMemory(LengthMax);
        using var destination = new GuardedMemory(LengthMax);
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
