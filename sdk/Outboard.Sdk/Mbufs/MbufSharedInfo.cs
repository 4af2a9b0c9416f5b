using System.Runtime.InteropServices;

namespace Outboard.Mbufs;

/// <summary>What the mbufs that share an external buffer have in common; 24 bytes, as rte_mbuf_ext_shared_info.</summary>
/// <remarks><code>0 FreeCallback  8 Opaque  16 ReferenceCount (16 bits)</code>
/// The callback field holds a function pointer of <c>void(void* buffer, void* opaque)</c>.</remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct MbufSharedInfo
{
    public const int Size = 24;

    [FieldOffset(0)] public delegate*<void*, void*, void> FreeCallback;
    [FieldOffset(8)] public void* Opaque;
    [FieldOffset(16)] public ushort ReferenceCount;
    [FieldOffset(16)] public uint ReferenceWord;
}
