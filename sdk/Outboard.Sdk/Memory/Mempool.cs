using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Memory;

/// <summary>Fixed-size objects in native memory, all taken when the pool is made, with a cache for every thread.</summary>
/// <remarks>
/// <code>
/// using var pool = new Mempool(new MempoolOptions { ObjectCount = 8191, ObjectSize = 2048 });
/// if (pool.TryGetBulk(objects)) { ... pool.PutBulk(objects); }
/// LeakReport report = pool.Close();
/// </code>
/// *Thread*: any number; each thread that calls gets a cache of its own, which goes back after the thread ends. In a hot loop hold
/// <see cref="CurrentCache"/> and call that. A get fails only when the shared ring and the caches of all threads together have too few
/// objects; objects that another thread is just moving do not count. Object contents are zero at first and survive put and get.
/// </remarks>
public sealed unsafe partial class Mempool : IDisposable
{
    private readonly Lock _control = new();
    private readonly Ring<nint> _ring;
    private readonly ThreadLocal<ThreadSlot> _slots;
    private readonly List<MempoolCacheEntry> _caches = [];
    private readonly List<string> _owners = ["unknown"];
    private readonly Action<LeakReport>? _onLeak;
    private readonly NativeBlock _memory;
    private readonly nint _base;
    private readonly List<nint> _spareStates = [];
    private MempoolCacheEntry[] _shared = [];
    private MempoolStatistics _retired;
    private int _stealing;
    private LeakReport? _report;

    /// <summary>Makes the pool and takes all of its memory.</summary>
    /// <param name="options">Counts, sizes and checks.</param>
    public Mempool(MempoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validate(options);
        Name = options.Name;
        ObjectCount = options.ObjectCount;
        ObjectSize = options.ObjectSize;
        CacheSize = options.CacheSize == MempoolOptions.DefaultCacheSize ? Math.Min(256, options.ObjectCount) : options.CacheSize;
        Layout = options.Layout;
        DebugChecks = options.DebugChecks;
        _onLeak = options.OnLeak;
        _patternOffset = options.PatternOffset;
        int guard = (DebugChecks & MempoolDebugChecks.Overrun) != 0 ? GuardSize : 0;
        Stride = ObjectStride.Of(
            checked(ObjectSize + guard), options.Layout, options.MemoryChannels, options.MemoryRanks);
        _memory = NativeBlock.Allocate(checked((nuint)Stride * (nuint)ObjectCount), [.. options.Backing]);
        _base = _memory.Address;
        _ring = new Ring<nint>(new RingOptions
        {
            Name = options.Name,
            Size = options.ObjectCount,
            Producer = options.Sync,
            Consumer = options.Sync,
        });
        _slots = new ThreadLocal<ThreadSlot>(MakeThreadCache, trackAllValues: false);
        for (int i = 0; i < ObjectCount; i++)
        {
            _ = _ring.TryEnqueue(ObjectAt(i));
        }

        PrepareChecks();
    }

    /// <summary>The name given at creation.</summary>
    public string Name { get; }

    /// <summary>Objects in the pool, free or not.</summary>
    public int ObjectCount { get; }

    /// <summary>Usable bytes of one object, as asked for.</summary>
    public int ObjectSize { get; }

    /// <summary>Bytes from one object's start to the next one's.</summary>
    public int Stride { get; }

    /// <summary>Objects that each thread may keep to itself.</summary>
    public int CacheSize { get; }

    /// <summary>How objects are placed.</summary>
    public MempoolLayout Layout { get; }

    /// <summary>What is checked as objects come and go.</summary>
    public MempoolDebugChecks DebugChecks { get; }

    /// <summary>What kind of pages the objects stand on.</summary>
    public MemoryBacking Backing => _memory.Backing;

    /// <summary>The memory that the objects stand on.</summary>
    public NativeBlock Memory => _memory;

