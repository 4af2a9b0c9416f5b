using System.Runtime.CompilerServices;

namespace Outboard.Memory;

/// <summary>What every view of a ring reads from its native block.</summary>
internal static unsafe class RingState
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* Elements<T>(RingHeader* ring)
        where T : unmanaged => (T*)((byte*)ring + RingHeader.Size);

    public static int Count(RingHeader* ring)
    {
        // The consumer's tail first: the producer's can only have grown by the time it is read, so the difference is never negative.
        uint consumed = Volatile.Read(ref ring->Consumer.Tail);
        uint count = Volatile.Read(ref ring->Producer.Tail) - consumed;
        return (int)Math.Min(count, ring->Capacity);
    }
}
