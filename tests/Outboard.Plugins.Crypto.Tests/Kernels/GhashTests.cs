using System.Buffers.Binary;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Tests.Keys;
using Outboard.Testing;

namespace Outboard.Plugins.Crypto.Tests.Kernels;

public sealed class GhashTests
{
    private const int BlocksMax = 80;

    public static TheoryData<KernelSet> Kernels => KernelSet.All;

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryBlockCountAgreesWithTheDefinitionBetweenUnreadablePages(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        var random = new Random(384);
        using var buffer = new GuardedMemory(BlocksMax * 16);
        byte[] key = new byte[16];
        random.NextBytes(key);
        using var holder = new KeyHolder(key);
        using var aes = Aes.Create();
        aes.Key = key;
        UInt128 hashKey = BinaryPrimitives.ReadUInt128BigEndian(aes.EncryptEcb(new byte[16], PaddingMode.None));
        for (int blocks = 0; blocks <= BlocksMax; blocks++)
        {
            foreach (bool end in (bool[])[true, false])
            {
                Span<byte> data = end ? buffer.AtEnd(blocks * 16) : buffer.AtStart(blocks * 16);
                random.NextBytes(data);
                byte[] hash = new byte[16];
                random.NextBytes(hash);
                UInt128 y = BinaryPrimitives.ReadUInt128BigEndian(hash);
                for (int i = 0; i < blocks; i++)
                {
                    y = Multiply(y ^ BinaryPrimitives.ReadUInt128BigEndian(data[(16 * i)..]), hashKey);
                }

                kernel.Ghash(ref holder.Key, hash, data);
                Assert.Equal(y, BinaryPrimitives.ReadUInt128BigEndian(hash));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void ExtremeBlocksAgreeWithTheDefinition(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        byte[] key = Convert.FromHexString("feffe9928665731c6d6a8f9467308308");
        using var holder = new KeyHolder(key);
        using var aes = Aes.Create();
        aes.Key = key;
        UInt128 hashKey = BinaryPrimitives.ReadUInt128BigEndian(aes.EncryptEcb(new byte[16], PaddingMode.None));
        for (int bit = 0; bit < 128; bit++)
        {
            byte[] data = new byte[16];
            data[bit / 8] = (byte)(0x80 >> (bit % 8));
            byte[] hash = new byte[16];
            kernel.Ghash(ref holder.Key, hash, data);
            Assert.Equal(
                Multiply(BinaryPrimitives.ReadUInt128BigEndian(data), hashKey), BinaryPrimitives.ReadUInt128BigEndian(hash));
        }

        byte[] ones = new byte[64 * 16];
        ones.AsSpan().Fill(0xFF);
        byte[] result = new byte[16];
        UInt128 y = 0;
        for (int i = 0; i < 64; i++)
        {
            y = Multiply(y ^ UInt128.MaxValue, hashKey);
        }

        kernel.Ghash(ref holder.Key, result, ones);
        Assert.Equal(y, BinaryPrimitives.ReadUInt128BigEndian(result));
    }

    // SP 800-38D 6.3, Algorithm 1, as it stands there.
    private static UInt128 Multiply(UInt128 x, UInt128 y)
    {
        UInt128 z = 0, v = y;
        UInt128 r = (UInt128)0xE1 << 120;
        for (int i = 0; i < 128; i++)
        {
            if (((x >> (127 - i)) & 1) != 0)
            {
                z ^= v;
            }

            v = (v & 1) == 0 ? v >> 1 : (v >> 1) ^ r;
        }

        return z;
    }
}
