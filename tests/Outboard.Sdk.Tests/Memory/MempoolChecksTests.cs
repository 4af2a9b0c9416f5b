using Outboard.Memory;

namespace Outboard.Sdk.Tests.Memory;

public sealed unsafe class MempoolChecksTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    public void AnObjectPutTwiceIsFound(int cacheSize)
    {
        using Mempool pool = Make(MempoolDebugChecks.Ownership, cacheSize);
        Assert.True(pool.TryGet(out nint item));
        pool.Put(item);
        MempoolViolationException e = Assert.Throws<MempoolViolationException>(() => pool.Put(item));
        Assert.Equal((MempoolViolation.DoubleFree, item, pool.IndexOf(item)), (e.Violation, e.Address, e.ObjectIndex));
        Assert.Contains("pool 'checked'", e.Message, StringComparison.Ordinal);
        Assert.Equal(64, pool.AvailableCount);
        Assert.True(pool.Close().IsClean);
    }

    [Fact]
    public void ABulkWithOneBadObjectIsPutBackNotAtAll()
    {
        using Mempool pool = Make(MempoolDebugChecks.All, 16);
        var items = new nint[8];
        Assert.True(pool.TryGetBulk(items));
        nint last = items[7];
        items[7] = items[0];
        Assert.Equal(
            MempoolViolation.DoubleFree,
            Assert.Throws<MempoolViolationException>(() => pool.PutBulk(items)).Violation);
        Assert.Equal(56, pool.AvailableCount);
        items[7] = last;
        pool.PutBulk(items);
        Assert.Equal(64, pool.AvailableCount);
    }

    [Fact]
    public void WhatIsNoObjectOfThePoolIsFound()
    {
        using Mempool pool = Make(MempoolDebugChecks.Ownership, 16);
        using Mempool other = Make(MempoolDebugChecks.Ownership, 16);
        Assert.True(pool.TryGet(out nint item));
        Assert.True(other.TryGet(out nint foreign));
        foreach (nint bad in new[] { foreign, item + 1, 0, item - pool.Stride + 8 })
        {
            MempoolViolationException e = Assert.Throws<MempoolViolationException>(() => pool.Put(bad));
            Assert.Equal((MempoolViolation.ForeignObject, -1), (e.Violation, e.ObjectIndex));
        }

        pool.Put(item);
        other.Put(foreign);
    }

    [Theory]
    [InlineData(MempoolDebugChecks.Overrun)]
    [InlineData(MempoolDebugChecks.All)]
    public void AWritePastTheEndIsFoundWhenTheObjectComesBack(MempoolDebugChecks checks)
    {
        using Mempool pool = Make(checks, 16);
        Assert.True(pool.TryGet(out nint item));
        new Span<byte>((void*)item, pool.ObjectSize).Fill(1);
        pool.Audit();
        byte whole = *((byte*)item + pool.ObjectSize);
        *((byte*)item + pool.ObjectSize) ^= 1;
        Assert.Equal(MempoolViolation.Overrun, Assert.Throws<MempoolViolationException>(pool.Audit).Violation);
        MempoolViolationException e = Assert.Throws<MempoolViolationException>(() => pool.Put(item));
        Assert.Equal(MempoolViolation.Overrun, e.Violation);
        *((byte*)item + pool.ObjectSize) = whole;
        pool.Put(item);
        Assert.Equal(64, pool.AvailableCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    public void AWriteToAFreeObjectIsFoundByTheNextGetAndMended(int at)
    {
        using Mempool pool = Make(MempoolDebugChecks.All, 0);
        var all = new nint[64];
        Assert.True(pool.TryGetBulk(all));
        pool.PutBulk(all);
        ((byte*)all[20])[at] = 0x42;
        Assert.Equal(MempoolViolation.UseAfterFree, Assert.Throws<MempoolViolationException>(pool.Audit).Violation);
        var got = new nint[64];
        MempoolViolationException e = Assert.Throws<MempoolViolationException>(() => { _ = pool.TryGetBulk(got); });
        Assert.Equal((MempoolViolation.UseAfterFree, pool.IndexOf(all[20])), (e.Violation, e.ObjectIndex));
        Assert.Contains($"byte {at}", e.Message, StringComparison.Ordinal);
        Assert.Equal(64, pool.AvailableCount);
        Assert.True(pool.TryGetBulk(got));
        pool.PutBulk(got);
        pool.Audit();
        Assert.True(pool.Close().IsClean);
    }

    [Fact]
    public void BytesBeforeThePatternStayAsTheyAre()
    {
        using var pool = new Mempool(new MempoolOptions
        {
            ObjectCount = 4,
            ObjectSize = 64,
            CacheSize = 0,
            DebugChecks = MempoolDebugChecks.All,
            PatternOffset = 16,
        });
        Assert.True(pool.TryGet(out nint item));
        new Span<byte>((void*)item, 64).Fill(9);
        pool.Put(item);
        Assert.Equal(16, new Span<byte>((void*)item, 64).IndexOfAnyExcept((byte)9));
        *(byte*)item = 1;
        pool.Audit();
    }

    [Fact]
    public void TheReportNamesObjectsAndOwners()
    {
        LeakReport? told = null;
        var pool = new Mempool(new MempoolOptions
        {
            Name = "leaky",
            ObjectCount = 64,
            ObjectSize = 100,
            CacheSize = 16,
            DebugChecks = MempoolDebugChecks.Ownership,
            OnLeak = report => told = report,
        });
        MempoolCache receive = pool.CreateCache("receive");
        MempoolCache match = pool.CreateCache("match");
        var items = new nint[5];
        Assert.True(receive.TryGetBulk(items));
        Assert.True(match.TryGet(out nint sixth));
        Assert.Equal("receive", pool.OwnerOf(items[0]));
        int tag = pool.OwnerTag("regex queue 0");
        Assert.Equal(tag, pool.OwnerTag("regex queue 0"));
        pool.SetOwner(items[1], tag);
        pool.SetOwner(1234, tag);
        receive.PutBulk(items.AsSpan(3));
        pool.Dispose();

        LeakReport report = pool.LeakReport!;
        Assert.Same(report, told);
        Assert.False(report.IsClean);
        Assert.Equal(4, report.LeakedCount);
        Assert.Equal(
            new[] { items[0], items[1], items[2], sixth }.Order(), report.Leaks.Select(leak => leak.Address).Order());
        Assert.Equal([("receive", 2), ("match", 1), ("regex queue 0", 1)], report.Owners.OrderByDescending(o => o.Count).ThenBy(o => o.Owner));
        Assert.StartsWith("pool 'leaky': 4 of 64 objects leaked, last held by receive (2), ", report.ToString(), StringComparison.Ordinal);

        // What is still held stays readable: the memory is not taken away from under its holders.
        *(int*)sixth = 5;
        Assert.Equal(5, *(int*)sixth);
    }

    [Fact]
    public void LeaksAreCountedWithoutChecksToo()
    {
        Mempool pool = Make(MempoolDebugChecks.None, 16);
        Assert.True(pool.TryGet(out nint item));
        LeakReport report = pool.Close();
        Assert.Equal(new LeakedObject(pool.IndexOf(item), item, "unknown"), Assert.Single(report.Leaks));
        Assert.Equal([("unknown", 1)], report.Owners);
    }

    [Fact]
    public void OfTwoThreadsThatFreeTheSameObjectOneIsTold()
    {
        using Mempool pool = Make(MempoolDebugChecks.Ownership, 16);
        for (int round = 0; round < 50; round++)
        {
            Assert.True(pool.TryGet(out nint item));
            int told = 0;
            Threads.Run(2, _ =>
            {
                try
                {
                    pool.Put(item);
                }
                catch (MempoolViolationException)
                {
                    Interlocked.Increment(ref told);
                }
            });
            Assert.Equal(1, told);
        }

        Assert.Equal(64, pool.AvailableCount);
    }

    [Fact]
    public void ChecksHoldUnderThreads()
    {
        using Mempool pool = Make(MempoolDebugChecks.All, 16);
        Threads.Run(3, worker =>
        {
            Span<nint> items = stackalloc nint[12];
            for (int i = 0; i < 1500; i++)
            {
                if (pool.TryGetBulk(items))
                {
                    foreach (nint item in items)
                    {
                        new Span<byte>((void*)item, pool.ObjectSize).Fill((byte)worker);
                    }

                    pool.PutBulk(items);
                }
            }
        });
        pool.Audit();
        Assert.True(pool.Close().IsClean);
    }

    private static Mempool Make(MempoolDebugChecks checks, int cacheSize) => new(new MempoolOptions
    {
        Name = "checked",
        ObjectCount = 64,
        ObjectSize = 100,
        CacheSize = cacheSize,
        DebugChecks = checks,
        Backing = [MemoryBacking.Pages, MemoryBacking.Allocator],
    });
}
