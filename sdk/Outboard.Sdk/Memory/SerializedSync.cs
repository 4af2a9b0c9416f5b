using System.Runtime.CompilerServices;

namespace Outboard.Memory;

/// <summary><see cref="RingSync.Serialized"/> as a type.</summary>
public readonly struct SerializedSync : IRingSync
{
    /// <inheritdoc/>
    public static RingSync Mode => RingSync.Serialized;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe uint IRingSync.MoveHead(
        RingSide* own, RingSide* opposite, uint bias, uint count, bool exact, uint distanceMax, out uint head)
    {
        while (true)
        {
            ulong old = Volatile.Read(ref own->HeadAndTail);
            uint position = (uint)old;
            uint tail = (uint)(old >> 32);
            if (position != tail)
            {
                RingWait.ForIdle(own);
                continue;
            }

            uint available = bias + Volatile.Read(ref opposite->Tail) - position;
            uint taken = count;
            if (available < count)
            {
                taken = exact ? 0 : available;
            }

            // Also for a request of nothing: a claim that no finish follows would block the side.
            if (taken == 0)
            {
                head = position;
                return 0;
            }

            ulong next = ((ulong)tail << 32) | (position + taken);
            if (Interlocked.CompareExchange(ref own->HeadAndTail, next, old) == old)
            {
                head = position;
                return taken;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe void IRingSync.MoveTail(RingSide* own, uint head, uint count)
    {
        // Head differs from tail until this store, so no other thread writes the word in between.
        Volatile.Write(ref own->HeadAndTail, ((ulong)(head + count) << 32) | (head + count));
    }
}
