namespace Outboard.Mbufs;

/// <summary>What the mbufs that hold one external buffer share: a reference count, and what to call when it reaches 0.</summary>
/// <remarks>For buffers of managed code, <see cref="MbufExternalMemory"/> wraps this without pointers.</remarks>
public readonly unsafe struct MbufSharedBuffer
{
    private readonly MbufSharedInfo* _info;

    internal MbufSharedBuffer(MbufSharedInfo* info) => _info = info;

    /// <summary>Whether this refers to nothing.</summary>
    public bool IsNull => _info is null;

    /// <summary>Mbufs, or other holders, that refer to the buffer.</summary>
    public int ReferenceCount => Volatile.Read(ref _info->ReferenceCount);

    internal MbufSharedInfo* Info => _info;

    /// <summary>Bytes that the shared part takes.</summary>
    public static int Size => MbufSharedInfo.Size;

    /// <summary>Makes the shared part, with one reference, in memory of the caller's.</summary>
    /// <param name="memory">8-byte aligned, <see cref="Size"/> bytes, valid until the callback runs.</param>
    /// <param name="free">Called once with the buffer and <paramref name="opaque"/> when the last reference goes; must not throw.</param>
    /// <param name="opaque">Passed to the callback.</param>
    public static MbufSharedBuffer Initialize(void* memory, delegate*<void*, void*, void> free, void* opaque)
    {
        var info = (MbufSharedInfo*)memory;
        *info = new MbufSharedInfo { FreeCallback = free, Opaque = opaque, ReferenceWord = 1 };
        return new(info);
    }

    /// <summary>As <see cref="Initialize"/>, at the end of the buffer itself.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="length">Bytes of it; made shorter by what the shared part takes.</param>
    /// <param name="free">Called when the last reference goes.</param>
    /// <param name="opaque">Passed to the callback.</param>
    /// <param name="shared">The shared part.</param>
    /// <returns>Whether the buffer is long enough.</returns>
    public static bool TryCarve(
        byte* buffer, ref int length, delegate*<void*, void*, void> free, void* opaque, out MbufSharedBuffer shared)
    {
        nint place = (nint)(buffer + length - MbufSharedInfo.Size) & ~7;
        if (length < MbufSharedInfo.Size || place < (nint)buffer)
        {
            shared = default;
            return false;
        }

        shared = Initialize((void*)place, free, opaque);
        length = (int)(place - (nint)buffer);
        return true;
    }

    /// <summary>Adds references, one for each further mbuf that the buffer is attached to.</summary>
    /// <returns>The new count.</returns>
    public int AddReference(int count = 1) => UpdateReferences(_info, count);

    internal static int UpdateReferences(MbufSharedInfo* info, int delta)
    {
        if (Volatile.Read(ref info->ReferenceCount) == 1)
        {
            ushort count = (ushort)(1 + delta);
            Volatile.Write(ref info->ReferenceCount, count);
            return count;
        }

        return (ushort)Interlocked.Add(ref info->ReferenceWord, (uint)delta);
    }

    /// <summary>Drops one reference and runs the callback when it was the last.</summary>
    internal void Release(byte* buffer)
    {
        if (UpdateReferences(_info, -1) == 0)
        {
            _info->FreeCallback(buffer, _info->Opaque);
        }
    }
}
