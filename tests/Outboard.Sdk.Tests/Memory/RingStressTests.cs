using Outboard.Memory;

namespace Outboard.Sdk.Tests.Memory;

/// <summary>Threads pass objects round a ring, stamp them and look for the stamps of others.</summary>
public sealed unsafe class RingStressTests
{
    private const int Workers = 4;
    private const int Rounds = 6000;

    [Theory]
    [InlineData(RingSync.MultiThread, false)]
    [InlineData(RingSync.Relaxed, false)]
    [InlineData(RingSync.Serialized, false)]
    [InlineData(RingSync.Serialized, true)]
    public void NoObjectIsEverInTwoHands(RingSync sync, bool inPlace)
    {
        using var pool = new Mempool(new MempoolOptions { ObjectCount = 511, ObjectSize = 64, CacheSize = 0 });
        using var ring = new Ring<nint>(new RingOptions { Size = 511, Producer = sync, Consumer = sync });
        pool.ForEach((item, _) =>
        {
            new Span<byte>((void*)item, 64).Fill(0xFF);
            Assert.True(ring.TryEnqueue(item));
        });

        long moved = 0;
        Threads.Run(Workers, worker =>
        {
            var random = new Random(worker);
            Span<nint> items = stackalloc nint[44];
            for (int round = 0; round < Rounds; round++)
            {
                int count = inPlace ? TakeInPlace(ring, items[..random.Next(28, 45)])
                    : (round & 1) == 0 ? ring.DequeueBulk(items[..random.Next(28, 45)])
                    : ring.DequeueBurst(items[..random.Next(28, 45)]);
                if (count == 0)
                {
                    Thread.Yield();
                    continue;
                }

                Stamp(items[..count], (byte)worker);
                Interlocked.Add(ref moved, count);
                while (ring.EnqueueBulk(items[..count]) == 0)
                {
                    Thread.Yield();
                }
            }
        });

        Assert.True(moved > 0);
        Assert.Equal(511, ring.Count);
        var seen = new HashSet<nint>();
        while (ring.TryDequeue(out nint item))
        {
            Assert.True(seen.Add(item));
            Assert.Equal(-1, new Span<byte>((void*)item, 64).IndexOfAnyExcept((byte)0xFF));
        }

        Assert.Equal(511, seen.Count);
        Assert.True(ring.Stalls >= 0);
    }

    [Theory]
    [InlineData(RingSync.SingleThread)]
    [InlineData(RingSync.MultiThread)]
    [InlineData(RingSync.Relaxed)]
    [InlineData(RingSync.Serialized)]
    public void OneProducerAndOneConsumerKeepTheOrder(RingSync sync)
    {
        const int Total = 300_000;
        using var ring = new Ring<int>(new RingOptions { Size = 1000, Producer = sync, Consumer = sync });
        Threads.Run(2, side =>
        {
            Span<int> items = stackalloc int[37];
            int at = 0;
            while (at < Total)
            {
                int moved;
                if (side == 0)
                {
                    int count = Math.Min(items.Length, Total - at);
                    for (int i = 0; i < count; i++)
                    {
                        items[i] = at + i;
                    }

                    moved = ring.EnqueueBurst(items[..count]);
                }
                else
                {
                    moved = ring.DequeueBurst(items);
                    for (int i = 0; i < moved; i++)
                    {
                        Assert.Equal(at + i, items[i]);
                    }
                }

                at += moved;
                if (moved == 0)
                {
                    Thread.Yield();
                }
            }
        });
        Assert.True(ring.IsEmpty);
    }

    [Theory]
    [InlineData(RingSync.MultiThread)]
    [InlineData(RingSync.Relaxed)]
    [InlineData(RingSync.Serialized)]
    public void EachProducersElementsStayInOrder(RingSync sync)
    {
        const int Producers = 3;
        const int Each = 40_000;
        using var ring = new Ring<long>(
            new RingOptions { Size = 256, Producer = sync, Consumer = RingSync.SingleThread });
        Threads.Run(Producers + 1, side =>
        {
            Span<long> items = stackalloc long[16];
            if (side < Producers)
            {
                for (int at = 0; at < Each;)
                {
                    int count = Math.Min(16, Each - at);
                    for (int i = 0; i < count; i++)
                    {
                        items[i] = ((long)side << 32) | (uint)(at + i);
                    }

                    int sent = ring.EnqueueBurst(items[..count]);
                    at += sent;
                    if (sent == 0)
                    {
                        Thread.Yield();
                    }
                }

                return;
            }

            var next = new int[Producers];
            for (int total = 0; total < Producers * Each;)
            {
                int got = ring.DequeueBurst(items);
                foreach (long item in items[..got])
                {
                    Assert.Equal(next[item >> 32]++, (int)item);
                }

                total += got;
                if (got == 0)
                {
                    Thread.Yield();
                }
            }
        });
    }

    private static int TakeInPlace(Ring<nint> ring, Span<nint> items)
    {
        using RingReservation<nint> slots = ring.ReserveDequeue(items.Length);
        slots.First.CopyTo(items);
        slots.Second.CopyTo(items[slots.First.Length..]);
        int count = slots.Count;
        slots.Commit(count);
        return count;
    }

    private static void Stamp(Span<nint> items, byte stamp)
    {
        foreach (nint item in items)
        {
            var bytes = new Span<byte>((void*)item, 64);
            Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)0xFF));
            bytes.Fill(stamp);
        }

        foreach (nint item in items)
        {
            var bytes = new Span<byte>((void*)item, 64);
            Assert.Equal(-1, bytes.IndexOfAnyExcept(stamp));
            bytes.Fill(0xFF);
        }
    }
}
