namespace Outboard.Memory;

/// <summary>
/// Slots of a ring, to be written or read in place. Ends with <see cref="Commit"/>; leaving a <c>using</c> without it gives every slot back.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
/// <remarks>
/// <code>
/// using RingReservation&lt;nint&gt; slots = ring.ReserveEnqueue(32);
/// int written = Fill(slots.First) ...
/// slots.Commit(written);
/// </code>
/// *Thread*: until it ends, no other thread gets through on this side of the ring.
/// </remarks>
public unsafe ref struct RingReservation<T>
    where T : unmanaged
{
    private readonly uint _head;
    private readonly bool _serialized;
    private RingSide* _side;

    internal RingReservation(RingHeader* ring, RingSide* side, uint head, uint count, bool serialized)
    {
        _side = side;
        _head = head;
        _serialized = serialized;
        uint index = head & ring->Mask;
        uint first = Math.Min(count, ring->SlotCount - index);
        T* elements = RingState.Elements<T>(ring);
        First = new Span<T>(elements + index, (int)first);
        Second = new Span<T>(elements, (int)(count - first));
    }

    /// <summary>The slots up to the end of the ring's memory.</summary>
    public Span<T> First { get; }

    /// <summary>The slots that wrapped to the start of the ring's memory; often empty.</summary>
    public Span<T> Second { get; }

    /// <summary>Slots reserved.</summary>
    public readonly int Count => First.Length + Second.Length;

    /// <summary>Ends the reservation: the first <paramref name="count"/> slots are enqueued or dequeued, the others given back.</summary>
    /// <param name="count">Slots; 0 to <see cref="Count"/>.</param>
    public void Commit(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count, nameof(count));
        if (_side is null)
        {
            return;
        }

        uint end = _head + (uint)count;
        if (_serialized)
        {
            Volatile.Write(ref _side->HeadAndTail, ((ulong)end << 32) | end);
        }
        else
        {
            _side->Head = end;
            Volatile.Write(ref _side->Tail, end);
        }

        _side = null;
    }

    /// <summary>Gives every slot back unless the reservation was committed.</summary>
    public void Dispose() => Commit(0);
}
