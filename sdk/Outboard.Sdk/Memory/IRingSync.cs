namespace Outboard.Memory;

/// <summary>
/// A synchronisation mode of one side of a ring, as a type, so that a <see cref="RingView{T, TProducer, TConsumer}"/> is compiled for it.
/// The four modes of <see cref="RingSync"/> are the only ones.
/// </summary>
public interface IRingSync
{
    /// <summary>The mode that the type stands for.</summary>
    static abstract RingSync Mode { get; }

    /// <summary>Claims up to <paramref name="count"/> elements; with <paramref name="exact"/>, all or none.</summary>
    /// <param name="own">The side that moves.</param>
    /// <param name="opposite">The other side, of which only the tail is read.</param>
    /// <param name="bias">The ring's capacity when enqueuing, 0 when dequeuing.</param>
    /// <param name="count">Elements wanted.</param>
    /// <param name="exact">All or none.</param>
    /// <param name="distanceMax">Bound of the relaxed mode.</param>
    /// <param name="head">The index of the first claimed element.</param>
    /// <returns>Elements claimed.</returns>
    internal static abstract unsafe uint MoveHead(
        RingSide* own, RingSide* opposite, uint bias, uint count, bool exact, uint distanceMax, out uint head);

    /// <summary>Publishes what <see cref="MoveHead"/> claimed.</summary>
    internal static abstract unsafe void MoveTail(RingSide* own, uint head, uint count);
}
