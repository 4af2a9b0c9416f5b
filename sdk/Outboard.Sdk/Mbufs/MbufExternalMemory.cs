using System.Runtime.InteropServices;

namespace Outboard.Mbufs;

/// <summary>A buffer from outside any pool, with a managed callback for when the last mbuf lets go of it.</summary>
/// <remarks>
/// <code>
/// var memory = new MbufExternalMemory(address, 4096, freed => ...);
/// if (!memory.TryAttach(mbuf)) { memory.Release(); }
/// </code>
/// It is made with one reference, the maker's; each <see cref="TryAttach"/> adds one, each free of such an mbuf drops one, and
/// <see cref="Release"/> drops the maker's. *Thread*: the callback runs on the thread that drops the last reference.
/// </remarks>
public sealed unsafe class MbufExternalMemory
{
    private readonly Action<nint>? _onFree;
    private readonly nint _address;
    private MbufSharedInfo* _info;
    private GCHandle _self;
    private int _released;

    /// <summary>Describes a buffer.</summary>
    /// <param name="address">Its first byte; valid until the callback runs.</param>
    /// <param name="length">Bytes; 1 to 65535.</param>
    /// <param name="onFree">Called once, with the address, when nobody refers to the buffer any more; must not throw.</param>
    public MbufExternalMemory(nint address, int length, Action<nint>? onFree)
    {
        ArgumentOutOfRangeException.ThrowIfZero(address);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, ushort.MaxValue);
        _address = address;
        Length = length;
        _onFree = onFree;
        _info = (MbufSharedInfo*)NativeMemory.AllocZeroed(MbufSharedInfo.Size);

        // The handle keeps this object and its callback alive while native memory is all that refers to it.
        _self = GCHandle.Alloc(this);
        _ = MbufSharedBuffer.Initialize(_info, &Freed, (void*)GCHandle.ToIntPtr(_self));
    }

    /// <summary>Bytes of the buffer.</summary>
    public int Length { get; }

    /// <summary>Mbufs that hold the buffer, and one more until <see cref="Release"/>; 0 once it is free.</summary>
    public int ReferenceCount => _info is null ? 0 : new MbufSharedBuffer(_info).ReferenceCount;

    /// <summary>Lets a direct mbuf hold the buffer; it is empty then.</summary>
    /// <returns>Whether the mbuf was direct and the buffer is not free yet.</returns>
    public bool TryAttach(Mbuf mbuf)
    {
        if (_info is null || !mbuf.IsDirect)
        {
            return false;
        }

        var shared = new MbufSharedBuffer(_info);
        _ = shared.AddReference();
        return mbuf.AttachExternal((byte*)_address, Length, shared);
    }

    /// <summary>Drops the maker's reference; mbufs that hold the buffer keep it alive. Calling again does nothing.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            new MbufSharedBuffer(_info).Release((byte*)_address);
        }
    }

    private static void Freed(void* buffer, void* opaque)
    {
        var memory = (MbufExternalMemory)GCHandle.FromIntPtr((nint)opaque).Target!;
        memory._self.Free();
        NativeMemory.Free(memory._info);
        memory._info = null;
        memory._onFree?.Invoke((nint)buffer);
    }
}
