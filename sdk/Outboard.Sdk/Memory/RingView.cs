using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Memory;

/// <summary>
/// A <see cref="Ring{T}"/> seen through its modes at compile time: the calls are compiled for exactly those modes and test nothing.
/// Get one from <see cref="Ring{T}.View{TProducer, TConsumer}"/> and keep it for a hot loop.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TProducer">How enqueuing threads synchronise.</typeparam>
/// <typeparam name="TConsumer">How dequeuing threads synchronise.</typeparam>
/// <remarks>A view owns nothing: it is dead once its ring is disposed.</remarks>
public readonly unsafe struct RingView<T, TProducer, TConsumer>
    where T : unmanaged
    where TProducer : struct, IRingSync
    where TConsumer : struct, IRingSync
{
    private readonly RingHeader* _ring;

    internal RingView(RingHeader* ring) => _ring = ring;

    /// <summary>Elements in the ring; exact when nobody moves.</summary>
    public int Count => RingState.Count(_ring);

    /// <summary>Elements that still fit; exact when nobody moves.</summary>
    public int FreeCount => (int)_ring->Capacity - RingState.Count(_ring);

    /// <summary>Enqueues one element.</summary>
    /// <returns>Whether there was room.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnqueue(T item)
    {
        RingHeader* ring = _ring;
        if (TProducer.MoveHead(
            &ring->Producer, &ring->Consumer, ring->Capacity, 1, true, ring->HeadTailDistanceMax, out uint head) == 0)
        {
            return false;
        }

        // SAFETY: the mask keeps the slot inside the block, and MoveHead gave it to this thread alone.
        RingState.Elements<T>(ring)[head & ring->Mask] = item;
        TProducer.MoveTail(&ring->Producer, head, 1);
        return true;
    }

    /// <summary>Dequeues one element.</summary>
    /// <returns>Whether there was one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryDequeue(out T item)
    {
        RingHeader* ring = _ring;
        if (TConsumer.MoveHead(
            &ring->Consumer, &ring->Producer, 0, 1, true, ring->HeadTailDistanceMax, out uint head) == 0)
        {
            item = default;
            return false;
        }

        // SAFETY: as in TryEnqueue.
        item = RingState.Elements<T>(ring)[head & ring->Mask];
        TConsumer.MoveTail(&ring->Consumer, head, 1);
        return true;
    }

    /// <summary>Enqueues all elements or none.</summary>
    /// <returns>The number enqueued: all of them, or 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int EnqueueBulk(ReadOnlySpan<T> items) => Enqueue(items, exact: true);

    /// <summary>Enqueues as many of the elements, from the first on, as there is room for.</summary>
    /// <returns>The number enqueued.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int EnqueueBurst(ReadOnlySpan<T> items) => Enqueue(items, exact: false);

    /// <summary>Fills the whole span or leaves it and the ring as they are.</summary>
    /// <returns>The number dequeued: the span's length, or 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int DequeueBulk(Span<T> items) => Dequeue(items, exact: true);

    /// <summary>Dequeues up to the span's length.</summary>
    /// <returns>The number dequeued.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int DequeueBurst(Span<T> items) => Dequeue(items, exact: false);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Enqueue(ReadOnlySpan<T> items, bool exact)
    {
        RingHeader* ring = _ring;
        uint count = TProducer.MoveHead(
            &ring->Producer,
            &ring->Consumer,
            ring->Capacity,
            (uint)items.Length,
            exact,
            ring->HeadTailDistanceMax,
            out uint head);
        if (count == 0)
        {
            return 0;
        }

        // SAFETY: MoveHead gave slots head to head + count to this thread alone, and count is at most the span's length.
        ref T source = ref MemoryMarshal.GetReference(items);
        T* elements = RingState.Elements<T>(ring);
        uint index = head & ring->Mask;
        uint first = ring->SlotCount - index;
        if (count <= first)
        {
            VectorCopy.Elements(ref elements[index], ref source, count);
        }
        else
        {
            VectorCopy.Elements(ref elements[index], ref source, first);
            VectorCopy.Elements(ref elements[0], ref Unsafe.Add(ref source, first), count - first);
        }

        TProducer.MoveTail(&ring->Producer, head, count);
        return (int)count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Dequeue(Span<T> items, bool exact)
    {
        RingHeader* ring = _ring;
        uint count = TConsumer.MoveHead(
            &ring->Consumer, &ring->Producer, 0, (uint)items.Length, exact, ring->HeadTailDistanceMax, out uint head);
        if (count == 0)
        {
            return 0;
        }

        // SAFETY: as in Enqueue.
        ref T target = ref MemoryMarshal.GetReference(items);
        T* elements = RingState.Elements<T>(ring);
        uint index = head & ring->Mask;
        uint first = ring->SlotCount - index;
        if (count <= first)
        {
            VectorCopy.Elements(ref target, ref elements[index], count);
        }
        else
        {
            VectorCopy.Elements(ref target, ref elements[index], first);
            VectorCopy.Elements(ref Unsafe.Add(ref target, first), ref elements[0], count - first);
        }

        TConsumer.MoveTail(&ring->Consumer, head, count);
        return (int)count;
    }
}
