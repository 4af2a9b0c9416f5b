namespace Outboard.Memory;

/// <content>Taking objects out of other threads' caches.</content>
/// <remarks>
/// The owner of a cache pays no atomic operation: it stores Busy, then reads Attention. A thief sets Attention, then makes every processor
/// run a full barrier (membarrier), then reads Busy. Whichever way the two race, either the thief sees Busy or the owner sees Attention.
/// </remarks>
public sealed unsafe partial class Mempool
{
    private const int WaitsForOwner = 400;

    /// <summary>Moves objects from other caches to the shared ring until a get of <paramref name="count"/> can be served.</summary>
    /// <returns>Whether trying again makes sense.</returns>
    internal bool Steal(MempoolCacheEntry thief, int count)
    {
        // What can be seen without disturbing anyone decides first: a get from a pool that is plainly empty has to stay cheap.
        if (AvailableCount < count)
        {
            return false;
        }

        int spins = 0;
        while (Interlocked.CompareExchange(ref _stealing, 1, 0) != 0)
        {
            MempoolCache.SpinThenYield(ref spins);
        }

        foreach (MempoolCacheEntry victim in Volatile.Read(ref _shared))
        {
            int missing = count - thief.Count - _ring.Count;
            if (missing <= 0)
            {
                break;
            }

            if (victim != thief && victim.Count > 0)
            {
                StealFrom(victim, missing, thief);
            }
        }

        Volatile.Write(ref _stealing, 0);
        return true;
    }

    private void StealFrom(MempoolCacheEntry victim, int missing, MempoolCacheEntry thief)
    {
        MempoolCacheState* state = victim.State;
        _ = Interlocked.Or(ref state->Attention, MempoolCache.AttentionSteal);
        Interlocked.MemoryBarrierProcessWide();
        int spins = 0;
        while (Volatile.Read(ref state->Busy) != 0 && spins < WaitsForOwner)
        {
            MempoolCache.SpinThenYield(ref spins);
        }

        // An owner that lost its processor inside a call is left alone: what it holds is in the middle of being moved.
        if (Volatile.Read(ref state->Busy) == 0)
        {
            uint taken = Math.Min(state->Length, (uint)missing);
            uint left = state->Length - taken;

            // The oldest go; what the owner used last stays warm with it.
            EnqueueShared(new ReadOnlySpan<nint>(victim.Objects, (int)taken));
            new ReadOnlySpan<nint>(victim.Objects + taken, (int)left).CopyTo(new Span<nint>(victim.Objects, (int)left));
            state->Length = left;
            _ = Interlocked.Add(ref thief.State->StolenObjects, taken);
        }

        _ = Interlocked.And(ref state->Attention, ~MempoolCache.AttentionSteal);
    }

    /// <summary>Waits until no thief can still hold a cache that was taken off the list.</summary>
    private void WaitForThieves()
    {
        int spins = 0;
        Interlocked.MemoryBarrier();
        while (Volatile.Read(ref _stealing) != 0)
        {
            MempoolCache.SpinThenYield(ref spins);
        }
    }
}
