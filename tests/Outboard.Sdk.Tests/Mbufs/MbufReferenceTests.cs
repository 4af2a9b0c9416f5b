using Outboard.Mbufs;
using Outboard.Memory;
using Outboard.Sdk.Tests.Memory;

namespace Outboard.Sdk.Tests.Mbufs;

public sealed unsafe class MbufReferenceTests : IDisposable
{
    private static int s_freed;
    private readonly MbufPool _pool = Make(64, 16, 2176);
    private readonly MbufPool _other = Make(64, 16, 256);

    public void Dispose()
    {
        Assert.True(_pool.Close().IsClean, _pool.Mempool.LeakReport?.ToString());
        Assert.True(_other.Close().IsClean, _other.Mempool.LeakReport?.ToString());
    }

    [Fact]
    public void ACloneSharesTheData()
    {
        Mbuf m = Packet(_pool, 100);
        m.Port = 7;
        m.VlanTci = 9;
        m.L2Length = 14;
        m.RssHash = 0x1234;
        m.PacketType = MbufPacketType.L3IPv4;
        m.OffloadFlags = MbufOffloadFlags.ReceiveRssHash;
        Assert.True(m.TryClone(_other, out Mbuf clone));
        Assert.True(clone.IsClone && !clone.IsDirect);
        Assert.True(clone.DataPointer == m.DataPointer);
        Assert.Equal((100, 100, 1, 2), (clone.PacketLength, clone.DataLength, clone.SegmentCount, m.ReferenceCount));
        Assert.Equal((m.Port, m.VlanTci, m.L2Length), (clone.Port, clone.VlanTci, clone.L2Length));
        Assert.Equal((m.RssHash, m.PacketType), (clone.RssHash, clone.PacketType));
        Assert.True(clone.Check(out string? reason), reason);

        // The clone's clone is attached to the same buffer, not to the clone.
        Assert.True(clone.TryClone(_pool, out Mbuf second));
        Assert.Equal((3, 1), (m.ReferenceCount, clone.ReferenceCount));
        m.Data[5] = 0xEE;
        Assert.Equal(0xEE, second.Data[5]);
        m.Free();
        Assert.Equal(62, _pool.AvailableCount);
        Assert.Equal(0xEE, clone.Data[5]);
        clone.Free();
        Assert.Equal(64, _other.AvailableCount);
        Assert.Equal(0xEE, second.Data[5]);
        second.Free();
        Assert.Equal(64, _pool.AvailableCount);
    }

    [Fact]
    public void ACloneOfAChainIsAChain()
    {
        Mbuf m = Packet(_pool, 100);
        Assert.True(m.TryChain(Packet(_pool, 50)));
        Assert.True(m.TryClone(_other, out Mbuf clone));
        Assert.Equal((150, 2, 100, 50), (clone.PacketLength, clone.SegmentCount, clone.DataLength, clone.Next.DataLength));
        Assert.True(clone.Next.DataPointer == m.Next.DataPointer);
        Assert.True(clone.Check(out string? reason), reason);
        m.Free();
        Assert.Equal(62, _pool.AvailableCount);
        clone.Free();
        Assert.Equal((64, 64), (_pool.AvailableCount, _other.AvailableCount));
    }

    [Fact]
    public void ACloneThatRunsOutOfMbufsLeavesNothingBehind()
    {
        Mbuf m = Packet(_pool, 10);
        Assert.True(m.TryChain(Packet(_pool, 10)));
        var rest = new Mbuf[63];
        Assert.True(_other.TryAllocBulk(rest));
        Assert.False(m.TryClone(_other, out Mbuf clone));
        Assert.True(clone.IsNull);
        Assert.Equal((1, 1, 1), (_other.AvailableCount, m.ReferenceCount, m.Next.ReferenceCount));
        Assert.False(m.TryCopy(_other, out _, length: -1));
        MbufPool.FreeBulk(rest);
        m.Free();
    }

    [Theory]
    [InlineData(0, int.MaxValue, 1000)]
    [InlineData(0, 100, 100)]
    [InlineData(500, 300, 300)]
    [InlineData(990, 100, 10)]
    [InlineData(1000, 5, 0)]
    public void ACopyHasItsOwnData(int offset, int length, int expected)
    {
        Mbuf m = Packet(_pool, 600);
        Assert.True(m.TryChain(Packet(_pool, 400)));
        m.OffloadFlags |= MbufOffloadFlags.ReceiveVlan;
        var bytes = new byte[1000];
        Assert.Equal(1000, m.CopyTo(bytes));
        Assert.True(m.TryCopy(_other, out Mbuf copy, offset, length));
        Assert.Equal(expected, copy.PacketLength);
        Assert.Equal(Math.Max(1, (expected + 127) / 128), copy.SegmentCount);
        var copied = new byte[expected];
        Assert.Equal(expected, copy.CopyTo(copied));
        Assert.Equal(bytes.AsSpan(offset, expected).ToArray(), copied);
        Assert.Equal((1, MbufOffloadFlags.ReceiveVlan), (m.ReferenceCount, copy.OffloadFlags));
        Assert.True(copy.Check(out string? reason), reason);
        copy.Free();
        m.Free();
    }