    /// <summary>The calling thread's cache, made on first use.</summary>
    /// <remarks>*Thread*: only the thread that asked may use it. Asking costs a few nanoseconds; hot loops ask once.</remarks>
    public MempoolCache CurrentCache
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _slots.Value.Cache;
    }

    internal ThreadLocal<ThreadSlot> ThreadCaches => _slots;

    /// <summary>Free objects: those in the shared ring and in every cache. A snapshot while other threads are at work.</summary>
    public int AvailableCount
    {
        get
        {
            if (_report is not null)
            {
                return 0;
            }

            int count = _ring.Count;
            foreach (MempoolCacheEntry cache in Volatile.Read(ref _shared))
            {
                count += cache.Count;
            }

            return Math.Min(count, ObjectCount);
        }
    }

    /// <summary>Objects that are out: <see cref="ObjectCount"/> less <see cref="AvailableCount"/>.</summary>
    public int InUseCount => ObjectCount - AvailableCount;

    /// <summary>Objects in the shared ring, in no cache.</summary>
    public int SharedCount => _ring.Count;

    /// <summary>Whether every object is free.</summary>
    public bool IsFull => AvailableCount == ObjectCount;

    /// <summary>Whether no object is free.</summary>
    public bool IsEmpty => AvailableCount == 0;

    /// <summary>Caches that exist now.</summary>
    public int CacheCount => Volatile.Read(ref _shared).Length;

    /// <summary>What the pool has done so far.</summary>
    public MempoolStatistics Statistics
    {
        get
        {
            lock (_control)
            {
                MempoolStatistics sum = _retired;
                foreach (MempoolCacheEntry cache in _caches)
                {
                    sum = Add(sum, cache.State);
                }

                return sum;
            }
        }
    }

    /// <summary>What <see cref="Close"/> found; null while the pool is open.</summary>
    public LeakReport? LeakReport => _report;

    /// <summary>Takes one object through the calling thread's cache.</summary>
    /// <returns>Whether the pool had one.</returns>
    public bool TryGet(out nint item) => CurrentCache.TryGet(out item);

    /// <summary>Fills the span with objects through the calling thread's cache, or leaves it and the pool as they are.</summary>
    /// <returns>Whether the pool had that many.</returns>
    public bool TryGetBulk(Span<nint> items) => CurrentCache.TryGetBulk(items);

    /// <summary>Gives one object back through the calling thread's cache.</summary>
    public void Put(nint item) => CurrentCache.Put(item);

    /// <summary>Gives the objects back through the calling thread's cache.</summary>
    public void PutBulk(ReadOnlySpan<nint> items) => CurrentCache.PutBulk(items);

    /// <summary>Makes a cache that its maker hands to one thread at a time and disposes.</summary>
    /// <param name="ownerName">Who uses it, for leak reports.</param>
    /// <param name="size">Objects it may keep; negative means <see cref="CacheSize"/>.</param>
    public MempoolCache CreateCache(string ownerName, int size = -1)
    {
        ArgumentNullException.ThrowIfNull(ownerName);
        int chosen = size < 0 ? CacheSize : size;
        if (chosen > MempoolOptions.CacheSizeMax)
        {
            throw new ArgumentOutOfRangeException(
                nameof(size), size, $"pool '{Name}': cache size {size} is above {MempoolOptions.CacheSizeMax}");
        }

        return AddCache(ownerName, chosen, null);
    }

    /// <summary>Flushes and drops the caches of threads that have ended.</summary>
    /// <returns>The number of caches dropped.</returns>
    /// <remarks>Happens by itself when a cache is made or a get would fail, and after a garbage collection.</remarks>
    public int ReclaimCaches()
    {
        lock (_control)
        {
            return _report is null ? ReclaimEndedThreads() : 0;
        }
    }

    /// <summary>The object at an index.</summary>
    /// <param name="index">0 to <see cref="ObjectCount"/> - 1.</param>
    public nint ObjectAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)ObjectCount, nameof(index));
        return _base + (nint)((long)index * Stride);
    }

    /// <summary>The index of the object that an address is in, or -1 where it is in none of this pool's.</summary>
    /// <param name="address">Any address, the start of an object or one within.</param>
    public int IndexOf(nint address)
    {
        nuint offset = (nuint)(address - _base);
        return offset < (nuint)Stride * (nuint)ObjectCount ? (int)(offset / (nuint)Stride) : -1;
    }

    /// <summary>Whether an address is the start of an object of this pool.</summary>
    public bool Owns(nint address)
    {
        nuint offset = (nuint)(address - _base);
        return offset < (nuint)Stride * (nuint)ObjectCount && offset % (nuint)Stride == 0;
    }

    /// <summary>Calls back with every object, free or not, and its index.</summary>
    /// <remarks>For initialising a new pool and for looking at one that nobody uses.</remarks>
    public void ForEach(Action<nint, int> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        for (int i = 0; i < ObjectCount; i++)
        {
            visit(ObjectAt(i), i);
        }
    }

    /// <summary>Ends the pool and tells which objects had not come back.</summary>
    /// <returns>The report; calling again returns the same one.</returns>
    /// <remarks>
    /// *Thread*: no other thread may be inside the pool. The memory goes back to the system unless objects are out: then it stays mapped
    /// for the life of the process, so that whoever still holds one does not touch memory that is someone else's by then.
    /// </remarks>
    public LeakReport Close()
    {
        lock (_control)
        {
            if (_report is not null)
            {
                return _report;
            }

            foreach (MempoolCacheEntry cache in _caches)
            {
                Finish(cache);
            }

            _caches.Clear();
            foreach (nint state in _spareStates)
            {
                NativeMemory.AlignedFree((void*)state);
            }

            Volatile.Write(ref _shared, []);
            _report = FindLeaks();
            _ring.Dispose();
            ReleaseChecks();
            if (_report.IsClean)
            {
                _memory.Dispose();
            }
        }

        // The slots of live threads still refer to this pool; they find it closed when they are finalised.
        _slots.Dispose();
        if (!_report.IsClean)
        {
            _onLeak?.Invoke(_report);
        }

        return _report;
    }

    /// <summary>As <see cref="Close"/>; what it found is in <see cref="LeakReport"/>.</summary>
    public void Dispose() => Close();

    internal int DequeueShared(Span<nint> items) => _ring.DequeueBulk(items);

    internal void EnqueueShared(ReadOnlySpan<nint> items)
    {
        int spins = 0;
        while (_ring.EnqueueBulk(items) != items.Length)
        {
            // In the relaxed mode a preempted thread keeps slots occupied whose objects others have already given back. In the other
            // modes there is always room, unless something was put twice.
            if (_ring.Consumer != RingSync.Relaxed && spins > 1000)
            {
                throw new InvalidOperationException(
                    $"pool '{Name}': {items.Length} objects put where {_ring.FreeCount} are missing; one was put twice (see DebugChecks)");
            }

            MempoolCache.SpinThenYield(ref spins);
        }
    }

    /// <summary>Sends what a cache holds to the ring; nobody else may be in the cache.</summary>
    internal void FlushState(MempoolCacheState* state)
    {
        if (state->Length > 0)
        {
            EnqueueShared(new ReadOnlySpan<nint>(state + 1, (int)state->Length));
            state->BackendPutCalls++;
            state->BackendPutObjects += state->Length;
            state->Length = 0;
        }
    }

    /// <summary>Takes a cache off the list, flushes it and keeps its native part for the next one.</summary>
    internal void Retire(MempoolCacheEntry cache)
    {
        lock (_control)
        {
            if (_report is null && _caches.Remove(cache))
            {
                Volatile.Write(ref _shared, [.. _caches]);
                WaitForThieves();
                Finish(cache);
            }
        }
    }

    private static MempoolStatistics Add(MempoolStatistics sum, MempoolCacheState* state) =>
        new(
            sum.GetCalls + state->GetCalls,
            sum.GetObjects + state->GetObjects,
            sum.GetFailures + state->GetFailures,
            sum.PutCalls + state->PutCalls,
            sum.PutObjects + state->PutObjects,
            sum.BackendGetCalls + state->BackendGetCalls,
            sum.BackendGetObjects + state->BackendGetObjects,
            sum.BackendPutCalls + state->BackendPutCalls,
            sum.BackendPutObjects + state->BackendPutObjects,
            sum.StolenObjects + state->StolenObjects);

    private static void Validate(MempoolOptions options)
    {
        string name = options.Name;
        if (options.ObjectCount < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.ObjectCount, $"pool '{name}': object count {options.ObjectCount} is below 1");
        }

        if (options.ObjectSize < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.ObjectSize, $"pool '{name}': object size {options.ObjectSize} is below 1");
        }

        int cacheMax = Math.Min(MempoolOptions.CacheSizeMax, options.ObjectCount);
        if (options.CacheSize < MempoolOptions.DefaultCacheSize || options.CacheSize > cacheMax)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.CacheSize, $"pool '{name}': cache size {options.CacheSize} is not within 0 to {cacheMax}");
        }

        if ((options.DebugChecks & ~MempoolDebugChecks.All) != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.DebugChecks, $"pool '{name}': debug checks {options.DebugChecks} are not known");
        }

        if (options.PatternOffset < 0 || options.PatternOffset > options.ObjectSize)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.PatternOffset,
                $"pool '{name}': pattern offset {options.PatternOffset} is not within 0 to {options.ObjectSize}");
        }
    }

    private MempoolCacheState* TakeState()
    {
        // Room for the largest cache and half of it more: a refill lands behind what is there before the oldest go out.
        nuint byteCount = MempoolCacheState.Size + ((nuint)MempoolOptions.CacheSizeMax * 3 / 2 * (nuint)sizeof(nint));
        MempoolCacheState* state;
        if (_spareStates.Count > 0)
        {
            state = (MempoolCacheState*)_spareStates[^1];
            _spareStates.RemoveAt(_spareStates.Count - 1);
        }
        else
        {
            state = (MempoolCacheState*)NativeMemory.AlignedAlloc(byteCount, 128);
        }

        NativeMemory.Clear(state, byteCount);
        return state;
    }

    private ThreadSlot MakeThreadCache()
    {
        Thread thread = Thread.CurrentThread;
        return new(AddCache(thread.Name ?? $"thread {thread.ManagedThreadId}", CacheSize, thread));
    }

    private MempoolCache AddCache(string ownerName, int size, Thread? thread)
    {
        lock (_control)
        {
            ObjectDisposedException.ThrowIf(_report is not null, this);
            ReclaimEndedThreads();
            MempoolCacheState* state = TakeState();
            state->Capacity = (uint)size;
            state->Half = (uint)size / 2;
            state->Owner = OwnerTag(ownerName);
            state->Attention = DebugChecks == MempoolDebugChecks.None ? 0 : MempoolCache.AttentionDebug;
            var entry = new MempoolCacheEntry(state, thread);
            var cache = new MempoolCache(this, _ring, entry, ownerName);
            entry.Cache = new WeakReference<MempoolCache>(cache);
            _caches.Add(entry);
            Volatile.Write(ref _shared, [.. _caches]);
            return cache;
        }
    }

    /// <summary>Ends a cache that is off the list.</summary>
    private void Finish(MempoolCacheEntry cache)
    {
        FlushState(cache.State);
        _retired = Add(_retired, cache.State);
        _spareStates.Add((nint)cache.State);
        if (cache.Cache!.TryGetTarget(out MempoolCache? handle))
        {
            handle.Detach();
        }
    }

    private int ReclaimEndedThreads()
    {
        int count = 0;
        for (int i = _caches.Count - 1; i >= 0; i--)
        {
            if (_caches[i].OwnerThread is { IsAlive: false })
            {
                Retire(_caches[i]);
                count++;
            }
        }

        return count;
    }

    /// <summary>
    /// What a thread holds of the pool. A structure, since the runtime then compiles the thread-local look-up for this very type; code for a
    /// class is shared by all classes and asks a dictionary first (mbuf-clone+free of quick-memory, three look-ups: 27 against 19 ns).
    /// </summary>
    internal readonly struct ThreadSlot(MempoolCache cache)
    {
        public readonly MempoolCache Cache = cache;
    }
}
