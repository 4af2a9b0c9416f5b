using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Memory;

/// <summary>One thread's share of a <see cref="Mempool"/>, and the fast way to use the pool.</summary>
/// <remarks>
/// <code>
/// MempoolCache cache = pool.CurrentCache;         // or pool.CreateCache("worker 3"), disposed by its maker
/// if (cache.TryGetBulk(objects)) { ... cache.PutBulk(objects); }
/// </code>
/// *Thread*: one at a time. A cache from <see cref="Mempool.CurrentCache"/> belongs to the thread that asked.
/// Rules (size S, length L, half S/2), those of DPDK since 26.07. Put n: append while L + n is at most S; else, for n up to half, first
/// send the half oldest to the shared ring; else send the n straight there. Get n: pop while n is at most L; else hand out all L and fetch half a cache for the rest, or,
/// where the rest is more than that, exactly the rest. A get that the shared ring cannot fill takes from other threads' caches before it fails.
/// </remarks>
public sealed unsafe class MempoolCache : IDisposable
{
    internal const int AttentionSteal = 1;
    internal const int AttentionDebug = 2;

    private readonly Mempool _pool;
    private readonly MempoolCacheEntry _entry;

    /// <summary>The ring behind the cache where it is multi-thread, as nearly always, so that the call to it needs no test of its mode.</summary>
    private readonly RingView<nint, MultiThreadSync, MultiThreadSync> _ring;
    private readonly bool _ringIsMultiThread;
    private MempoolCacheState* _state;