    [Fact]
    public void ACopyFromPastTheEndOrWithoutMbufsFails()
    {
        Mbuf m = Packet(_pool, 600);
        Assert.False(m.TryCopy(_other, out Mbuf copy, 601));
        Assert.True(copy.IsNull);
        var rest = new Mbuf[62];
        Assert.True(_other.TryAllocBulk(rest));
        Assert.False(m.TryCopy(_other, out _));
        Assert.Equal(2, _other.AvailableCount);
        MbufPool.FreeBulk(rest);
        m.Free();
    }

    [Fact]
    public void AttachingCountsThroughTwoLevelsAndPools()
    {
        Mbuf m = Packet(_pool, 42);
        Assert.True(_other.TryAlloc(out Mbuf first));
        Assert.True(_other.TryAlloc(out Mbuf second));
        Assert.True(first.AttachTo(m));
        Assert.Equal(2, m.ReferenceCount);
        Assert.True(second.AttachTo(first));
        Assert.Equal((3, 1), (m.ReferenceCount, first.ReferenceCount));
        Assert.True(second.DataPointer == m.DataPointer);
        Assert.False(first.AttachTo(m));
        first.Detach();
        Assert.True(first.IsDirect);
        Assert.Equal((2, 0, 256, 128), (m.ReferenceCount, first.DataLength, first.BufferLength, first.DataOffset));
        Assert.True(first.BufferPointer == (byte*)first.Address + 128);
        first.Detach();
        second.Detach();
        Assert.Equal(1, m.ReferenceCount);
        Assert.True(first.AttachTo(m));
        m.Free();
        Assert.Equal(63, _pool.AvailableCount);
        first.Detach();
        Assert.Equal(64, _pool.AvailableCount);
        first.Free();
        second.Free();
    }

    [Fact]
    public void AnAttachedMbufWithPrivateBytesFindsItsOwner()
    {
        using var wide = new MbufPool(new MbufPoolOptions { Count = 4, CacheSize = 0, PrivateSize = 64 });
        Assert.True(wide.TryAlloc(out Mbuf m));
        Assert.True(m.TryClone(_pool, out Mbuf clone));
        Assert.Equal(2, m.ReferenceCount);
        m.Free();
        clone.Free();
        Assert.Equal((4, 64), (wide.AvailableCount, _pool.AvailableCount));
    }

    [Fact]
    public void EachReferenceNeedsAFree()
    {
        Mbuf m = Packet(_pool, 1);
        Assert.True(m.TryChain(Packet(_pool, 2)));
        m.AddReference(3);
        Assert.Equal((4, 4), (m.ReferenceCount, m.Next.ReferenceCount));
        Assert.Equal(128, m.DataOffset);
        m.Free();
        m.Free();
        m.AddReference(-1);
        Assert.Equal((1, 62), (m.ReferenceCount, _pool.AvailableCount));
        m.Free();
        Assert.Equal(64, _pool.AvailableCount);
    }

    [Fact]
    public void AnMbufFreedTwiceIsFound()
    {
        Mbuf m = Packet(_pool, 1);
        m.Free();
        Assert.Equal(MempoolViolation.DoubleFree, Assert.Throws<MempoolViolationException>(m.Free).Violation);
        Assert.Equal(64, _pool.AvailableCount);
    }

    [Fact]
    public void AFreeMbufThatWasWrittenIsFound()
    {
        Mbuf m = Packet(_pool, 1);
        byte* data = m.DataPointer;
        m.Free();
        *data = 1;
        MempoolViolationException e = Assert.Throws<MempoolViolationException>(() => _pool.TryAlloc(out _, _pool.CurrentCache));
        Assert.Equal(MempoolViolation.UseAfterFree, e.Violation);
        m.AddReference();
        e = Assert.Throws<MempoolViolationException>(() =>
        {
            while (_pool.TryAlloc(out Mbuf other))
            {
                Assert.NotEqual(m, other);
                _held.Add(other);
            }
        });
        Assert.Contains("reference count is not 1", e.Message, StringComparison.Ordinal);
        MbufPool.FreeBulk(_held.ToArray());
    }

