using Outboard.Mbufs;
using Outboard.Memory;

namespace Outboard.Sdk.Tests.Memory;

public sealed class SetHistogramTests
{
    private static readonly CacheLevel s_l1 = new(1, 64, 12, 64);
    private static readonly CacheLevel s_wide = new(1, 256, 4, 64);

    [Theory]
    [InlineData(2048, 2, 24, 8, 32)]
    [InlineData(2112, 64, 768, 256, 1024)]
    [InlineData(2368, 64, 768, 256, 1024)]
    [InlineData(2176, 32, 384, 128, 512)]
    [InlineData(2432, 32, 384, 128, 512)]
    [InlineData(2304, 16, 192, 64, 256)]
    [InlineData(4096, 1, 12, 4, 16)]
    public void StridesUseTheSetsThatArithmeticSays(int stride, int sets, int resident, int wideSets, int wideResident)
    {
        // Expected: sets = S / gcd(stride / 64, S), resident = sets * ways up to 1024; reference table, computed apart from this code.
        nint[] starts = [.. Enumerable.Range(0, 1024).Select(i => (nint)(0x7f00_0000_0000L + ((long)i * stride)))];
        SetHistogram l1 = SetHistogram.Of(starts, s_l1);
        SetHistogram wide = SetHistogram.Of(starts, s_wide);
        Assert.Equal((sets, resident), (l1.SetsUsed, l1.ResidentCount));
        Assert.Equal((wideSets, wideResident), (wide.SetsUsed, wide.ResidentCount));
        Assert.Equal(sets * 2 >= 64, l1.IsSpread);
        Assert.Equal(1024, l1.Counts.ToArray().Sum());
    }

    [Fact]
    public void TheDefaultMbufPoolStartsInEverySet()
    {
        using var pool = new MbufPool(new MbufPoolOptions { Count = 8191 });
        Assert.Equal(2368, pool.Mempool.Stride);
        CacheGeometry geometry = CacheGeometry.Read();
        foreach (CacheLevel level in new[] { geometry.L1Data, geometry.L2, s_l1, s_wide })
        {
            SetHistogram histogram = SetHistogram.Of(pool.Mempool, level);
            Assert.Equal(level.SetCount, histogram.SetsUsed);
            Assert.True(histogram.IsSpread);
            Assert.True(histogram.Max <= Math.Ceiling(histogram.Mean), $"{histogram.Max} against {histogram.Mean}");
        }

        SetHistogram l1 = SetHistogram.Of(pool.Mempool, s_l1, offset: 320);
        Assert.Equal(64, l1.SetsUsed);
        Assert.True(l1.MaxToMean <= 1.1);
    }

    [Theory]
    [InlineData(MempoolLayout.Spread, 64)]
    [InlineData(MempoolLayout.Packed, 2)]
    [InlineData(MempoolLayout.Page, 1)]
    public void LayoutsDifferAsTheyShould(MempoolLayout layout, int sets)
    {
        Assert.SkipUnless(Environment.SystemPageSize == 4096, "pages are not 4 KiB here");
        using var pool = new Mempool(
            new MempoolOptions { ObjectCount = 1024, ObjectSize = 2048, CacheSize = 0, Layout = layout });
        Assert.Equal(sets, SetHistogram.Of(pool, s_l1).SetsUsed);
        Assert.Equal(100, SetHistogram.Of(pool, s_l1, count: 100).ObjectCount);
    }

    [Fact]
    public void PlainPagesSpreadAsWellAsHugeOnes()
    {
        using var pool = new MbufPool(
            new MbufPoolOptions { Count = 1023, Backing = [MemoryBacking.Pages, MemoryBacking.Allocator] });
        SetHistogram histogram = SetHistogram.Of(pool.Mempool, s_l1);
        Assert.Equal(64, histogram.SetsUsed);
        Assert.True(histogram.MaxToMean <= 1.1);
    }
}
