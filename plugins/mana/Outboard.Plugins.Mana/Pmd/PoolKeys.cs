using Outboard.Mbufs;
using Outboard.Memory;
using Outboard.Plugins.Mana.Gdma;

namespace Outboard.Plugins.Mana.Pmd;

/// <summary>One memory key for the whole memory of each pool that a port works with.</summary>
/// <remarks>
/// A pool's memory is one block, so a segment's key is found by one comparison with the pool that a queue saw last. A
/// pool that a transmit queue meets for the first time is registered then and there: control path work, once a pool.
/// </remarks>
internal sealed unsafe class PoolKeys(GdmaDevice device)
{
    private readonly Lock _lock = new();
    private MemoryKey[] _keys = [];

    /// <summary>The key of a pool; registers it at first.</summary>
    public MemoryKey Add(MbufPool pool)
    {
        lock (_lock)
        {
            NativeBlock block = pool.Mempool.Memory;
            foreach (MemoryKey known in _keys)
            {
                if (known.Address == (ulong)block.Address && known.ByteCount == block.ByteCount)
                {
                    return known;
                }
            }

            MemoryKey key = device.Register((byte*)block.Address, block.ByteCount);
            Volatile.Write(ref _keys, [.. _keys, key]);
            return key;
        }
    }

    /// <summary>A key that covers a range; registers the pool of the segment when none does.</summary>
    /// <returns>Whether the range is memory of a pool.</returns>
    public bool TryFind(Mbuf segment, ulong address, uint byteCount, out MemoryKey key)
    {
        foreach (MemoryKey known in Volatile.Read(ref _keys))
        {
            if (known.Covers(address, byteCount))
            {
                key = known;
                return true;
            }
        }

        return TryRegister(segment, address, byteCount, out key);
    }

    public void Clear()
    {
        lock (_lock)
        {
            foreach (MemoryKey key in _keys)
            {
                device.Unregister(key);
            }

            _keys = [];
        }
    }

    private bool TryRegister(Mbuf segment, ulong address, uint byteCount, out MemoryKey key)
    {
        // Only a segment whose data lies in the memory of its own pool can be reached; an external buffer cannot.
        MbufPool pool = segment.Pool;
        NativeBlock block = pool.Mempool.Memory;
        if (new MemoryKey(0, 0, (ulong)block.Address, block.ByteCount).Covers(address, byteCount))
        {
            try
            {
                key = Add(pool);
                return true;
            }
            catch (GdmaException)
            {
                // Out of regions, or gone: the frame cannot be sent, which the caller counts.
            }
        }

        key = default;
        return false;
    }
}
