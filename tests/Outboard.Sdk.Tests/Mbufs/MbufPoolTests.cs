using Outboard.Mbufs;
using Outboard.Memory;

namespace Outboard.Sdk.Tests.Mbufs;

public sealed class MbufPoolTests
{
    [Fact]
    public void EveryMbufCanBeTakenAndComesBack()
    {
        using var pool = new MbufPool(new MbufPoolOptions { Count = 511, CacheSize = 64 });
        var all = new Mbuf[511];
        Assert.Equal(511, pool.AvailableCount);
        Assert.True(pool.TryAllocBulk(all));
        Assert.Equal(0, pool.AvailableCount);
        Assert.False(pool.TryAlloc(out Mbuf none));
        Assert.True(none.IsNull);
        Assert.Equal(511, all.Distinct().Count());
        foreach (Mbuf mbuf in all)
        {
            Assert.True(mbuf.TryAppend(64, out Span<byte> data));
            data.Fill(7);
            Assert.True(mbuf.Check(out string? reason), reason);
        }

        MbufPool.FreeBulk(all);
        Assert.Equal(511, pool.AvailableCount);
        Assert.True(pool.Close().IsClean);
    }

    [Fact]
    public void AClosedPoolNamesWhatLeaked()
    {
        var pool = new MbufPool(
            new MbufPoolOptions { Name = "p", Count = 63, CacheSize = 8, DebugChecks = MempoolDebugChecks.All });
        MempoolCache cache = pool.Mempool.CreateCache("worker");
        Assert.True(pool.TryAlloc(out Mbuf lost, cache));
        LeakReport report = pool.Close();
        LeakedObject leak = Assert.Single(report.Leaks);
        Assert.Equal(pool.IndexOf(lost), leak.Index);
        Assert.Equal("worker", leak.Owner);
        Assert.Equal("pool 'p': 1 of 63 objects leaked, last held by worker (1)", report.ToString());
    }
}
