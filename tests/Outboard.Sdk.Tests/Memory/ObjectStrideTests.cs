using System.Numerics;
using CsCheck;
using Outboard.Memory;

namespace Outboard.Sdk.Tests.Memory;

public sealed class ObjectStrideTests
{
    [Theory]
    [InlineData(1, 4, 64)]
    [InlineData(64, 4, 64)]
    [InlineData(65, 4, 192)]
    [InlineData(128, 4, 192)]
    [InlineData(256, 4, 320)]
    [InlineData(2048, 1, 2112)]
    [InlineData(2048, 4, 2112)]
    [InlineData(2048, 3, 2240)]
    [InlineData(2048, 6, 2240)]
    [InlineData(2048, 12, 2240)]
    [InlineData(2304, 1, 2368)]
    [InlineData(2304, 12, 2368)]
    [InlineData(2304, 37, 2496)]
    public void SpreadTakesTheSmallestOddCoprimeNumberOfLines(int size, int channels, int stride) =>
        Assert.Equal(stride, ObjectStride.Of(size, MempoolLayout.Spread, channels));

    [Theory]
    [InlineData(2048, 2048)]
    [InlineData(2049, 2112)]
    [InlineData(2304, 2304)]
    public void PackedOnlyRoundsToLines(int size, int stride) =>
        Assert.Equal(stride, ObjectStride.Of(size, MempoolLayout.Packed));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2368, 1)]
    [InlineData(4096, 1)]
    [InlineData(4097, 2)]
    public void PageTakesWholePages(int size, int pages)
    {
        Assert.SkipUnless(Environment.SystemPageSize == 4096, "pages are not 4 KiB here");
        Assert.Equal(pages * 4096, ObjectStride.Of(size, MempoolLayout.Page));
    }

    [Fact]
    public void NoSmallerStrideWouldDo() =>
        Gen.Select(Gen.Int[1, 10_000], Gen.Int[1, 16], Gen.Int[1, 8]).Sample(
            (size, channels, ranks) =>
            {
                int lines = ObjectStride.Of(size, MempoolLayout.Spread, channels, ranks) / 64;
                Assert.True(Fits(lines), $"{lines} lines for {size} bytes");
                for (int fewer = (size + 63) / 64; fewer < lines; fewer++)
                {
                    Assert.False(Fits(fewer), $"{fewer} lines would do for {size} bytes");
                }

                bool Fits(int n) => n * 64 >= size && n % 2 == 1
                    && BigInteger.GreatestCommonDivisor(n, (BigInteger)channels * ranks) == 1;
            },
            seed: "0000000000001",
            iter: 2000);

    [Fact]
    public void EvenChannelCountsAlwaysHaveAStride() =>
        Assert.All(Enumerable.Range(1, 64), n => Assert.True(ObjectStride.Of(2048, MempoolLayout.Spread, n, 2) >= 2048));

    [Theory]
    [InlineData(0, 4, 1)]
    [InlineData(64, 0, 1)]
    [InlineData(64, 4, 0)]
    public void WhatIsNotPositiveIsRefused(int size, int channels, int ranks) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ObjectStride.Of(size, MempoolLayout.Spread, channels, ranks));
}
