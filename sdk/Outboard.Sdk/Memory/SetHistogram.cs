namespace Outboard.Memory;

/// <summary>How many objects start in each set of a cache.</summary>
/// <remarks>
/// Objects that start in few sets evict each other long before the cache is full. Sets are counted by virtual address: for a first level of
/// 64 sets of 64 bytes that is exact; for larger caches it is exact on huge pages and one possible outcome on small ones.
/// </remarks>
public sealed class SetHistogram
{
    private readonly int[] _counts;

    private SetHistogram(CacheLevel cache, int[] counts, int objectCount)
    {
        Cache = cache;
        _counts = counts;
        ObjectCount = objectCount;
        foreach (int count in counts)
        {
            SetsUsed += count > 0 ? 1 : 0;
            Max = Math.Max(Max, count);
            ResidentCount += Math.Min(count, cache.WayCount);
        }
    }

    /// <summary>The cache.</summary>
    public CacheLevel Cache { get; }

    /// <summary>Objects counted.</summary>
    public int ObjectCount { get; }

    /// <summary>Objects for each set.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>Sets in which at least one object starts.</summary>
    public int SetsUsed { get; }

    /// <summary>Objects in the fullest set.</summary>
    public int Max { get; }

    /// <summary>Objects a set on average.</summary>
    public double Mean => (double)ObjectCount / Cache.SetCount;

    /// <summary>The fullest set over the average; 1 is perfect.</summary>
    public double MaxToMean => Max / Mean;

    /// <summary>Objects whose first lines fit in the cache together.</summary>
    public int ResidentCount { get; }

    /// <summary>Whether at least half of the sets that these objects could use are used.</summary>
    public bool IsSpread => SetsUsed * 2 >= Math.Min(Cache.SetCount, ObjectCount);

    /// <summary>Counts the first objects of a pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="cache">The cache.</param>
    /// <param name="offset">The byte of each object that is looked at.</param>
    /// <param name="count">Objects; negative means all.</param>
    public static SetHistogram Of(Mempool pool, CacheLevel cache, int offset = 0, int count = -1)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, pool.ObjectCount);
        var addresses = new nint[count < 0 ? pool.ObjectCount : count];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = pool.ObjectAt(i) + offset;
        }

        return Of(addresses, cache);
    }

    /// <summary>Counts any addresses.</summary>
    public static SetHistogram Of(ReadOnlySpan<nint> addresses, CacheLevel cache)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var counts = new int[cache.SetCount];
        foreach (nint address in addresses)
        {
            counts[cache.SetOf(address)]++;
        }

        return new(cache, counts, addresses.Length);
    }
}
