using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Kernels.AesBlock;

namespace Outboard.Plugins.Crypto.Tests.Keys;

public sealed class AesKeyScheduleTests
{
    // FIPS 197, Appendix A: the last four words of the expanded keys of A.1, A.2 and A.3.
    [Theory]
    [InlineData("2b7e151628aed2a6abf7158809cf4f3c", "d014f9a8c9ee2589e13f0cc8b6630ca6")]
    [InlineData("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "e98ba06f448c773c8ecc720401002202")]
    [InlineData("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "fe4890d1e6188d0b046df344706c631e")]
    public void LastRoundKeyIsThatOfTheStandard(string key, string expected)
    {
        using var holder = new KeyHolder(Convert.FromHexString(key));
        ReadOnlySpan<byte> roundKeys = MemoryMarshal.CreateReadOnlySpan(ref holder.Key.RoundKeys, 240);
        int last = 16 * holder.Key.RoundCount;
        Assert.Equal(expected, Convert.ToHexStringLower(roundKeys.Slice(last, 16)));
    }

    [Fact]
    public void SubstituteWordIsTheSboxOfTheStandardForEveryByte()
    {
        for (uint i = 0; i < 256; i++)
        {
            Assert.Equal(ReferenceSbox((byte)i), (byte)BitslicedAes.SubstituteWord(i));
            Assert.Equal(ReferenceSbox((byte)i), (byte)(BitslicedAes.SubstituteWord(i << 24) >> 24));
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    public void FourBlocksAgreeWithTheFramework(int keyLength)
    {
        var random = new Random(197);
        Span<byte> keyBytes = stackalloc byte[keyLength];
        Span<byte> blocks = stackalloc byte[64];
        for (int round = 0; round < 50; round++)
        {
            random.NextBytes(keyBytes);
            random.NextBytes(blocks);
            using var aes = Aes.Create();
            aes.Key = keyBytes.ToArray();
            byte[] expected = aes.EncryptEcb(blocks, PaddingMode.None);
            using var holder = new KeyHolder(keyBytes);
            BitslicedAes.EncryptFour(ref holder.Key, ref blocks[0]);
            Assert.Equal(expected, blocks.ToArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(20)]
    [InlineData(33)]
    public void OtherKeyLengthsAreRefused(int length) =>
        Assert.Throws<ArgumentException>(() => new KeyHolder(new byte[length]));

    // FIPS 197 5.1.1 by its definition: the inverse in GF(2^8), then the affine map.
    private static byte ReferenceSbox(byte value)
    {
        int inverse = 0;
        for (int candidate = 1; candidate < 256 && value != 0; candidate++)
        {
            if (Multiply(value, candidate) == 1)
            {
                inverse = candidate;
                break;
            }
        }

        int result = 0x63;
        for (int shift = 0; shift < 5; shift++)
        {
            result ^= ((inverse << shift) | (inverse >> (8 - shift))) & 0xFF;
        }

        return (byte)result;
    }

    private static int Multiply(int a, int b)
    {
        int product = 0;
        for (; b != 0; b >>= 1)
        {
            if ((b & 1) != 0)
            {
                product ^= a;
            }

            a <<= 1;
            if ((a & 0x100) != 0)
            {
                a ^= 0x11B;
            }
        }

        return product;
    }
}