    internal MempoolCache(Mempool pool, Ring<nint> ring, MempoolCacheEntry entry, string ownerName)
    {
        _pool = pool;
        _entry = entry;
        _state = entry.State;
        _ringIsMultiThread = ring.Producer == RingSync.MultiThread;
        _ring = _ringIsMultiThread ? ring.View<MultiThreadSync, MultiThreadSync>() : default;
        OwnerName = ownerName;
        if (entry.OwnerThread is null)
        {
            // A cache that its maker passes around may be in a call that has no further use for this object; only the maker knows
            // when it is over. A thread's cache is referred to for as long as the thread lives.
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Gives the cache of a thread back when the thread has ended.</summary>
    ~MempoolCache() => _pool.Retire(_entry);

    /// <summary>The pool that the cache belongs to.</summary>
    public Mempool Pool => _pool;

    /// <summary>Who uses the cache, for leak reports.</summary>
    public string OwnerName { get; }

    /// <summary>Objects that the cache may keep.</summary>
    public int Size
    {
        get
        {
            MempoolCacheState* state = _state;
            return state is null ? 0 : (int)state->Capacity;
        }
    }

    /// <summary>Objects in the cache now.</summary>
    public int Count
    {
        get
        {
            MempoolCacheState* state = _state;
            return state is null ? 0 : (int)Volatile.Read(ref state->Length);
        }
    }

    /// <summary>Takes one object.</summary>
    /// <returns>Whether the pool had one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(out nint item)
    {
        MempoolCacheState* state = _state;
        Volatile.Write(ref state->Busy, 1);

        // Attention before Length, here and below: a length read first may be from before a theft that is over by the second read.
        if (Volatile.Read(ref state->Attention) != 0 || state->Length == 0)
        {
            item = 0;
            return GetSlow(new Span<nint>(ref item));
        }

        uint length = state->Length;
        item = ((nint*)(state + 1))[length - 1];
        state->Length = length - 1;
        state->GetCalls++;
        state->GetObjects++;
        Volatile.Write(ref state->Busy, 0);
        return true;
    }

    /// <summary>Fills the span with objects, or leaves it and the pool as they are.</summary>
    /// <returns>Whether the pool had that many.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetBulk(Span<nint> items)
    {
        MempoolCacheState* state = _state;
        uint count = (uint)items.Length;
        Volatile.Write(ref state->Busy, 1);
        if (Volatile.Read(ref state->Attention) != 0 || count > state->Length)
        {
            return GetSlow(items);
        }

        // SAFETY: length - count is within the cache by the test above, and nobody else is in the cache: the thief waits for Busy.
        uint length = state->Length - count;
        state->Length = length;
        VectorCopy.Pointers(ref MemoryMarshal.GetReference(items), ref ((nint*)(state + 1))[length], count);
        state->GetCalls++;
        state->GetObjects += count;
        Volatile.Write(ref state->Busy, 0);
        return true;
    }

    /// <summary>Gives one object back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(nint item)
    {
        MempoolCacheState* state = _state;
        Volatile.Write(ref state->Busy, 1);
        if (Volatile.Read(ref state->Attention) != 0 || state->Length >= state->Capacity)
        {
            PutSlow(new ReadOnlySpan<nint>(ref item));
            return;
        }

        uint length = state->Length;
        ((nint*)(state + 1))[length] = item;
        state->Length = length + 1;
        state->PutCalls++;
        state->PutObjects++;
        Volatile.Write(ref state->Busy, 0);
    }

    /// <summary>Gives the objects back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutBulk(ReadOnlySpan<nint> items)
    {
        MempoolCacheState* state = _state;
        uint count = (uint)items.Length;
        Volatile.Write(ref state->Busy, 1);
        if (Volatile.Read(ref state->Attention) != 0 || state->Length + count > state->Capacity)
        {
            PutSlow(items);
            return;
        }

        // SAFETY: length + count is within the cache by the test above; for Busy see TryGetBulk.
        uint length = state->Length;
        VectorCopy.Pointers(ref ((nint*)(state + 1))[length], ref MemoryMarshal.GetReference(items), count);
        state->Length = length + count;
        state->PutCalls++;
        state->PutObjects += count;
        Volatile.Write(ref state->Busy, 0);
    }

    /// <summary>Sends every object of the cache to the shared ring.</summary>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_state is null, this);
        Volatile.Write(ref _state->Busy, 1);
        Enter(_state);
        _pool.FlushState(_state);
        Leave(_state);
    }

    /// <summary>Flushes a cache made with <see cref="Mempool.CreateCache"/> and gives its memory back; the cache of a thread is only flushed.</summary>
    public void Dispose()
    {
        if (_entry.OwnerThread is null)
        {
            _pool.Retire(_entry);
        }
        else if (_state is not null)
        {
            Flush();
        }
    }

    /// <summary>Parts with the native state: a call on this cache throws from now on.</summary>
    internal void Detach()
    {
        GC.SuppressFinalize(this);
        _state = null;
    }

    internal static void SpinThenYield(ref int spins)
    {
        if (++spins < 100)
        {
            Thread.SpinWait(1);
        }
        else if ((spins & 7) != 0)
        {
            Thread.Yield();
        }
        else
        {
            Thread.Sleep(0);
        }
    }

    /// <summary>Waits for a thief that is in the cache. The caller has stored Busy and is inside when this returns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Enter(MempoolCacheState* state)
    {
        if ((Volatile.Read(ref state->Attention) & AttentionSteal) != 0)
        {
            WaitForThief(state);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WaitForThief(MempoolCacheState* state)
    {
        int spins = 0;
        do
        {
            Volatile.Write(ref state->Busy, 0);
            while ((Volatile.Read(ref state->Attention) & AttentionSteal) != 0)
            {
                SpinThenYield(ref spins);
            }

            Volatile.Write(ref state->Busy, 1);
        }
        while ((Volatile.Read(ref state->Attention) & AttentionSteal) != 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Leave(MempoolCacheState* state) => Volatile.Write(ref state->Busy, 0);

    /// <summary>A get that the cache alone cannot serve; Busy is stored.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool GetSlow(Span<nint> items)
    {
        MempoolCacheState* state = _state;
        Enter(state);
        bool got = Refill(state, items);
        if (!got)
        {
            Leave(state);

            // The caches of other threads are looked into only when the ring cannot serve the call: it is the last resort before failing.
            bool again = _pool.Steal(_entry, items.Length);
            Volatile.Write(ref state->Busy, 1);
            Enter(state);
            got = again && Refill(state, items);
            if (!got)
            {
                state->GetFailures++;
                Leave(state);
                return false;
            }
        }

        state->GetCalls++;
        state->GetObjects += items.Length;
        Leave(state);
        if ((state->Attention & AttentionDebug) != 0)
        {
            _pool.CheckGet(items, state->Owner);
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TakeShared(Span<nint> items) =>
        (_ringIsMultiThread ? _ring.DequeueBulk(items) : _pool.DequeueShared(items)) == items.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void GiveShared(ReadOnlySpan<nint> items)
    {
        if (!_ringIsMultiThread || _ring.EnqueueBulk(items) != items.Length)
        {
            _pool.EnqueueShared(items);
        }
    }

    /// <summary>A get by the rules above; the caller is inside the cache.</summary>
    private bool Refill(MempoolCacheState* state, Span<nint> items)
    {
        var objects = (nint*)(state + 1);
        uint count = (uint)items.Length;
        uint length = state->Length;
        if (count <= length)
        {
            length -= count;
            VectorCopy.Pointers(ref MemoryMarshal.GetReference(items), ref objects[length], count);
            state->Length = length;
            return true;
        }

        uint rest = count - length;
        uint half = state->Half;
        if (rest <= half && TakeShared(new Span<nint>(objects + length, (int)half)))
        {
            // What was cached is the warmest, so it goes out whole, and then the end of what was fetched.
            uint kept = half - rest;
            ref nint target = ref MemoryMarshal.GetReference(items);
            VectorCopy.Pointers(ref target, ref objects[0], length);
            VectorCopy.Pointers(ref Unsafe.Add(ref target, length), ref objects[length + kept], rest);
            if (length != 0)
            {
                new ReadOnlySpan<nint>(objects + length, (int)kept).CopyTo(new Span<nint>(objects, (int)kept));
            }

            state->Length = kept;
            state->BackendGetCalls++;
            state->BackendGetObjects += half;
            return true;
        }

        if (TakeShared(items[(int)length..]))
        {
            VectorCopy.Pointers(ref MemoryMarshal.GetReference(items), ref objects[0], length);
            state->Length = 0;
            state->BackendGetCalls++;
            state->BackendGetObjects += rest;
            return true;
        }

        return false;
    }

    /// <summary>A put that the cache alone cannot take; Busy is stored.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PutSlow(ReadOnlySpan<nint> items)
    {
        MempoolCacheState* state = _state;
        if ((Volatile.Read(ref state->Attention) & AttentionDebug) != 0)
        {
            // Checks may throw, so they run outside.
            Leave(state);
            _pool.CheckPut(items);
            Volatile.Write(ref state->Busy, 1);
        }

        Enter(state);
        Spill(state, items);
        state->PutCalls++;
        state->PutObjects += items.Length;
        Leave(state);
    }

    /// <summary>A put by the rules above; the caller is inside the cache.</summary>
    private void Spill(MempoolCacheState* state, ReadOnlySpan<nint> items)
    {
        var objects = (nint*)(state + 1);
        uint count = (uint)items.Length;
        uint length = state->Length;
        uint half = state->Half;
        if (length + count > state->Capacity)
        {
            state->BackendPutCalls++;
            if (count > half)
            {
                GiveShared(items);
                state->BackendPutObjects += count;
                return;
            }

            // More than the size with at most half of it coming: at least half is there.
            GiveShared(new ReadOnlySpan<nint>(objects, (int)half));
            state->BackendPutObjects += half;
            length -= half;
            new ReadOnlySpan<nint>(objects + half, (int)length).CopyTo(new Span<nint>(objects, (int)length));
        }

        VectorCopy.Pointers(ref objects[length], ref MemoryMarshal.GetReference(items), count);
        state->Length = length + count;
    }
}