    private readonly List<Mbuf> _held = [];

    [Fact]
    public void BulkFreesMixedPacketsOfBothPools()
    {
        var random = new Random(3);
        for (int round = 0; round < 200; round++)
        {
            var burst = new List<Mbuf>();
            while (_pool.AvailableCount > 8 && _other.AvailableCount > 8)
            {
                MbufPool pool = random.Next(2) == 0 ? _pool : _other;
                switch (random.Next(6))
                {
                    case 0:
                        burst.Add(default);
                        break;
                    case 1:
                        Mbuf head = Packet(pool, 5);
                        Assert.True(head.TryChain(Packet(_pool, 6)));
                        Assert.True(head.TryChain(Packet(_other, 7)));
                        burst.Add(head);
                        break;
                    case 2:
                        Mbuf m = Packet(pool, 8);
                        Assert.True(m.TryClone(random.Next(2) == 0 ? _pool : _other, out Mbuf clone));
                        burst.Add(m);
                        burst.Add(clone);
                        break;
                    case 3:
                        Mbuf twice = Packet(pool, 9);
                        twice.AddReference();
                        burst.Add(twice);
                        burst.Add(twice);
                        break;
                    default:
                        burst.Add(Packet(pool, 3));
                        break;
                }
            }

            if (round % 2 == 0)
            {
                MbufPool.FreeBulk(burst.ToArray());
            }
            else
            {
                MbufPool.FreeBulk(burst.ToArray(), _pool.CurrentCache);
            }

            Assert.Equal((64, 64), (_pool.AvailableCount, _other.AvailableCount));
        }

        MbufPool.FreeBulk([]);
    }

    [Fact]
    public void AnExternalBufferCallsBackOnce()
    {
        byte* buffer = stackalloc byte[1024];
        int length = 1000;
        s_freed = 0;
        int marker = 5;
        Assert.True(MbufSharedBuffer.TryCarve(buffer, ref length, &Freed, &marker, out MbufSharedBuffer shared));
        Assert.InRange(length, 1000 - 24 - 7, 1000 - 24);
        Mbuf m = Alloc();
        Assert.True(m.AttachExternal(buffer, length, shared));
        Assert.True(m.HasExternalBuffer && !m.IsDirect);
        Assert.Equal((length, 0, 0), (m.BufferLength, m.DataOffset, m.PacketLength));
        Assert.True(m.TryAppend(length, out _));
        Assert.False(m.AttachExternal(buffer, length, shared));
        Assert.True(m.TryClone(_other, out Mbuf clone));
        Assert.Equal((2, true, false), (shared.ReferenceCount, clone.HasExternalBuffer, clone.IsClone));
        m.Free();
        Assert.Equal((0, 1), (s_freed, shared.ReferenceCount));
        clone.Detach();
        Assert.Equal((1, 6), (s_freed, marker));
        Assert.Equal(256, clone.BufferLength);
        clone.Free();
        int tiny = 23;
        Assert.False(MbufSharedBuffer.TryCarve(buffer, ref tiny, &Freed, null, out shared));
        Assert.True(shared.IsNull);
    }

    private static void Freed(void* buffer, void* opaque)
    {
        s_freed++;
        *(int*)opaque = 6;
    }

    [Fact]
    public void ManagedOwnersOfExternalMemoryAreTold()
    {
        using NativeBlock block = NativeBlock.Allocate(4096, MemoryBacking.Allocator);
        var told = new List<nint>();
        var memory = new MbufExternalMemory(block.Address, 4096, told.Add);
        Mbuf one = Alloc();
        Mbuf two = Alloc();
        Assert.True(memory.TryAttach(one));
        Assert.True(memory.TryAttach(two));
        Assert.False(memory.TryAttach(two));
        Assert.Equal((3, 4096), (memory.ReferenceCount, memory.Length));
        memory.Release();
        memory.Release();
        GC.Collect();
        one.Free();
        Assert.Empty(told);
        two.Free();
        Assert.Equal([block.Address], told);
        Assert.Equal(0, memory.ReferenceCount);
        Mbuf three = Alloc();
        Assert.False(memory.TryAttach(three));
        three.Free();
        Assert.Throws<ArgumentOutOfRangeException>(() => new MbufExternalMemory(block.Address, 65536, null));
    }

