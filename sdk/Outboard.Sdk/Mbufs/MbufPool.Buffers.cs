namespace Outboard.Mbufs;

/// <content>Which buffer an mbuf of this pool owns.</content>
public sealed unsafe partial class MbufPool
{
    private readonly nint _pinned;

    /// <summary>Whether every mbuf of the pool holds an external buffer of its own for good.</summary>
    public bool IsPinned => _pinned != 0;

    /// <summary>Flags that every new mbuf of the pool has.</summary>
    internal MbufOffloadFlags ResetFlags => IsPinned ? MbufOffloadFlags.External : MbufOffloadFlags.None;

    /// <summary>Points an mbuf that was attached elsewhere at its own buffer again, empty.</summary>
    internal void RestoreBuffer(MbufHeader* header)
    {
        header->PrivateSize = (ushort)PrivateSize;
        header->BufferAddress = (byte*)header + MbufHeader.Size + PrivateSize;
        header->IoAddress = (ulong)header->BufferAddress;
        header->BufferLength = (ushort)DataRoomSize;
        header->DataOffset = (ushort)Headroom;
        header->DataLength = 0;
        header->OffloadFlags &= ~MbufOffloadFlags.AttachedMask;
    }

    /// <summary>Called when the last clone of a pinned buffer goes after its mbuf was freed: the mbuf can go back now.</summary>
    private static void ReturnPinned(void* buffer, void* opaque)
    {
        var header = (MbufHeader*)opaque;
        header->SharedInfo->ReferenceCount = 1;
        Of(header).CurrentCache.Put((nint)header);
    }

    private void Pin(MbufHeader* header, int index)
    {
        header->PrivateSize = (ushort)PrivateSize;
        header->BufferAddress = (byte*)_pinned + ((nint)index * DataRoomSize);
        header->IoAddress = (ulong)header->BufferAddress;
        header->BufferLength = (ushort)DataRoomSize;
        byte* shared = (byte*)header + MbufHeader.Size + PrivateSize;
        header->SharedInfo = MbufSharedBuffer.Initialize(shared, &ReturnPinned, header).Info;
    }
}
