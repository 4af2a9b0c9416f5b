using Outboard.Plugins.Mana.Kernels.Checksum;
using Outboard.Plugins.Mana.Tests.Support;
using Outboard.Simd;
using Outboard.Testing;

namespace Outboard.Plugins.Mana.Tests.Kernels;

public sealed unsafe class ChecksumKernelTests
{
    [Fact]
    public void EveryWidthAgreesWithTheLetterOfRfc1071AtEveryLength()
    {
        const int Longest = 3 * 64 + 17;
        using var memory = new GuardedMemory(Longest);
        var random = new Random(1071);
        for (int length = 0; length <= Longest; length++)
        {
            Span<byte> data = memory.AtEnd(length);
            random.NextBytes(data);
            AssertAll(data);
            data.Fill(0xFF);
            AssertAll(data);
            data.Clear();
            AssertAll(data);
        }
    }

    [Fact]
    public void LongDataDoesNotOverflowALane()
    {
        byte[] data = new byte[1 << 20];
        data.AsSpan().Fill(0xFF);
        AssertAll(data);
        new Random(2).NextBytes(data);
        AssertAll(data);
    }

    /// <summary>RFC 1071 section 3: bytes 00 01 f2 03 f4 f5 f6 f7 add up to ddf2.</summary>
    [Fact]
    public void TheExampleOfRfc1071IsMet()
    {
        byte[] data = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        Assert.Equal(0xf2dd, ChecksumMath.Fold(ChecksumScalar.Sum(ref data[0], 8)));
        AssertAll(data);
    }

    [Fact]
    public void TheTableIsChosenFromByTheCap()
    {
        foreach (SimdWidth width in (SimdWidth[])[SimdWidth.Scalar, SimdWidth.V128, SimdWidth.V256, SimdWidth.V512])
        {
            var policy = new SimdPolicy();
            policy.Set((int)width);
            KernelChoice choice = ChecksumKernels.Choose(new SimdSelector(policy));
            Assert.True(choice.Width <= width);
            Assert.Equal("internet-checksum", choice.Operation);
        }
    }

    private static void AssertAll(ReadOnlySpan<byte> data)
    {
        ushort expected = (ushort)~Frames.Checksum(data);
        AssertOne<ChecksumScalar>(data, expected);
        AssertOne<ChecksumVector128>(data, expected);
        AssertOne<ChecksumVector256>(data, expected);
        AssertOne<ChecksumVector512>(data, expected);
    }

    private static void AssertOne<TKernel>(ReadOnlySpan<byte> data, ushort expected)
        where TKernel : struct, IChecksumKernel
    {
        if (!TKernel.IsSupported)
        {
            return;
        }

        ushort actual;
        fixed (byte* p = data)
        {
            byte none = 0;
            actual = ChecksumMath.Fold(TKernel.Sum(ref data.IsEmpty ? ref none : ref *p, (nuint)data.Length));
        }

        actual = (ushort)((actual >> 8) | (actual << 8));

        // Zero has two forms in ones' complement.
        Assert.True(actual == expected || (actual % 0xFFFF == 0 && expected % 0xFFFF == 0),
            $"{TKernel.Name}: {actual:x4} instead of {expected:x4} at length {data.Length}");
    }
}
