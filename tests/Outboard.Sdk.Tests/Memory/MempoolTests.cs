using System.Runtime.CompilerServices;
using CsCheck;
using Outboard.Memory;

namespace Outboard.Sdk.Tests.Memory;

public sealed unsafe class MempoolTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    public void ObjectsAreCountedAsTheyComeAndGo(int cacheSize)
    {
        using Mempool pool = Make(255, cacheSize);
        Assert.True(pool.IsFull);
        Assert.True(pool.TryGet(out nint one));
        Assert.Equal((254, 1), (pool.AvailableCount, pool.InUseCount));
        Assert.True(pool.TryGet(out nint two));
        Assert.NotEqual(one, two);
        Assert.Equal(253, pool.AvailableCount);
        pool.Put(two);
        pool.Put(one);
        Assert.True(pool.IsFull);
        Assert.False(pool.IsEmpty);
        Assert.True(pool.Close().IsClean);
        Assert.Equal(0, pool.AvailableCount);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 7)]
    [InlineData(32, 1)]
    [InlineData(32, 16)]
    [InlineData(32, 17)]
    [InlineData(32, 300)]
    [InlineData(255, 255)]
    public void EveryObjectCanBeOutAndKeepsItsContent(int cacheSize, int bulk)
    {
        const int Count = 255;
        using Mempool pool = Make(Count, cacheSize);
        pool.ForEach((item, index) => *(int*)item = index);
        var all = new nint[Count];
        int taken = 0;
        while (taken < Count && pool.TryGetBulk(all.AsSpan(taken, Math.Min(bulk, Count - taken))))
        {
            taken += Math.Min(bulk, Count - taken);
        }

        Assert.Equal(Count, taken);
        Assert.True(pool.IsEmpty);
        Assert.False(pool.TryGet(out nint none));
        Assert.Equal(0, none);
        Assert.Equal(Count, all.Distinct().Count());
        foreach (nint item in all)
        {
            Assert.True(pool.Owns(item));
            Assert.Equal(pool.IndexOf(item), *(int*)item);
            Assert.Equal(-1, new Span<byte>((void*)(item + 4), pool.ObjectSize - 4).IndexOfAnyExcept((byte)0));
        }

        for (int i = 0; i < Count; i += bulk)
        {
            pool.PutBulk(all.AsSpan(i, Math.Min(bulk, Count - i)));
        }

        Assert.True(pool.IsFull);
    }

    [Fact]
    public void ACacheOfTheUsersOwnWorksAlike()
    {
        using Mempool pool = Make(255, 0);
        using MempoolCache cache = pool.CreateCache("mine", 64);
        Assert.Equal(("mine", 64, pool), (cache.OwnerName, cache.Size, cache.Pool));
        var all = new nint[255];
        for (int i = 0; i < 255; i++)
        {
            Assert.True(cache.TryGet(out all[i]));
        }

        Assert.False(cache.TryGet(out _));
        Assert.False(cache.TryGetBulk(new nint[1]));
        Assert.Equal(255, all.Distinct().Count());
        foreach (nint item in all)
        {
            cache.Put(item);
        }

        Assert.Equal(255, pool.AvailableCount);
        Assert.True(cache.Count > 0);
        cache.Flush();
        Assert.Equal(0, cache.Count);
        Assert.Equal(255, pool.SharedCount);
    }

    [Fact]
    public void AnImpossibleGetChangesNothing()
    {
        using Mempool pool = Make(100, 32);
        var some = new nint[90];
        Assert.True(pool.TryGetBulk(some));
        var more = new nint[11];
        more.AsSpan().Fill(-1);
        Assert.False(pool.TryGetBulk(more));
        Assert.All(more, item => Assert.Equal(-1, item));
        Assert.Equal(10, pool.AvailableCount);
        Assert.True(pool.TryGetBulk(more.AsSpan(0, 10)));
        Assert.Equal(100, some.Concat(more[..10]).Distinct().Count());
        Assert.True(pool.TryGetBulk([]));
        Assert.Equal(1, pool.Statistics.GetFailures);
    }

    [Fact]
    public void PutsFollowTheCacheRules()
    {
        using Mempool pool = Make(1000, 100);
        using MempoolCache cache = pool.CreateCache("rules");
        var items = new nint[400];
        Assert.True(pool.TryGetBulk(items));
        int shared = pool.SharedCount;

        cache.PutBulk(items.AsSpan(0, 60));
        Assert.Equal((60, shared), (cache.Count, pool.SharedCount));
        cache.PutBulk(items.AsSpan(60, 40));
        Assert.Equal((100, shared), (cache.Count, pool.SharedCount));

        // Up to half a cache more: the oldest half goes to the ring first.
        cache.PutBulk(items.AsSpan(100, 50));
        Assert.Equal((100, shared + 50), (cache.Count, pool.SharedCount));
        nint[] newest = [.. items[50..150]];
        var got = new nint[100];
        Assert.True(cache.TryGetBulk(got));
        Assert.Equal(newest.Order(), got.Order());
        cache.PutBulk(got);

        // More than half a cache: straight to the ring, and the cache stays.
        cache.PutBulk(items.AsSpan(150, 51));
        Assert.Equal((100, shared + 101), (cache.Count, pool.SharedCount));
        Assert.True(cache.TryGetBulk(got));
        Assert.Equal(newest.Order(), got.Order());
        cache.PutBulk(got);
        cache.PutBulk(items.AsSpan(201));
        Assert.Equal(1000, pool.AvailableCount);
    }

    [Fact]
    public void GetsFollowTheCacheRules()
    {
        using Mempool pool = Make(1000, 100);
        using MempoolCache cache = pool.CreateCache("rules");
        var items = new nint[200];

        // An empty cache fetches half of its size and keeps what is left over.
        Assert.True(cache.TryGetBulk(items.AsSpan(0, 10)));
        Assert.Equal((40, 950), (cache.Count, pool.SharedCount));

        // What is cached goes out first, then half a cache is fetched for the rest.
        Assert.True(cache.TryGetBulk(items.AsSpan(10, 60)));
        Assert.Equal((30, 900), (cache.Count, pool.SharedCount));

        // Where the rest is more than half, exactly the rest is fetched.
        Assert.True(cache.TryGetBulk(items.AsSpan(70, 90)));
        Assert.Equal((0, 840), (cache.Count, pool.SharedCount));
        Assert.Equal(160, items[..160].Distinct().Count());
        MempoolStatistics statistics = pool.Statistics;
        Assert.Equal((3, 160), (statistics.GetCalls, statistics.GetObjects));
        Assert.Equal((3, 160), (statistics.BackendGetCalls, statistics.BackendGetObjects));
        cache.PutBulk(items.AsSpan(0, 160));
        Assert.Equal(1000, pool.AvailableCount);
    }

    [Fact]
    public void WhatWasCachedLastIsHandedOutFirst()
    {
        using Mempool pool = Make(500, 64);
        using MempoolCache cache = pool.CreateCache("lifo");
        var items = new nint[32];
        Assert.True(cache.TryGetBulk(items));
        cache.PutBulk(items);
        var again = new nint[32];
        Assert.True(cache.TryGetBulk(again));
        Assert.Equal(items.Order(), again.Order());
        cache.Put(again[3]);
        Assert.True(cache.TryGet(out nint single));
        Assert.Equal(again[3], single);
        again[3] = single;
        cache.PutBulk(again);
    }

    [Fact]
    public void ARefillThatFailsTakesExactlyWhatIsLeft()
    {
        using Mempool pool = Make(100, 80);
        using MempoolCache cache = pool.CreateCache("small");
        var items = new nint[100];
        Assert.True(cache.TryGetBulk(items.AsSpan(0, 70)));
        Assert.Equal((0, 30), (cache.Count, pool.SharedCount));

        // Half a cache is 40 and only 30 are left.
        Assert.True(cache.TryGetBulk(items.AsSpan(70, 25)));
        Assert.Equal((0, 5), (cache.Count, pool.SharedCount));
        Assert.True(cache.TryGetBulk(items.AsSpan(95, 5)));
        Assert.True(pool.IsEmpty);
        Assert.Equal(100, items.Distinct().Count());
        cache.PutBulk(items);
    }

    [Fact]
    public void AGetTakesFromOtherCachesBeforeItFails()
    {
        using Mempool pool = Make(100, 64);
        using MempoolCache one = pool.CreateCache("one");
        using MempoolCache two = pool.CreateCache("two");
        using MempoolCache three = pool.CreateCache("three");
        var items = new nint[100];
        Assert.True(one.TryGetBulk(items));
        one.PutBulk(items.AsSpan(0, 30));
        two.PutBulk(items.AsSpan(30, 40));
        three.PutBulk(items.AsSpan(70, 30));
        Assert.Equal((0, 100), (pool.SharedCount, pool.AvailableCount));

        var got = new nint[100];
        Assert.True(three.TryGetBulk(got.AsSpan(0, 95)));
        Assert.Equal(5, pool.AvailableCount);
        Assert.Equal(65, pool.Statistics.StolenObjects);
        Assert.False(two.TryGetBulk(got.AsSpan(0, 6)));
        Assert.True(two.TryGetBulk(got.AsSpan(95, 5)));
        Assert.Equal(items.Order(), got.Order());
        Assert.False(one.TryGet(out _));
        one.PutBulk(got);
        Assert.True(pool.IsFull);
    }

    [Fact]
    public void ThreadsEachGetACacheThatComesBackWhenTheyEnd()
    {
        using Mempool pool = Make(500, 64);
        MempoolCache? first = null;
        Threads.Run(3, _ =>
        {
            Assert.True(pool.TryGet(out nint item));
            pool.Put(item);
            Assert.Same(pool.CurrentCache, pool.CurrentCache);
            first ??= pool.CurrentCache;
            Assert.True(pool.CurrentCache.Count > 0);
        });
        Assert.NotNull(first);
        Assert.Equal(500, pool.AvailableCount);

        // A thread that comes late, or a collection, may already have given back the cache of one that was done.
        Assert.InRange(pool.ReclaimCaches(), 0, 3);
        Assert.Equal((0, 500), (pool.CacheCount, pool.SharedCount));
        Assert.Equal(3, pool.Statistics.PutObjects);
    }

    [Fact]
    public void ACollectionGivesBackTheCachesOfEndedThreads()
    {
        using Mempool pool = Make(500, 64);
        UseOnAThread(pool);
        for (int i = 0; i < 20 && pool.CacheCount > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(1);
        }

        Assert.Equal((0, 500), (pool.CacheCount, pool.SharedCount));
    }

    [Fact]
    public void ManyShortThreadsDoNotPileUpCaches()
    {
        using Mempool pool = Make(100, 16);
        for (int i = 0; i < 40; i++)
        {
            UseOnAThread(pool);
        }

        Assert.True(pool.CacheCount <= 2, $"{pool.CacheCount} caches");
        Assert.Equal(100, pool.AvailableCount);
    }

    [Fact]
    public void ObjectsOfAnEndedThreadAreNotLost()
    {
        using Mempool pool = Make(64, 64);
        Threads.Run(1, _ =>
        {
            var items = new nint[64];
            Assert.True(pool.TryGetBulk(items));
            pool.PutBulk(items);
        });
        Assert.True(pool.TryGetBulk(new nint[64]));
        Assert.True(pool.IsEmpty);
    }

    [Theory]
    [InlineData(MempoolLayout.Spread, 64)]
    [InlineData(MempoolLayout.Packed, 64)]
    [InlineData(MempoolLayout.Page, 4096)]
    public void ObjectsAreAlignedAndDoNotOverlap(MempoolLayout layout, int alignment)
    {
        using var pool = new Mempool(
            new MempoolOptions { ObjectCount = 50, ObjectSize = 1000, CacheSize = 0, Layout = layout });
        Assert.True(pool.Stride >= 1000);
        for (int i = 0; i < 50; i++)
        {
            nint item = pool.ObjectAt(i);
            Assert.Equal(0, item % alignment);
            Assert.Equal(i, pool.IndexOf(item));
            Assert.Equal(i, pool.IndexOf(item + pool.Stride - 1));
            Assert.True(pool.Owns(item));
            Assert.False(pool.Owns(item + 1));
            new Span<byte>((void*)item, 1000).Fill((byte)i);
        }

        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(-1, new Span<byte>((void*)pool.ObjectAt(i), 1000).IndexOfAnyExcept((byte)i));
        }

        Assert.Equal(-1, pool.IndexOf(pool.ObjectAt(0) - 1));
        Assert.Equal(-1, pool.IndexOf(pool.ObjectAt(49) + pool.Stride));
        Assert.False(pool.Owns(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.ObjectAt(50));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.ObjectAt(-1));
    }

    [Fact]
    public void ThePoolReportsWhatItStandsOn()
    {
        using var pool = new Mempool(new MempoolOptions
        {
            Name = "p",
            ObjectCount = 10,
            ObjectSize = 64,
            CacheSize = 0,
            Backing = [MemoryBacking.Allocator],
        });
        Assert.Equal(MemoryBacking.Allocator, pool.Backing);
        Assert.Equal(("p", 10, 64, 64, 0), (pool.Name, pool.ObjectCount, pool.ObjectSize, pool.Stride, pool.CacheSize));
        Assert.Equal(pool.ObjectAt(0), pool.Memory.Address);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(64, 64)]
    [InlineData(5000, 256)]
    public void TheUsualCacheFitsThePool(int count, int cacheSize)
    {
        using var pool = new Mempool(new MempoolOptions { ObjectCount = count, ObjectSize = 64 });
        Assert.Equal(cacheSize, pool.CacheSize);
        var all = new nint[count];
        Assert.True(pool.TryGetBulk(all));
        pool.PutBulk(all);
        Assert.True(pool.IsFull);
    }

    [Fact]
    public void BadOptionsAreRefusedByName()
    {
        Refused(new MempoolOptions { ObjectCount = 0, ObjectSize = 64 }, "object count 0");
        Refused(new MempoolOptions { ObjectCount = 8, ObjectSize = 0 }, "object size 0");
        Refused(new MempoolOptions { ObjectCount = 8, ObjectSize = 8, CacheSize = 9 }, "cache size 9 is not within 0 to 8");
        Refused(new MempoolOptions { ObjectCount = 9999, ObjectSize = 8, CacheSize = 1025 }, "0 to 1024");
        Refused(new MempoolOptions { ObjectCount = 8, ObjectSize = 8, CacheSize = -2 }, "cache size -2");
        Refused(new MempoolOptions { ObjectCount = 8, ObjectSize = 8, CacheSize = -2 }, "cache size -2");
        Refused(
            new MempoolOptions { ObjectCount = 8, ObjectSize = 8, CacheSize = 0, DebugChecks = (MempoolDebugChecks)64 }, "64");
        Refused(new MempoolOptions { ObjectCount = 8, ObjectSize = 8, CacheSize = 0, PatternOffset = 9 }, "pattern offset 9");
        using Mempool pool = Make(64, 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.CreateCache("big", 1025));

        static void Refused(MempoolOptions options, string part)
        {
            ArgumentException e = Assert.ThrowsAny<ArgumentException>(() => new Mempool(options));
            Assert.Contains(part, e.Message, StringComparison.Ordinal);
            Assert.Contains("'mempool'", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AClosedPoolRefusesAndKeepsItsReport()
    {
        Mempool pool = Make(64, 16);
        Assert.True(pool.TryGet(out nint item));
        pool.Put(item);
        MempoolCache cache = pool.CreateCache("c");
        LeakReport report = pool.Close();
        Assert.True(report.IsClean);
        Assert.Same(report, pool.Close());
        Assert.Same(report, pool.LeakReport);
        Assert.Equal("pool 'mempool': all 64 objects came back", report.ToString());
        Assert.Throws<ObjectDisposedException>(() => pool.CreateCache("late"));
        Assert.Throws<ObjectDisposedException>(() => pool.TryGet(out _));
        cache.Dispose();
        Assert.Equal(0, pool.ReclaimCaches());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(21)]
    public void APoolBehavesAsASet(int cacheSize)
    {
        // Each operation: which of three caches, then get (even) or put (odd) of up to 30.
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 61]).Array[1, 150].Sample(
            operations =>
            {
                using Mempool pool = Make(64, cacheSize);
                MempoolCache[] caches = [pool.CreateCache("a"), pool.CreateCache("b"), pool.CreateCache("c")];
                var outside = new List<nint>();
                foreach ((int which, int operation) in operations)
                {
                    int count = operation / 2;
                    if (operation % 2 == 0)
                    {
                        var items = new nint[count];
                        bool expected = count <= 64 - outside.Count;
                        Assert.Equal(expected, caches[which].TryGetBulk(items));
                        if (expected)
                        {
                            outside.AddRange(items);
                        }
                    }
                    else
                    {
                        count = Math.Min(count, outside.Count);
                        caches[which].PutBulk(outside.GetRange(0, count).ToArray());
                        outside.RemoveRange(0, count);
                    }

                    Assert.Equal(outside.Count, outside.Distinct().Count());
                    Assert.All(outside, item => Assert.True(pool.Owns(item)));
                    Assert.Equal(64 - outside.Count, pool.AvailableCount);
                }

                MempoolStatistics statistics = pool.Statistics;
                Assert.Equal(outside.Count, statistics.GetObjects - statistics.PutObjects);
                Assert.Equal(outside.Count, pool.Close().LeakedCount);
            },
            seed: "0000000000003",
            iter: 150,
            threads: 1);
    }

    [Theory]
    [InlineData(0, RingSync.MultiThread)]
    [InlineData(32, RingSync.MultiThread)]
    [InlineData(32, RingSync.Relaxed)]
    [InlineData(16, RingSync.Serialized)]
    public void ThreadsNeverHoldTheSameObject(int cacheSize, RingSync sync)
    {
        const int Workers = 4;
        const int Count = 300;
        using var pool = new Mempool(
            new MempoolOptions { ObjectCount = Count, ObjectSize = 64, CacheSize = cacheSize, Sync = sync });
        long got = 0;
        long failed = 0;
        Threads.Run(Workers, worker =>
        {
            // Three workers can hold everything together, so some gets fail and most need the caches of others.
            var random = new Random(worker);
            Span<nint> items = stackalloc nint[128];
            for (int round = 0; round < 3000; round++)
            {
                Span<nint> part = items[..random.Next(1, 129)];
                if (!pool.TryGetBulk(part))
                {
                    Interlocked.Increment(ref failed);
                    continue;
                }

                foreach (nint item in part)
                {
                    Assert.Equal(0, Interlocked.Exchange(ref *(int*)item, worker + 1));
                }

                foreach (nint item in part)
                {
                    Assert.Equal(worker + 1, Interlocked.Exchange(ref *(int*)item, 0));
                }

                Interlocked.Add(ref got, part.Length);
                int split = random.Next(part.Length);
                pool.PutBulk(part[..split]);
                pool.PutBulk(part[split..]);
            }
        });
        Assert.True(got > 0);
        Assert.Equal(Count, pool.AvailableCount);
        MempoolStatistics statistics = pool.Statistics;
        Assert.Equal((got, got, failed), (statistics.GetObjects, statistics.PutObjects, statistics.GetFailures));
        var all = new nint[Count];
        Assert.True(pool.TryGetBulk(all));
        Assert.Equal(Count, all.Distinct().Count());
        pool.PutBulk(all);
    }

    [Fact]
    public void AGetNeverFailsWhileIdleCachesHoldEnough()
    {
        // Workers take and give through their caches; together they never hold more than the pool has, so no get may fail for good.
        const int Workers = 4;
        using Mempool pool = Make(Workers * 64, 64);
        long failed = 0;
        Threads.Run(Workers, worker =>
        {
            Span<nint> items = stackalloc nint[32];
            for (int round = 0; round < 3000; round++)
            {
                int tries = 0;
                while (!pool.TryGetBulk(items))
                {
                    // Objects may be in the middle of another thread's call; a few tries later they are not.
                    Assert.True(++tries < 10_000);
                    Interlocked.Increment(ref failed);
                    Thread.Yield();
                }

                pool.PutBulk(items);
            }
        });
        Assert.Equal(Workers * 64, pool.AvailableCount);
        Assert.True(failed < Workers * 3000 / 10, $"{failed} gets failed");
    }

    [Fact]
    public void OneThreadMayTakeWhatAnotherGives()
    {
        using Mempool pool = Make(1023, 128);
        using var ring = new Ring<nint>(new RingOptions
        {
            Size = 256,
            Producer = RingSync.SingleThread,
            Consumer = RingSync.SingleThread,
        });
        const int Total = 200_000;
        Threads.Run(2, side =>
        {
            Span<nint> items = stackalloc nint[32];
            for (int moved = 0; moved < Total;)
            {
                if (side == 0)
                {
                    if (pool.TryGetBulk(items))
                    {
                        int at = 0;
                        while (at < 32)
                        {
                            at += ring.EnqueueBurst(items[at..]);
                            Thread.Yield();
                        }

                        moved += 32;
                    }
                }
                else
                {
                    int count = ring.DequeueBurst(items);
                    pool.PutBulk(items[..count]);
                    moved += count;
                    Thread.Yield();
                }
            }
        });
        Assert.Equal(1023, pool.AvailableCount);
    }

    [Fact]
    public void CallsAllocateNothing()
    {
        using Mempool pool = Make(1000, 64);
        using MempoolCache cache = pool.CreateCache("hot");
        Span<nint> items = stackalloc nint[128];
        Exercise(pool, cache, items);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exercise(pool, cache, items);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Exercise(Mempool pool, MempoolCache cache, Span<nint> items)
    {
        for (int i = 1; i <= 128; i++)
        {
            Span<nint> part = items[..i];
            Assert.True(cache.TryGetBulk(part));
            cache.PutBulk(part);
            Assert.True(pool.TryGetBulk(part));
            pool.PutBulk(part);
            Assert.True(cache.TryGet(out nint item));
            cache.Put(item);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UseOnAThread(Mempool pool) => Threads.Run(1, _ =>
    {
        Assert.True(pool.TryGet(out nint item));
        pool.Put(item);
    });

    private static Mempool Make(int count, int cacheSize) => new(new MempoolOptions
    {
        ObjectCount = count,
        ObjectSize = 256,
        CacheSize = cacheSize,
        Backing = [MemoryBacking.Pages, MemoryBacking.Allocator],
    });
}
