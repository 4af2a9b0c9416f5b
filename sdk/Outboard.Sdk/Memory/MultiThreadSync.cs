using System.Runtime.CompilerServices;

namespace Outboard.Memory;

/// <summary><see cref="RingSync.MultiThread"/> as a type.</summary>
public readonly struct MultiThreadSync : IRingSync
{
    /// <inheritdoc/>
    public static RingSync Mode => RingSync.MultiThread;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe uint IRingSync.MoveHead(
        RingSide* own, RingSide* opposite, uint bias, uint count, bool exact, uint distanceMax, out uint head)
    {
        while (true)
        {
            // The head is read first: a tail read later can only make a stale head look roomier, and then the exchange fails.
            uint old = Volatile.Read(ref own->Head);
            uint available = bias + Volatile.Read(ref opposite->Tail) - old;
            uint taken = count;
            if (available < count)
            {
                taken = exact ? 0 : available;
                if (taken == 0)
                {
                    head = old;
                    return 0;
                }
            }

            if (Interlocked.CompareExchange(ref own->Head, old + taken, old) == old)
            {
                head = old;
                return taken;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe void IRingSync.MoveTail(RingSide* own, uint head, uint count)
    {
        if (Volatile.Read(ref own->Tail) != head)
        {
            RingWait.ForTail(own, head);
        }

        Volatile.Write(ref own->Tail, head + count);
    }
}
