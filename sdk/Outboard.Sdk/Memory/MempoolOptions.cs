namespace Outboard.Memory;

/// <summary>What a <see cref="Mempool"/> is made from.</summary>
public sealed record MempoolOptions
{
    /// <summary>The largest cache of one thread; objects.</summary>
    public const int CacheSizeMax = 1024;

    /// <summary>Stands for the usual cache: 256 objects, or all of a smaller pool.</summary>
    public const int DefaultCacheSize = -1;

    /// <summary>The name that messages and reports use.</summary>
    public string Name { get; init; } = "mempool";

    /// <summary>Objects; all are taken when the pool is made.</summary>
    public required int ObjectCount { get; init; }

    /// <summary>Bytes of one object; rounded up to whole cache lines.</summary>
    public required int ObjectSize { get; init; }

    /// <summary>
    /// Objects that each thread may keep to itself; 0 to <see cref="CacheSizeMax"/>, at most <see cref="ObjectCount"/>. A thread that only
    /// takes or only gives wants twice as much. <see cref="DefaultCacheSize"/> stands for 256, or all objects of a smaller pool.
    /// </summary>
    public int CacheSize { get; init; } = DefaultCacheSize;

    /// <summary>How far apart objects start.</summary>
    public MempoolLayout Layout { get; init; } = MempoolLayout.Spread;

    /// <summary>Memory channels that <see cref="MempoolLayout.Spread"/> spreads over.</summary>
    public int MemoryChannels { get; init; } = 4;

    /// <summary>Ranks a channel that <see cref="MempoolLayout.Spread"/> spreads over.</summary>
    public int MemoryRanks { get; init; } = 1;

    /// <summary>Kinds of memory to try, in this order; empty means <see cref="NativeBlock.DefaultOrder"/>.</summary>
    public IReadOnlyList<MemoryBacking> Backing { get; init; } = [];

    /// <summary>How threads synchronise on the objects that are in no cache.</summary>
    public RingSync Sync { get; init; } = RingSync.MultiThread;

    /// <summary>What to check as objects come and go.</summary>
    public MempoolDebugChecks DebugChecks { get; init; }

    /// <summary>First byte of an object that may be filled with a pattern while it is free; what lies before it stays.</summary>
    public int PatternOffset { get; init; }

    /// <summary>Called when the pool is closed with objects still out, on the closing thread.</summary>
    public Action<LeakReport>? OnLeak { get; init; }
}