    [Fact]
    public void PinnedBuffersStayWithTheirMbufs()
    {
        using NativeBlock block = NativeBlock.Allocate(16 * 512, MemoryBacking.Allocator);
        using var pool = new MbufPool(new MbufPoolOptions
        {
            Count = 16,
            CacheSize = 4,
            DataRoomSize = 512,
            PinnedMemory = block,
            DebugChecks = MempoolDebugChecks.All,
        });
        Assert.True(pool.IsPinned);
        var all = new Mbuf[16];
        Assert.True(pool.TryAllocBulk(all));
        foreach (Mbuf m in all)
        {
            Assert.Equal(block.Address + (pool.IndexOf(m) * 512), (nint)m.BufferPointer);
            Assert.True(m.HasExternalBuffer && !m.IsDirect);
            Assert.True(m.Check(out string? reason) && m.CheckFree(pool, out reason), reason);
        }

        byte* place = all[0].BufferPointer;
        all[0].Detach();
        Assert.True(all[0].BufferPointer == place && all[0].HasExternalBuffer);
        Assert.False(all[0].AttachTo(all[1]));
        Assert.True(all[0].TryClone(_pool, out Mbuf clone));
        Assert.True(all[1].TryCopy(pool, out Mbuf _) == false);
        MbufPool.FreeBulk(all);
        Assert.Equal(15, pool.AvailableCount);
        Assert.True(clone.BufferPointer == place);
        clone.Free();
        Assert.Equal((16, 64), (pool.AvailableCount, _pool.AvailableCount));
        Assert.True(pool.TryAllocBulk(all));
        MbufPool.FreeBulk(all);
        Assert.Throws<ArgumentException>(
            () => new MbufPool(new MbufPoolOptions { Count = 17, CacheSize = 0, DataRoomSize = 512, PinnedMemory = block }));
    }

    [Fact]
    public void ReferencesHoldUnderThreads()
    {
        // A master takes mbufs, adds references to each and hands every reference to a worker to free.
        const int Workers = 3;
        using var ring = new Ring<nint>(new RingOptions { Size = 512, Producer = RingSync.SingleThread });
        using MbufPool pool = Make(64, 8, 128);
        long freed = 0;
        long handed = 0;
        int done = 0;
        Threads.Run(Workers + 1, worker =>
        {
            if (worker > 0)
            {
                Span<nint> batch = stackalloc nint[17];
                while (true)
                {
                    bool last = Volatile.Read(ref done) != 0;
                    int count = ring.DequeueBurst(batch);
                    foreach (nint item in batch[..count])
                    {
                        Mbuf.FromAddress(item).Free();
                    }

                    Interlocked.Add(ref freed, count);
                    if (count == 0 && last)
                    {
                        return;
                    }

                    if (count == 0)
                    {
                        Thread.Yield();
                    }
                }
            }

            var random = new Random(1);
            for (int round = 0; round < 64; round++)
            {
                for (int i = 0; i < 64; i++)
                {
                    Mbuf m;
                    while (!pool.TryAlloc(out m))
                    {
                        Thread.Yield();
                    }

                    int references = random.Next(1, 129);
                    m.AddReference(references - 1);
                    for (int r = 0; r < references; r++)
                    {
                        while (!ring.TryEnqueue(m.Address))
                        {
                            Thread.Yield();
                        }
                    }

                    handed += references;
                }
            }

            Volatile.Write(ref done, 1);
        });
        Assert.Equal(handed, freed);
        Assert.Equal(64, pool.AvailableCount);
    }

    [Fact]
    public void ClonesHoldUnderThreads()
    {
        // A thread that reads a count of 1 takes itself for the only holder, so each thread needs a reference of its own.
        Mbuf shared = Packet(_pool, 64);
        shared.AddReference(3);
        Threads.Run(3, _ =>
        {
            for (int i = 0; i < 3000; i++)
            {
                if (shared.TryClone(_other, out Mbuf clone))
                {
                    Assert.Equal(64, clone.PacketLength);
                    clone.Free();
                }
            }

            shared.Free();
        });
        Assert.Equal(1, shared.ReferenceCount);
        shared.Free();
    }

    private static MbufPool Make(int count, int cacheSize, int dataRoom) => new(new MbufPoolOptions
    {
        Count = count,
        CacheSize = cacheSize,
        DataRoomSize = dataRoom,
        DebugChecks = MempoolDebugChecks.All,
        Backing = [MemoryBacking.Pages, MemoryBacking.Allocator],
    });

    private static Mbuf Packet(MbufPool pool, int length)
    {
        Assert.True(pool.TryAlloc(out Mbuf m));
        Assert.True(m.TryAppend(length, out Span<byte> data));
        new Random(length).NextBytes(data);
        return m;
    }

    private Mbuf Alloc()
    {
        Assert.True(_pool.TryAlloc(out Mbuf m));
        return m;
    }
}
