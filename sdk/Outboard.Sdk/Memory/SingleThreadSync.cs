using System.Runtime.CompilerServices;

namespace Outboard.Memory;

/// <summary><see cref="RingSync.SingleThread"/> as a type.</summary>
public readonly struct SingleThreadSync : IRingSync
{
    /// <inheritdoc/>
    public static RingSync Mode => RingSync.SingleThread;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe uint IRingSync.MoveHead(
        RingSide* own, RingSide* opposite, uint bias, uint count, bool exact, uint distanceMax, out uint head)
    {
        head = own->Head;
        uint available = bias + own->SeenOpposite - head;

        // The other side's tail only grows, so what was seen last is a lower bound: its cache line is fetched only when that is not enough.
        if (available < count)
        {
            uint seen = Volatile.Read(ref opposite->Tail);
            own->SeenOpposite = seen;
            available = bias + seen - head;
            if (available < count)
            {
                count = exact ? 0 : available;
            }
        }

        own->Head = head + count;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe void IRingSync.MoveTail(RingSide* own, uint head, uint count) =>
        Volatile.Write(ref own->Tail, head + count);
}
