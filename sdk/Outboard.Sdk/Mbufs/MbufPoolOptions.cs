using Outboard.Memory;

namespace Outboard.Mbufs;

/// <summary>What an <see cref="MbufPool"/> is made from.</summary>
public sealed record MbufPoolOptions
{
    /// <summary>Bytes kept free in front of the data of a new mbuf.</summary>
    public const int DefaultHeadroom = 128;

    /// <summary>The name that messages and reports use.</summary>
    public string Name { get; init; } = "mbufs";

    /// <summary>Mbufs; all are taken when the pool is made.</summary>
    public required int Count { get; init; }

    /// <summary>Mbufs that each thread may keep to itself; see <see cref="MempoolOptions.CacheSize"/>.</summary>
    public int CacheSize { get; init; } = MempoolOptions.DefaultCacheSize;

    /// <summary>Bytes of each buffer, headroom included; 0 to 65535.</summary>
    public int DataRoomSize { get; init; } = 2048 + DefaultHeadroom;

    /// <summary>Bytes between header and buffer that belong to the application; a multiple of 8, at most 65528.</summary>
    public int PrivateSize { get; init; }

    /// <summary>
    /// Memory of the caller's that holds the buffers, <see cref="DataRoomSize"/> bytes each, instead of the pool's objects; null for none. Each
    /// mbuf keeps its buffer for good. The caller disposes the memory after the pool.
    /// </summary>
    public NativeBlock? PinnedMemory { get; init; }

    /// <summary>How far apart mbufs start.</summary>
    public MempoolLayout Layout { get; init; } = MempoolLayout.Spread;

    /// <summary>Memory channels that <see cref="MempoolLayout.Spread"/> spreads over.</summary>
    public int MemoryChannels { get; init; } = 4;

    /// <summary>Ranks a channel that <see cref="MempoolLayout.Spread"/> spreads over.</summary>
    public int MemoryRanks { get; init; } = 1;

    /// <summary>Kinds of memory to try, in this order; empty means <see cref="NativeBlock.DefaultOrder"/>.</summary>
    public IReadOnlyList<MemoryBacking> Backing { get; init; } = [];

    /// <summary>How threads synchronise on the mbufs that are in no cache.</summary>
    public RingSync Sync { get; init; } = RingSync.MultiThread;

    /// <summary>What to check as mbufs come and go.</summary>
    public MempoolDebugChecks DebugChecks { get; init; }

    /// <summary>Called when the pool is closed with mbufs still out.</summary>
    public Action<LeakReport>? OnLeak { get; init; }
}
