using System.Runtime.InteropServices;
using CsCheck;
using Outboard.Memory;

namespace Outboard.Sdk.Tests.Memory;

public sealed class RingTests
{
    public static TheoryData<RingSync> Modes => [.. Enum.GetValues<RingSync>()];

    [Theory]
    [MemberData(nameof(Modes))]
    public void ElementsComeOutInTheOrderTheyWentIn(RingSync sync)
    {
        using Ring<long> ring = Make<long>(4096, sync);
        long next = 0;
        long expected = 0;
        var items = new long[32];
        for (int round = 0; round < 4096; round++)
        {
            int count = (round * 7 % 32) + 1;
            for (int i = 0; i < count; i++)
            {
                items[i] = next++;
            }

            Assert.Equal(count, ring.EnqueueBulk(items.AsSpan(0, count)));
            items.AsSpan().Clear();
            Assert.Equal(count, ring.DequeueBurst(items));
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(expected++, items[i]);
            }
        }

        Assert.True(ring.IsEmpty);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void ARingFillsToItsCapacityAndNoFurther(RingSync sync)
    {
        using Ring<int> ring = Make<int>(100, sync);
        Assert.Equal(100, ring.Capacity);
        int[] items = [.. Enumerable.Range(0, 64)];
        Assert.Equal(64, ring.EnqueueBulk(items, out int free));
        Assert.Equal(36, free);
        Assert.Equal(0, ring.EnqueueBulk(items));
        Assert.Equal(64, ring.Count);
        Assert.Equal(36, ring.EnqueueBurst(items, out free));
        Assert.Equal(0, free);
        Assert.True(ring.IsFull);
        Assert.Equal(0, ring.EnqueueBurst(items));
        Assert.False(ring.TryEnqueue(5));
        Assert.Equal(0, ring.FreeCount);

        var got = new int[64];
        Assert.Equal(64, ring.DequeueBulk(got, out int remaining));
        Assert.Equal(36, remaining);
        Assert.Equal(items, got);
        got.AsSpan().Fill(-1);
        Assert.Equal(0, ring.DequeueBulk(got));
        Assert.All(got, value => Assert.Equal(-1, value));
        Assert.Equal(36, ring.DequeueBurst(got, out remaining));
        Assert.Equal(0, remaining);
        Assert.Equal(items[..36], got[..36]);
        Assert.False(ring.TryDequeue(out int none));
        Assert.Equal(0, none);
        Assert.Equal(0, ring.DequeueBurst(got));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void SinglesWrapAround(RingSync sync)
    {
        using Ring<nint> ring = Make<nint>(7, sync);
        for (nint i = 0; i < 1000; i++)
        {
            Assert.True(ring.TryEnqueue(i));
            Assert.True(ring.TryEnqueue(~i));
            Assert.True(ring.TryDequeue(out nint first));
            Assert.True(ring.TryDequeue(out nint second));
            Assert.Equal((i, ~i), (first, second));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void IndicesSurviveTheirWrapAround(RingSync sync)
    {
        using Ring<int> ring = Make<int>(31, sync);
        StartNearWrap(ring, uint.MaxValue - 100);
        var items = new int[8];
        for (int i = 0; i < 100; i++)
        {
            items.AsSpan().Fill(i);
            Assert.Equal(8, ring.EnqueueBulk(items));
            Assert.Equal(8, ring.Count);
            Assert.Equal(8, ring.DequeueBulk(items));
            Assert.All(items, value => Assert.Equal(i, value));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void EmptySpansMoveNothing(RingSync sync)
    {
        using Ring<int> ring = Make<int>(8, sync);
        Assert.Equal(0, ring.EnqueueBulk([]));
        Assert.Equal(0, ring.EnqueueBurst([]));
        Assert.Equal(0, ring.DequeueBulk([]));
        Assert.Equal(0, ring.DequeueBurst([]));
        Assert.True(ring.TryEnqueue(1));
        Assert.Equal(0, ring.DequeueBulk([]));
        Assert.Equal(1, ring.Count);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void ElementsOfEverySizeMoveWhole(RingSync sync)
    {
        Roundtrip<byte>(sync);
        Roundtrip<ushort>(sync);
        Roundtrip<uint>(sync);
        Roundtrip<ulong>(sync);
        Roundtrip<Int128>(sync);
        Roundtrip<Twenty>(sync);
        Roundtrip<Three>(sync);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void ARingBehavesAsAQueue(RingSync sync)
    {
        // Operation n: 0 to 39 enqueue bulk, 40 to 79 dequeue bulk, 80 to 119 enqueue burst, 120 to 159 dequeue burst of n mod 40.
        Gen.Select(Gen.Int[1, 64], Gen.Int[0, 159].Array[1, 200]).Sample(
            (capacity, operations) =>
            {
                using Ring<int> ring = Make<int>(capacity, sync);
                StartNearWrap(ring, uint.MaxValue - 50);
                var model = new Queue<int>();
                int next = 0;
                foreach (int operation in operations)
                {
                    int count = operation % 40;
                    bool burst = operation >= 80;
                    if (operation / 40 % 2 == 0)
                    {
                        int[] items = [.. Enumerable.Range(next, count)];
                        int room = capacity - model.Count;
                        int expected = count <= room ? count : burst ? room : 0;
                        Assert.Equal(expected, burst ? ring.EnqueueBurst(items) : ring.EnqueueBulk(items));
                        for (int i = 0; i < expected; i++)
                        {
                            model.Enqueue(items[i]);
                        }

                        next += count;
                    }
                    else
                    {
                        var items = new int[count];
                        int expected = count <= model.Count ? count : burst ? model.Count : 0;
                        Assert.Equal(expected, burst ? ring.DequeueBurst(items) : ring.DequeueBulk(items));
                        for (int i = 0; i < expected; i++)
                        {
                            Assert.Equal(model.Dequeue(), items[i]);
                        }
                    }

                    Assert.Equal(model.Count, ring.Count);
                    Assert.Equal(capacity - model.Count, ring.FreeCount);
                }
            },
            seed: "0000000000002",
            iter: 300,
            threads: 1);
    }

    [Theory]
    [InlineData(RingSync.SingleThread)]
    [InlineData(RingSync.Serialized)]
    public void ReservedSlotsAreWrittenAndReadInPlace(RingSync sync)
    {
        using Ring<int> ring = Make<int>(15, sync);
        int next = 0;
        int expected = 0;
        for (int round = 0; round < 50; round++)
        {
            using (RingReservation<int> slots = ring.ReserveEnqueue(11))
            {
                Assert.Equal(11, slots.Count);
                foreach (ref int slot in slots.First)
                {
                    slot = next++;
                }

                foreach (ref int slot in slots.Second)
                {
                    slot = next++;
                }

                slots.Commit(slots.Count);
            }

            using (RingReservation<int> slots = ring.ReserveDequeue(100))
            {
                Assert.Equal(11, slots.Count);
                foreach (int value in slots.First)
                {
                    Assert.Equal(expected++, value);
                }

                foreach (int value in slots.Second)
                {
                    Assert.Equal(expected++, value);
                }

                slots.Commit(11);
            }
        }

        Assert.True(ring.IsEmpty);
    }

    [Theory]
    [InlineData(RingSync.SingleThread)]
    [InlineData(RingSync.Serialized)]
    public void AReservationThatIsNotCommittedLeavesTheRingAsItWas(RingSync sync)
    {
        using Ring<int> ring = Make<int>(8, sync);
        Assert.Equal(3, ring.EnqueueBulk([1, 2, 3]));
        using (RingReservation<int> slots = ring.ReserveEnqueue(4))
        {
            slots.First.Fill(99);
        }

        using (RingReservation<int> peek = ring.ReserveDequeue(2))
        {
            Assert.Equal([1, 2], peek.First.ToArray());
        }

        Assert.Equal(3, ring.Count);
        var got = new int[3];
        Assert.Equal(3, ring.DequeueBulk(got));
        Assert.Equal([1, 2, 3], got);
    }

    [Theory]
    [InlineData(RingSync.SingleThread)]
    [InlineData(RingSync.Serialized)]
    public void APrefixOfAReservationCanBeCommitted(RingSync sync)
    {
        using Ring<int> ring = Make<int>(8, sync);
        RingReservation<int> slots = ring.ReserveEnqueue(6);
        slots.First[0] = 10;
        slots.First[1] = 11;
        slots.Commit(2);
        slots.Dispose();
        Assert.Equal(2, ring.Count);
        RingReservation<int> taken = ring.ReserveDequeue(2);
        Assert.Equal(10, taken.First[0]);
        taken.Commit(1);
        Assert.True(ring.TryDequeue(out int left));
        Assert.Equal(11, left);
        Assert.Equal(0, ring.ReserveDequeue(1).Count);
        Assert.Equal(0, ring.ReserveEnqueue(9, exact: true).Count);
        Assert.True(ring.TryEnqueue(1));
    }

    [Theory]
    [InlineData(RingSync.MultiThread)]
    [InlineData(RingSync.Relaxed)]
    public void ModesThatCannotReserveSaySo(RingSync sync)
    {
        using Ring<int> ring = Make<int>(8, sync);
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => ring.ReserveEnqueue(1).Commit(0));
        Assert.Contains(sync.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => ring.ReserveDequeue(1).Commit(0));
    }

    [Fact]
    public void TooMuchCannotBeCommitted()
    {
        using Ring<int> ring = Make<int>(8, RingSync.SingleThread);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.ReserveEnqueue(3).Commit(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.ReserveEnqueue(-1).Commit(0));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4096, 4095)]
    public void APowerOfTwoHoldsOneLess(int size, int capacity)
    {
        using var ring = new Ring<int>(new RingOptions { Size = size, ExactSize = false });
        Assert.Equal(capacity, ring.Capacity);
        for (int i = 0; i < capacity; i++)
        {
            Assert.True(ring.TryEnqueue(i));
        }

        Assert.False(ring.TryEnqueue(0));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    [InlineData(1 << 30, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(4097, false)]
    [InlineData(int.MinValue, false)]
    public void BadSizesAreRefused(int size, bool exact)
    {
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(
            () => new Ring<int>(new RingOptions { Name = "r", Size = size, ExactSize = exact }));
        Assert.Contains("ring 'r'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownModesAndDistancesAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Ring<int>(new RingOptions { Size = 8, Producer = (RingSync)9 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Ring<int>(new RingOptions { Size = 8, HeadTailDistanceMax = 9 }));
        Assert.Throws<ArgumentNullException>(() => new Ring<int>(null!));
    }

    [Fact]
    public void AViewOfTheWrongModeIsRefused()
    {
        using Ring<int> ring = Make<int>(8, RingSync.MultiThread);
        Assert.Throws<InvalidOperationException>(() => ring.View<SingleThreadSync, MultiThreadSync>());
        RingView<int, MultiThreadSync, MultiThreadSync> view = ring.View<MultiThreadSync, MultiThreadSync>();
        Assert.Equal(2, view.EnqueueBurst([4, 5]));
        Assert.Equal(2, ring.Count);
        Assert.Equal(6, view.FreeCount);
        Assert.True(view.TryDequeue(out int item));
        Assert.Equal(4, item);
    }

    [Fact]
    public void ResetEmptiesTheRing()
    {
        foreach (RingSync sync in Enum.GetValues<RingSync>())
        {
            using Ring<int> ring = Make<int>(8, sync);
            Assert.Equal(5, ring.EnqueueBulk([1, 2, 3, 4, 5]));
            Assert.True(ring.TryDequeue(out _));
            ring.Reset();
            Assert.True(ring.IsEmpty);
            Assert.Equal(8, ring.EnqueueBulk(new int[8]));
        }
    }

    [Fact]
    public void EachSideMayHaveAModeOfItsOwn()
    {
        foreach (RingSync producer in Enum.GetValues<RingSync>())
        {
            foreach (RingSync consumer in Enum.GetValues<RingSync>())
            {
                using var ring = new Ring<int>(new RingOptions { Size = 5, Producer = producer, Consumer = consumer });
                for (int i = 0; i < 20; i++)
                {
                    Assert.Equal(3, ring.EnqueueBulk([i, i + 1, i + 2]));
                    var got = new int[5];
                    Assert.Equal(3, ring.DequeueBurst(got));
                    Assert.Equal([i, i + 1, i + 2, 0, 0], got);
                }

                Assert.Equal((producer, consumer), (ring.Producer, ring.Consumer));
            }
        }
    }

    [Fact]
    public void CallsAllocateNothing()
    {
        Span<nint> items = stackalloc nint[32];
        foreach (RingSync sync in Enum.GetValues<RingSync>())
        {
            using Ring<nint> ring = Make<nint>(64, sync);
            Exercise(ring, items);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Exercise(ring, items);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    private static void Exercise(Ring<nint> ring, Span<nint> items)
    {
        for (int i = 0; i < 100; i++)
        {
            _ = ring.EnqueueBulk(items);
            _ = ring.DequeueBurst(items);
            _ = ring.TryEnqueue(1);
            _ = ring.TryDequeue(out _);
        }
    }

    private static Ring<T> Make<T>(int size, RingSync sync)
        where T : unmanaged =>
        new(new RingOptions { Size = size, Producer = sync, Consumer = sync });

    private static unsafe void StartNearWrap(Ring<int> ring, uint index)
    {
        ulong both = ((ulong)index << 32) | (ring.Producer == RingSync.Relaxed ? 7 : index);
        RingHeader* header = ring.Header;
        header->Producer.HeadAndTail = header->Consumer.HeadAndTail = both;
        header->Producer.RelaxedHead = header->Consumer.RelaxedHead = both;
        header->Producer.SeenOpposite = header->Consumer.SeenOpposite = index;
    }

    private static void Roundtrip<T>(RingSync sync)
        where T : unmanaged
    {
        using Ring<T> ring = Make<T>(37, sync);
        var random = new Random(5);
        for (int count = 1; count <= 37; count++)
        {
            var sent = new T[count];
            random.NextBytes(MemoryMarshal.AsBytes(sent.AsSpan()));
            var got = new T[count];
            Assert.Equal(count, ring.EnqueueBulk(sent));
            Assert.Equal(count, ring.DequeueBulk(got));
            Assert.True(MemoryMarshal.AsBytes(sent.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(got.AsSpan())));
        }
    }

    [StructLayout(LayoutKind.Sequential, Size = 20)]
    private struct Twenty
    {
        public int Value;
    }

    [StructLayout(LayoutKind.Sequential, Size = 3)]
    private struct Three
    {
        public byte Value;
    }
}
