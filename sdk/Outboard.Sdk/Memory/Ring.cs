using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Memory;

/// <summary>A bounded lock-free queue in native memory.</summary>
/// <typeparam name="T">The element; any unmanaged type.</typeparam>
/// <remarks>
/// <code>
/// using var ring = new Ring&lt;nint&gt;(new RingOptions { Size = 1024, Producer = RingSync.SingleThread });
/// int sent = ring.EnqueueBurst(items);      // as many as fit
/// int got = ring.DequeueBulk(buffer);       // all or none
/// </code>
/// *Thread*: each side as its <see cref="RingSync"/> says. *Order*: first in, first out. A call never allocates, locks or throws; only the
/// waits of the multi-thread modes may yield the processor, and each that does is counted in <see cref="Stalls"/>.
/// </remarks>
public sealed unsafe class Ring<T> : IDisposable
    where T : unmanaged
{
    private const int SizeMax = 1 << 30;
    private readonly RingSync _producer;
    private readonly RingSync _consumer;
    private RingHeader* _ring;

    /// <summary>Makes an empty ring.</summary>
    /// <param name="options">Size and modes.</param>
    public Ring(RingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        uint slots = SlotCount(options);
        Name = options.Name;
        Capacity = options.ExactSize ? options.Size : options.Size - 1;
        _producer = Checked(options.Producer, nameof(options.Producer));
        _consumer = Checked(options.Consumer, nameof(options.Consumer));
        if (options.HeadTailDistanceMax < 0 || options.HeadTailDistanceMax > Capacity)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.HeadTailDistanceMax,
                $"ring '{Name}': head-tail distance {options.HeadTailDistanceMax} is not within 0 to {Capacity}");
        }

        nuint byteCount = RingHeader.Size + ((nuint)slots * (nuint)sizeof(T));
        _ring = (RingHeader*)NativeMemory.AlignedAlloc(byteCount, 128);
        NativeMemory.Clear(_ring, byteCount);
        _ring->SlotCount = slots;
        _ring->Mask = slots - 1;
        _ring->Capacity = (uint)Capacity;
        _ring->HeadTailDistanceMax =
            options.HeadTailDistanceMax > 0 ? (uint)options.HeadTailDistanceMax : Math.Max(1, (uint)Capacity / 8);
    }

    /// <summary>The name given at creation.</summary>
    public string Name { get; }

    /// <summary>Elements that the ring can hold.</summary>
    public int Capacity { get; }

    /// <summary>How enqueuing threads synchronise.</summary>
    public RingSync Producer => _producer;

    /// <summary>How dequeuing threads synchronise.</summary>
    public RingSync Consumer => _consumer;

    /// <summary>Elements in the ring; exact when nobody moves.</summary>
    public int Count => RingState.Count(Header);

    /// <summary>Elements that still fit; exact when nobody moves.</summary>
    public int FreeCount => Capacity - Count;

    /// <summary>Whether the ring holds nothing.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Whether nothing more fits.</summary>
    public bool IsFull => Count == Capacity;

    /// <summary>Waits, on either side, that outlasted the spin and yielded the processor.</summary>
    public long Stalls => Volatile.Read(ref Header->Producer.Stalls) + Volatile.Read(ref Header->Consumer.Stalls);

    internal RingHeader* Header
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _ring;
    }

    /// <summary>This ring through its modes as types, for hot loops.</summary>
    /// <typeparam name="TProducer">Must be the ring's producer mode.</typeparam>
    /// <typeparam name="TConsumer">Must be the ring's consumer mode.</typeparam>
    public RingView<T, TProducer, TConsumer> View<TProducer, TConsumer>()
        where TProducer : struct, IRingSync
        where TConsumer : struct, IRingSync
    {
        if (TProducer.Mode != _producer || TConsumer.Mode != _consumer)
        {
            throw new InvalidOperationException(
                $"ring '{Name}' is {_producer}/{_consumer}; a {TProducer.Mode}/{TConsumer.Mode} view of it would race");
        }

        ObjectDisposedException.ThrowIf(_ring is null, this);
        return new(_ring);
    }

    /// <summary>Enqueues one element.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryEnqueue(T item) => _producer switch
    {
        RingSync.SingleThread => Through<SingleThreadSync>().TryEnqueue(item),
        RingSync.MultiThread => Through<MultiThreadSync>().TryEnqueue(item),
        RingSync.Relaxed => Through<RelaxedSync>().TryEnqueue(item),
        _ => Through<SerializedSync>().TryEnqueue(item),
    };

    /// <summary>Dequeues one element.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryDequeue(out T item) => _consumer switch
    {
        RingSync.SingleThread => Through<SingleThreadSync>().TryDequeue(out item),
        RingSync.MultiThread => Through<MultiThreadSync>().TryDequeue(out item),
        RingSync.Relaxed => Through<RelaxedSync>().TryDequeue(out item),
        _ => Through<SerializedSync>().TryDequeue(out item),
    };

    /// <summary>Enqueues all elements or none.</summary>
    /// <returns>The number enqueued: all of them, or 0.</returns>
    public int EnqueueBulk(ReadOnlySpan<T> items) => _producer switch
    {
        RingSync.SingleThread => Through<SingleThreadSync>().EnqueueBulk(items),
        RingSync.MultiThread => Through<MultiThreadSync>().EnqueueBulk(items),
        RingSync.Relaxed => Through<RelaxedSync>().EnqueueBulk(items),
        _ => Through<SerializedSync>().EnqueueBulk(items),
    };

    /// <summary>As <see cref="EnqueueBulk(ReadOnlySpan{T})"/>, and tells the room left after it.</summary>
    public int EnqueueBulk(ReadOnlySpan<T> items, out int freeCount)
    {
        int count = EnqueueBulk(items);
        freeCount = FreeCount;
        return count;
    }

    /// <summary>Enqueues as many of the elements, from the first on, as there is room for.</summary>
    /// <returns>The number enqueued.</returns>
    public int EnqueueBurst(ReadOnlySpan<T> items) => _producer switch
    {
        RingSync.SingleThread => Through<SingleThreadSync>().EnqueueBurst(items),
        RingSync.MultiThread => Through<MultiThreadSync>().EnqueueBurst(items),
        RingSync.Relaxed => Through<RelaxedSync>().EnqueueBurst(items),
        _ => Through<SerializedSync>().EnqueueBurst(items),
    };

    /// <summary>As <see cref="EnqueueBurst(ReadOnlySpan{T})"/>, and tells the room left after it.</summary>
    public int EnqueueBurst(ReadOnlySpan<T> items, out int freeCount)
    {
        int count = EnqueueBurst(items);
        freeCount = FreeCount;
        return count;
    }

    /// <summary>Fills the whole span or leaves it and the ring as they are.</summary>
    /// <returns>The number dequeued: the span's length, or 0.</returns>
    public int DequeueBulk(Span<T> items) => _consumer switch
    {
        RingSync.SingleThread => Through<SingleThreadSync>().DequeueBulk(items),
        RingSync.MultiThread => Through<MultiThreadSync>().DequeueBulk(items),
        RingSync.Relaxed => Through<RelaxedSync>().DequeueBulk(items),
        _ => Through<SerializedSync>().DequeueBulk(items),
    };

    /// <summary>As <see cref="DequeueBulk(Span{T})"/>, and tells how many elements were left after it.</summary>
    public int DequeueBulk(Span<T> items, out int remaining)
    {
        int count = DequeueBulk(items);
        remaining = Count;
        return count;
    }

    /// <summary>Dequeues up to the span's length.</summary>
    /// <returns>The number dequeued.</returns>
    public int DequeueBurst(Span<T> items) => _consumer switch
    {
        RingSync.SingleThread => Through<SingleThreadSync>().DequeueBurst(items),
        RingSync.MultiThread => Through<MultiThreadSync>().DequeueBurst(items),
        RingSync.Relaxed => Through<RelaxedSync>().DequeueBurst(items),
        _ => Through<SerializedSync>().DequeueBurst(items),
    };

    /// <summary>As <see cref="DequeueBurst(Span{T})"/>, and tells how many elements were left after it.</summary>
    public int DequeueBurst(Span<T> items, out int remaining)
    {
        int count = DequeueBurst(items);
        remaining = Count;
        return count;
    }

    /// <summary>Reserves up to <paramref name="count"/> free slots to be written in place.</summary>
    /// <param name="count">Slots wanted; the reservation says how many there are, perhaps none.</param>
    /// <param name="exact">All or none.</param>
    /// <remarks>Only with <see cref="RingSync.SingleThread"/> or <see cref="RingSync.Serialized"/> producers.</remarks>
    public RingReservation<T> ReserveEnqueue(int count, bool exact = false) =>
        Reserve(_producer, &Header->Producer, &Header->Consumer, (uint)Capacity, count, exact);

    /// <summary>Reserves up to <paramref name="count"/> elements to be read in place.</summary>
    /// <param name="count">Elements wanted; the reservation says how many there are, perhaps none.</param>
    /// <param name="exact">All or none.</param>
    /// <remarks>
    /// Only with <see cref="RingSync.SingleThread"/> or <see cref="RingSync.Serialized"/> consumers. Committing 0 leaves the elements in the
    /// ring, so this is also how to peek.
    /// </remarks>
    public RingReservation<T> ReserveDequeue(int count, bool exact = false) =>
        Reserve(_consumer, &Header->Consumer, &Header->Producer, 0, count, exact);

    /// <summary>Drops everything. For flushing when no other thread uses the ring.</summary>
    public void Reset()
    {
        Header->Producer.HeadAndTail = Header->Producer.RelaxedHead = 0;
        Header->Consumer.HeadAndTail = Header->Consumer.RelaxedHead = 0;
        Header->Producer.SeenOpposite = Header->Consumer.SeenOpposite = 0;
    }

    /// <summary>Gives the memory back. No thread may use the ring or a view of it any more.</summary>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_ring);
        _ring = null;
    }

    private static uint SlotCount(RingOptions options)
    {
        if (options.ExactSize)
        {
            if (options.Size is < 1 or >= SizeMax)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(options), options.Size, $"ring '{options.Name}': size {options.Size} is not within 1 to {SizeMax - 1}");
            }

            return BitOperations.RoundUpToPowerOf2((uint)options.Size + 1);
        }

        if (options.Size is < 2 or > SizeMax || !BitOperations.IsPow2(options.Size))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.Size,
                $"ring '{options.Name}': size {options.Size} is not a power of two from 2 to {SizeMax}; ask for ExactSize");
        }

        return (uint)options.Size;
    }

    private static RingSync Checked(RingSync sync, string side) => Enum.IsDefined(sync)
        ? sync
        : throw new ArgumentOutOfRangeException(side, sync, $"{side} mode {sync} is none of {string.Join(", ", Enum.GetNames<RingSync>())}");

    private static RingReservation<T> Claim<TSync>(
        RingHeader* ring, RingSide* own, RingSide* opposite, uint bias, uint count, bool exact)
        where TSync : struct, IRingSync
    {
        uint taken = TSync.MoveHead(own, opposite, bias, count, exact, 0, out uint head);

        // A serialized head is unlocked by nothing but a moved tail, so an empty claim holds no lock and has nothing to give back.
        return new(ring, taken == 0 ? null : own, head, taken, TSync.Mode == RingSync.Serialized);
    }

    private RingReservation<T> Reserve(
        RingSync sync, RingSide* own, RingSide* opposite, uint bias, int count, bool exact)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return sync switch
        {
            RingSync.SingleThread => Claim<SingleThreadSync>(Header, own, opposite, bias, (uint)count, exact),
            RingSync.Serialized => Claim<SerializedSync>(Header, own, opposite, bias, (uint)count, exact),
            _ => throw new InvalidOperationException(
                $"ring '{Name}': a {sync} side cannot be reserved in place; make it SingleThread or Serialized"),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private RingView<T, TSync, TSync> Through<TSync>()
        where TSync : struct, IRingSync => new(Header);
}
