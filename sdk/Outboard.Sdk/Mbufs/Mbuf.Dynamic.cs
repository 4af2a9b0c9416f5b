using System.Runtime.CompilerServices;

namespace Outboard.Mbufs;

/// <content>Dynamic fields and flags.</content>
public readonly unsafe partial struct Mbuf
{
    /// <summary>A dynamic field of this mbuf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Field<T>(MbufField<T> field)
        where T : unmanaged => ref *(T*)((byte*)_header + field.Offset);

    /// <summary>Whether a dynamic flag is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasFlag(MbufFlag flag) => (_header->OffloadFlags & flag.Mask) != 0;

    /// <summary>Sets or clears a dynamic flag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetFlag(MbufFlag flag, bool value = true) =>
        _header->OffloadFlags = value ? _header->OffloadFlags | flag.Mask : _header->OffloadFlags & ~flag.Mask;
}
