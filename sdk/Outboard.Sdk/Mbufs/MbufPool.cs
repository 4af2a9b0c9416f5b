using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Outboard.Memory;

namespace Outboard.Mbufs;

/// <summary>A <see cref="Memory.Mempool"/> whose objects are mbufs.</summary>
/// <remarks>
/// <code>
/// using var pool = new MbufPool(new MbufPoolOptions { Count = 8191 });
/// if (pool.TryAllocBulk(burst)) { ... MbufPool.FreeBulk(burst); }
/// </code>
/// *Thread*: any number. Hot loops pass a cache: <see cref="TryAllocBulk(Span{Mbuf}, MempoolCache)"/>,
/// <see cref="FreeBulk(ReadOnlySpan{Mbuf}, MempoolCache)"/>. One thread should take and free through the same cache: with two of them every
/// mbuf makes the round through the shared ring and comes back cold.
/// </remarks>
public sealed unsafe partial class MbufPool : IDisposable, IObjectInspector
{
    private readonly ulong _rearm;
    private readonly ulong _tail;
    private readonly ulong _flags;

    /// <summary>The pool's caches by thread, here too: one step less on the way from an mbuf to its cache.</summary>
    private readonly ThreadLocal<Mempool.ThreadSlot> _caches;
    private GCHandle _handle;

