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
    private MempoolCacheState* _state;

    internal MempoolCache(Mempool pool, MempoolCacheState* state, int size, int owner, string ownerName)
    {
        _pool = pool;
        OwnerName = ownerName;
        _state = state;
        _state->Capacity = (uint)size;
        _state->Half = (uint)size / 2;
        _state->Owner = owner;
        _state->Attention = pool.DebugChecks == MempoolDebugChecks.None ? 0 : AttentionDebug;
    }

    /// <summary>The pool that the cache belongs to.</summary>
    public Mempool Pool => _pool;

    /// <summary>Who uses the cache, for leak reports.</summary>
    public string OwnerName { get; }

    /// <summary>Objects that the cache may keep.</summary>
    public int Size => (int)_state->Capacity;

    /// <summary>Objects in the cache now.</summary>
    public int Count
    {
        get
        {
            MempoolCacheState* state = _state;
            return state is null ? 0 : (int)Volatile.Read(ref state->Length);
        }
    }

    internal MempoolCacheState* State => _state;

    internal Thread? OwnerThread { get; set; }

    internal nint* Objects
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (nint*)(_state + 1);
    }

    /// <summary>Takes one object.</summary>
    /// <returns>Whether the pool had one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(out nint item)
    {
        MempoolCacheState* state = _state;
        Volatile.Write(ref state->Busy, 1);
        uint length = state->Length;
        if (Volatile.Read(ref state->Attention) != 0 || length == 0)
        {
            Volatile.Write(ref state->Busy, 0);
            item = 0;
            return GetSlow(new Span<nint>(ref item));
        }

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
            Volatile.Write(ref state->Busy, 0);
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
        uint length = state->Length;
        if (Volatile.Read(ref state->Attention) != 0 || length >= state->Capacity)
        {
            Volatile.Write(ref state->Busy, 0);
            PutSlow(new ReadOnlySpan<nint>(ref item));
            return;
        }

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
        uint length = state->Length;
        if (Volatile.Read(ref state->Attention) != 0 || length + count > state->Capacity)
        {
            Volatile.Write(ref state->Busy, 0);
            PutSlow(items);
            return;
        }

        // SAFETY: length + count is within the cache by the test above; for Busy see TryGetBulk.
        VectorCopy.Pointers(ref ((nint*)(state + 1))[length], ref MemoryMarshal.GetReference(items), count);
        state->Length = length + count;
        state->PutCalls++;
        state->PutObjects += count;
        Volatile.Write(ref state->Busy, 0);
    }

    /// <summary>Sends every object of the cache to the shared ring.</summary>
    public void Flush()
    {
        Enter();
        MempoolCacheState* state = _state;
        uint length = state->Length;
        if (length > 0)
        {
            _pool.BackendPut(new ReadOnlySpan<nint>(Objects, (int)length));
            state->BackendPutCalls++;
            state->BackendPutObjects += length;
            state->Length = 0;
        }

        Leave();
    }

    /// <summary>Flushes the cache and gives its memory back. For the thread that made it, with <see cref="Mempool.CreateCache"/>.</summary>
    public void Dispose() => _pool.Retire(this);

    /// <summary>Parts with the native state, which the pool keeps for the next cache: another thread may still be reading its length.</summary>
    internal MempoolCacheState* Detach()
    {
        MempoolCacheState* state = _state;
        _state = null;
        return state;
    }

    /// <summary>Enters the cache as its owner; waits for a thief that is in it.</summary>
    private void Enter()
    {
        MempoolCacheState* state = _state;
        int spins = 0;
        while (true)
        {
            Volatile.Write(ref state->Busy, 1);
            if ((Volatile.Read(ref state->Attention) & AttentionSteal) == 0)
            {
                return;
            }

            Volatile.Write(ref state->Busy, 0);
            while ((Volatile.Read(ref state->Attention) & AttentionSteal) != 0)
            {
                SpinThenYield(ref spins);
            }
        }
    }

    private void Leave() => Volatile.Write(ref _state->Busy, 0);

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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool GetSlow(Span<nint> items)
    {
        ObjectDisposedException.ThrowIf(_state is null, this);
        MempoolCacheState* state = _state;
        Enter();
        bool got = Refill(items);
        Leave();

        // The caches of other threads are looked into only when the ring cannot serve the call: it is the last resort before failing.
        if (!got && _pool.Steal(this, items.Length))
        {
            Enter();
            got = Refill(items);
            Leave();
        }

        if (!got)
        {
            state->GetFailures++;
            return false;
        }

        state->GetCalls++;
        state->GetObjects += items.Length;
        if ((state->Attention & AttentionDebug) != 0)
        {
            _pool.CheckGet(items, state->Owner);
        }

        return true;
    }

    /// <summary>A get by the rules above; the caller is inside the cache.</summary>
    private bool Refill(Span<nint> items)
    {
        MempoolCacheState* state = _state;
        nint* objects = Objects;
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
        if (rest <= half && _pool.BackendGet(new Span<nint>(objects + length, (int)half)))
        {
            // What was cached is the warmest, so it goes out whole, and then the end of what was fetched.
            VectorCopy.Pointers(ref MemoryMarshal.GetReference(items), ref objects[0], length);
            uint kept = half - rest;
            VectorCopy.Pointers(ref Unsafe.Add(ref MemoryMarshal.GetReference(items), length), ref objects[length + kept], rest);
            new ReadOnlySpan<nint>(objects + length, (int)kept).CopyTo(new Span<nint>(objects, (int)kept));
            state->Length = kept;
            state->BackendGetCalls++;
            state->BackendGetObjects += half;
            return true;
        }

        if (_pool.BackendGet(items[(int)length..]))
        {
            VectorCopy.Pointers(ref MemoryMarshal.GetReference(items), ref objects[0], length);
            state->Length = 0;
            state->BackendGetCalls++;
            state->BackendGetObjects += rest;
            return true;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PutSlow(ReadOnlySpan<nint> items)
    {
        ObjectDisposedException.ThrowIf(_state is null, this);
        MempoolCacheState* state = _state;
        if ((state->Attention & AttentionDebug) != 0)
        {
            _pool.CheckPut(items);
        }

        Enter();
        Spill(items);
        state->PutCalls++;
        state->PutObjects += items.Length;
        Leave();
    }

    /// <summary>A put by the rules above; the caller is inside the cache.</summary>
    private void Spill(ReadOnlySpan<nint> items)
    {
        MempoolCacheState* state = _state;
        nint* objects = Objects;
        uint count = (uint)items.Length;
        uint length = state->Length;
        uint half = state->Half;
        if (length + count > state->Capacity)
        {
            if (count > half)
            {
                _pool.BackendPut(items);
                state->BackendPutCalls++;
                state->BackendPutObjects += count;
                return;
            }

            // More than S with at most half coming: at least half is there.
            _pool.BackendPut(new ReadOnlySpan<nint>(objects, (int)half));
            state->BackendPutCalls++;
            state->BackendPutObjects += half;
            length -= half;
            new ReadOnlySpan<nint>(objects + half, (int)length).CopyTo(new Span<nint>(objects, (int)length));
        }

        VectorCopy.Pointers(ref objects[length], ref MemoryMarshal.GetReference(items), count);
        state->Length = length + count;
    }
}
