using System.Runtime.InteropServices;
using Outboard.Memory;

namespace Outboard.Devices;

/// <summary>A pool of native ops of one class: what the data path takes ops from and gives them back to.</summary>
/// <typeparam name="TOp">The op handle.</typeparam>
/// <remarks><i>Thread</i>: any thread; each has a cache of its own in the pool.</remarks>
public abstract class OpPool<TOp> : IDisposable
    where TOp : unmanaged, IOp
{
    private readonly Mempool _mempool;
    private readonly ulong _geometry;
    private GCHandle _self;

    private protected OpPool(OpPoolOptions options, int objectSize, ulong geometry)
    {
        ArgumentNullException.ThrowIfNull(options);
        _geometry = geometry;
        _mempool = new Mempool(new MempoolOptions
        {
            Name = options.Name,
            ObjectCount = options.Count,
            ObjectSize = objectSize,
            CacheSize = options.CacheSize,
            DebugChecks = options.DebugChecks,
        });
        _self = GCHandle.Alloc(this);
    }

    /// <summary>The pool's name.</summary>
    public string Name => _mempool.Name;

    /// <summary>How many ops the pool was made with.</summary>
    public int Capacity => _mempool.ObjectCount;

    /// <summary>How many ops are in the pool now; racy while other threads use it.</summary>
    public int AvailableCount => _mempool.AvailableCount;

    /// <summary>How many ops are out now; racy while other threads use it.</summary>
    public int InUseCount => _mempool.InUseCount;

    /// <summary>Takes one op, reset.</summary>
    /// <param name="op">The op.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryAlloc(out TOp op)
    {
        op = default;
        return TryAllocBulk(new Span<TOp>(ref op));
    }

    /// <summary>Takes as many ops as the span is long, reset; all or none.</summary>
    /// <param name="ops">Where to; unchanged when the pool has not enough.</param>
    /// <returns>Whether there were enough.</returns>
    public bool TryAllocBulk(Span<TOp> ops)
    {
        Span<nint> objects = MemoryMarshal.Cast<TOp, nint>(ops);
        if (!_mempool.TryGetBulk(objects))
        {
            return false;
        }

        nint self = GCHandle.ToIntPtr(_self);
        for (int i = 0; i < objects.Length; i++)
        {
            TOp.Reset(objects[i], self, _geometry);
        }

        return true;
    }

    /// <summary>Gives ops of this pool back.</summary>
    /// <param name="ops">The ops; none null, none twice.</param>
    public void FreeBulk(ReadOnlySpan<TOp> ops)
    {
        foreach (TOp op in ops)
        {
            op.Wipe();
        }

        _mempool.PutBulk(MemoryMarshal.Cast<TOp, nint>(ops));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_self.IsAllocated)
        {
            _mempool.Dispose();
            _self.Free();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The pool that a handle in an op's first field means.</summary>
    internal static OpPool<TOp> FromHandle(nint handle) => (OpPool<TOp>)GCHandle.FromIntPtr(handle).Target!;
}