    /// <summary>Makes the pool and takes all of its memory.</summary>
    /// <param name="options">Counts, sizes and checks.</param>
    public MbufPool(MbufPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.PrivateSize < 0 || options.PrivateSize > ushort.MaxValue || options.PrivateSize % 8 != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.PrivateSize,
                $"mbuf pool '{options.Name}': private size {options.PrivateSize} is not a multiple of 8 within 0 to 65528");
        }

        if (options.DataRoomSize is < 0 or > ushort.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.DataRoomSize,
                $"mbuf pool '{options.Name}': data room {options.DataRoomSize} is not within 0 to {ushort.MaxValue}");
        }

        if (options.PinnedMemory is not null
            && options.PinnedMemory.ByteCount < (nuint)options.DataRoomSize * (nuint)options.Count)
        {
            throw new ArgumentException(
                $"mbuf pool '{options.Name}': pinned memory of {options.PinnedMemory.ByteCount} bytes holds fewer than "
                + $"{options.Count} buffers of {options.DataRoomSize}",
                nameof(options));
        }

        PrivateSize = options.PrivateSize;
        DataRoomSize = options.DataRoomSize;
        _pinned = options.PinnedMemory?.Address ?? 0;
        _flags = (ulong)ResetFlags;
        Headroom = Math.Min(MbufPoolOptions.DefaultHeadroom, DataRoomSize);
        Mempool = new Mempool(new MempoolOptions
        {
            Name = options.Name,
            ObjectCount = options.Count,
            ObjectSize = MbufHeader.Size + PrivateSize + (IsPinned ? MbufSharedInfo.Size : DataRoomSize),
            CacheSize = options.CacheSize,
            Layout = options.Layout,
            MemoryChannels = options.MemoryChannels,
            MemoryRanks = options.MemoryRanks,
            Backing = options.Backing,
            Sync = options.Sync,
            DebugChecks = options.DebugChecks,
            PatternOffset = MbufHeader.Size + PrivateSize + (IsPinned ? MbufSharedInfo.Size : 0),
            OnLeak = options.OnLeak,
        });
        _caches = Mempool.ThreadCaches;
        _rearm = (uint)Headroom | (1UL << 16) | (1UL << 32) | (0xFFFFUL << 48);
        _tail = (ulong)DataRoomSize << 48;
        _handle = GCHandle.Alloc(this);
        Mempool.ForEach((address, index) => Initialize((MbufHeader*)address, index));
        Mempool.Inspector = this;
    }

    /// <summary>The pool of native objects underneath.</summary>
    public Mempool Mempool { get; }

    /// <summary>The name given at creation.</summary>
    public string Name => Mempool.Name;

    /// <summary>Mbufs in the pool, free or not.</summary>
    public int Count => Mempool.ObjectCount;

    /// <summary>Bytes of each buffer, headroom included.</summary>
    public int DataRoomSize { get; }

    /// <summary>Bytes between header and buffer that belong to the application.</summary>
    public int PrivateSize { get; }

    /// <summary>Bytes kept free in front of the data of a new mbuf.</summary>
    public int Headroom { get; }

    /// <summary>Free mbufs, those in caches included. A snapshot while other threads are at work.</summary>
    public int AvailableCount => Mempool.AvailableCount;

    /// <summary>Mbufs that are out.</summary>
    public int InUseCount => Mempool.InUseCount;

    /// <summary>The calling thread's cache; see <see cref="Mempool.CurrentCache"/>.</summary>
    public MempoolCache CurrentCache
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _caches.Value.Cache;
    }

    /// <summary>Takes one empty mbuf.</summary>
    /// <returns>Whether the pool had one.</returns>
    public bool TryAlloc(out Mbuf mbuf) => TryAlloc(out mbuf, CurrentCache);

    /// <summary>Takes one empty mbuf through a cache of this pool.</summary>
    /// <returns>Whether the pool had one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAlloc(out Mbuf mbuf, MempoolCache cache)
    {
        if (!cache.TryGet(out nint item))
        {
            mbuf = default;
            return false;
        }

        Reset((MbufHeader*)item);
        mbuf = new Mbuf((MbufHeader*)item);
        return true;
    }

    /// <summary>Fills the span with empty mbufs, or leaves it and the pool as they are.</summary>
    /// <returns>Whether the pool had that many.</returns>
    public bool TryAllocBulk(Span<Mbuf> mbufs) => TryAllocBulk(mbufs, CurrentCache);

    /// <summary>As <see cref="TryAllocBulk(Span{Mbuf})"/>, through a cache of this pool.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAllocBulk(Span<Mbuf> mbufs, MempoolCache cache)
    {
        if (!cache.TryGetBulk(MemoryMarshal.Cast<Mbuf, nint>(mbufs)))
        {
            return false;
        }

        for (int i = 0; i < mbufs.Length; i++)
        {
            Reset(mbufs[i].Header);
        }

        return true;
    }

    /// <summary>The mbuf at an index, free or not.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public Mbuf MbufAt(int index) => new((MbufHeader*)Mempool.ObjectAt(index));

    /// <summary>The index of an mbuf of this pool, or -1.</summary>
    public int IndexOf(Mbuf mbuf) => Mempool.IndexOf((nint)mbuf.Header);

    /// <summary>Ends the pool and tells which mbufs had not come back; see <see cref="Mempool.Close"/>.</summary>
    public LeakReport Close()
    {
        LeakReport report = Mempool.Close();

        // With mbufs still out their headers stay mapped and point here, so the handle has to stay as well.
        if (report.IsClean && _handle.IsAllocated)
        {
            _handle.Free();
        }

        return report;
    }

    /// <summary>As <see cref="Close"/>.</summary>
    public void Dispose() => Close();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static MbufPool Of(MbufHeader* header) =>
        Unsafe.As<MbufPool>(GCHandle.FromIntPtr(header->Pool).Target)!;

    /// <summary>What an alloc has to reset; a free mbuf has reference count 1, no next and one segment already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Reset(MbufHeader* header)
    {
        // Bytes 16 to 47: the re-arm word, then flags, packet type, lengths, VLAN and hash, all zero. Then the rest of the hash, the outer
        // VLAN and the buffer length in one store.
        Vector256.Create(_rearm, _flags, 0UL, 0UL).Store((ulong*)header + 2);
        *((ulong*)header + 6) = _tail;
        header->TransmitOffload = default;
    }

    string? IObjectInspector.Inspect(nint item) =>
        new Mbuf((MbufHeader*)item).CheckFree(this, out string? reason) ? null : reason;

    void IObjectInspector.Restore(nint item) => Initialize((MbufHeader*)item, Mempool.IndexOf(item));

    private void Initialize(MbufHeader* header, int index)
    {
        *header = default;
        header->Pool = GCHandle.ToIntPtr(_handle);
        if (IsPinned)
        {
            Pin(header, index);
        }
        else
        {
            RestoreBuffer(header);
        }

        Reset(header);
    }
}
