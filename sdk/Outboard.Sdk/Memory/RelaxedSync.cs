using System.Runtime.CompilerServices;

namespace Outboard.Memory;

/// <summary><see cref="RingSync.Relaxed"/> as a type.</summary>
/// <remarks>
/// Head and tail are {count, position} pairs in one word each: count in the low half, position in the high half. A claim adds one to the
/// head's count, a finish adds one to the tail's, and the finish that brings the counts level moves the tail's position up to the head's.
/// </remarks>
public readonly struct RelaxedSync : IRingSync
{
    /// <inheritdoc/>
    public static RingSync Mode => RingSync.Relaxed;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe uint IRingSync.MoveHead(
        RingSide* own, RingSide* opposite, uint bias, uint count, bool exact, uint distanceMax, out uint head)
    {
        while (true)
        {
            ulong old = Volatile.Read(ref own->RelaxedHead);
            uint position = (uint)(old >> 32);
            if (position - Volatile.Read(ref own->Tail) > distanceMax)
            {
                RingWait.ForDistance(own, distanceMax);
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

            ulong next = ((ulong)(position + taken) << 32) | ((uint)old + 1);
            if (Interlocked.CompareExchange(ref own->RelaxedHead, next, old) == old)
            {
                head = position;
                return taken;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe void IRingSync.MoveTail(RingSide* own, uint head, uint count)
    {
        while (true)
        {
            ulong tail = Volatile.Read(ref own->HeadAndTail);
            ulong front = Volatile.Read(ref own->RelaxedHead);
            uint finished = (uint)tail + 1;
            uint position = finished == (uint)front ? (uint)(front >> 32) : (uint)(tail >> 32);
            ulong next = ((ulong)position << 32) | finished;
            if (Interlocked.CompareExchange(ref own->HeadAndTail, next, tail) == tail)
            {
                return;
            }
        }
    }
}
