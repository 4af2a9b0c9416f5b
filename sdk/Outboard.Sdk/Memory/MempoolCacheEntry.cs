namespace Outboard.Memory;

/// <summary>What a pool knows of one of its caches. It does not keep the cache itself alive, so that a thread's cache goes with the thread.</summary>
internal sealed unsafe class MempoolCacheEntry(MempoolCacheState* state, Thread? ownerThread)
{
    public MempoolCacheState* State { get; } = state;

    /// <summary>The thread whose cache this is, or null where the maker passes it around.</summary>
    public Thread? OwnerThread { get; } = ownerThread;

    /// <summary>The cache, to be told when the pool closes.</summary>
    public WeakReference<MempoolCache>? Cache { get; set; }

    /// <summary>Objects in the cache now.</summary>
    public int Count => (int)Volatile.Read(ref State->Length);

    public nint* Objects => (nint*)(State + 1);
}
